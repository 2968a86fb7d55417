//! The registry's log: it takes what known parties sign, and says since when it has it.

use std::collections::BTreeMap;
use std::error::Error;

use datadeed::key::{PublicKey, SigningKey};
use datadeed::log::{
    Log, LogPolicy, MemoryStore, Receipt, Refusal, RegistrationPolicy, SignedCheckpoint,
    VerifiedCheckpoint, advance,
};
use datadeed::statement::Envelope;
use datadeed::trust::TrustStore;
use datadeed::{Digest, StatementId, Timestamp};

use crate::party;

/// The log with the receipts that it gave, and its witness.
pub(crate) struct Registry {
    log: Log<MemoryStore, SigningKey>,
    parties: Parties,
    witness: Witness,
    /// Taken and not published, in the order of the log.
    waiting: Vec<StatementId>,
    receipts: BTreeMap<StatementId, Receipt>,
    checkpoints: Vec<SignedCheckpoint>,
}

impl Registry {
    /// A log whose first entry says what it takes: what the parties of `trust` sign.
    pub(crate) fn open(trust: TrustStore, now: Timestamp) -> Result<Self, Box<dyn Error>> {
        let mut policy = LogPolicy::new(party::origin()?);
        policy.trust = Some(Digest::of(&trust.to_bytes()));
        let log = Log::create(MemoryStore::new(), party::log(), &policy, now)?;
        let witness = Witness { last: log.checkpoint().clone() };
        Ok(Self {
            log,
            parties: Parties(trust),
            witness,
            waiting: Vec::new(),
            receipts: BTreeMap::new(),
            checkpoints: Vec::new(),
        })
    }

    /// Takes a statement, if its party is known and its signature verifies.
    pub(crate) fn take(
        &mut self,
        statement: &Envelope,
        now: Timestamp,
    ) -> Result<(), Box<dyn Error>> {
        self.log.append(statement, &self.parties, now)?;
        self.waiting.push(statement.id());
        Ok(())
    }

    /// Publishes what waits, has the witness look at it, and gives a receipt for each.
    pub(crate) fn publish(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        let published = self.log.publish(now)?;
        let cosigned = self.witness.look(&self.log, now)?;
        self.log.add_cosignatures(&cosigned)?;
        self.checkpoints.push(self.log.checkpoint().signed().clone());
        for (id, index) in self.waiting.drain(..).zip(published.indices) {
            self.receipts.insert(id, self.log.receipt(index, now)?);
        }
        Ok(())
    }

    pub(crate) fn receipt(&self, id: StatementId) -> Option<&Receipt> {
        self.receipts.get(&id)
    }

    /// One for each publication.
    pub(crate) fn checkpoints(&self) -> &[SignedCheckpoint] {
        &self.checkpoints
    }
}

/// Who may have statements in the log: whoever is in the trust store, with his key.
struct Parties(TrustStore);

impl RegistrationPolicy for Parties {
    fn admit(&self, statement: &Envelope, _now: Timestamp) -> Result<PublicKey, Refusal> {
        let header = statement.header();
        let anchor =
            self.0.anchors().find(|one| one.iss == header.issuer && one.key.id() == header.key);
        // That it is signed with that key the log verifies itself.
        anchor
            .map(|anchor| anchor.key)
            .ok_or_else(|| Refusal::new(format!("{} is not known with that key", header.issuer)))
    }
}

/// Somebody else, who keeps the last checkpoint and cosigns only what extends it.
struct Witness {
    last: VerifiedCheckpoint,
}

impl Witness {
    fn look(
        &mut self,
        log: &Log<MemoryStore, SigningKey>,
        now: Timestamp,
    ) -> Result<SignedCheckpoint, Box<dyn Error>> {
        let seen = log.checkpoint();
        let proof = log.prove_consistency(self.last.size(), seen.size())?;
        self.last = advance(&self.last, seen, Some(&proof))?;
        Ok(self.last.cosign(&party::witness()?, &party::key(party::WITNESS), now)?)
    }
}
