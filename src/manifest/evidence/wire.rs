//! Evidence in bytes.

use std::collections::BTreeMap;

use super::{Evidence, EvidenceError, Opened};
use crate::cbor::{self, CborError, Codec, Reader, Version1, Writer, record};
use crate::id::ManifestId;
use crate::limits::{BUDGET_BYTES, BUDGET_NODES};
use crate::manifest::row::Checked;
use crate::manifest::{Head, Index, ManifestKind, Sha256Index};
use crate::tree::{PrunedTree, Summary, TreeName};

record! {
    /// Evidence as it stands in bytes.
    pub(crate) struct EvidenceFile {
        "v" => v: Version1,
        "heads" => heads: Vec<Head>,
        "trees" => trees: Vec<EvidenceTree>,
        "indexes" => indexes: Vec<Index>,
    }
}

record! {
    /// A pruned tree with its name.
    pub(crate) struct EvidenceTree {
        "of" => of: ManifestId,
        "tree" => tree: TreeName,
        "pruned" => pruned: Bytes,
    }
}

/// A byte string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes(Vec<u8>);

#[cfg(test)]
impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Codec for Bytes {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.bytes(usize::MAX)?.to_vec()))
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
        EvidenceFile {
            v: Version1,
            heads: self.heads.values().cloned().collect(),
            trees: self
                .trees
                .iter()
                .map(|((of, tree), opened)| EvidenceTree {
                    of: *of,
                    tree: tree.clone(),
                    pruned: Bytes(opened.to_bytes()),
                })
                .collect(),
            indexes: self.indexes.values().cloned().collect(),
        }
    }

    /// Checks everything; all trees together have at most `limit` items.
    pub(crate) fn from_file(file: EvidenceFile, limit: usize) -> Result<Self, EvidenceError> {
        let mut evidence = Self::default();
        for head in file.heads {
            let of = head.id();
            head.check().map_err(|source| EvidenceError::Head { of, source })?;
            insert(&mut evidence.heads, of, head, "heads", |id| *id)?;
        }
        for index in file.indexes {
            let key = (index.of, index.rule.clone());
            insert(&mut evidence.indexes, key, index, "indexes", |key| key.0)?;
        }
        let mut left = limit;
        for EvidenceTree { of, tree, pruned } in file.trees {
            let opened = evidence.open(of, &tree, &pruned.0, left)?;
            left = left.saturating_sub(opened.items());
            insert(&mut evidence.trees, (of, tree), opened, "trees", |key| key.0)?;
        }
        evidence.check_use()?;
        Ok(evidence)
    }

    /// Reads a pruned tree and compares its root.
    fn open(
        &self,
        of: ManifestId,
        tree: &TreeName,
        bytes: &[u8],
        limit: usize,
    ) -> Result<Opened, EvidenceError> {
        let missing = || EvidenceError::MissingHead { of, tree: tree.clone() };
        if let TreeName::Index(rule) = tree {
            let index = self.indexes.get(&(of, rule.clone())).ok_or_else(missing)?;
            let opened = if rule == Sha256Index::RULE {
                Opened::Sha256(checked(of, tree, bytes, limit)?)
            } else {
                Opened::Records(checked(of, tree, bytes, limit)?)
            };
            return with_root(opened, of, tree, &index.tree);
        }
        let head = self.heads.get(&of).ok_or_else(missing)?;
        let no_tree = || EvidenceError::NoTree { of, tree: tree.clone() };
        let (opened, expected): (Opened, Summary) = match (tree, head.kind) {
            (TreeName::Content, _) => {
                // A composite alone has none, as its head was checked to say.
                let content = head.content.ok_or_else(no_tree)?;
                (Opened::Content(checked(of, tree, bytes, limit)?), content)
            }
            (TreeName::Parts, ManifestKind::Composite) => {
                (Opened::Mounts(checked(of, tree, bytes, limit)?), head.parts)
            }
            (TreeName::Parts, ManifestKind::Files) => {
                (Opened::Files(checked(of, tree, bytes, limit)?), head.parts)
            }
            (TreeName::Parts, ManifestKind::Tensors) => {
                (Opened::Tensors(checked(of, tree, bytes, limit)?), head.parts)
            }
            (TreeName::Index(_), _) => return Err(missing()),
        };
        with_root(opened, of, tree, &expected)
    }

    /// Every head and every index is that of some tree.
    fn check_use(&self) -> Result<(), EvidenceError> {
        if let Some(of) = self.heads.keys().find(|id| !self.needs_head(**id)) {
            return Err(EvidenceError::Unused { list: "heads", of: *of });
        }
        match self.indexes.keys().find(|(of, rule)| !self.needs_index(*of, rule)) {
            None => Ok(()),
            Some((of, _)) => Err(EvidenceError::Unused { list: "indexes", of: *of }),
        }
    }
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

/// Appends what must stand after all that is there.
fn insert<K: Ord, V>(
    map: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    list: &'static str,
    of: impl Fn(&K) -> ManifestId,
) -> Result<(), EvidenceError> {
    if map.last_key_value().is_some_and(|(last, _)| *last >= key) {
        return Err(EvidenceError::Unordered { list, of: of(&key) });
    }
    map.insert(key, value);
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
