//! Answers to many questions of one kind.

use std::fmt;

use super::ContentAnswer;
use crate::manifest::RecordPresence;
use crate::tree::Membership;

/// Which way a question about a dataset is answered, whatever was asked.
///
/// ```
/// use datadeed::manifest::{Answer, Audit, ContentAnswer, Outcome};
///
/// assert_eq!(ContentAnswer::Absent { audit: Audit::None }.outcome(), Outcome::Absent);
/// assert_eq!(ContentAnswer::Unknown.outcome(), Outcome::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum Outcome {
    /// It is not there; what that rests on, the answer says.
    Absent,
    /// It is there.
    Present,
    /// What is at hand does not tell.
    Unknown,
}

/// An answer of this crate to one question; sealed.
///
/// ```
/// use datadeed::manifest::{Answer, Outcome};
/// use datadeed::tree::Membership;
///
/// fn is_there(answer: &impl Answer) -> bool {
///     answer.outcome() == Outcome::Present
/// }
/// assert!(is_there(&Membership::Present("a row")));
/// assert!(!is_there(&Membership::<()>::Unknown));
/// ```
#[expect(private_bounds, reason = "sealed: what counts as absent is decided here")]
pub trait Answer: Sealed {
    /// Which way it goes.
    fn outcome(&self) -> Outcome;
}

trait Sealed {}

impl Sealed for ContentAnswer {}

impl Answer for ContentAnswer {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Present(_) | Self::AtLeast(_) => Outcome::Present,
            Self::Absent { .. } => Outcome::Absent,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

impl<T> Sealed for Membership<T> {}

impl<T> Answer for Membership<T> {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Present(_) => Outcome::Present,
            Self::Absent => Outcome::Absent,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

impl Sealed for RecordPresence {}

/// Of the dataset that the index is of: what is absent from some of its files only is unknown. So is
/// what makes no record, for which nothing was looked up.
impl Answer for RecordPresence {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Present { .. } => Outcome::Present,
            Self::Absent { .. } => Outcome::Absent,
            Self::AbsentFromFiles { .. } | Self::NoRecord(_) | Self::Unknown => Outcome::Unknown,
        }
    }
}

/// Each of many questions with its answer, in the order in which they were asked.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Answers, FileEntry, Manifest, NameProfile};
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let corpus = Manifest::files(vec![entry], NameProfile::Portable)?;
/// let works = [Digest::of(b"x"), Digest::of(b"mine")];
/// let answers: Answers<_, _> = works.into_iter().map(|work| (work, corpus.has(work))).collect();
/// assert_eq!(answers.to_string(), "2 asked: 1 present, 1 absent, 0 unknown");
/// assert_eq!(answers.absent().map(|(work, _)| *work).collect::<Vec<_>>(), [works[1]]);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers<Q, A> {
    all: Vec<(Q, A)>,
}

impl<Q, A: Answer> Answers<Q, A> {
    /// How many questions there are.
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing was asked.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, (Q, A)> {
        self.all.iter()
    }

    /// What is there.
    pub fn present(&self) -> impl Iterator<Item = &(Q, A)> {
        self.of(Outcome::Present)
    }

    /// What is not; what that rests on, each answer says.
    pub fn absent(&self) -> impl Iterator<Item = &(Q, A)> {
        self.of(Outcome::Absent)
    }

    /// What is not told.
    pub fn unknown(&self) -> impl Iterator<Item = &(Q, A)> {
        self.of(Outcome::Unknown)
    }

    fn of(&self, outcome: Outcome) -> impl Iterator<Item = &(Q, A)> {
        self.all.iter().filter(move |(_, answer)| answer.outcome() == outcome)
    }
}

impl<Q, A> FromIterator<(Q, A)> for Answers<Q, A> {
    fn from_iter<I: IntoIterator<Item = (Q, A)>>(answers: I) -> Self {
        Self { all: answers.into_iter().collect() }
    }
}

impl<Q, A> IntoIterator for Answers<Q, A> {
    type Item = (Q, A);
    type IntoIter = std::vec::IntoIter<(Q, A)>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a, Q, A> IntoIterator for &'a Answers<Q, A> {
    type Item = &'a (Q, A);
    type IntoIter = std::slice::Iter<'a, (Q, A)>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

impl<Q, A: Answer> fmt::Display for Answers<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [present, absent, unknown] = [Outcome::Present, Outcome::Absent, Outcome::Unknown]
            .map(|outcome| self.of(outcome).count());
        let all = self.len();
        write!(f, "{all} asked: {present} present, {absent} absent, {unknown} unknown")
    }
}
