//! Signatures that were verified before.

use std::collections::BTreeSet;
use std::fmt;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{BadSignature, PublicKey, Signature};
use crate::digest::Role;
use crate::limits::CACHED_SIGNATURES;

/// Signatures that verified, so that none of them has to be verified again.
///
/// The caller keeps it and gives it to verifications one after another or at the same time
/// ([`Verifier::cache`](crate::verify::Verifier::cache)). It holds one fact about each signature: that this very
/// signature is of this key for this message. Whose key it is, whether it counts, dates, roles and events are
/// judged anew each time, so no result depends on what is in the cache. A signature that did not
/// verify leaves nothing in it.
///
/// It is in two halves. A signature goes into the newer one when it is verified or found again. Once
/// that is full, it becomes the older one, and all that was in the older one and was not found again is forgotten.
///
/// ```
/// use datadeed::key::SignatureCache;
/// use datadeed::verify::Verifier;
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::verify::Code;
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof};
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
/// # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(collector.iss(), collector.public_key(), [Role::Collector])]);
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&collector, now)?;
/// # let mut proof = LineageProof::builder(corpus).statement(collect).build()?.to_bytes();
///
/// let cache = SignatureCache::new();
/// let verifier = Verifier::new(&trust, now).cache(&cache);
/// verifier.verify(&proof, corpus)?;
/// assert_eq!(cache.len(), 1); // what one statement is signed with
/// verifier.verify(&proof, corpus)?; // without any work on curves
///
/// // The same statement under another signature is not what was verified.
/// proof.last_mut().map(|byte| *byte ^= 1);
/// assert_eq!(verifier.verify(&proof, corpus).unwrap_err().code, Code::BadSignature);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SignatureCache {
    /// Most entries of one half.
    half: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    newer: BTreeSet<[u8; 32]>,
    older: BTreeSet<[u8; 32]>,
}

impl SignatureCache {
    /// A cache of up to [`CACHED_SIGNATURES`].
    pub fn new() -> Self {
        Self::of(CACHED_SIGNATURES)
    }

    /// A cache of up to `signatures`, rounded down to an even number; one of fewer than 2 remembers nothing.
    pub fn of(signatures: usize) -> Self {
        Self { half: signatures / 2, kept: Mutex::default() }
    }

    /// How many signatures it remembers now.
    pub fn len(&self) -> usize {
        let kept = self.kept();
        // No entry is in both halves.
        kept.newer.len().saturating_add(kept.older.len())
    }

    /// Whether it remembers none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Whatever a panic leaves half done, every entry is of a signature that verified.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, entry: &[u8; 32]) -> bool {
        let mut kept = self.kept();
        if kept.newer.contains(entry) {
            return true;
        }
        if !kept.older.remove(entry) {
            return false;
        }
        kept.insert(*entry, self.half);
        true
    }

    pub(super) fn insert(&self, entry: [u8; 32]) {
        self.kept().insert(entry, self.half);
    }
}

impl Kept {
    fn insert(&mut self, entry: [u8; 32], half: usize) {
        if self.newer.len() >= half {
            self.older = mem::take(&mut self.newer);
        }
        if half > 0 {
            // Another thread may have verified it meanwhile, and filled the newer half after that.
            self.older.remove(&entry);
            self.newer.insert(entry);
        }
    }
}

impl Default for SignatureCache {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SignatureCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.half.saturating_mul(2);
        f.debug_struct("SignatureCache")
            .field("len", &self.len())
            .field("limit", &limit)
            .finish_non_exhaustive()
    }
}

impl PublicKey {
    /// As [`PublicKey::verify`], but for a signature that the cache, if there is one, has seen verify.
    ///
    /// Whatever is verified for a caller with a cache is verified here.
    ///
    /// # Errors
    ///
    /// As [`PublicKey::verify`].
    pub(crate) fn verify_with(
        &self,
        cache: Option<&SignatureCache>,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        match cache {
            None => self.verify(message, signature),
            Some(_) => self.verify_named(cache, &name(message), || message, signature),
        }
    }

    /// The same of a message that is made only if need be; `name` is its hash as a statement's id is
    /// that of what is signed.
    ///
    /// # Errors
    ///
    /// As [`PublicKey::verify`].
    pub(crate) fn verify_named<M: AsRef<[u8]>>(
        &self,
        cache: Option<&SignatureCache>,
        name: &[u8; 32],
        message: impl FnOnce() -> M,
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        let Some(cache) = cache else { return self.verify(message().as_ref(), signature) };
        let entry = entry(self, name, signature);
        if cache.has(&entry) {
            return Ok(());
        }
        self.verify(message().as_ref(), signature)?;
        cache.insert(entry);
        Ok(())
    }
}

/// What is kept of a verified signature.
///
/// Three fixed lengths, so no two triples give the same bytes. Without the signature, a twin of the
/// statement would ride on the sound one.
pub(super) fn entry(key: &PublicKey, name: &[u8; 32], signature: &Signature) -> [u8; 32] {
    Role::Signature.hash(&[key.as_bytes(), &signature.as_bytes()[..], name].concat())
}

/// What stands for a message: the id of a statement of which that is signed.
pub(super) fn name(message: &[u8]) -> [u8; 32] {
    Role::Statement.hash(message)
}
