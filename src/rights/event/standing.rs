//! Who may issue which event about what, and what follows: the table that the verifier goes by.
//!
//! The one in the documentation of [`EventKind`] and the one of the format are held against it by a test.

use super::EventKind;

/// What an event can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventTarget {
    Activity,
    Assessment,
    /// An event that says that somebody broke terms.
    Breach,
    Consent,
    Dataset,
    Delegation,
    /// An event that says that a dispute was accepted.
    Dispute,
    GrantedLicence,
    Key,
    ObservedLicence,
    /// An event that says that a title was pledged.
    Pledge,
    Preference,
    Registration,
    Transaction,
}

/// Who issues an event, as seen from its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventIssuer {
    Anybody,
    /// An anchor or delegate with the role of an auditor.
    Auditor,
    /// An anchor or delegate with the role of a court.
    Court,
    /// An anchor or delegate with the role of a rights holder.
    Holder,
    /// Whoever issued the target.
    Issuer,
    /// The key itself, or its identity with another of its keys.
    KeyHolder,
    /// Whom the duty that the event names is owed to, under a name that an anchor has.
    Payee,
    /// An anchor or delegate with the role of a registrar, for the scheme and place of a registration.
    Registrar,
}

/// What follows from an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventEffect {
    /// Those in breach are licensed no longer.
    Breaches,
    /// The breach is over.
    Cures,
    /// What rests on the target is disputed until a settlement.
    Disputes,
    /// The title is not free of others' rights.
    Encumbers,
    /// A rights holder takes back what he granted.
    EndsGrant,
    /// The registration gives no title any longer.
    EndsTitle,
    /// A duty that comes first is fulfilled.
    Fulfils,
    /// The title is others'.
    MovesTitle,
    /// A finding about the title.
    Notes,
    /// A finding. Nobody can stop the use of anything by objecting to it.
    Objects,
    /// The data went abroad, on a stated basis.
    ProvidesAbroad,
    /// The title is free of a pledge.
    Releases,
    /// What the key signed needs proof of its time.
    RevokesKey,
    /// The dispute is over.
    Settles,
    /// The issuer takes back what he said.
    Withdraws,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventRule {
    pub(crate) kind: EventKind,
    pub(crate) targets: &'static [EventTarget],
    pub(crate) by: &'static [EventIssuer],
    pub(crate) effect: EventEffect,
}

const RULES: &[EventRule] = {
    use EventEffect as E;
    use EventIssuer as I;
    use EventKind as K;
    use EventTarget as T;
    const fn rule(
        kind: EventKind,
        targets: &'static [EventTarget],
        by: &'static [EventIssuer],
        effect: EventEffect,
    ) -> EventRule {
        EventRule { kind, targets, by, effect }
    }
    const CONTESTABLE: &[T] = &[
        T::Activity,
        T::Assessment,
        T::Consent,
        T::Dataset,
        T::GrantedLicence,
        T::ObservedLicence,
        T::Preference,
        T::Transaction,
    ];
    const ALL: &[T] = &[
        T::Activity,
        T::Assessment,
        T::Consent,
        T::Dataset,
        T::GrantedLicence,
        T::ObservedLicence,
        T::Preference,
        T::Registration,
        T::Transaction,
    ];
    const SAID: &[T] = &[
        T::Activity,
        T::Assessment,
        T::Consent,
        T::Dataset,
        T::Delegation,
        T::Preference,
        T::Registration,
    ];
    const OBSERVED_OR_DEAL: &[T] = &[T::ObservedLicence, T::Preference, T::Transaction];
    &[
        rule(K::AssetEntry, &[T::Registration], &[I::Issuer, I::Auditor], E::Notes),
        rule(K::Breach, &[T::GrantedLicence], &[I::Issuer, I::Holder, I::Court], E::Breaches),
        rule(K::Breach, &[T::ObservedLicence, T::Transaction], &[I::Holder, I::Court], E::Breaches),
        rule(K::Cancellation, &[T::Registration], &[I::Issuer], E::EndsTitle),
        rule(
            K::CrossBorder,
            &[T::Dataset, T::Registration],
            &[I::Issuer, I::Registrar],
            E::ProvidesAbroad,
        ),
        rule(K::Cure, &[T::Breach], &[I::Issuer], E::Cures),
        rule(K::Dispute, &[T::Registration], &[I::Issuer, I::Registrar, I::Court], E::Disputes),
        rule(K::Dispute, CONTESTABLE, &[I::Registrar, I::Court], E::Disputes),
        rule(K::Fulfilment, &[T::GrantedLicence], &[I::Issuer, I::Payee], E::Fulfils),
        rule(K::Fulfilment, OBSERVED_OR_DEAL, &[I::Payee], E::Fulfils),
        rule(K::KeyRevocation, &[T::Key], &[I::KeyHolder, I::Court], E::RevokesKey),
        rule(K::LicenceFiling, &[T::Registration], &[I::Issuer], E::Notes),
        rule(K::Objection, ALL, &[I::Anybody], E::Objects),
        rule(K::Pledge, &[T::Registration], &[I::Issuer], E::Encumbers),
        rule(K::Release, &[T::Pledge], &[I::Issuer], E::Releases),
        rule(K::Revocation, &[T::GrantedLicence], &[I::Issuer], E::EndsGrant),
        rule(K::Revocation, &[T::ObservedLicence], &[I::Issuer], E::Withdraws),
        rule(K::Revocation, &[T::ObservedLicence], &[I::Holder], E::EndsGrant),
        rule(K::Revocation, SAID, &[I::Issuer], E::Withdraws),
        rule(K::Settlement, &[T::Dispute], &[I::Issuer], E::Settles),
        rule(K::Transfer, &[T::Registration], &[I::Issuer], E::MovesTitle),
    ]
};

