//! A trust store that changes hands safely: versions of a file, each signed by enough keys of the one before.
//!
//! ```text
//! root           = 98([ body_protected, {}, payload, [+ signature] ])     COSE_Sign (RFC 9052 section 4.1), tagged
//! body_protected = bstr .cbor { 3: "application/vnd.datadeed.trust-root.v1+cbor" }
//! payload        = bstr .cbor { "v": 1, "keys": .., ? "prev": .., ? "anchors": .., "expires": .., "version": .., "threshold": .. }
//! signature      = [ sign_protected, {}, bstr64 ]                         sorted by kid, each once
//! sign_protected = bstr .cbor { 1: -19 / -8, 4: kid }
//! signed         = ["Signature", body_protected, sign_protected, h'', payload]
//! ```

mod signed;

use super::TrustStore;
use crate::cbor::CborError;
use crate::digest::Digest;
use crate::id::KeyId;
use crate::key::{Threshold, ThresholdError, ThresholdNotMet};
use crate::timestamp::Timestamp;

pub use signed::{RootDraft, SignedRoot};

/// A version of a trust root that enough keys stand behind, and who is believed by it.
///
/// The first one is pinned: the caller says that it is his. Every later version is signed by the
/// threshold of the version before and by its own, so that no fewer keys can replace the keys
/// than may use them (TUF section 5.3). It names the version before by its digest, so that a board
/// that shows two of one number shows two of every number from there on.
///
/// ```
/// use datadeed::trust::{RootDraft, TrustRoot};
/// # use datadeed::key::{Signer, SigningKey, Threshold};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # let [a, b, c] = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// # let registry = SigningKey::from_seed(&[7; 32]).public_key();
/// # let trust = TrustStore::new([Anchor::new("did:web:registry.example", registry, [Role::Registrar])]);
/// # let (now, year) = ("2026-11-22T00:00:00Z".parse()?, "2027-11-22T00:00:00Z".parse()?);
///
/// let board = Threshold::new([a.public_key(), b.public_key()], 2)?;
/// let first = RootDraft::new(1, board, year, TrustStore::default()).sign(&a)?.cosign(&b)?;
/// let pinned = TrustRoot::pinned(&first.to_bytes())?;
///
/// // b leaves and c joins: a and b say so, and a and c agree.
/// let board = Threshold::new([a.public_key(), c.public_key()], 2)?;
/// let second = RootDraft::new(2, board, year, trust.clone()).after(&first);
/// let second = second.sign(&a)?.cosign(&b)?.cosign(&c)?;
/// let root = pinned.update([second.to_bytes()], now)?;
/// assert_eq!((root.version(), root.store(now)?), (2, &trust));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRoot {
    signed: SignedRoot,
}

