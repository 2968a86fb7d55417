//! What evidence answers about content, and what its answers rest on.

use std::fmt;

use super::{Evidence, Opened};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId};
use crate::manifest::{ContentRow, Manifest};
use crate::tree::{Membership, TreeName};

/// Who has held a content tree against the rows it is made from.
///
/// A root of a content tree is whatever its maker computed. That it leaves no
/// entry out can be seen only by whoever holds all rows.
///
/// ```
/// use datadeed::manifest::{Audit, ContentAnswer};
/// use datadeed::StatementId;
///
/// // A policy that wants somebody to have looked.
/// let is_enough = |answer: &ContentAnswer| {
///     !matches!(answer, ContentAnswer::Absent { audit: Audit::None })
/// };
/// let answer = ContentAnswer::Absent { audit: Audit::None };
/// assert!(!is_enough(&answer));
/// assert!(is_enough(&answer.audited(Audit::By(StatementId::from_bytes([1; 32])))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Audit {
    /// Nobody who is known: the tree is as its maker committed to it.
    None,
    /// A named party, who says so in this statement.
    By(StatementId),
    /// Whoever answers: the tree was recomputed from all rows.
    Rows,
}

/// Whether a dataset has some content.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Audit, ContentAnswer, FileEntry, Manifest, NameProfile};
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![entry], NameProfile::Portable)?;
/// assert!(matches!(manifest.has(Digest::of(b"x")), ContentAnswer::Present(row) if row.count == 1));
/// // Who has all rows needs nobody's word.
/// let absent = ContentAnswer::Absent { audit: Audit::Rows };
/// assert_eq!(manifest.has(Digest::of(b"y")), absent);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fifth answer")]
pub enum ContentAnswer {
    /// It has: so often, with that size.
    Present(ContentRow),
    /// It has: at least so often, with that size.
    ///
    /// Of a composite of which some parts are not opened, or whose parts have the
    /// digest with two sizes, one of which is a lie: then the row is of the size
    /// that more entries have, of two equally frequent ones the smaller.
    AtLeast(ContentRow),
    /// It has not, if the content tree leaves nothing out.
    Absent {
        /// Who has seen that it does not.
        audit: Audit,
    },
    /// What is opened does not tell.
    Unknown,
}

impl ContentAnswer {
    pub(super) fn new(found: Membership<&ContentRow>, audit: Audit) -> Self {
        match found {
            Membership::Present(row) => Self::Present(*row),
            Membership::Absent => Self::Absent { audit },
            Membership::Unknown => Self::Unknown,
        }
    }

    /// The answer with an audit that the caller relies on; only absence needs one.
    #[must_use]
    pub const fn audited(self, audit: Audit) -> Self {
        match self {
            Self::Absent { .. } => Self::Absent { audit },
            Self::Present(_) | Self::AtLeast(_) | Self::Unknown => self,
        }
    }
}

/// Answers about many contents.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Answers, ContentAnswer};
///
/// let answers: Answers = [(Digest::of(b"my work"), ContentAnswer::Unknown)].into_iter().collect();
/// assert_eq!(answers.to_string(), "1 works: 0 present, 0 absent, 1 unknown");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answers {
    /// What is there.
    pub present: Vec<ContentRow>,
    /// What is there, at least so often: see [`ContentAnswer::AtLeast`].
    pub at_least: Vec<ContentRow>,
    /// What is not, if the content tree leaves nothing out.
    pub absent: Vec<Digest>,
    /// What the evidence does not tell.
    pub unknown: Vec<Digest>,
}

impl FromIterator<(Digest, ContentAnswer)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Digest, ContentAnswer)>>(answers: I) -> Self {
        let mut all = Self::default();
        for (digest, answer) in answers {
            match answer {
                ContentAnswer::Present(row) => all.present.push(row),
                ContentAnswer::AtLeast(row) => all.at_least.push(row),
                ContentAnswer::Absent { .. } => all.absent.push(digest),
                ContentAnswer::Unknown => all.unknown.push(digest),
            }
        }
        all
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let present = self.present.len().saturating_add(self.at_least.len());
        let [absent, unknown] = [self.absent.len(), self.unknown.len()];
        let all = present.saturating_add(absent).saturating_add(unknown);
        write!(f, "{all} works: {present} present, {absent} absent, {unknown} unknown")
    }
}

impl Manifest {
    /// Whether any entry has this content, by all rows.
    pub fn has(&self, digest: Digest) -> ContentAnswer {
        let rows = self.content_rows();
        match rows.binary_search_by_key(&digest, |row| row.digest) {
            Ok(index) => {
                rows.get(index).map_or(ContentAnswer::Unknown, |row| ContentAnswer::Present(*row))
            }
            Err(_) => ContentAnswer::Absent { audit: Audit::Rows },
        }
    }
}

/// Files that one id has among its parts more often than their content among its contents.
///
/// No honest manifest has any: whoever made the id committed to two different
/// datasets. With the evidence it was found in it convinces anybody.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![entry], NameProfile::Portable)?;
/// let prover = Prover::new(&manifest);
/// let mut evidence = EvidenceBuilder::new();
/// evidence.files(&prover, ["a.txt"]);
/// evidence.contents(&prover, [Digest::of(b"x")]);
/// let Ok(evidence) = evidence.build();
/// assert_eq!(evidence.contradiction(manifest.id()), None);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contradiction {
    /// The dataset.
    pub manifest: ManifestId,
    /// The content.
    pub digest: Digest,
    /// Names under which it stands among the parts.
    pub names: Vec<String>,
    /// How often it stands among the contents with the size that the parts give; fewer than `names`.
    pub count: u64,
}

impl Contradiction {
    pub(super) fn find(evidence: &Evidence, manifest: ManifestId) -> Option<Self> {
        let Some(Opened::Content(content)) = evidence.tree(manifest, &TreeName::Content) else {
            return None;
        };
        let mut parts: Vec<(Digest, u64, &str)> = match evidence.tree(manifest, &TreeName::Parts)? {
            Opened::Files(tree) => {
                tree.rows().map(|row| (row.digest, row.size, row.name.as_str())).collect()
            }
            Opened::Tensors(tree) => {
                tree.rows().map(|row| (row.digest, row.size, row.name.as_str())).collect()
            }
            Opened::Content(_) | Opened::Mounts(_) | Opened::Records(_) | Opened::Sha256(_) => {
                return None;
            }
        };
        parts.sort_unstable();
        parts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).find_map(|same| {
            let (digest, size, _) = *same.first()?;
            let count = match content.get(digest.as_bytes()) {
                Membership::Present(row) if row.size == size => row.count,
                Membership::Present(_) | Membership::Absent => 0,
                Membership::Unknown => return None,
            };
            let opened = u64::try_from(same.len()).unwrap_or(u64::MAX);
            let names = same.iter().map(|(_, _, name)| (*name).to_owned()).collect();
            (count < opened).then_some(Self { manifest, digest, names, count })
        })
    }
}