/// The lines about a target; of one kind of event, or of all of them. The first that fits decides.
pub(crate) fn event_rules(
    kind: Option<EventKind>,
    target: EventTarget,
) -> impl Iterator<Item = &'static EventRule> {
    RULES.iter().filter(move |rule| {
        kind.is_none_or(|kind| kind == rule.kind) && rule.targets.contains(&target)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines as they stand in the documentation.
    fn documented() -> Vec<String> {
        let target = |target: &EventTarget| match target {
            EventTarget::Activity => "activity",
            EventTarget::Assessment => "assessment",
            EventTarget::Breach => "breach",
            EventTarget::Consent => "consent",
            EventTarget::Dataset => "dataset",
            EventTarget::Delegation => "delegation",
            EventTarget::Dispute => "dispute",
            EventTarget::GrantedLicence => "granted licence",
            EventTarget::Key => "key",
            EventTarget::ObservedLicence => "observed licence",
            EventTarget::Pledge => "pledge",
            EventTarget::Preference => "preference",
            EventTarget::Registration => "registration",
            EventTarget::Transaction => "transaction",
        };
        let by = |by: &EventIssuer| match by {
            EventIssuer::Anybody => "anybody",
            EventIssuer::Auditor => "an auditor",
            EventIssuer::Court => "a court",
            EventIssuer::Holder => "a rights holder",
            EventIssuer::Issuer => "its issuer",
            EventIssuer::KeyHolder => "whoever holds it",
            EventIssuer::Payee => "the payee",
            EventIssuer::Registrar => "a registrar",
        };
        let effect = |effect| match effect {
            EventEffect::Breaches => "ends the grant for those in breach",
            EventEffect::Cures => "ends the breach",
            EventEffect::Disputes => "disputed while it is open",
            EventEffect::Encumbers => "encumbers the title",
            EventEffect::EndsGrant => "ends the grant, if its terms allow that",
            EventEffect::EndsTitle => "ends the title",
            EventEffect::Fulfils => "a duty that comes first is fulfilled",
            EventEffect::MovesTitle => "gives the title to others",
            EventEffect::Notes => "noted beside the title",
            EventEffect::Objects => "a finding, nothing else",
            EventEffect::ProvidesAbroad => "a record of provision abroad",
            EventEffect::Releases => "ends the encumbrance",
            EventEffect::RevokesKey => "what it signed counts only if proven to be earlier",
            EventEffect::Settles => "ends the dispute",
            EventEffect::Withdraws => "takes back what was said",
        };
        let line = |rule: &EventRule| {
            let targets: Vec<&str> = rule.targets.iter().map(target).collect();
            let targets =
                targets.join(", ").replace("granted licence, observed licence", "licence");
            let by: Vec<&str> = rule.by.iter().map(by).collect();
            let (kind, by, effect) = (rule.kind, by.join(", "), effect(rule.effect));
            format!("| `{kind}` | {targets} | {by} | {effect} |")
        };
        RULES.iter().map(line).collect()
    }

    /// The body of the first table of a text whose heading is this one's.
    fn table(text: &str) -> Vec<&str> {
        let mut lines = text.lines().map(|line| line.trim().trim_start_matches("/// "));
        lines.find(|line| *line == "| event | target | by | effect |").expect("a table");
        lines.skip(1).take_while(|line| line.starts_with('|')).collect()
    }

    #[test]
    fn the_documented_tables_are_the_one_in_use() {
        assert_eq!(table(include_str!("../event.rs")), documented());
        assert_eq!(table(include_str!("../../guide/format.md")), documented());
    }

    #[test]
    fn every_kind_of_event_has_a_line() {
        for kind in EventKind::ALL {
            assert!(RULES.iter().any(|rule| rule.kind == *kind), "{kind}");
        }
        let kinds: Vec<EventKind> = RULES.iter().map(|rule| rule.kind).collect();
        assert!(kinds.is_sorted(), "{kinds:?}");
    }

    /// Whatever stops a use is said by somebody whom the table names.
    #[test]
    fn anybody_can_do_no_more_than_object() {
        for rule in RULES {
            let by_anybody = rule.by.contains(&EventIssuer::Anybody);
            assert_eq!(by_anybody, rule.effect == EventEffect::Objects, "{rule:?}");
        }
    }
}
