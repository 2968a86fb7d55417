//! What a log reads of its store.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::publish::Tail;
use super::{Log, LogError};
use crate::digest::Sha256;
use crate::key::Signer;
use crate::log::edge::{Edge, TILE, TILE_HEIGHT, fold, place, subtrees};
use crate::log::receipt::{Receipt, leaf_of};
use crate::log::segment::{Part, decode_entries, decode_tile};
use crate::log::store::{Resource, Store};
use crate::log::subtrees::{Subtrees, consistency, inclusion, range};
use crate::log::tree::SizeError;
use crate::log::{ConsistencyProof, InclusionProof, leaf_hash};
use crate::statement::Envelope;
use crate::timestamp::Timestamp;

impl<S: Store, K: Signer> Log<S, K> {
    /// Proof that the statement at `index` stood there when the log had `size` entries.
    ///
    /// Reads some tiles, at most two for each level of 256.
    ///
    /// # Errors
    ///
    /// [`LogError::Size`] where the log is smaller or `index` is not below `size`; [`LogError::Store`],
    /// [`LogError::Missing`], [`LogError::Corrupt`], [`LogError::OtherRoot`] where the store has
    /// something else than was published.
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<InclusionProof, LogError> {
        self.check_size(size)?;
        if index >= size {
            return Err(SizeError { size: index.saturating_add(1), len: size }.into());
        }
        let tiles = self.tiles();
        let proof = inclusion(&tiles, index, size)?;
        let root = self.checked_root(&tiles, size)?;
        let found = proof.root(tiles.full(0, index)?).unwrap_or_else(|_| Sha256::of(b""));
        if found == root { Ok(proof) } else { Err(LogError::OtherRoot { found, expected: root }) }
    }

    /// Proof that the log of `new_size` entries extends that of `old_size`.
    ///
    /// # Errors
    ///
    /// [`LogError::Size`] where the log is smaller than `new_size`, `old_size` is larger or 0, and
    /// as [`Log::prove_inclusion`].
    pub fn prove_consistency(
        &self,
        old_size: u64,
        new_size: u64,
    ) -> Result<ConsistencyProof, LogError> {
        self.check_size(new_size)?;
        if old_size == 0 || old_size > new_size {
            return Err(SizeError { size: old_size, len: new_size }.into());
        }
        let tiles = self.tiles();
        self.checked_root(&tiles, old_size)?;
        self.checked_root(&tiles, new_size)?;
        consistency(&tiles, old_size, new_size)
    }

    /// A receipt for the statement at `index`, by the published checkpoint.
    ///
    /// # Errors
    ///
    /// [`LogError::Size`] where there is no such statement, [`LogError::Receipt`] where the log has
    /// but one entry or the signer gives no signature, and as [`Log::prove_inclusion`].
    pub fn receipt(&self, index: u64, now: Timestamp) -> Result<Receipt, LogError> {
        self.check_size(index.saturating_add(1))?;
        let tiles = self.tiles();
        let leaf = tiles.full(0, index)?;
        let proof = inclusion(&tiles, index, self.checkpoint.size())?;
        Ok(Receipt::sign(&self.issuer, &self.checkpoint, leaf, &proof, now)?)
    }

    /// The statement at `index`.
    ///
    /// # Errors
    ///
    /// [`LogError::Size`] where there is none, [`LogError::Store`], [`LogError::Missing`],
    /// [`LogError::Corrupt`] and [`LogError::Statement`] where the store has something else than
    /// was published.
    pub fn statement(&self, index: u64) -> Result<Envelope, LogError> {
        self.check_size(index.saturating_add(1))?;
        let (segment, place) = (subtrees(index, 1), place(index));
        let left = self.checkpoint.size().saturating_sub(segment.saturating_mul(u64::from(TILE)));
        let end = u16::try_from(left).unwrap_or(TILE).min(TILE);
        let (mut resource, mut part) = read_part(&self.store, segment, end)?;
        if let Some(end) = part.end_before(place) {
            (resource, part) = read_part(&self.store, segment, u16::from(end))?;
        }
        let corrupt = |fault| LogError::Corrupt { resource, fault };
        let at = place.checked_sub(part.begin()).map(usize::from);
        let bytes = at.and_then(|at| part.statements.get(at));
        let statement = Envelope::decode(bytes.ok_or_else(|| corrupt("begins elsewhere"))?)?;
        if leaf_of(&statement) != self.tiles().full(0, index)? {
            return Err(corrupt("another statement than was published"));
        }
        Ok(statement)
    }

    fn check_size(&self, size: u64) -> Result<(), LogError> {
        let len = self.checkpoint.size();
        if size <= len { Ok(()) } else { Err(SizeError { size, len }.into()) }
    }

