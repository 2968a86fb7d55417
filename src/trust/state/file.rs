//! A trust state as bytes.

use std::collections::BTreeSet;

use super::super::TrustRoot;
use super::super::equivocation::{Whole, sequence_of};
use super::super::status::Bytes;
use super::{Chain, Link, PinnedLog, StateError, TrustState};
use crate::cbor::{CborError, CborFault, Version1, decode, encode, record};
use crate::id::Origin;
use crate::key::PublicKey;
use crate::limits::{MAX_CHECKPOINT, MAX_TRUST, MAX_TRUST_STATE};
use crate::log::{LogKey, SignedCheckpoint};
use crate::statement::Envelope;
use crate::timestamp::Timestamp;

record! {
    struct StateFile {
        "v" => v: Version1,
        "logs" => logs: BTreeSet<LogFile>,
        "root" => root: Option<Whole>,
        "time" => time: Timestamp,
        "chains" => chains: BTreeSet<Bytes>,
    }
}

record! {
    struct LogFile {
        "key" => key: PublicKey,
        "origin" => origin: String,
        "checkpoint" => checkpoint: Option<Bytes>,
    }
}

/// Room for what stands around a chain, a log or all of it, in bytes.
const MARGIN: usize = 256;

impl TrustState {
    /// How many bytes the file may take, whatever trust root and checkpoints are yet to be recorded.
    pub(super) fn room(&self) -> usize {
        let logs = self.logs.keys().map(room_of_log);
        let chains = self.chains.values().map(|link| room_of_link(&link.envelope));
        logs.chain(chains).fold(MAX_TRUST.saturating_add(MARGIN), usize::saturating_add)
    }

    /// Decodes what [`TrustState::to_bytes`] writes, and nothing else.
    ///
    /// Checkpoints are verified with the pinned keys, and the trust root with its own; statements
    /// are not, whose keys are not here.
    ///
    /// # Errors
    ///
    /// [`StateError::Cbor`], [`StateError::Checkpoint`], [`StateError::Root`],
    /// [`StateError::Unverified`], [`StateError::Statement`], [`StateError::NoLink`] and
    /// [`StateError::Full`] for other bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        if bytes.len() > MAX_TRUST_STATE {
            let (found, limit) = (u64::try_from(bytes.len()).unwrap_or(u64::MAX), MAX_TRUST_STATE);
            return Err(CborError::new(0, CborFault::TooLong { found, limit }).into());
        }
        let file: StateFile = decode(bytes)?;
        let mut state = Self::new(file.time);
        state.root = file.root.map(|Whole(root)| TrustRoot::pinned(&root)).transpose()?;
        for log in file.logs {
            let expected = "the name of a log";
            let origin = Origin::new(log.origin)
                .map_err(|_| CborError::new(0, CborFault::Unreadable { expected }))?;
            let pinned = LogKey::new(origin.clone(), log.key);
            let last = match log.checkpoint {
                None => None,
                Some(Bytes(note)) => {
                    let malformed =
                        |source| StateError::Checkpoint { origin: origin.clone(), source };
                    let signed = SignedCheckpoint::decode(&note).map_err(malformed)?;
                    Some(signed.verify(&pinned)?)
                }
            };
            if state.logs.insert(origin, PinnedLog { key: log.key, last }).is_some() {
                return Err(CborError::new(0, CborFault::Duplicate).into());
            }
        }
        for (index, Bytes(statement)) in file.chains.into_iter().enumerate() {
            let envelope = Envelope::decode(&statement)
                .map_err(|source| StateError::Statement { index, source })?;
            let seq = sequence_of(&envelope).map_err(StateError::NoLink)?.seq;
            if !envelope.receipts().is_empty()
                || state.chains.insert(Chain::of(&envelope), Link { seq, envelope }).is_some()
            {
                return Err(CborError::new(0, CborFault::Duplicate).into());
            }
        }
        check_room(state.room())?;
        Ok(state)
    }

    /// The one encoding, of at most [`MAX_TRUST_STATE`] bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let logs = self.logs.iter().map(|(origin, log)| LogFile {
            key: log.key,
            origin: origin.as_str().to_owned(),
            checkpoint: log.last.as_ref().map(|last| Bytes(last.signed().to_bytes())),
        });
        let chains = self.chains.values().map(|link| Bytes(link.envelope.as_bytes().to_vec()));
        encode(&StateFile {
            v: Version1,
            logs: logs.collect(),
            root: self.root.as_ref().map(|root| Whole(root.to_bytes())),
            time: self.time,
            chains: chains.collect(),
        })
    }
}

/// A log is pinned with room for its largest checkpoint.
pub(super) fn room_of_log(origin: &Origin) -> usize {
    origin.as_str().len().saturating_add(MAX_CHECKPOINT).saturating_add(MARGIN)
}

pub(super) fn room_of_link(envelope: &Envelope) -> usize {
    envelope.as_bytes().len().saturating_add(MARGIN)
}

pub(super) const fn check_room(found: usize) -> Result<(), StateError> {
    let limit = MAX_TRUST_STATE;
    if found > limit { Err(StateError::Full { found, limit }) } else { Ok(()) }
}
