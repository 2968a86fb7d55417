//! The file of a trust root: written, signed, read; nothing is trusted here.

use std::collections::BTreeMap;

use super::super::store::Few;
use super::super::{Anchor, TrustStore, key_of};
use super::RootError;
use crate::cbor::{CborError, CborFault, Codec, Reader, Version1, Writer, encode, record};
use crate::digest::Digest;
use crate::id::KeyId;
use crate::key::{Algorithm, PublicKey, Signature, Signer, SignerError, Threshold};
use crate::limits::{MAX_ANCHORS, MAX_ROOT_KEYS, MAX_ROOT_SIGNATURES, MAX_TRUST};
use crate::statement::expect_pairs;
use crate::timestamp::Timestamp;

/// `COSE_Sign` (RFC 9052 section 4.1).
const TAG: u64 = 98;
const ALGORITHM: u64 = 1;
const CONTENT_TYPE: u64 = 3;
const KEY_ID: u64 = 4;
const TYPE: &str = "application/vnd.datadeed.trust-root.v1+cbor";

/// What stands around the payload, in bytes: each signature takes some 110.
const ROOM_OF_SIGNATURES: usize = 128 * MAX_ROOT_SIGNATURES + 128;

record! {
    /// The payload.
    struct RootFile {
        "v" => v: Version1,
        "keys" => keys: Few<PublicKey, MAX_ROOT_KEYS>,
        "prev" => prev: Option<Digest>,
        "anchors" => anchors: Few<Anchor, MAX_ANCHORS>,
        "expires" => expires: Timestamp,
        "version" => version: u64,
        "threshold" => threshold: u64,
    }
}

/// What a trust root is to say, before anybody has signed it.
///
/// ```
/// use datadeed::key::{Signer, SigningKey, Threshold};
/// use datadeed::trust::{RootDraft, TrustStore};
///
/// let board = SigningKey::from_seed(&[1; 32]);
/// let keys = Threshold::new([board.public_key()], 1)?;
/// let draft = RootDraft::new(1, keys, "2027-11-22T00:00:00Z".parse()?, TrustStore::default());
/// assert_eq!(draft.sign(&board)?.version(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RootDraft {
    version: u64,
    prev: Option<Digest>,
    threshold: Threshold,
    expires: Timestamp,
    store: TrustStore,
}

impl RootDraft {
    /// A version that counts until `expires` (exclusive), whose keys have to sign it and the next one.
    pub const fn new(
        version: u64,
        threshold: Threshold,
        expires: Timestamp,
        store: TrustStore,
    ) -> Self {
        Self { version, prev: None, threshold, expires, store }
    }

    /// Names the version that it follows, which every version but the first has to.
    ///
    /// Two that follow different ones of one number show that there were two.
    pub fn after(mut self, before: &SignedRoot) -> Self {
        self.prev = Some(before.digest());
        self
    }

    /// With the first signature.
    ///
    /// # Errors
    ///
    /// [`SignerError`] with the signer's reason, or with [`RootError::TooMany`] for one of more than
    /// [`MAX_ANCHORS`], [`MAX_ROOT_KEYS`] or, with room for its signatures, [`MAX_TRUST`]; nobody is
    /// then asked to sign.
    pub fn sign<S: Signer + ?Sized>(self, signer: &S) -> Result<SignedRoot, SignerError> {
        few("anchors", self.store.anchors().count(), MAX_ANCHORS).map_err(SignerError::new)?;
        few("keys", self.threshold.keys().count(), MAX_ROOT_KEYS).map_err(SignerError::new)?;
        let file = RootFile {
            v: Version1,
            keys: Few(self.threshold.keys().copied().collect()),
            prev: self.prev,
            anchors: Few(self.store.anchors().cloned().collect()),
            expires: self.expires,
            version: self.version,
            threshold: u64::try_from(self.threshold.needed()).unwrap_or(u64::MAX),
        };
        let payload = encode(&file);
        let limit = MAX_TRUST.saturating_sub(ROOM_OF_SIGNATURES);
        few("bytes", payload.len(), limit).map_err(SignerError::new)?;
        SignedRoot { draft: self, payload, signatures: BTreeMap::new() }.cosign(signer)
    }
}

