//! Is this document in it?

use super::{RecordError, RecordFault, RecordIndex, RecordRule};
use crate::digest::Digest;
use crate::manifest::{Dataset, DatasetIndex, Sha256Index};
use crate::tree::Summary;

/// What is asked for.
///
/// ```
/// use datadeed::manifest::{Document, RecordRule};
///
/// let rule: RecordRule = "text/1#/text".parse()?;
/// let bare = Document::Text("To be, or  not");
/// let whole = Document::Record(br#"{"text": "To be, or not", "id": 7}"#);
/// assert_eq!(bare.digest(&rule), whole.digest(&rule));
/// # Ok::<(), datadeed::manifest::RuleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Document<'a> {
    /// The digest of its canonical bytes, of whoever computed it by a rule of his own or does not
    /// want to show the document.
    Digest(Digest),
    /// One record as it stands in a file: a line, a JSON text, the content of a member.
    Record(&'a [u8]),
    /// A text, which under [`RecordRule::Text`] is looked for wherever it stands, and else as its UTF-8.
    ///
    /// [`RecordRule::Text`]: super::RecordRule::Text
    Text(&'a str),
}

impl Document<'_> {
    /// Its key under a rule.
    ///
    /// # Errors
    ///
    /// As [`RecordRule::digest_of`](super::RecordRule::digest_of).
    pub fn digest(&self, rule: &RecordRule) -> Result<Digest, RecordError> {
        match self {
            Self::Digest(digest) => Ok(*digest),
            Self::Record(bytes) => rule.digest_of(bytes),
            Self::Text(text) => match rule.digest_of_text(text) {
                Some(digest) => Ok(digest),
                None => rule.digest_of(text.as_bytes()),
            },
        }
    }
}

/// What one index of a dataset says about a document.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{Dataset, Document, RecordIndexBuilder, RecordPresence, RecordRule, ScanMethod};
///
/// let corpus = ManifestId::from_bytes([7; 32]);
/// let mut builder = RecordIndexBuilder::new(corpus, "text/1#/body".parse::<RecordRule>()?);
/// builder.file(b"{\"body\": \"To be\"}\n{\"body\": \"or not\"}\n")?;
/// let index = builder.finish()?;
/// let mut dataset = Dataset::new(corpus, "Plays", ScanMethod::Full);
/// dataset.indexes.insert(index.dataset_index());
///
/// let answers = dataset.look_up(&[index], Document::Text("or not"));
/// assert!(matches!(answers[0].presence, RecordPresence::Present { count: 1, .. }));
/// let answers = dataset.look_up(&[], Document::Text("or not"));
/// assert_eq!(answers[0].presence, RecordPresence::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordAnswer {
    /// The index, as the dataset declares it.
    pub index: DatasetIndex,
    /// What it says.
    pub presence: RecordPresence,
}

/// Whether a document is among the records of an index.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{Document, RecordIndexBuilder, RecordPresence, RecordRule};
///
/// let mut builder = RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), RecordRule::LineRaw);
/// builder.file(b"one\n")?;
/// let index = builder.finish()?;
/// let two_lines = index.look_up(Document::Text("one\ntwo"));
/// assert!(matches!(two_lines, RecordPresence::NoRecord(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordPresence {
    /// It is not among the records that the index's maker found in the dataset, in this form.
    ///
    /// Another spelling of the same work has another digest.
    Absent {
        /// Its digest.
        digest: Digest,
    },
    /// It is not among the records of those files that the index is of; what the other files of
    /// the dataset have, the index does not tell.
    AbsentFromFiles {
        /// Its digest.
        digest: Digest,
        /// Root of the `parts` tree of those files.
        files: Summary,
    },
    /// It is no record under the rule, or more than one: nothing was looked up. Of an index under
    /// another rule the same document may make a record.
    NoRecord(RecordError),
    /// It is there.
    Present {
        /// How often; at least 1.
        count: u64,
        /// Its digest.
        digest: Digest,
    },
    /// Not known: the index is not at hand, or nobody here knows its rule.
    Unknown,
}

impl RecordIndex {
    /// Whether a document is among its records.
    pub fn look_up(&self, document: Document<'_>) -> RecordPresence {
        let count = |digest| Some(self.count_of(digest));
        RecordPresence::of(document, &self.rule, self.files, count)
    }
}

impl RecordPresence {
    /// What follows from how often a digest is there, `None` where that is not known, in an
    /// index of `files`.
    pub(in crate::manifest) fn of(
        document: Document<'_>,
        rule: &RecordRule,
        files: Option<Summary>,
        count: impl FnOnce(Digest) -> Option<u64>,
    ) -> Self {
        match document.digest(rule) {
            Ok(digest) => match count(digest) {
                None => Self::Unknown,
                Some(0) => match files {
                    Some(files) => Self::AbsentFromFiles { digest, files },
                    None => Self::Absent { digest },
                },
                Some(count) => Self::Present { count, digest },
            },
            Err(RecordError { fault: RecordFault::OwnRule { .. }, .. }) => Self::Unknown,
            Err(error) => Self::NoRecord(error),
        }
    }
}

impl Dataset {
    /// Whether a document is in the dataset, under every rule for records that it declares.
    ///
    /// `indexes` are those at hand, whoever gave them: one counts only where its
    /// id is the declared one, and [`RecordPresence::Unknown`] stands for every
    /// other. The `sha256` index knows files, not records, and has no answer.
    pub fn look_up(&self, indexes: &[RecordIndex], document: Document<'_>) -> Vec<RecordAnswer> {
        let ids: Vec<_> = indexes.iter().map(|index| (index.id(), index)).collect();
        self.record_answers(|declared| {
            // An index may be declared as one by another rule, or of another dataset.
            let is_it = |index: &RecordIndex| {
                index.of == self.manifest && index.rule.to_string() == declared.rule
            };
            let found = ids.iter().find(|(id, index)| *id == declared.id && is_it(index));
            found.map_or(RecordPresence::Unknown, |(_, index)| index.look_up(document))
        })
    }

    /// What each index over records says that the dataset declares.
    pub(in crate::manifest) fn record_answers(
        &self,
        presence: impl Fn(&DatasetIndex) -> RecordPresence,
    ) -> Vec<RecordAnswer> {
        let declared = self.indexes.iter().filter(|declared| declared.rule != Sha256Index::RULE);
        let answer =
            |index: &DatasetIndex| RecordAnswer { index: index.clone(), presence: presence(index) };
        declared.map(answer).collect()
    }
}
