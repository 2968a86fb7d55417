//! The preimages of ids, and what must hold of them.

use super::ManifestKind;
use crate::cbor::{self, CborError, Version1, encode, record};
use crate::digest::Role;
use crate::id::ManifestId;
use crate::tree::Summary;

record! {
    /// The CBOR preimage of a [`ManifestId`].
    ///
    /// ```
    /// use datadeed::manifest::{Head, ManifestKind, Manifest, NameProfile};
    ///
    /// let manifest = Manifest::files(vec![], NameProfile::Portable)?;
    /// let head = manifest.head();
    /// assert_eq!(head.id(), manifest.id());
    /// assert_eq!((head.kind, &head.parts), (ManifestKind::Files, manifest.parts()));
    /// assert_eq!(head.content.as_ref(), Some(manifest.content()));
    /// assert_eq!(Head::decode(&head.to_bytes()).as_ref(), Ok(head));
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    pub struct Head {
        /// Format version, 1.
        "v" => v: Version1,
        /// What the entries are.
        "kind" => kind: ManifestKind,
        /// Root of the tree keyed by name; its sums are those of all entries.
        "parts" => parts: Summary,
        /// Root of the tree keyed by content digest, with the same sums; absent for a
        /// composite, whose contents are those of its parts, and only there.
        "content" => content: Option<Summary>,
    }
}

/// What is said of a manifest that no manifest is.
///
/// ```
/// use datadeed::manifest::{Head, HeadError, Manifest, ManifestKind, NameProfile};
///
/// let mut head = Manifest::files(vec![], NameProfile::Portable)?.head().clone();
/// head.content = None;
/// let kind = ManifestKind::Files;
/// assert_eq!(Head::decode(&head.to_bytes()), Err(HeadError::NoContent { kind }));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed head")]
    Cbor(#[from] CborError),
    /// A composite has a tree keyed by content of its own.
    #[error("a composite with a content tree, which only its parts have")]
    CompositeContent,
    /// Entries that have contents, and no tree keyed by them.
    #[error("a manifest of {kind} without a content tree")]
    NoContent {
        /// What the entries are.
        kind: ManifestKind,
    },
    /// The two trees have different numbers of entries or bytes, though they are over the same entries.
    #[error(
        "head sums parts up to {} entries of {} bytes, content to {} of {}",
        parts.count(), parts.bytes(), content.count(), content.bytes()
    )]
    Totals {
        /// Root of the `parts` tree.
        parts: Box<Summary>,
        /// Root of the `content` tree.
        content: Box<Summary>,
    },
}

impl Head {
    /// Of entries that have contents: not of a composite.
    pub(super) const fn new(kind: ManifestKind, parts: Summary, content: Summary) -> Self {
        Self { v: Version1, kind, parts, content: Some(content) }
    }

    /// The id: the keyed hash of [`Head::to_bytes`].
    pub fn id(&self) -> ManifestId {
        ManifestId::from_bytes(Role::Manifest.hash(&self.to_bytes()))
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Decodes a head and checks it.
    ///
    /// # Errors
    ///
    /// [`HeadError`] for anything that is not the head of a manifest.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeadError> {
        let head: Self = cbor::decode(bytes)?;
        head.check()?;
        Ok(head)
    }

    /// What must hold of a head before anything else that it says is believed.
    pub(super) fn check(&self) -> Result<(), HeadError> {
        match (self.kind, self.content) {
            (ManifestKind::Composite, None) => Ok(()),
            (ManifestKind::Composite, Some(_)) => Err(HeadError::CompositeContent),
            (kind @ (ManifestKind::Files | ManifestKind::Tensors), None) => {
                Err(HeadError::NoContent { kind })
            }
            (ManifestKind::Files | ManifestKind::Tensors, Some(content)) => {
                let parts = self.parts;
                if (parts.count(), parts.bytes()) == (content.count(), content.bytes()) {
                    return Ok(());
                }
                Err(HeadError::Totals { parts: Box::new(parts), content: Box::new(content) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::manifest::{FileEntry, Manifest, NameProfile};

    fn head() -> Head {
        let entry = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
        let entries = vec![entry("a"), entry("b")];
        Manifest::files(entries, NameProfile::Any).unwrap().head().clone()
    }

    #[track_caller]
    fn refused(head: &Head) -> HeadError {
        Head::decode(&head.to_bytes()).unwrap_err()
    }

    #[test]
    fn a_composite_alone_has_no_content_tree() {
        let files = head();
        let composite = Head { kind: ManifestKind::Composite, content: None, ..files };
        assert!(composite.to_bytes().starts_with(b"\xa3\x61v\x01\x64kind\x69composite\x65parts"));
        assert_eq!(Head::decode(&composite.to_bytes()).as_ref(), Ok(&composite));
        let both = Head { kind: ManifestKind::Composite, ..files };
        assert_eq!(refused(&both), HeadError::CompositeContent);
        for kind in [ManifestKind::Files, ManifestKind::Tensors] {
            let neither = Head { kind, content: None, ..files };
            assert_eq!(refused(&neither), HeadError::NoContent { kind });
        }
    }

    #[test]
    fn both_trees_sum_up_the_same_entries() {
        let sound = head();
        let content = sound.content.unwrap();
        for at in [32, 40] {
            let mut lied = content.to_bytes();
            lied[at] ^= 1;
            let lied = Summary::from_bytes(&lied).unwrap();
            let error = HeadError::Totals { parts: Box::new(sound.parts), content: Box::new(lied) };
            assert_eq!(refused(&Head { content: Some(lied), ..sound.clone() }), error);
        }
    }
}