/// A trust root with signatures, which nobody has looked at.
///
/// ```
/// use datadeed::trust::SignedRoot;
/// # use datadeed::key::{Signer, SigningKey, Threshold};
/// # use datadeed::trust::{RootDraft, TrustRoot, TrustStore};
/// # let [a, b] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// # let keys = Threshold::new([a.public_key(), b.public_key()], 2)?;
/// # let draft = RootDraft::new(1, keys, "2027-11-22T00:00:00Z".parse()?, TrustStore::default());
/// # let sent = draft.sign(&a)?.to_bytes();
///
/// // A member of the board reads what another signed, and signs it too.
/// let received = SignedRoot::decode(&sent)?;
/// assert_eq!(received.version(), 1);
/// let by_both = received.cosign(&b)?;
/// assert!(TrustRoot::pinned(&by_both.to_bytes()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRoot {
    draft: RootDraft,
    /// The encoded payload, as received.
    payload: Vec<u8>,
    signatures: BTreeMap<KeyId, (Algorithm, Signature)>,
}

impl SignedRoot {
    /// Decodes what [`SignedRoot::to_bytes`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`RootError::Cbor`], and [`RootError::Threshold`] for one that nothing or everything meets.
    pub fn decode(bytes: &[u8]) -> Result<Self, RootError> {
        if bytes.len() > MAX_TRUST {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            return Err(CborError::new(0, CborFault::TooLong { found, limit: MAX_TRUST }).into());
        }
        let mut reader = Reader::new(bytes);
        reader.tag(TAG)?;
        reader.exact_array(4)?;
        let mut protected = inner(&mut reader)?;
        expect_pairs(&mut protected, 1)?;
        protected.exactly(CONTENT_TYPE)?;
        protected.exact_text(TYPE)?;
        protected.end()?;
        reader.map_or_empty(0)?;
        let payload = reader.bytes(MAX_TRUST)?;
        let base = reader.offset().saturating_sub(payload.len());
        let mut content = Reader::at(payload, base);
        let file = RootFile::decode(&mut content)?;
        content.end()?;
        let signatures = decode_signatures(&mut reader)?;
        reader.end()?;
        let needed = usize::try_from(file.threshold).unwrap_or(usize::MAX);
        let version = file.version;
        let threshold = Threshold::new(file.keys.0, needed)
            .map_err(|source| RootError::Threshold { version, source })?;
        let store = TrustStore::new(file.anchors.0);
        let (prev, expires) = (file.prev, file.expires);
        let draft = RootDraft { version, prev, threshold, expires, store };
        Ok(Self { draft, payload: payload.to_vec(), signatures })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // d8 62                      tag 98
        //    84                      array(4)
        //       58 .. ..             body_protected
        //       a0                   unprotected
        //       58 .. ..             payload
        //       8n                   signatures
        //          83                array(3)
        //             58 27 ..       sign_protected
        //             a0             unprotected
        //             58 40 ..       signature
        let mut writer = Writer::with_capacity(self.payload.len().saturating_add(200));
        writer.tag(TAG);
        writer.array(4);
        writer.bytes(&body_protected());
        writer.map(0);
        writer.bytes(&self.payload);
        writer.array(self.signatures.len());
        for (key, (algorithm, signature)) in &self.signatures {
            writer.array(3);
            writer.bytes(&sign_protected(*algorithm, *key));
            writer.map(0);
            writer.bytes(signature.as_bytes());
        }
        writer.finish()
    }

    /// With one more signature, in place of one of the same key.
    ///
    /// # Errors
    ///
    /// [`SignerError`] with the signer's reason, or with [`RootError::TooMany`] beyond
    /// [`MAX_ROOT_SIGNATURES`].
    pub fn cosign<S: Signer + ?Sized>(mut self, signer: &S) -> Result<Self, SignerError> {
        let (algorithm, key) = (Algorithm::default(), signer.public_key().id());
        let signature = signer.sign(&self.to_be_signed(algorithm, key))?;
        self.signatures.insert(key, (algorithm, signature));
        few("signatures", self.signatures.len(), MAX_ROOT_SIGNATURES).map_err(SignerError::new)?;
        Ok(self)
    }

