//! Evidence in bytes.

use std::collections::BTreeMap;

use super::{Evidence, EvidenceError, Opened};
use crate::cbor::{self, ByteString, Version1, record};
use crate::id::ManifestId;
use crate::limits::{BUDGET_BYTES, BUDGET_NODES};
use crate::manifest::row::Checked;
use crate::manifest::{Head, Index, ManifestKind, Sha256Index};
use crate::tree::{PrunedTree, Summary, TreeName};

record! {
    /// Evidence as it stands in bytes.
    pub(crate) struct EvidenceFile {
        "v" => v: Version1,
        "indexes" => indexes: Vec<EvidenceIndex>,
        "datasets" => datasets: Vec<EvidenceDataset>,
    }
}

record! {
    /// What is opened of a dataset's own trees: of at least one.
    pub(crate) struct EvidenceDataset {
        "head" => head: Head,
        "parts" => parts: Option<ByteString>,
        "content" => content: Option<ByteString>,
    }
}

record! {
    /// What is opened of the tree of an index.
    pub(crate) struct EvidenceIndex {
        "index" => index: Index,
        "pruned" => pruned: ByteString,
    }
}

impl Evidence {
    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&self.to_file())
    }

    /// Decodes evidence within the default [`Budget`](crate::verify::Budget) and checks it as a whole.
    ///
    /// # Errors
    ///
    /// [`EvidenceError`] for anything that [`Evidence::to_bytes`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, EvidenceError> {
        if bytes.len() > BUDGET_BYTES {
            return Err(EvidenceError::TooLarge { found: bytes.len(), limit: BUDGET_BYTES });
        }
        Self::from_file(cbor::decode(bytes)?, BUDGET_NODES)
    }

    pub(crate) fn to_file(&self) -> EvidenceFile {
        let pruned = |of: ManifestId, tree| {
            let opened: Option<&Opened> = self.trees.get(&(of, tree));
            opened.map(|opened| ByteString(opened.to_bytes()))
        };
        let datasets = self.heads.iter().map(|(of, head)| EvidenceDataset {
            head: head.clone(),
            parts: pruned(*of, TreeName::Parts),
            content: pruned(*of, TreeName::Content),
        });
        let indexes = self.indexes.iter().filter_map(|((of, rule), index)| {
            let pruned = pruned(*of, TreeName::Index(rule.clone()))?;
            Some(EvidenceIndex { index: index.clone(), pruned })
        });
        EvidenceFile { v: Version1, indexes: indexes.collect(), datasets: datasets.collect() }
    }

    /// Checks everything; all trees together have at most `limit` items.
    pub(crate) fn from_file(file: EvidenceFile, limit: usize) -> Result<Self, EvidenceError> {
        let mut evidence = Self::default();
        let mut left = limit;
        for EvidenceDataset { head, parts, content } in file.datasets {
            let of = head.id();
            head.check().map_err(|source| EvidenceError::Head { of, source })?;
            in_order(&evidence.heads, &of, "datasets", of)?;
            if parts.is_none() && content.is_none() {
                return Err(EvidenceError::Unopened { of });
            }
            for (tree, bytes) in [(TreeName::Parts, parts), (TreeName::Content, content)] {
                if let Some(ByteString(bytes)) = bytes {
                    let opened = open(&head, of, &tree, &bytes, left)?;
                    left = left.saturating_sub(opened.items());
                    evidence.trees.insert((of, tree), opened);
                }
            }
            evidence.heads.insert(of, head);
        }
        for EvidenceIndex { index, pruned: ByteString(bytes) } in file.indexes {
            let (of, key) = (index.of, (index.of, index.rule.clone()));
            in_order(&evidence.indexes, &key, "indexes", of)?;
            let tree = TreeName::Index(index.rule.clone());
            let opened = if index.rule == Sha256Index::RULE {
                Opened::Sha256(checked(of, &tree, &bytes, left)?)
            } else {
                Opened::Records(checked(of, &tree, &bytes, left)?)
            };
            left = left.saturating_sub(opened.items());
            let opened = with_root(opened, of, &tree, &index.tree)?;
            evidence.trees.insert((of, tree), opened);
            evidence.indexes.insert(key, index);
        }
        Ok(evidence)
    }
}

/// Reads a tree of the dataset with this head, and compares its root.
fn open(
    head: &Head,
    of: ManifestId,
    tree: &TreeName,
    bytes: &[u8],
    limit: usize,
) -> Result<Opened, EvidenceError> {
    let (opened, expected): (Opened, Summary) = match (tree, head.kind) {
        (TreeName::Parts, ManifestKind::Composite) => {
            (Opened::Mounts(checked(of, tree, bytes, limit)?), head.parts)
        }
        (TreeName::Parts, ManifestKind::Files) => {
            (Opened::Files(checked(of, tree, bytes, limit)?), head.parts)
        }
        (TreeName::Parts, ManifestKind::Tensors) => {
            (Opened::Tensors(checked(of, tree, bytes, limit)?), head.parts)
        }
        (TreeName::Content | TreeName::Index(_), _) => {
            // A composite alone has none, as its head was checked to say.
            let no_tree = || EvidenceError::NoTree { of, tree: tree.clone() };
            let content = head.content.ok_or_else(no_tree)?;
            (Opened::Content(checked(of, tree, bytes, limit)?), content)
        }
    };
    with_root(opened, of, tree, &expected)
}

/// The tree, if it has the root that it should have.
fn with_root(
    opened: Opened,
    of: ManifestId,
    tree: &TreeName,
    expected: &Summary,
) -> Result<Opened, EvidenceError> {
    if opened.root() == expected {
        return Ok(opened);
    }
    let (found, expected) = (Box::new(*opened.root()), Box::new(*expected));
    Err(EvidenceError::Root { of, tree: tree.clone(), found, expected })
}

/// What comes next stands after all that is there.
fn in_order<K: Ord, V>(
    map: &BTreeMap<K, V>,
    key: &K,
    list: &'static str,
    of: ManifestId,
) -> Result<(), EvidenceError> {
    if map.last_key_value().is_some_and(|(before, _)| before >= key) {
        return Err(EvidenceError::Unordered { list, of });
    }
    Ok(())
}

/// A pruned tree whose opened rows are such as stand in manifests.
fn checked<R: Checked>(
    of: ManifestId,
    tree: &TreeName,
    bytes: &[u8],
    limit: usize,
) -> Result<PrunedTree<R>, EvidenceError> {
    let pruned = PrunedTree::decode(bytes, limit).map_err(|source| EvidenceError::Tree {
        of,
        tree: tree.clone(),
        source,
    })?;
    for row in pruned.rows() {
        R::check(row).map_err(|source| {
            let source = Box::new(source);
            EvidenceError::Entry { of, tree: tree.clone(), source }
        })?;
    }
    Ok(pruned)
}
