//! What is known of chains of statements.

use std::collections::BTreeMap;

use super::super::Equivocation;
use super::super::equivocation::sequence_of;
use super::file::{check_room, room_of_link};
use super::{Chain, Link, Progress, StateError, TrustState};
use crate::id::StatementId;
use crate::statement::{Envelope, Payload, Sequence, Verified};

impl Chain {
    pub(super) fn of(envelope: &Envelope) -> Self {
        let header = envelope.header();
        let (issuer, subject) = (header.issuer.clone(), header.subject.clone());
        Self { issuer, kind: header.kind, subject }
    }
}

impl TrustState {
    /// Records statements of one kind, of whatever issuers and subjects, in any order.
    ///
    /// All that are shown of a chain are held against each other and against the last one known:
    /// they have to lead up to it or on from it. What a chain begins with where nothing is known of
    /// it is taken as it is. Nothing is recorded unless all of it holds.
    ///
    /// # Errors
    ///
    /// [`StateError::Forked`] for two statements of one number and for one that follows another
    /// than the one before, [`StateError::Gap`] where one is missing between two,
    /// [`StateError::RolledBack`] for a chain that ends before the last one known,
    /// [`StateError::NoLink`] for statements without number, [`StateError::Full`] where there is no room
    /// for the last ones.
    pub fn observe<T: Payload>(
        &mut self,
        statements: &[Verified<T>],
    ) -> Result<Progress, StateError> {
        let mut shown: BTreeMap<Chain, Vec<Shown<'_>>> = BTreeMap::new();
        for statement in statements {
            let envelope = statement.envelope();
            let Sequence { seq, prev } = sequence_of(envelope).map_err(StateError::NoLink)?;
            shown.entry(Chain::of(envelope)).or_default().push(Shown { seq, prev, envelope });
        }
        let mut advanced = Vec::new();
        for (chain, mut links) in shown {
            links.sort_unstable_by_key(|link| link.seq);
            if let Some(last) = lead_on(self.chains.get(&chain), &links)? {
                let envelope = last.envelope.clone().without_receipts();
                advanced.push((chain, Link { seq: last.seq, envelope }));
            }
        }
        if advanced.is_empty() {
            return Ok(Progress::Unchanged);
        }
        let mut room = self.room();
        for (chain, link) in &advanced {
            let before = self.chains.get(chain).map_or(0, |known| room_of_link(&known.envelope));
            room = room.saturating_sub(before).saturating_add(room_of_link(&link.envelope));
        }
        check_room(room)?;
        self.chains.extend(advanced);
        Ok(Progress::Advanced)
    }

    /// The number and the id of the last statement known that has issuer, kind and subject with this one.
    pub fn last_of<T>(&self, statement: &Verified<T>) -> Option<(u64, StatementId)> {
        let link = self.chains.get(&Chain::of(statement.envelope()))?;
        Some((link.seq, link.envelope.id()))
    }
}

#[derive(Clone, Copy)]
struct Shown<'a> {
    seq: u64,
    prev: Option<StatementId>,
    envelope: &'a Envelope,
}

/// The last of `links`, which are of one chain and sorted by number, where it is later than what is known.
fn lead_on<'a>(known: Option<&Link>, links: &[Shown<'a>]) -> Result<Option<Shown<'a>>, StateError> {
    let Some(last) = links.last() else { return Ok(None) };
    let issuer = || last.envelope.header().issuer.clone();
    for pair in links.windows(2) {
        if let [before, after] = pair {
            follows((before.seq, before.envelope), after)?;
        }
    }
    let Some(known) = known else { return Ok(Some(*last)) };
    if last.seq < known.seq {
        let (known, found) = (known.seq, last.seq);
        return Err(StateError::RolledBack { issuer: issuer(), known, found });
    }
    // The first that is not before the last one known: that one, or the one that follows it.
    if let Some(next) = links.iter().find(|link| link.seq >= known.seq) {
        follows((known.seq, &known.envelope), next)?;
    }
    Ok((last.seq > known.seq).then_some(*last))
}

/// Whether `after` is the statement before again, or the next one.
fn follows(before: (u64, &Envelope), after: &Shown<'_>) -> Result<(), StateError> {
    let ((seq, envelope), found) = (before, after.seq);
    let forked = || match Equivocation::of_issuer(envelope, after.envelope) {
        Ok(proof) => StateError::Forked(Box::new(proof)),
        Err(source) => StateError::NoLink(source),
    };
    if found == seq {
        return if envelope.id() == after.envelope.id() { Ok(()) } else { Err(forked()) };
    }
    if seq.checked_add(1) != Some(found) {
        let issuer = envelope.header().issuer.clone();
        return Err(StateError::Gap { issuer, known: seq, found });
    }
    if after.prev.is_none_or(|prev| prev == envelope.id()) { Ok(()) } else { Err(forked()) }
}
