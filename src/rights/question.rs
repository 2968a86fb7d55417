//! Questions about a use.

use std::collections::BTreeMap;
use std::fmt;

use super::{Action, Outbound, Purpose, Territory, VolumeUnit};
use crate::timestamp::Timestamp;

/// How to read licences that do not say whether their terms follow data into a model.
///
/// ```
/// use datadeed::rights::{Action, Profile, Use};
///
/// let ask = Use::new(Action::DistributeModel);
/// assert_eq!(ask.profile, Profile::Strict);
/// // Share-alike terms, for one, then bind a model only where they say so.
/// let bold = ask.profile(Profile::Declared);
/// assert_eq!(bold.profile.to_string(), "declared");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Only where the text says so.
    Declared,
    /// Where it is contested too: the conservative reading.
    #[default]
    Strict,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Declared => "declared",
            Self::Strict => "strict",
        })
    }
}

/// Whose law is asked about personal information and data that go abroad.
///
/// What it asks for are statements: a [basis of processing](super::Consent) where
/// personal information is used, and a record where it, or important data, leaves the territory. Whether
/// they are true, and enough, is for a court.
///
/// ```
/// use datadeed::rights::{Action, Regime, Use};
///
/// let ask = Use::new(Action::Train).regime(Regime::China);
/// assert_eq!(ask.regime.map(|regime| regime.to_string()), Some("CN".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regime {
    /// Of China: Personal Information Protection Law (个人信息保护法) articles 13 and 38, Interim Measures for
    /// Generative AI Services (生成式人工智能服务管理暂行办法) article 7.
    China,
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::China => "CN",
        })
    }
}

/// A use somebody intends: the question to a verified lineage.
///
/// ```
/// use datadeed::rights::{Action, Purpose, Use};
///
/// let ask = Use::new(Action::DistributeModel)
///     .purpose(Purpose::Commercial)
///     .territory("CN".parse()?)
///     .at("2026-11-22T00:00:00Z".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Use {
    /// What is to be done with the subject of the lineage.
    pub action: Action,
    /// What for; absent: not said, so a licence that cares answers Unknown.
    pub purpose: Option<Purpose>,
    /// The field of use, such as `medical`; absent: not said.
    pub field: Option<String>,
    /// The product that it is for; absent: not said.
    pub product: Option<String>,
    /// Where it is processed; absent: not said.
    pub processing: Option<Territory>,
    /// Where copies are kept; absent: not said.
    pub storage: Option<Territory>,
    /// Where it, or what comes of it, is offered; absent: not said.
    pub distribution: Option<Territory>,
    /// How much of any one dataset is used at most, by unit; what has no unit here is not said.
    pub volumes: BTreeMap<VolumeUnit, u64>,
    /// When, which counts as proven; absent: at the verifier's time.
    ///
    /// For an instant after that time a status must be fresh then, not only now.
    pub at: Option<Timestamp>,
    /// Who, as an `iss`; absent: whoever made the subject, as a licensee of what it was made from. Licences that
    /// anybody offers in the subject itself are asked as well then; that those of its maker do not bind him
    /// takes saying that it is he who acts.
    pub party: Option<String>,
    /// Under which terms what is passed on is offered to others; absent: not said, so what the licences ask
    /// for it is returned as duties.
    pub outbound: Option<Outbound>,
    /// Whose law is asked about personal information; absent: nobody's, and the verdict says nothing of it.
    pub regime: Option<Regime>,
    /// How to read contested licences.
    pub profile: Profile,
}

impl Use {
    /// A use with nothing said but its action.
    pub const fn new(action: Action) -> Self {
        Self {
            action,
            purpose: None,
            field: None,
            product: None,
            processing: None,
            storage: None,
            distribution: None,
            volumes: BTreeMap::new(),
            at: None,
            party: None,
            outbound: None,
            regime: None,
            profile: Profile::Strict,
        }
    }

    /// What it is for; training that led here counts as having the same purpose.
    #[must_use]
    pub const fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// The field of use, such as `medical`. Licences compare it exactly.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The product that it is for. Licences compare it exactly.
    #[must_use]
    pub fn product(mut self, product: impl Into<String>) -> Self {
        self.product = Some(product.into());
        self
    }

    /// Where all of it takes place: processing, storage and distribution.
    ///
    /// A country stands for all of its parts.
    #[must_use]
    pub const fn territory(self, territory: Territory) -> Self {
        self.processing_in(territory).storage_in(territory).distribution_in(territory)
    }

    /// Where it is processed.
    #[must_use]
    pub const fn processing_in(mut self, territory: Territory) -> Self {
        self.processing = Some(territory);
        self
    }

    /// Where copies are kept.
    #[must_use]
    pub const fn storage_in(mut self, territory: Territory) -> Self {
        self.storage = Some(territory);
        self
    }

    /// Where it, or what comes of it, is offered.
    #[must_use]
    pub const fn distribution_in(mut self, territory: Territory) -> Self {
        self.distribution = Some(territory);
        self
    }

    /// How much of any one dataset is used at most, in one unit; one amount for each unit.
    ///
    /// Training that led here counts: who distributes little of a model that
    /// was trained on all of a dataset used all of the dataset.
    #[must_use]
    pub fn volume(mut self, at_most: u64, unit: VolumeUnit) -> Self {
        self.volumes.insert(unit, at_most);
        self
    }

    /// When it takes place.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Who it is, as an `iss`.
    #[must_use]
    pub fn party(mut self, party: impl Into<String>) -> Self {
        self.party = Some(party.into());
        self
    }

    /// Under which terms it is offered to others, which must not conflict with any licence on the way.
    ///
    /// ```
    /// use datadeed::rights::{Action, Outbound, Use};
    ///
    /// let ask = Use::new(Action::DistributeDerived).offered_under(Outbound::new("CC-BY-SA-4.0"));
    /// assert_eq!(ask.outbound.map(|terms| terms.expression().to_owned()), Some("CC-BY-SA-4.0".into()));
    /// ```
    #[must_use]
    pub fn offered_under(mut self, outbound: Outbound) -> Self {
        self.outbound = Some(outbound);
        self
    }

    /// Whose law is asked about personal information.
    #[must_use]
    pub const fn regime(mut self, regime: Regime) -> Self {
        self.regime = Some(regime);
        self
    }

    /// How to read contested licences.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }
}
