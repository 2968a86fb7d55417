//! The `licence` statement: rights in a dataset, granted by a rights holder or observed by a collector.

use std::collections::BTreeSet;

use super::{Action, Constraint, Duty};
use crate::cbor::{codes, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId, Subject};
use crate::limits::MAX_EXPRESSION;
use crate::statement::{Kind, Payload, PayloadError, check_sequence};
use crate::timestamp::Timestamp;

codes! {
    /// Why the signer may say what the licence is.
    pub enum Basis("licence basis") in rights {
        /// The signer grants it.
        Granted = "granted",
        /// The signer saw a public licence at the source; its author never signs one.
        Observed = "observed",
    }
}

codes! {
    /// What a rule does.
    pub enum Effect("effect") in rights {
        /// Grants the actions.
        Permit = "permit",
        /// Forbids the actions, whatever else grants them.
        Prohibit = "prohibit",
    }
}

codes! {
    /// What becomes of a policy that permits and prohibits the same: ODRL Information Model, section 2.10.
    pub enum ConflictStrategy("conflict strategy") in rights {
        /// The whole policy is void; in ODRL the default.
        Invalid = "invalid",
        /// The permission counts.
        Permit = "perm",
        /// The prohibition counts.
        Prohibit = "prohibit",
    }
}

record! {
    /// What a collector saw, where, how and when.
    ///
    /// ```
    /// use datadeed::rights::{Licence, Observation};
    /// use datadeed::{Digest, ManifestId};
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let seen = Observation::new(
    ///     "https://data.example/corpus",
    ///     "http-get",
    ///     Digest::of(b"the page that names the licence"),
    ///     "2026-11-21T00:00:00Z".parse()?,
    /// );
    /// let licence = Licence::observed(corpus, "CC-BY-4.0", seen.clone());
    /// assert_eq!(licence.observation, Some(seen));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Observation {
        /// When it was seen.
        "time" => time: Timestamp,
        /// BLAKE3 of the text in which it was seen.
        "digest" => digest: Digest,
        /// How it was seen, such as `cargo-manifest` or `http-get`.
        "method" => method: String,
        /// Where the data came from. Compared with the collector's scope, never fetched.
        "source" => source: String,
    }
}

record! {
    /// Actions that are permitted or prohibited under conditions.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::rights::{Action, Constraint, Duty, DutyKind, Licence, Purpose, Rule};
    /// use datadeed::statement::Payload;
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let may = Rule::permit([Action::Train, Action::Evaluate])
    ///     .when(Constraint::purpose([Purpose::Research]))
    ///     .duty(Duty::new(DutyKind::Attribute));
    /// let must_not = Rule::prohibit([Action::Distribute]);
    /// assert_eq!(Licence::granted(corpus, [may, must_not]).check(), Ok(()));
    /// ```
    pub struct Rule {
        /// What is owed in return; for permissions only.
        "duties" => duties: BTreeSet<Duty>,
        /// Permit or prohibit.
        "effect" => effect: Effect,
        /// The actions, with everything below them in the tree.
        "actions" => actions: BTreeSet<Action>,
        /// Conditions, all of which must hold.
        "constraints" => constraints: BTreeSet<Constraint>,
    }
}

impl Rule {
    /// Permits `actions`, unconditionally and without duties until some are added.
    pub fn permit(actions: impl IntoIterator<Item = Action>) -> Self {
        Self::new(Effect::Permit, actions)
    }

    /// Prohibits `actions`.
    pub fn prohibit(actions: impl IntoIterator<Item = Action>) -> Self {
        Self::new(Effect::Prohibit, actions)
    }

    fn new(effect: Effect, actions: impl IntoIterator<Item = Action>) -> Self {
        Self {
            duties: BTreeSet::new(),
            effect,
            actions: actions.into_iter().collect(),
            constraints: BTreeSet::new(),
        }
    }

    /// Adds a condition.
    #[must_use]
    pub fn when(mut self, constraint: Constraint) -> Self {
        self.constraints.insert(constraint);
        self
    }

    /// Adds a duty.
    #[must_use]
    pub fn duty(mut self, duty: Duty) -> Self {
        self.duties.insert(duty);
        self
    }
}

