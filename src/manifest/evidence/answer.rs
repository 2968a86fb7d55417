//! What evidence answers about content, and what its answers rest on.

use crate::digest::Digest;
use crate::id::StatementId;
use crate::manifest::{ContentRow, Manifest};
use crate::tree::Membership;

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
