//! The parties of the demonstration, all invented, and whom the exchange believes.

use datadeed::key::SigningKey;
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};
use datadeed::{Digest, ManifestId};

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

/// A party with its key.
///
/// Anybody can compute these seeds, which makes the demonstration repeatable
/// and the keys worthless. Real ones come from a secure random source, and stay
/// in an HSM or KMS behind the `Signer` trait.
pub(crate) fn issuer(iss: &str) -> Issuer<SigningKey> {
    Issuer::new(iss, SigningKey::from_seed(Digest::of(iss.as_bytes()).as_bytes()))
}

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
    ];
    // The supplier speaks for the one dataset he was admitted with.
    if let Some(manifest) = supplied {
        anchors.push(anchor(SUPPLIER, Role::RightsHolder).scope([manifest.to_string()]));
    }
    TrustStore::new(anchors)
}
