//! The parties of the demonstration, all invented, and whom the exchange believes.

use datadeed::id::Origin;
use datadeed::key::{Signer, SigningKey};
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};
use datadeed::{Digest, ManifestId, TextError};

/// Collects datasets and observes their public licences; impersonates nobody.
pub(crate) const COLLECTOR: &str = "did:web:collector.example";
/// Merges, cleans, deduplicates and splits.
pub(crate) const CURATOR: &str = "did:web:curator.example";
/// Registers data IP.
pub(crate) const REGISTRAR: &str = "did:web:registrar.example";
/// Grants a negotiated licence in texts of its own.
pub(crate) const SUPPLIER: &str = "did:web:supplier.example";
/// Trains the model.
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
pub(crate) fn trust(supplied: Option<ManifestId>) -> TrustStore {
    let anchor = |iss: &str, role| Anchor::new(iss, issuer(iss).public_key(), [role]);
    // The collector is believed about any dataset, and where he observes licences.
    let collector = anchor(COLLECTOR, Role::Collector).scope(["manifest:", "cargo:", "local:"]);
    let mut anchors = vec![
        collector,
        anchor(CURATOR, Role::Curator),
        anchor(REGISTRAR, Role::Registrar),
        anchor(TRAINER, Role::Trainer),
        Anchor::new(REGISTRAR, log().public_key(), [Role::Log]).scope([LOG]),
        Anchor::new(WITNESS, key(WITNESS).public_key(), [Role::Witness]).scope([LOG]),
    ];
    // The supplier speaks for the one dataset he was admitted with.
    if let Some(manifest) = supplied {
        anchors.push(anchor(SUPPLIER, Role::RightsHolder).scope([manifest.to_string()]));
    }
    TrustStore::new(anchors)
}