    /// With the signatures of another copy, of keys that have not signed this one.
    ///
    /// # Errors
    ///
    /// [`RootError::OtherRoot`] for a copy that says something else, [`RootError::TooMany`] beyond
    /// [`MAX_ROOT_SIGNATURES`].
    pub fn join(mut self, other: Self) -> Result<Self, RootError> {
        if self.payload != other.payload {
            return Err(RootError::OtherRoot);
        }
        for (key, signature) in other.signatures {
            self.signatures.entry(key).or_insert(signature);
        }
        few("signatures", self.signatures.len(), MAX_ROOT_SIGNATURES)?;
        Ok(self)
    }

    /// Its number, as it says.
    pub const fn version(&self) -> u64 {
        self.draft.version
    }

    /// Its end, exclusive, as it says.
    pub const fn expires(&self) -> Timestamp {
        self.draft.expires
    }

    /// BLAKE3 of the payload of the version before, as it says; `None` where it names none.
    pub const fn prev(&self) -> Option<Digest> {
        self.draft.prev
    }

    pub(super) const fn threshold(&self) -> &Threshold {
        &self.draft.threshold
    }

    pub(super) const fn store(&self) -> &TrustStore {
        &self.draft.store
    }

    /// BLAKE3 of the payload: of what is signed, whoever signs it.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.payload)
    }

    /// Whether enough of these keys, which are those of version `by`, signed it.
    ///
    /// Signatures of keys that are none of these do not count, and are not looked at.
    pub(in super::super) fn check(&self, by: u64, keys: &Threshold) -> Result<(), RootError> {
        let version = self.version();
        let mut signers = Vec::new();
        for (id, (algorithm, signature)) in &self.signatures {
            let Some(key) = key_of(keys, *id) else { continue };
            key.verify(&self.to_be_signed(*algorithm, *id), signature)
                .map_err(|_| RootError::BadSignature { version, key: *id })?;
            signers.push(key);
        }
        keys.check(signers).map_err(|source| RootError::Unsigned { version, by, source })
    }

    /// `["Signature", body_protected, sign_protected, h'', payload]` (RFC 9052 section 4.4).
    fn to_be_signed(&self, algorithm: Algorithm, key: KeyId) -> Vec<u8> {
        let mut writer = Writer::with_capacity(self.payload.len().saturating_add(200));
        writer.array(5);
        writer.text("Signature");
        writer.bytes(&body_protected());
        writer.bytes(&sign_protected(algorithm, key));
        writer.bytes(&[]);
        writer.bytes(&self.payload);
        writer.finish()
    }
}

const fn few(what: &'static str, found: usize, limit: usize) -> Result<(), RootError> {
    if found > limit { Err(RootError::TooMany { what, found, limit }) } else { Ok(()) }
}

fn body_protected() -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(1);
    writer.uint(CONTENT_TYPE);
    writer.text(TYPE);
    writer.finish()
}

fn sign_protected(algorithm: Algorithm, key: KeyId) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(2);
    writer.uint(ALGORITHM);
    algorithm.encode(&mut writer);
    writer.uint(KEY_ID);
    key.encode(&mut writer);
    writer.finish()
}

/// A reader over the byte string that stands next.
fn inner<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, CborError> {
    let bytes = reader.bytes(MAX_TRUST)?;
    Ok(Reader::at(bytes, reader.offset().saturating_sub(bytes.len())))
}

fn decode_signatures(
    reader: &mut Reader<'_>,
) -> Result<BTreeMap<KeyId, (Algorithm, Signature)>, CborError> {
    let len = reader.array(MAX_ROOT_SIGNATURES)?;
    let mut signatures = BTreeMap::new();
    let mut last = None;
    for _ in 0..len {
        let offset = reader.offset();
        reader.exact_array(3)?;
        let mut protected = inner(reader)?;
        expect_pairs(&mut protected, 2)?;
        protected.exactly(ALGORITHM)?;
        let algorithm = Algorithm::decode(&mut protected)?;
        protected.exactly(KEY_ID)?;
        let key = KeyId::decode(&mut protected)?;
        protected.end()?;
        reader.map_or_empty(0)?;
        let signature = Signature::from_bytes(reader.fixed()?);
        match last.cmp(&Some(key)) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return Err(CborError::new(offset, CborFault::Duplicate)),
            std::cmp::Ordering::Greater => {
                return Err(CborError::new(offset, CborFault::Unordered));
            }
        }
        last = Some(key);
        signatures.insert(key, (algorithm, signature));
    }
    Ok(signatures)
}
