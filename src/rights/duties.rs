//! What is owed for a permission: a set that many answers share.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use super::Duty;

/// Duties of one permission, or of several that all count. Copies of it share what they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Duties(Option<Arc<BTreeSet<Duty>>>);

static NONE: BTreeSet<Duty> = BTreeSet::new();

impl Duties {
    pub(crate) const NONE: Self = Self(None);

    /// Those of both.
    pub(super) fn both(self, other: Self) -> Self {
        match (self.0, other.0) {
            (None, other) => Self(other),
            (one, None) => Self(one),
            (Some(one), Some(other)) if one == other => Self(Some(one)),
            (Some(one), Some(other)) => {
                let (mut more, fewer) =
                    if one.len() < other.len() { (other, one) } else { (one, other) };
                Arc::make_mut(&mut more).extend(fewer.iter().cloned());
                Self(Some(more))
            }
        }
    }
}

impl Deref for Duties {
    type Target = BTreeSet<Duty>;

    fn deref(&self) -> &BTreeSet<Duty> {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl From<BTreeSet<Duty>> for Duties {
    fn from(duties: BTreeSet<Duty>) -> Self {
        Self(Some(duties).filter(|duties| !duties.is_empty()).map(Arc::new))
    }
}

impl FromIterator<Duty> for Duties {
    fn from_iter<I: IntoIterator<Item = Duty>>(duties: I) -> Self {
        duties.into_iter().collect::<BTreeSet<_>>().into()
    }
}

#[cfg(test)]
impl<const N: usize> From<[Duty; N]> for Duties {
    fn from(duties: [Duty; N]) -> Self {
        duties.into_iter().collect()
    }
}