record! {
    /// Payload of a `licence` statement: either an SPDX expression or negotiated rules.
    ///
    /// ```
    /// use datadeed::id::ManifestId;
    /// use datadeed::rights::{Action, Constraint, Duty, Licence, Purpose, Rule};
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let mut licence = Licence::granted(corpus, [
    ///     Rule::permit([Action::Train, Action::DistributeModel])
    ///         .when(Constraint::purpose([Purpose::Commercial]))
    ///         .when(Constraint::processing_in([&"CN".parse()?]))
    ///         .duty(Duty::revenue_share("did:web:supplier.example", 250)),
    /// ]);
    /// licence.revocable = true;
    /// licence.until = Some("2029-01-01T00:00:00Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Licence {
        /// Number of this statement by its issuer about this manifest, from 0; those granted to several
        /// parties may share one, for each stands for itself.
        "seq" => seq: u64,
        /// Start of the term, inclusive; absent: no start.
        "from" => from: Option<Timestamp>,
        /// The statement before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// SPDX licence expression; instead of rules.
        "spdx" => spdx: Option<String>,
        /// Granted or observed.
        "basis" => basis: Basis,
        /// Negotiated rules; instead of an expression.
        "rules" => rules: BTreeSet<Rule>,
        /// End of the term, exclusive; absent: no end.
        "until" => until: Option<Timestamp>,
        /// The licence under which this one is a sublicence.
        "parent" => parent: Option<StatementId>,
        /// Of rules that permit and prohibit the same: which counts; absent: the prohibition. What was an ODRL
        /// policy says here what that said, or `invalid` where that said nothing.
        "conflict" => conflict: Option<ConflictStrategy>,
        /// The dataset or model.
        "manifest" => manifest: ManifestId,
        /// Whether models made during the term may be used after its end; absent: the terms are silent.
        "survives" => survives: Option<bool>,
        /// Who may rely on it, as `iss` texts; absent: anybody.
        "licensees" => licensees: BTreeSet<String>,
        /// Whether the issuer may end it by a revocation; public licences say so themselves.
        "revocable" => revocable: bool,
        /// What was seen; with basis `observed` only.
        "observation" => observation: Option<Observation>,
    }
}

impl Licence {
    /// Negotiated rules, irrevocable and without end until set otherwise.
    pub fn granted(manifest: ManifestId, rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            seq: 0,
            from: None,
            prev: None,
            spdx: None,
            basis: Basis::Granted,
            rules: rules.into_iter().collect(),
            until: None,
            parent: None,
            conflict: None,
            manifest,
            survives: None,
            licensees: BTreeSet::new(),
            revocable: false,
            observation: None,
        }
    }

    /// A licence of an SPDX expression that the signer himself grants.
    pub fn granted_spdx(manifest: ManifestId, spdx: impl Into<String>) -> Self {
        Self { spdx: Some(spdx.into()), ..Self::granted(manifest, []) }
    }

    /// A public licence that the signer saw.
    pub fn observed(
        manifest: ManifestId,
        spdx: impl Into<String>,
        observation: Observation,
    ) -> Self {
        Self {
            basis: Basis::Observed,
            observation: Some(observation),
            ..Self::granted_spdx(manifest, spdx)
        }
    }

    /// Rules, conditions, duties and expression: what evaluation may have to look at.
    pub(crate) fn terms(&self) -> usize {
        // Operators need no spaces beside parentheses, and a space is whatever Unicode calls one.
        let ends_word = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
        let expression = self
            .spdx
            .as_ref()
            .map_or(0, |spdx| spdx.split(ends_word).filter(|word| !word.is_empty()).count());
        terms(&self.rules).saturating_add(expression).saturating_add(self.licensees.len())
    }
}

/// Rules, conditions and duties: what evaluation may have to look at.
pub(super) fn terms(rules: &BTreeSet<Rule>) -> usize {
    let each = rules.iter().map(|rule| {
        let duties = rule.duties.iter().map(|duty| duty.licences.len());
        let conditions = rule.constraints.iter().map(|constraint| constraint.values.len());
        let each = [rule.duties.len(), rule.actions.len(), rule.constraints.len()];
        each.into_iter().chain(duties).chain(conditions).fold(1, usize::saturating_add)
    });
    each.fold(0, usize::saturating_add)
}

impl Observation {
    /// An observation.
    pub fn new(
        source: impl Into<String>,
        method: impl Into<String>,
        digest: Digest,
        time: Timestamp,
    ) -> Self {
        Self { time, digest, method: method.into(), source: source.into() }
    }
}

impl Payload for Licence {
    const KIND: Kind = Kind::Licence;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        check_sequence(self.seq, self.prev)?;
        must(
            self.spdx.is_some() == self.rules.is_empty(),
            "rules",
            "must stand instead of an SPDX expression",
        )?;
        must(
            self.spdx.as_ref().is_none_or(|spdx| spdx.len() <= MAX_EXPRESSION),
            "spdx",
            "must have at most 1024 bytes",
        )?;
        must(
            self.spdx.is_none() || !self.revocable,
            "revocable",
            "must be false with an SPDX expression, whose licences say so themselves",
        )?;
        must(
            self.conflict.is_none() || self.spdx.is_none(),
            "conflict",
            "must be absent with an SPDX expression",
        )?;
        let observed = self.basis == Basis::Observed;
        must(
            self.observation.is_some() == observed,
            "observation",
            "must stand with the basis observed and no other",
        )?;
        must(!observed || self.spdx.is_some(), "spdx", "must stand with the basis observed")?;
        must(
            !observed || (self.licensees.is_empty() && self.parent.is_none()),
            "licensees",
            "must be absent with the basis observed, as must a parent",
        )?;
        must(
            self.from.zip(self.until).is_none_or(|(from, until)| from < until),
            "until",
            "must be later than from",
        )?;
        check_rules(&self.rules, Duty::is_sound)
    }
}

/// What holds of the rules of whatever grants; of its duties, that they are sound.
pub(super) fn check_rules(
    rules: &BTreeSet<Rule>,
    is_sound: impl Fn(&Duty) -> bool,
) -> Result<(), PayloadError> {
    let must = PayloadError::unless;
    for rule in rules {
        must(!rule.actions.is_empty(), "actions", "must not be empty")?;
        must(
            rule.effect == Effect::Permit || rule.duties.is_empty(),
            "duties",
            "must be absent in a prohibition",
        )?;
        must(
            rule.duties.iter().all(&is_sound),
            "duties",
            "must have the fields of their kind and no others",
        )?;
    }
    Ok(())
}
