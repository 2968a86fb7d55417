//! The parties of the demonstration, all invented, and whom the exchange believes.

use datadeed::id::Origin;
use datadeed::key::{Signer, SigningKey};
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};
use datadeed::{Digest, ManifestId, TextError};

/// Examines datasets.
pub(crate) const AUDITOR: &str = "did:web:auditor.example";
/// Collects datasets and observes their public licences; impersonates nobody.
pub(crate) const COLLECTOR: &str = "did:web:collector.example";
/// Labels, merges, cleans, deduplicates and splits; sells what comes of it.
pub(crate) const CURATOR: &str = "did:web:curator.example";
/// Brings sellers and buyers together, and is the one who decides in the end.
pub(crate) const EXCHANGE: &str = "did:web:exchange.example";
/// Registers data IP.
pub(crate) const REGISTRAR: &str = "did:web:registrar.example";
/// Grants licences in texts and pictures of its own.
pub(crate) const SUPPLIER: &str = "did:web:supplier.example";
/// Buys the training set, and trains the model.
pub(crate) const TRAINER: &str = "did:web:trainer.example";
/// The registrar's log, which signs with a key of its own.
const LOG: &str = "registrar.example/log";
/// Watches the log.
pub(crate) const WITNESS: &str = "witness.example/registrar";

/// A party with its key.
///
/// Anybody can compute these seeds, which makes the demonstration repeatable
/// and the keys worthless. Real ones come from a secure random source, and stay
/// in an HSM or KMS behind the `Signer` trait.
pub(crate) fn issuer(iss: &str) -> Issuer<SigningKey> {
    Issuer::new(iss, key(iss))
}

/// The key of a party, a log or a witness.
pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(Digest::of(name.as_bytes()).as_bytes())
}

/// The registrar where it keeps the log.
pub(crate) fn log() -> Issuer<SigningKey> {
    Issuer::new(REGISTRAR, key(LOG))
}

/// The name of the log.
pub(crate) fn origin() -> Result<Origin, TextError> {
    Origin::new(LOG)
}

/// The name of the witness.
pub(crate) fn witness() -> Result<Origin, TextError> {
    Origin::new(WITNESS)
}

/// What the exchange asks of a log before it believes its times: that the witness saw it.
pub(crate) const WITNESSES: usize = 1;

/// The anchors of the exchange: who is believed in what, and about what.
pub(crate) fn trust(supplied: &[ManifestId]) -> TrustStore {
    let anchor = |iss: &str, role| Anchor::new(iss, issuer(iss).public_key(), [role]);
    // The collector is believed about any dataset, and where he observes licences.
    let collector = anchor(COLLECTOR, Role::Collector).scope(["manifest:", "cargo:", "local:"]);
    let mut anchors = vec![
        anchor(AUDITOR, Role::Auditor),
        collector,
        anchor(CURATOR, Role::Curator),
        anchor(EXCHANGE, Role::Exchange),
        anchor(REGISTRAR, Role::Registrar),
        anchor(TRAINER, Role::Trainer),
        Anchor::new(REGISTRAR, log().public_key(), [Role::Log]).scope([LOG]),
        Anchor::new(WITNESS, key(WITNESS).public_key(), [Role::Witness]).scope([LOG]),
    ];
    // The supplier speaks for the datasets he was admitted with, and for no others.
    if !supplied.is_empty() {
        let his = supplied.iter().map(ToString::to_string);
        anchors.push(anchor(SUPPLIER, Role::RightsHolder).scope(his));
    }
    TrustStore::new(anchors)
}
