//! Rights: what a licence permits, for whom, where, when and at what price.
//!
//! The vocabulary follows ODRL (actions, constraints, duties) and SPDX
//! (licence expressions). A licence is a closed world: what it does not grant
//! is denied. One question about one licence has one outcome; how the
//! licences of many inputs meet along a lineage is decided in
//! [`verify`](crate::verify).
//!
//! Nothing here is legal advice, and nobody is ever called an owner: a
//! registration names registered claimants.
//!
//! ```
//! use datadeed::ManifestId;
//! use datadeed::rights::{Action, Constraint, Duty, Licence, Purpose, Rule, Use};
//!
//! // The terms, which `sign` makes a statement of ...
//! let terms = Rule::permit([Action::Train, Action::DistributeModel])
//!     .when(Constraint::purpose([Purpose::Commercial]))
//!     .duty(Duty::revenue_share("did:web:supplier.example", 250));
//! let licence = Licence::granted(ManifestId::from_bytes([1; 32]), [terms]);
//! // ... and the question, which goes to a verified lineage.
//! let ask = Use::new(Action::DistributeModel).purpose(Purpose::Commercial);
//! assert!(licence.rules.iter().any(|rule| rule.actions.contains(&ask.action)));
//! ```

mod action;
mod acts;
mod assessment;
mod consent;
mod constraint;
mod duties;
mod duty;
mod evaluate;
mod event;
mod expression;
mod licence;
mod outbound;
mod outcome;
mod performance;
mod preference;
mod public;
mod question;
mod read;
mod registration;
mod sharing;
mod sublicence;
mod table;
mod transaction;
mod verdict;

pub use crate::statement::{Territory, TerritoryError};
pub use action::Action;
pub(crate) use acts::{Acts, Ended, effective_from};
pub use assessment::{Assessment, AssessmentKind, AssessmentResult};
pub use consent::{Consent, ConsentBasis};
pub(crate) use constraint::is_for;
pub use constraint::{Condition, Constraint, Purpose, VolumeUnit};
pub use duty::{Duty, DutyKind};
#[cfg(test)]
pub(crate) use evaluate::evaluate;
pub(crate) use evaluate::{
    Ask, bounds, depends_on_status, grants, is_irrevocable, is_public, unbroken,
};
pub use event::{Event, EventKind, Transferee};
pub(crate) use event::{EventEffect, EventIssuer, EventRule, EventTarget, event_rules};
pub use licence::{Basis, ConflictStrategy, Effect, Licence, Observation, Rule};
pub use outbound::Outbound;
pub(crate) use outcome::{Outcome, Rank, burden};
pub(crate) use performance::{BrokenTerms, Fulfilment};
#[cfg(test)]
pub(crate) use preference::Stated;
pub use preference::{Ignored, Preference, Reading, ReadingError, Vocabulary, WhyIgnored};
pub(crate) use preference::{Together, preferences};
pub use question::{Profile, Regime, Use};
pub(crate) use read::ReadTerms;
pub use registration::{
    EvidenceDeposit, EvidenceKind, Registrant, RegistrantKind, RegistrantRole, Registration,
    RegistrationKind, ReviewKind, RightsClaim, SourceEvidence, SourceKind,
};
pub use sharing::{
    Allocation, Entitlement, Limit, Line, Rounding, Sharing, SharingError, Withheld, WithheldReason,
};
pub use sublicence::SublicenceDimension;
pub(crate) use sublicence::sublicence_exceeds;
pub use table::{
    Adaptations, Breach, Cure, CureFrom, PublicLicence, Reach, Revocation, ShareAlike, hub_licence,
    licences,
};
pub use transaction::{DeliveryMethod, Transaction};
pub(crate) use verdict::share_alike_conflict;
pub use verdict::{DutyDue, Ground, Missing, Reason, Verdict};

#[cfg(test)]
mod tests;
