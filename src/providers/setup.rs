//! What every provider's setup does alike: one list laid over another, where a scenario extends one.

/// One list over another: what both have is put together, then what only the first has, all in its order, and at the
/// end what only the other has.
pub(super) fn merged<T>(
    own: Option<Vec<T>>,
    base: Option<Vec<T>>,
    same: impl Fn(&T, &T) -> bool,
    or: impl Fn(T, T) -> T,
) -> Option<Vec<T>> {
    let (own, mut base) = match (own, base) {
        (Some(own), Some(base)) => (own, base),
        (own, base) => return own.or(base),
    };
    let mut all: Vec<T> = Vec::with_capacity(own.len() + base.len());
    for one in own {
        let place = base.iter().position(|other| same(other, &one));
        all.push(match place {
            Some(place) => or(one, base.remove(place)),
            None => one,
        });
    }
    all.append(&mut base);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn what_both_lists_have_is_there_once() {
        let list = |text: &str| (!text.is_empty()).then(|| text.chars().collect::<Vec<char>>());
        for (own, base, expected) in
            [("bX", "abc", "BXac"), ("", "ab", "ab"), ("ab", "", "ab"), ("", "", "")]
        {
            let found = merged(list(own), list(base), |a, b| a == b, |a, _| a.to_ascii_uppercase());
            assert_eq!(found, list(expected), "{own} {base}");
        }
    }
}
