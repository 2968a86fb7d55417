//! What a publication writes, and in which order.

use super::{LogError, Pending};
use crate::digest::Sha256;
use crate::key::Signer;
use crate::log::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::log::edge::{Edge, TILE};
use crate::log::leaf_hash;
use crate::log::segment::{Part, encode_entries, encode_tile};
use crate::log::store::{Resource, Store};
use crate::log::verified::{LogKey, VerifiedCheckpoint};
use crate::statement::Issuer;
use crate::timestamp::Timestamp;

/// What stands of the 256 statements with which a log ends; nothing where all of them are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) entries: Vec<Sha256>,
    /// Where the publications begin that they came with.
    pub(super) begins: Vec<u8>,
}

/// Writes everything that the log has with `pending` and did not have before.
///
/// Resources are named by where they end, so none of them is one that a checkpoint has.
pub(super) fn write<S: Store>(
    store: &S,
    edge: &mut Edge,
    tail: &mut Tail,
    pending: &[Pending],
) -> Result<(), LogError> {
    let before = edge.clone();
    let mut rest = pending;
    let mut full = Vec::new();
    while !rest.is_empty() {
        let index = edge.index(0);
        let room = usize::from(TILE).saturating_sub(tail.entries.len());
        let (part, after) = rest.split_at(room.min(rest.len()));
        rest = after;
        tail.begins.push(u8::try_from(tail.entries.len()).unwrap_or(u8::MAX));
        for statement in part {
            tail.entries.push(statement.entry);
            edge.push(leaf_hash(statement.entry.as_bytes()), &mut full);
        }
        let width = u16::try_from(tail.entries.len()).unwrap_or(TILE);
        let statements: Vec<&[u8]> = part.iter().map(|pending| &pending.bytes[..]).collect();
        let part = Part::encode(&tail.begins, &statements);
        store.write(&Resource::Statements { index, width }, &part)?;
        store.write(&Resource::Entries { index, width }, &encode_entries(&tail.entries))?;
        if width == TILE {
            *tail = Tail::default();
        }
    }
    for tile in full {
        let resource = Resource::Tile { level: tile.level, index: tile.index, width: TILE };
        store.write(&resource, &encode_tile(&tile.hashes))?;
    }
    for (level, hashes) in edge.tiles() {
        let index = edge.index(level);
        if (index, hashes.len()) != (before.index(level), before.tile(level).len()) {
            let width = u16::try_from(hashes.len()).unwrap_or(TILE);
            store.write(&Resource::Tile { level, index, width }, &encode_tile(hashes))?;
        }
    }
    Ok(())
}

/// The checkpoint of a log all of whose resources are durable.
pub(super) fn sign<K: Signer>(
    issuer: &Issuer<K>,
    key: &LogKey,
    edge: &Edge,
    now: Timestamp,
) -> Result<VerifiedCheckpoint, LogError> {
    let checkpoint = Checkpoint::new(key.origin().clone(), edge.size(), edge.root())?;
    // A signer that gave something else than a signature is found before anybody sees it.
    Ok(checkpoint.sign(issuer.signer(), now)?.verify(key)?)
}

/// Puts the new checkpoint in the place of the old one.
pub(super) fn swap<S: Store>(
    store: &S,
    old: Option<&SignedCheckpoint>,
    new: &VerifiedCheckpoint,
) -> Result<(), LogError> {
    let old = old.map(SignedCheckpoint::to_bytes);
    if store.swap_checkpoint(old.as_deref(), &new.signed().to_bytes())? {
        Ok(())
    } else {
        Err(LogError::Conflict)
    }
}
