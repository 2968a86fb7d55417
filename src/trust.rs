//! Whom a verifier believes, and what it knows of later events.
//!
//! ```
//! use datadeed::trust::{Anchor, Role, Status, TrustStore};
//! # use datadeed::StatementId;
//! # use datadeed::key::{Signer, SigningKey};
//! # let key = SigningKey::from_seed(&[7; 32]).public_key();
//! # let (bought, now) = (StatementId::from_bytes([9; 32]), "2026-11-22T00:00:00Z".parse()?);
//!
//! let registrar = Anchor::new("did:web:registry.example", key, [Role::Registrar]);
//! let trust = TrustStore::new([registrar]);
//! let status = Status::new(now).seen(bought, now)?;
//! assert_eq!(TrustStore::decode(&trust.to_bytes())?, trust);
//! assert_eq!(Status::decode(&status.to_bytes())?, status);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agreement;
mod anchor;
mod authorities;
mod authority;
mod delegation;
mod equivocation;
mod mandate;
mod root;
mod state;
mod status;
mod store;

use crate::cbor::codes;
use crate::id::KeyId;
use crate::key::{PublicKey, Threshold};

pub use agreement::{Agreement, AgreementError, agreed};
pub use anchor::Anchor;
pub(crate) use authorities::Known;
pub use authorities::{Authorities, TooManyAuthorities};
pub use authority::{Authority, DelegationFault, ProvenDelegation};
pub use delegation::Delegation;
pub use equivocation::{Equivocation, EquivocationError, Equivocator};
pub use mandate::{Dimension, Mandate};
pub use root::{RootDraft, RootError, SignedRoot, TrustRoot};
pub use state::{Progress, StateError, TrustState};
pub use status::{Recorded, Seen, Status, StatusError};
pub use store::TrustStore;

codes! {
    /// What an anchor is believed in.
    ///
    /// What no statement of this version asks for can be written into a trust store, so that the
    /// store need not change when a later version does; it makes nobody believed in anything yet.
    pub enum Role("role") in trust {
        /// Holding what a dataset contains against what is said of it. **Nothing asks for it yet**: an
        /// absence names its audit only by a holder of the rows, and `assessment` statements are of a
        /// later version.
        Auditor = "auditor",
        /// Collecting data and observing public licences at the source.
        Collector = "collector",
        /// Deciding disputes, as a court or an arbitral body does.
        Court = "court",
        /// Processing data: merge, clean, deduplicate, select.
        Curator = "curator",
        /// Recording transactions on a data exchange. **Nothing asks for it yet**: `transaction`
        /// statements are of a later version. What seller, buyer and exchange say together is counted
        /// by [`agreed`] over keys that the caller names.
        Exchange = "exchange",
        /// Keeping a transparency log; its scope is of origins.
        Log = "log",
        /// Registering data IP, in some schemes and jurisdictions.
        Registrar = "registrar",
        /// Granting rights in the datasets of its scope.
        RightsHolder = "rights_holder",
        /// Training models.
        Trainer = "trainer",
        /// Cosigning checkpoints of logs, under its `iss` as name; its scope is of origins. Asked for by
        /// [`TrustStore::witnesses`], and nobody's delegate.
        Witness = "witness",
    }
}

/// The key of a set with this id.
fn key_of(threshold: &Threshold, id: KeyId) -> Option<PublicKey> {
    threshold.keys().find(|key| key.id() == id).copied()
}

#[cfg(test)]
mod tests;
