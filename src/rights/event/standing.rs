//! Who may issue which event about what, and what follows: the table that the verifier goes by.
//!
//! The one in the documentation of [`EventKind`] and the one of the format are held against it by a test.

use super::EventKind;

/// What an event can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventTarget {
    Activity,
    Dataset,
    Delegation,
    /// An event that says that a dispute was accepted.
    Dispute,
    GrantedLicence,
    Key,
    ObservedLicence,
    Registration,
}

/// Who issues an event, as seen from its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventIssuer {
    Anybody,
    /// An anchor or delegate with the role of a court.
    Court,
    /// An anchor or delegate with the role of a rights holder.
    Holder,
    /// Whoever issued the target.
    Issuer,
    /// The key itself, or its identity with another of its keys.
    KeyHolder,
    /// An anchor or delegate with the role of a registrar, for the scheme and place of a registration.
    Registrar,
}

/// What follows from an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventEffect {
    /// What rests on the target is disputed until a settlement.
    Disputes,
    /// A rights holder takes back what he granted.
    EndsGrant,
    /// The registration gives no title any longer.
    EndsTitle,
    /// The title is others'.
    MovesTitle,
    /// A finding. Nobody can stop the use of anything by objecting to it.
    Objects,
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
    const LICENCES: (T, T) = (T::GrantedLicence, T::ObservedLicence);
    const STATEMENTS: &[T] = &[T::Activity, T::Dataset, LICENCES.0, LICENCES.1];
    const ALL: &[T] = &[T::Activity, T::Dataset, LICENCES.0, LICENCES.1, T::Registration];
    &[
        rule(K::Cancellation, &[T::Registration], &[I::Issuer], E::EndsTitle),
        rule(K::Dispute, &[T::Registration], &[I::Issuer, I::Registrar, I::Court], E::Disputes),
        rule(K::Dispute, STATEMENTS, &[I::Registrar, I::Court], E::Disputes),
        rule(K::KeyRevocation, &[T::Key], &[I::KeyHolder, I::Court], E::RevokesKey),
        rule(K::Objection, ALL, &[I::Anybody], E::Objects),
        rule(K::Revocation, &[T::GrantedLicence], &[I::Issuer], E::EndsGrant),
        rule(K::Revocation, &[T::ObservedLicence], &[I::Issuer], E::Withdraws),
        rule(K::Revocation, &[T::ObservedLicence], &[I::Holder], E::EndsGrant),
        rule(
            K::Revocation,
            &[T::Activity, T::Dataset, T::Delegation, T::Registration],
            &[I::Issuer],
            E::Withdraws,
        ),
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
            EventTarget::Dataset => "dataset",
            EventTarget::Delegation => "delegation",
            EventTarget::Dispute => "dispute",
            EventTarget::GrantedLicence => "granted licence",
            EventTarget::Key => "key",
            EventTarget::ObservedLicence => "observed licence",
            EventTarget::Registration => "registration",
        };
        let by = |by: &EventIssuer| match by {
            EventIssuer::Anybody => "anybody",
            EventIssuer::Court => "a court",
            EventIssuer::Holder => "a rights holder",
            EventIssuer::Issuer => "its issuer",
            EventIssuer::KeyHolder => "whoever holds it",
            EventIssuer::Registrar => "a registrar",
        };
        let effect = |effect| match effect {
            EventEffect::Disputes => "disputed while it is open",
            EventEffect::EndsGrant => "ends the grant, if its terms allow that",
            EventEffect::EndsTitle => "ends the title",
            EventEffect::MovesTitle => "gives the title to others",
            EventEffect::Objects => "a finding, nothing else",
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