    fn tiles(&self) -> Tiles<'_, S> {
        Tiles { store: &self.store, edge: &self.edge, full: RefCell::default() }
    }

    /// The root of an earlier size, of which the published log is an extension.
    fn checked_root(&self, tiles: &Tiles<'_, S>, size: u64) -> Result<Sha256, LogError> {
        let expected = self.checkpoint.root();
        let root = range(tiles, 0, size)?;
        let found = match size {
            0 => expected,
            _ if size == self.checkpoint.size() => root,
            _ => {
                let proof = consistency(tiles, size, self.checkpoint.size())?;
                proof.new_root(root).unwrap_or(root)
            }
        };
        if found == expected { Ok(root) } else { Err(LogError::OtherRoot { found, expected }) }
    }
}

/// The tiles of a log, of which full ones are read once each.
struct Tiles<'a, S> {
    store: &'a S,
    edge: &'a Edge,
    full: RefCell<BTreeMap<(u8, u64), Vec<Sha256>>>,
}

impl<S: Store> Subtrees for Tiles<'_, S> {
    type Error = LogError;

    fn full(&self, level: u32, at: u64) -> Result<Sha256, LogError> {
        let tile_level = u8::try_from(level / TILE_HEIGHT).unwrap_or(u8::MAX);
        // Of hashes at the level of the tile: where the subtree begins, and how many it has.
        let first = subtrees(at, tile_level);
        let len = 1_usize.checked_shl(level % TILE_HEIGHT).unwrap_or(1);
        let index = subtrees(first, 1);
        let begin = usize::from(place(first));
        let of = |hashes: &[Sha256]| {
            let hashes = hashes.get(begin..begin.saturating_add(len)).map(fold);
            let resource = Resource::Tile { level: tile_level, index, width: TILE };
            hashes.ok_or(LogError::Missing { resource })
        };
        if index == self.edge.index(tile_level) {
            return of(self.edge.tile(tile_level));
        }
        if let Some(hashes) = self.full.borrow().get(&(tile_level, index)) {
            return of(hashes);
        }
        let hashes = read_tile(self.store, tile_level, index, TILE)?;
        let hash = of(&hashes);
        self.full.borrow_mut().insert((tile_level, index), hashes);
        hash
    }
}

/// The tiles that are not full in a log of `size` entries.
pub(super) fn edge<S: Store>(store: &S, size: u64) -> Result<Edge, LogError> {
    let mut levels = Vec::new();
    for level in 0_u8..8 {
        let hashes = subtrees(size, level);
        if hashes == 0 {
            break;
        }
        levels.push(match place(hashes) {
            0 => Vec::new(),
            width => read_tile(store, level, subtrees(hashes, 1), u16::from(width))?,
        });
    }
    Ok(Edge::new(size, levels))
}

/// What stands of the last 256 statements, held against the leaves.
pub(super) fn tail<S: Store>(store: &S, edge: &Edge) -> Result<Tail, LogError> {
    let leaves = edge.tile(0);
    let (index, width) = (edge.index(0), u16::try_from(leaves.len()).unwrap_or(TILE));
    if width == 0 {
        return Ok(Tail::default());
    }
    let resource = Resource::Entries { index, width };
    let corrupt = |fault| LogError::Corrupt { resource, fault };
    let entries = decode_entries(&read(store, resource)?, leaves.len());
    let entries = entries.ok_or_else(|| corrupt("not as many entries"))?;
    if !entries.iter().map(|entry| leaf_hash(entry.as_bytes())).eq(leaves.iter().copied()) {
        return Err(corrupt("other entries than the leaves"));
    }
    let (_, part) = read_part(store, index, width)?;
    Ok(Tail { entries, begins: part.begins })
}

fn read<S: Store>(store: &S, resource: Resource) -> Result<Vec<u8>, LogError> {
    store.read(&resource)?.ok_or(LogError::Missing { resource })
}

fn read_tile<S: Store>(
    store: &S,
    level: u8,
    index: u64,
    width: u16,
) -> Result<Vec<Sha256>, LogError> {
    let resource = Resource::Tile { level, index, width };
    let hashes = decode_tile(&read(store, resource)?, usize::from(width));
    hashes.ok_or(LogError::Corrupt { resource, fault: "not as many hashes" })
}

fn read_part<S: Store>(store: &S, index: u64, width: u16) -> Result<(Resource, Part), LogError> {
    let resource = Resource::Statements { index, width };
    let part = Part::decode(&read(store, resource)?, width);
    Ok((resource, part.map_err(|_| LogError::Corrupt { resource, fault: "no statements" })?))
}
