//! What a step is about: `shipper.shipment`, `shipper.product[2e97b37a].stock`.

use crate::providers::{self, Name};
use crate::scenario::steps::BadWord;

/// A kind of entity of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectKind {
    /// Whose.
    pub provider: Name,
    /// Which, in the singular.
    pub kind: &'static str,
}

/// A field of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectField<'a> {
    /// What it is a field of.
    pub kind: SubjectKind,
    /// Its id, or `first` or `last`.
    pub id: &'a str,
    /// The field.
    pub name: &'a str,
}

impl SubjectKind {
    /// Reads `shipper.shipment`; the plural of a kind is the same.
    ///
    /// # Errors
    /// `BadWord`, naming the word that is none.
    pub fn of(text: &str) -> Result<SubjectKind, BadWord> {
        let form = || BadWord {
            message: format!("`{text}` is no kind of entity; write it as `shipper.shipment`"),
            given: String::new(),
            known: Vec::new(),
        };
        let (name, kind) = text.split_once('.').ok_or_else(form)?;
        let provider = Name::of(name).ok_or_else(|| BadWord {
            message: format!("there is no provider `{name}`"),
            given: name.to_owned(),
            known: Name::ALL.iter().map(|name| name.word()).collect(),
        })?;
        let kinds = providers::service(provider).kinds();
        let singular = kind.strip_suffix('s').unwrap_or(kind);
        let known = kinds.iter().find(|known| **known == kind || **known == singular);
        let kind = known.ok_or_else(|| BadWord {
            message: format!("{provider} has no kind `{kind}`"),
            given: kind.to_owned(),
            known: kinds.clone(),
        })?;
        Ok(SubjectKind { provider, kind })
    }
}

impl<'a> SubjectField<'a> {
    /// Reads `shipper.product[2e97b37a].stock`. An id may hold anything, brackets too.
    ///
    /// # Errors
    /// `BadWord`, naming the word that is none.
    pub fn of(text: &'a str) -> Result<SubjectField<'a>, BadWord> {
        let form = || BadWord {
            message: format!(
                "`{text}` is no field of an entity; write it as `shipper.product[first].stock`"
            ),
            given: String::new(),
            known: Vec::new(),
        };
        let (kind, rest) = text.split_once('[').ok_or_else(form)?;
        let (id, name) = rest.rsplit_once("].").ok_or_else(form)?;
        if id.is_empty() || name.is_empty() {
            return Err(form());
        }
        Ok(SubjectField { kind: SubjectKind::of(kind)?, id, name })
    }
}

#[cfg(test)]
mod tests {
    use super::{SubjectField, SubjectKind};

    #[test]
    fn a_field_is_named_by_provider_kind_and_id() {
        let field = SubjectField::of("shipper.orders[2:61].store_name").unwrap();
        assert_eq!((field.kind.kind, field.id, field.name), ("order", "2:61", "store_name"));
        for (wrong, message) in [
            ("shipper.order.x", "no field of an entity"),
            ("shipper.order[].x", "no field of an entity"),
            ("shiper.order[1].x", "no provider `shiper`"),
            ("shipper.oder[1].x", "no kind `oder`"),
        ] {
            assert!(SubjectField::of(wrong).unwrap_err().message.contains(message), "{wrong}");
        }
        assert!(SubjectKind::of("shipment").unwrap_err().message.contains("shipper.shipment"));
    }
}
