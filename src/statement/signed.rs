//! A statement as received, and one whose signature was verified.

use super::{Envelope, Header, Payload, StatementError};
use crate::id::StatementId;
use crate::key::{PublicKey, Signature};

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

    pub(super) fn with_signature(mut self, signature: Signature) -> Self {
        self.envelope.set_signature(signature);
        self
    }

    pub(super) fn without_signature(mut self) -> Self {
        self.envelope.unsign();
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
