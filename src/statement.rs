//! Signed statements: SCITT signed statements (RFC 9943) over typed payloads.
//!
//! ```text
//! statement = 18([ protected, {}, payload, signature ])            COSE_Sign1, tagged
//!           / 18([ protected, {394: [+ bstr]}, payload, signature ])  with receipts (RFC 9942)
//! protected = bstr .cbor {
//!     1: -19 / -8,                                                 alg
//!     3: "application/vnd.datadeed.<kind>.v1+cbor",                content type
//!     4: bstr32,                                                   kid = RFC 9679 thumbprint
//!    15: { 1: iss, 2: sub, 6: iat },                               CWT claims (RFC 9597)
//!    16: "application/scitt-statement+cose",                       typ (RFC 9596)
//! }
//! payload   = bstr .cbor { text keys }
//! signature = h''                                                  where a batch stands for it
//!           / bstr64 over ["Signature1", protected, h'', payload]  (RFC 9052 section 4.4)
//! ```
//!
//! [`Signed`] is decoded and proves nothing; [`Verified`] exists only where a
//! signature was verified:
//!
//! ```compile_fail
//! use datadeed::manifest::Dataset;
//! use datadeed::statement::{Signed, Verified};
//!
//! fn trust_me(signed: Signed<Dataset>) -> Verified<Dataset> {
//!     Verified { signed } // private field: nothing but `Signed::verify` makes one
//! }
//! ```
//!
//! ```
//! use datadeed::key::SigningKey;
//! use datadeed::manifest::{Dataset, ScanMethod};
//! use datadeed::statement::{Issuer, Payload, Signed};
//! # use datadeed::ManifestId;
//!
//! let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
//! let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
//! let sent = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?;
//!
//! let received = Signed::<Dataset>::decode(sent.as_bytes())?;
//! assert_eq!(received.verify(&curator.public_key())?.payload(), &dataset);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod envelope;
mod foreign;
mod vocabulary;

use crate::cbor::codes;
use crate::digest::Role;
use crate::id::{KeyId, StatementId, Subject};
use crate::key::{Algorithm, BadSignature, PublicKey, Signer, SignerError};
use crate::timestamp::Timestamp;

pub use envelope::{Envelope, StatementError};
pub(crate) use envelope::{TAG as SIGN1_TAG, expect_pairs, sig_structure};
pub use foreign::{Foreign, ForeignError};
pub use vocabulary::DataClass;

codes! {
    /// What a statement says; part of its content type.
    pub enum Kind("kind of statement") in statement {
        /// A processing step from inputs to outputs.
        Activity = "activity",
        /// One signature for many statements.
        Batch = "batch",
        /// A dataset exists and its signer vouches for its manifest.
        Dataset = "dataset",
        /// Somebody may speak in the issuer's stead.
        Delegation = "delegation",
        /// Something happened to a statement.
        Event = "event",
        /// Rights in a dataset, granted or observed.
        Licence = "licence",
        /// What a transparency log takes, and whom it believes.
        LogPolicy = "log-policy",
        /// A registrar registered data IP.
        Registration = "registration",
    }
}

impl Kind {
    /// Whether a statement of this kind may go unsigned because a batch names it.
    ///
    /// What speaks for others has to be signed itself.
    pub(crate) const fn may_lean_on_a_batch(self) -> bool {
        match self {
            Self::Activity | Self::Dataset | Self::Event | Self::Licence | Self::Registration => {
                true
            }
            Self::Batch | Self::Delegation | Self::LogPolicy => false,
        }
    }
}

/// What a signature covers beside the payload.
///
/// ```
/// use datadeed::key::{Algorithm, SigningKey};
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Issuer, Kind, Payload};
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// # let now = "2026-11-21T00:00:00Z".parse()?;
///
/// let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// let signed = dataset.sign(&curator, now)?;
/// let header = signed.header();
/// assert_eq!((header.kind, header.algorithm), (Kind::Dataset, Algorithm::Ed25519));
/// assert_eq!((header.issuer.as_str(), header.issued_at), ("did:web:curator.example", now));
/// assert_eq!((header.key, &header.subject), (curator.public_key().id(), &dataset.subject()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The algorithm; both variants are Ed25519.
    pub algorithm: Algorithm,
    /// The kind of payload.
    pub kind: Kind,
    /// Thumbprint of the signing key.
    pub key: KeyId,
    /// `iss`: the acting party, which stands nowhere else. Never resolved.
    pub issuer: String,
    /// `sub`: what the statement is about; always what the payload says.
    pub subject: Subject,
    /// `iat`: when the issuer claims to have signed.
    pub issued_at: Timestamp,
}

