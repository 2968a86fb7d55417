//! One thing said by several parties: statements with one payload, each signed by another key.

use super::key_of;
use crate::id::StatementId;
use crate::key::{Threshold, ThresholdNotMet};
use crate::statement::{Payload, Verified};

/// What enough of several parties say in the same words.
///
/// ```
/// use datadeed::trust::agreed;
/// # use datadeed::key::{Signer, SigningKey, Threshold};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let [seller, buyer] = ["seller", "buyer"].map(|name| {
/// #     let seed = *datadeed::Digest::of(name.as_bytes()).as_bytes();
/// #     Issuer::new(format!("did:web:{name}.example"), SigningKey::from_seed(&seed))
/// # });
/// # let now = "2026-11-22T00:00:00Z".parse()?;
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
///
/// let delivered = Dataset::new(corpus, "As delivered", ScanMethod::Full);
/// let by_seller = delivered.sign(&seller, now)?.verify(&seller.public_key())?;
/// let by_buyer = delivered.sign(&buyer, now)?.verify(&buyer.public_key())?;
///
/// let both = Threshold::new([seller.public_key(), buyer.public_key()], 2)?;
/// let statements = [by_seller, by_buyer];
/// let agreement = agreed(&statements, &both)?;
/// assert_eq!(agreement.payload(), &delivered);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement<'a, T> {
    statements: &'a [Verified<T>],
    first: &'a Verified<T>,
}

/// Statements that are no agreement of enough parties.
///
/// ```
/// use datadeed::key::ThresholdNotMet;
/// use datadeed::trust::{AgreementError, agreed};
/// # use datadeed::key::{Signer, SigningKey, Threshold};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let seller = Issuer::new("did:web:seller.example", SigningKey::from_seed(&[7; 32]));
/// # let buyer = SigningKey::from_seed(&[8; 32]).public_key();
/// # let (then, now) = ("2026-11-21T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let delivered = Dataset::new(corpus, "As delivered", ScanMethod::Full);
/// # let [once, again] = [delivered.sign(&seller, then)?, delivered.sign(&seller, now)?];
/// # let [once, again] = [once.verify(&seller.public_key())?, again.verify(&seller.public_key())?];
///
/// // The seller alone, twice:
/// let both = Threshold::new([seller.public_key(), buyer], 2)?;
/// let error = AgreementError::TooFew(ThresholdNotMet { valid: 1, needed: 2 });
/// assert_eq!(agreed(&[once, again], &both).unwrap_err(), error);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgreementError {
    /// Two say different things.
    #[error("{other} does not say what {first} says")]
    Differs {
        /// The first of the statements.
        first: StatementId,
        /// The first that says something else.
        other: StatementId,
    },
    /// There is nothing to agree on.
    #[error("no statement")]
    Nothing,
    /// Fewer of the parties signed than have to.
    #[error(transparent)]
    TooFew(ThresholdNotMet),
}

/// What all of `statements` say, if enough of the parties' keys signed them.
///
/// Equal payloads are equal bytes, and the kind is the type's. Issuers and dates may differ; keys
/// are counted, each once, whatever identities they sign for. A statement by somebody else says
/// the same and does not count.
///
/// # Errors
///
/// [`AgreementError::Nothing`] without statements, [`AgreementError::Differs`] where two do not say
/// the same, [`AgreementError::TooFew`] below the threshold.
pub fn agreed<'a, T: Payload>(
    statements: &'a [Verified<T>],
    parties: &Threshold,
) -> Result<Agreement<'a, T>, AgreementError> {
    let first = statements.first().ok_or(AgreementError::Nothing)?;
    if let Some(other) = statements.iter().find(|other| other.payload() != first.payload()) {
        return Err(AgreementError::Differs { first: first.id(), other: other.id() });
    }
    let signers = statements.iter().filter_map(|one| key_of(parties, one.header().key));
    parties.check(signers).map_err(AgreementError::TooFew)?;
    Ok(Agreement { statements, first })
}

impl<'a, T: Payload> Agreement<'a, T> {
    /// What they say.
    pub fn payload(&self) -> &'a T {
        self.first.payload()
    }

    /// The statements in which they say it.
    pub const fn statements(&self) -> &'a [Verified<T>] {
        self.statements
    }
}

#[cfg(test)]
mod tests;