/// Why a trust root is not taken.
///
/// ```
/// use datadeed::key::ThresholdNotMet;
/// use datadeed::trust::{RootDraft, RootError, TrustRoot};
/// # use datadeed::key::{Signer, SigningKey, Threshold};
/// # use datadeed::trust::TrustStore;
/// # let [a, b] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// # let year = "2027-11-22T00:00:00Z".parse()?;
///
/// let board = Threshold::new([a.public_key(), b.public_key()], 2)?;
/// let by_one = RootDraft::new(1, board, year, TrustStore::default()).sign(&a)?;
/// let source = ThresholdNotMet { valid: 1, needed: 2 };
/// let error = RootError::Unsigned { version: 1, by: 1, source };
/// assert_eq!(TrustRoot::pinned(&by_one.to_bytes()), Err(error));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// A signature is not of the key that it names.
    #[error("version {version}: the signature of {key} does not verify")]
    BadSignature {
        /// The version that it stands under.
        version: u64,
        /// The key.
        key: KeyId,
    },
    /// The bytes are not the CBOR they should be.
    #[error("malformed trust root")]
    Cbor(#[from] CborError),
    /// The signatures to be joined are of other roots.
    #[error("another trust root")]
    OtherRoot,
    /// The version follows another one of the number before, or says nothing of it.
    #[error("version {version} does not follow {expected}")]
    OtherPrev {
        /// The version.
        version: u64,
        /// Which it names.
        found: Option<Digest>,
        /// The digest of the version before.
        expected: Digest,
    },
    /// The last version given has expired.
    #[error("version {version} expired at {expires}, it is {now}")]
    Expired {
        /// The last version.
        version: u64,
        /// Its end, exclusive.
        expires: Timestamp,
        /// The time given.
        now: Timestamp,
    },
    /// The threshold asks for no keys, or for more than there are.
    #[error("version {version}: unusable threshold")]
    Threshold {
        /// The version that says so.
        version: u64,
        /// What is wrong with it.
        #[source]
        source: ThresholdError,
    },
    /// There is more in it than a decoder takes.
    #[error("{found} {what}, at most {limit} allowed")]
    TooMany {
        /// Anchors, keys, signatures, or bytes of what is signed.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Too few keys signed, of the version itself or of the one before.
    #[error("version {version}: too few keys of version {by} signed")]
    Unsigned {
        /// The version that was to be signed.
        version: u64,
        /// The version whose keys were to sign.
        by: u64,
        /// How many did, and how many had to.
        #[source]
        source: ThresholdNotMet,
    },
    /// The version is not the next one.
    #[error("version {found}, expected {expected}")]
    Version {
        /// The version given.
        found: u64,
        /// One more than the version before.
        expected: u64,
    },
}

impl TrustRoot {
    /// The first version, which the caller got on a way that he trusts.
    ///
    /// It may have expired: later versions lead on from it, and [`TrustRoot::store`] asks for the time.
    ///
    /// # Errors
    ///
    /// [`RootError::Cbor`] and [`RootError::Threshold`] for bytes that are no root,
    /// [`RootError::Unsigned`] and [`RootError::BadSignature`] where its own keys do not stand behind it.
    pub fn pinned(bytes: &[u8]) -> Result<Self, RootError> {
        let signed = SignedRoot::decode(bytes)?;
        signed.check(signed.version(), signed.threshold())?;
        Ok(Self { signed })
    }

    /// The last of `next`, the versions that follow one after another; without any, this one.
    ///
    /// This one stays what it is, so nothing changes unless everything is in order. Versions
    /// between may have expired; the last one may not.
    ///
    /// # Errors
    ///
    /// As [`TrustRoot::pinned`]; [`RootError::Version`] for a version that is not the next,
    /// [`RootError::OtherPrev`] for one that follows another, [`RootError::Expired`] when `now` is not before the end of the last.
    pub fn update<T: AsRef<[u8]>>(
        &self,
        next: impl IntoIterator<Item = T>,
        now: Timestamp,
    ) -> Result<Self, RootError> {
        let mut last = self.clone();
        for bytes in next {
            let signed = SignedRoot::decode(bytes.as_ref())?;
            let (found, before) = (signed.version(), last.version());
            // Past the last number there is no next version.
            if before.checked_add(1) != Some(found) {
                return Err(RootError::Version { found, expected: before.saturating_add(1) });
            }
            signed.check(before, last.signed.threshold())?;
            signed.check(found, signed.threshold())?;
            let (named, expected) = (signed.prev(), last.digest());
            if named != Some(expected) {
                return Err(RootError::OtherPrev { version: found, found: named, expected });
            }
            last = Self { signed };
        }
        last.store(now)?;
        Ok(last)
    }

    /// Who is believed.
    ///
    /// # Errors
    ///
    /// [`RootError::Expired`] when `now` is not before its end.
    pub fn store(&self, now: Timestamp) -> Result<&TrustStore, RootError> {
        let (version, expires) = (self.version(), self.expires());
        if now >= expires {
            return Err(RootError::Expired { version, expires, now });
        }
        Ok(self.signed.store())
    }

    /// Its number; the next one is one more.
    pub const fn version(&self) -> u64 {
        self.signed.version()
    }

    /// Its end, exclusive.
    pub const fn expires(&self) -> Timestamp {
        self.signed.expires()
    }

    /// The keys that have to sign the next version.
    pub const fn threshold(&self) -> &Threshold {
        self.signed.threshold()
    }

    /// The file, to be pinned or passed on.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.signed.to_bytes()
    }

    /// The root with its signatures, as evidence.
    pub const fn signed(&self) -> &SignedRoot {
        &self.signed
    }

    /// BLAKE3 of what was signed, whoever signed it.
    pub fn digest(&self) -> Digest {
        self.signed.digest()
    }
}

#[cfg(test)]
mod tests;
