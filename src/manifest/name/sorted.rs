//! The names of one `files` manifest as a stream in bytewise order, in memory bounded by a name.

use super::together::{Parent, Walk};
use super::{NameError, folded};
use crate::text::excerpt;

/// Checks names that [`check_alone`](super::check_alone) accepts against those before them.
///
/// Collisions need another order: every path is given to the caller as a
/// record, and the records in bytewise order to [`Collisions`].
#[derive(Debug)]
pub(crate) struct SortedNames {
    walk: Walk,
    last: String,
    place: u64,
}

impl SortedNames {
    /// Before the first name.
    pub(crate) fn new() -> Self {
        Self { walk: Walk::new(), last: String::new(), place: 0 }
    }

    /// Takes the next name; `record` is given one of every path, of a file or directory, that the names before have not.
    pub(crate) fn push(
        &mut self,
        name: &str,
        mut record: impl FnMut(&[u8]),
    ) -> Result<(), NameError> {
        self.step(name, |parent, end| {
            let component = name.get(parent.len..end).unwrap_or_default();
            record(&collision(parent, component));
        })
    }

    /// As [`SortedNames::push`], where no path can collide.
    pub(crate) fn push_plain(&mut self, name: &str) -> Result<(), NameError> {
        self.step(name, |_, _| ())
    }

    fn step(&mut self, name: &str, path: impl FnMut(Parent, usize)) -> Result<(), NameError> {
        self.walk.step(&self.last, name, self.place, path)?;
        self.last.clear();
        self.last.push_str(name);
        self.place = self.place.saturating_add(1);
        Ok(())
    }
}

/// `place u64be | length u32be | folded component | 00 | component`, the last only where folding changes it.
///
/// A directory is told by the place of the first name in it and by the length
/// of its own: names are long, and a path has as many directories as it has
/// room for.
fn collision(parent: Parent, component: &str) -> Vec<u8> {
    let folded = folded(component);
    let unfolded = if folded == component { "" } else { component };
    let len = u32::try_from(parent.len).unwrap_or(u32::MAX);
    let parent = [&parent.first.to_be_bytes()[..], &len.to_be_bytes()].concat();
    // No name has a NUL.
    [&parent, folded.as_bytes(), &[0], unfolded.as_bytes()].concat()
}

/// Finds paths in one directory whose last components have one folded form.
#[derive(Debug, Default)]
pub(crate) struct Collisions {
    /// Directory and folded component of the paths at hand.
    key: Vec<u8>,
    /// The two least of their components.
    least: Option<String>,
    second: Option<String>,
    /// The path that is reported so far, with the one it collides with.
    found: Option<(String, String)>,
}

/// Two components of one directory that collide.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Collision {
    /// The place of the first name in the directory; never less than that of the collision before.
    pub(crate) place: u64,
    /// Length of the directory's name with its `/`, in bytes.
    len: usize,
    name: String,
    other: String,
}

impl Collisions {
    /// Takes the next record; tells of a collision among those before.
    pub(crate) fn push(&mut self, record: &[u8]) -> Option<Collision> {
        let (directory, path) = record.split_at_checked(DIRECTORY).unwrap_or((record, &[]));
        let mut halves = path.splitn(2, |byte| *byte == 0);
        let (folded, unfolded) =
            (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let same = self.key.split_at_checked(DIRECTORY) == Some((directory, folded));
        let settled = if same { None } else { self.settle() };
        if !same {
            self.key.clear();
            self.key.extend_from_slice(directory);
            self.key.extend_from_slice(folded);
        }
        let component = if unfolded.is_empty() { folded } else { unfolded };
        let component = String::from_utf8_lossy(component).into_owned();
        match &self.least {
            Some(least) if component >= *least => {
                if self.second.as_ref().is_none_or(|second| component < *second) {
                    self.second = Some(component);
                }
            }
            _ => self.second = self.least.replace(component),
        }
        settled
    }

    /// Of what [`Collisions::push`] was given since the directory or the folded form changed.
    pub(crate) fn settle(&mut self) -> Option<Collision> {
        let (directory, _) = self.key.split_at_checked(DIRECTORY)?;
        let (place, len) = directory.split_first_chunk::<8>()?;
        let len = u32::from_be_bytes(*len.first_chunk()?);
        let (other, name) = (self.least.take(), self.second.take());
        let place = u64::from_be_bytes(*place);
        Some(Collision { place, len: usize::try_from(len).ok()?, name: name?, other: other? })
    }

    /// Keeps what [`check_together`](super::check_together) reports: of several, the smallest
    /// path that is not the first of its form. `first` is the name at the collision's place.
    pub(crate) fn keep(&mut self, collision: &Collision, first: &str) {
        let directory = first.get(..collision.len).unwrap_or_default();
        let [name, other] =
            [&collision.name, &collision.other].map(|component| [directory, component].concat());
        if self.found.as_ref().is_none_or(|(known, _)| name < *known) {
            self.found = Some((name, other));
        }
    }

    /// After the last collision.
    pub(crate) fn finish(self) -> Result<(), NameError> {
        match self.found {
            None => Ok(()),
            Some((name, other)) => {
                Err(NameError::Collision { name: excerpt(&name), other: excerpt(&other) })
            }
        }
    }
}

/// What tells a directory, in bytes.
const DIRECTORY: usize = 12;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{NameProfile, check_alone, check_together};
    use super::*;

    /// As a stream would be checked whose orders are made in memory.
    fn streamed(names: &[&str], profile: NameProfile) -> Result<(), NameError> {
        let (mut sorted, mut records) = (SortedNames::new(), Vec::new());
        for name in names {
            check_alone(name, profile)?;
            match profile {
                NameProfile::Portable => {
                    sorted.push(name, |record| records.push(record.to_owned()))?;
                }
                NameProfile::Any => sorted.push_plain(name)?,
            }
        }
        records.sort_unstable();
        let (mut collisions, mut place) = (Collisions::default(), 0);
        let mut keep = |collisions: &mut Collisions, found: Option<Collision>| {
            if let Some(found) = found {
                assert!(found.place >= place, "a place is never passed");
                place = found.place;
                collisions.keep(&found, names[usize::try_from(found.place).unwrap()]);
            }
        };
        for record in records {
            let found = collisions.push(&record);
            keep(&mut collisions, found);
        }
        let found = collisions.settle();
        keep(&mut collisions, found);
        collisions.finish()
    }

    fn name() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[ab]{1,2}(/[ab]{1,2}){0,2}",
            2 => "[aAbß](/[aABs]{1,2}){0,2}",
            2 => "[a./A \u{e9}-]{1,4}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_stream_of_names_is_judged_as_all_of_them_together(
            names in prop::collection::vec(name(), 0..9),
        ) {
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.sort_unstable();
            for profile in [NameProfile::Any, NameProfile::Portable] {
                prop_assert_eq!(streamed(&names, profile), check_together(&names, profile, 1));
            }
        }
    }
}