/// A rule between the fields of a payload that it breaks.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::rights::Licence;
/// use datadeed::statement::Payload;
///
/// let mut licence = Licence::granted_spdx(ManifestId::from_bytes([1; 32]), "CC-BY-4.0");
/// licence.revocable = true; // but the text of CC-BY-4.0 says otherwise
/// assert_eq!(licence.check().unwrap_err().field, "revocable");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field:?}: {fault}")]
#[non_exhaustive]
pub struct PayloadError {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub fault: &'static str,
}

impl PayloadError {
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        fault: &'static str,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { field, fault }) }
    }
}

/// The place of a statement among those of its kind by one issuer about one subject.
///
/// ```
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::Payload;
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
///
/// let first = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// let place = first.sequence().expect("statements about one dataset follow one another");
/// assert_eq!((place.seq, place.prev), (0, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sequence {
    /// Its number, from 0.
    pub seq: u64,
    /// The statement before it; absent for number 0.
    pub prev: Option<StatementId>,
}

/// `seq` counts from 0 per issuer and subject; every later one names its predecessor.
pub(crate) fn check_sequence(seq: u64, prev: Option<StatementId>) -> Result<(), PayloadError> {
    PayloadError::unless(
        (seq == 0) == prev.is_none(),
        "prev",
        "must name the predecessor of every statement but number 0",
    )
}

/// What every payload can do. Sealed: the kinds are part of the wire format.
///
/// ```
/// use datadeed::key::SigningKey;
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Issuer, Payload, Signed};
/// # use datadeed::ManifestId;
///
/// let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
/// let sent = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?.as_bytes().to_vec();
///
/// let verified = Signed::<Dataset>::decode(&sent)?.verify(&curator.public_key())?;
/// assert_eq!(verified.payload(), &dataset);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Payload: sealed::Sealed + Clone + std::fmt::Debug + PartialEq {
    /// The kind, as it stands in the content type.
    const KIND: Kind;

    /// What the payload says it is about.
    fn subject(&self) -> Subject;

    /// Its place among the statements of this kind by one issuer about one subject; `None` for a
    /// kind whose statements do not follow one another.
    fn sequence(&self) -> Option<Sequence> {
        None
    }

    /// The rules between fields, which no single field's type can hold.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] naming the field.
    fn check(&self) -> Result<(), PayloadError>;

    /// Signs the payload as a statement issued at `now`.
    ///
    /// # Errors
    ///
    /// [`SignError::Statement`] where a verifier would refuse the statement,
    /// found before anything is signed; [`SignError::Signer`] with the signer's reason.
    fn sign<S: Signer>(
        &self,
        issuer: &Issuer<S>,
        now: Timestamp,
    ) -> Result<Signed<Self>, SignError> {
        let (draft, to_be_signed) = draft(self, issuer, now)?;
        let signature = issuer.signer.sign(&to_be_signed)?;
        Ok(draft.with_signature(signature))
    }

    /// The statement issued at `now` without a signature of its own, as a member of a
    /// [batch](crate::batch) of the same issuer and key; its id is that of the signed one.
    ///
    /// # Errors
    ///
    /// [`StatementError`] where a verifier would refuse the statement; [`StatementError::Unsigned`] for a
    /// kind that must have its own signature.
    fn unsigned<S: Signer>(
        &self,
        issuer: &Issuer<S>,
        now: Timestamp,
    ) -> Result<Signed<Self>, StatementError> {
        if !Self::KIND.may_lean_on_a_batch() {
            return Err(StatementError::Unsigned);
        }
        let (mut draft, _) = draft(self, issuer, now)?;
        draft.envelope.unsign();
        Ok(draft)
    }
}

