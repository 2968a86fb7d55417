//! Proof that a maker committed to two datasets in one id.

use super::{Evidence, Opened};
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::tree::{Membership, TreeName};

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
/// evidence.names(&prover, ["a.txt"]);
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
