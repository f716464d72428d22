//! Bipartite matching: who goes with whom, when each of many wishes is met by a find of its own.

use std::collections::VecDeque;

/// For each wish the find that meets it, so that as many wishes as possible are met. A find meets one wish.
pub(super) fn pairs(
    wishes: usize,
    finds: usize,
    meets: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut taken: Vec<Option<usize>> = vec![None; finds];
    let mut given: Vec<Option<usize>> = vec![None; wishes];
    for wish in 0..wishes {
        // From this wish over finds that are taken to the wishes that took them, until a find is free.
        let mut reached: Vec<Option<usize>> = vec![None; finds];
        let mut queue = VecDeque::from([wish]);
        let mut free = None;
        while let (Some(asking), None) = (queue.pop_front(), free) {
            for find in 0..finds {
                if reached[find].is_some() || !meets(asking, find) {
                    continue;
                }
                reached[find] = Some(asking);
                match taken[find] {
                    Some(other) => queue.push_back(other),
                    None => {
                        free = Some(find);
                        break;
                    }
                }
            }
        }
        while let Some(find) = free {
            let Some(asking) = reached[find] else { break };
            free = given[asking].replace(find);
            taken[find] = Some(asking);
            if asking == wish {
                break;
            }
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_wish_gives_way_to_one_that_has_no_other_find() {
        let meets = [[true, true, false], [true, false, false], [false, true, true]];
        assert_eq!(pairs(3, 3, |wish, find| meets[wish][find]), [Some(1), Some(0), Some(2)]);
        assert_eq!(pairs(2, 1, |_, _| true), [Some(0), None]);
        assert_eq!(pairs(1, 0, |_, _| true), [None]);
    }
}