/// Whatever a verifier would refuse is refused before it is signed.
fn draft<T: Payload, S: Signer>(
    payload: &T,
    issuer: &Issuer<S>,
    now: Timestamp,
) -> Result<(Signed<T>, Vec<u8>), StatementError> {
    let header = Header {
        algorithm: issuer.algorithm,
        kind: T::KIND,
        key: issuer.signer.public_key().id(),
        issuer: issuer.iss.clone(),
        subject: payload.subject(),
        issued_at: now,
    };
    let (draft, to_be_signed) = Envelope::draft(header, &payload.to_payload())?;
    Ok((Signed::from_envelope(draft)?, to_be_signed))
}

mod sealed {
    use crate::cbor::{CborError, Codec, Reader, encode};

    /// Implemented by the types of this crate alone.
    #[expect(unnameable_types, reason = "a trait that cannot be named cannot be implemented")]
    pub trait Sealed: Sized {
        fn to_payload(&self) -> Vec<u8>;
        fn from_payload(bytes: &[u8], base: usize) -> Result<Self, CborError>;
    }

    impl<T: Codec> Sealed for T {
        fn to_payload(&self) -> Vec<u8> {
            encode(self)
        }

        fn from_payload(bytes: &[u8], base: usize) -> Result<Self, CborError> {
            let mut reader = Reader::at(bytes, base);
            let payload = T::decode(&mut reader)?;
            reader.end()?;
            Ok(payload)
        }
    }
}

/// Who signs: an identity, a signer and the algorithm label.
///
/// ```
/// use datadeed::key::{Algorithm, SigningKey};
/// use datadeed::statement::Issuer;
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let issuer = Issuer::new("did:web:curator.example", key).algorithm(Algorithm::EdDsa);
/// assert_eq!(issuer.iss(), "did:web:curator.example");
/// ```
#[derive(Clone, Debug)]
pub struct Issuer<S> {
    iss: String,
    signer: S,
    algorithm: Algorithm,
}

impl<S: Signer> Issuer<S> {
    /// An issuer with the identity `iss`: a URI such as `did:web:...` or `https://...`, 1 to 8192 bytes.
    pub fn new(iss: impl Into<String>, signer: S) -> Self {
        Self { iss: iss.into(), signer, algorithm: Algorithm::default() }
    }

    /// Uses another algorithm label than -19.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The identity.
    pub fn iss(&self) -> &str {
        &self.iss
    }

    /// The public key its statements verify with.
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// For what is signed that is no statement.
    pub(crate) const fn signer(&self) -> &S {
        &self.signer
    }

    /// The algorithm label it was made with.
    pub(crate) const fn algorithm_label(&self) -> Algorithm {
        self.algorithm
    }
}

/// A statement that could not be signed.
///
/// ```
/// use datadeed::key::SigningKey;
/// use datadeed::lineage::Activity;
/// use datadeed::statement::{Issuer, Payload, SignError, StatementError};
///
/// let trainer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
/// let no_output = Activity::train().sign(&trainer, "2026-11-21T00:00:00Z".parse()?);
/// let Err(SignError::Statement(StatementError::Payload(rule))) = no_output else { unreachable!() };
/// assert_eq!(rule.to_string(), r#"field "outputs": must not be empty"#);
/// # Ok::<(), datadeed::TimestampError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer gave no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// A verifier would refuse the statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

/// A statement as received: decoded, in canonical form, and not to be trusted.
///
/// ```
/// use datadeed::manifest::Dataset;
/// use datadeed::statement::Signed;
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::ScanMethod;
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// # let mut received = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?.as_bytes().to_vec();
///
/// let signed = Signed::<Dataset>::decode(&received)?;
/// assert_eq!(signed.payload().title, "Court decisions");
/// assert_eq!(signed.as_bytes(), received);
///
/// // The signature is the end of the bytes; decoding does not look at it, and the id is not of it.
/// received.last_mut().map(|byte| *byte ^= 1);
/// assert_eq!(Signed::<Dataset>::decode(&received)?.id(), signed.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    envelope: Envelope,
    payload: T,
}

impl<T: Payload> Signed<T> {
    /// Decodes a statement of this kind.
    ///
    /// # Errors
    ///
    /// [`StatementError`] for anything an issuer of this crate would not have
    /// written; signatures are not looked at.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        Self::from_envelope(Envelope::decode(bytes)?)
    }

    pub(crate) fn from_envelope(envelope: Envelope) -> Result<Self, StatementError> {
        let found = envelope.header().kind;
        if found != T::KIND {
            return Err(StatementError::WrongKind { found, expected: T::KIND });
        }
        let (content, base) = envelope.payload();
        let payload = T::from_payload(content, base)?;
        payload.check()?;
        let (claimed, subject) = (&envelope.header().subject, payload.subject());
        if *claimed != subject {
            return Err(StatementError::SubjectMismatch {
                claimed: claimed.clone(),
                payload: subject,
            });
        }
        Ok(Self { envelope, payload })
    }

    fn with_signature(mut self, signature: crate::key::Signature) -> Self {
        self.envelope.set_signature(signature);
        self
    }

    /// What was said, by whoever signed it.
    pub const fn payload(&self) -> &T {
        &self.payload
    }

    /// Verifies the signature with the key that the header names.
    ///
    /// # Errors
    ///
    /// [`StatementError::WrongKey`] where the header names another key, [`StatementError::Unsigned`]
    /// where there is no signature, [`StatementError::BadSignature`] where it is not this key's.
    pub fn verify(self, key: &PublicKey) -> Result<Verified<T>, StatementError> {
        self.envelope.verify(key)?;
        Ok(Verified { signed: self })
    }
}

impl<T> Signed<T> {
    /// The id: what the signature covers, not the signature.
    pub const fn id(&self) -> StatementId {
        self.envelope.id()
    }

    /// What the signature covers beside the payload.
    pub const fn header(&self) -> &Header {
        self.envelope.header()
    }

    /// The envelope without receipts, as its issuer wrote it.
    pub fn as_bytes(&self) -> &[u8] {
        self.envelope.as_bytes()
    }

    /// The envelope with its receipts.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.envelope.to_bytes()
    }

    /// Receipts (RFC 9942), strictly increasing by bytes. Nobody has looked at them.
    pub fn receipts(&self) -> &[Vec<u8>] {
        self.envelope.receipts()
    }

    /// The same statement with these receipts beside those it has; its id stays what it is.
    ///
    /// # Errors
    ///
    /// As [`Envelope::with_receipts`].
    pub fn with_receipts(
        mut self,
        receipts: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Self, StatementError> {
        self.envelope = self.envelope.with_receipts(receipts)?;
        Ok(self)
    }

    /// The same statement without receipts.
    #[must_use]
    pub fn without_receipts(mut self) -> Self {
        self.envelope = self.envelope.without_receipts();
        self
    }

    /// Whether it has a signature of its own; one that has none leans on a batch that names it.
    pub const fn is_signed(&self) -> bool {
        self.envelope.is_signed()
    }

    /// The COSE `Sig_structure` (RFC 9052 section 4.4) that is signed.
    pub fn to_be_signed(&self) -> Vec<u8> {
        self.envelope.to_be_signed()
    }

    /// The statement, its payload left aside.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}

/// A statement whose signature was verified with the key its header names.
///
/// Says who signed, not that the signer may say so: that is
/// [`verify`](crate::verify)'s to judge.
///
/// ```
/// use datadeed::manifest::Dataset;
/// use datadeed::statement::{Signed, Verified};
/// # use datadeed::key::{PublicKey, SigningKey};
/// # use datadeed::manifest::ScanMethod;
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (dataset, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let signed = Dataset::new(dataset, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
///
/// /// No caller can forget to verify.
/// fn said_by(dataset: &Verified<Dataset>) -> String {
///     format!("{} says: {}", dataset.header().issuer, dataset.payload().title)
/// }
///
/// let verified = signed.verify(&curator.public_key())?;
/// assert_eq!(said_by(&verified), "did:web:curator.example says: Court decisions");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    signed: Signed<T>,
}

impl<T> Verified<T> {
    /// A statement of which the caller verified the signature, or a batch that names it.
    pub(crate) const fn sealed(signed: Signed<T>) -> Self {
        Self { signed }
    }
}

impl<T> std::ops::Deref for Verified<T> {
    type Target = Signed<T>;

    fn deref(&self) -> &Signed<T> {
        &self.signed
    }
}

impl From<BadSignature> for StatementError {
    fn from(_: BadSignature) -> Self {
        Self::BadSignature
    }
}

fn statement_id(to_be_signed: &[u8]) -> StatementId {
    StatementId::from_bytes(Role::Statement.hash(to_be_signed))
}

#[cfg(test)]
mod tests;
