//! What somebody saw whose delegation has ended: it permits nothing, and what it is against does not become free.

use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::Regime;
use datadeed::trust::{Delegation, Mandate};

use super::*;
use crate::story::{key, revocation};

const EVERYTHING: [&str; 2] = ["https://data.example/", "manifest:"];

/// The collector lets another look at sources, who then says this; the source is free by the collector's own word.
struct Delegated {
    delegation: Signed<Delegation>,
    statement: Statement,
    free: Signed<Licence>,
}

impl Delegated {
    fn says(statement: impl Into<Statement>) -> Self {
        let mandate = Mandate::new([Role::Collector]).scope(EVERYTHING).between(day(0), day(900));
        let delegation = Delegation::new(iss("other"), key("other"), mandate);
        let delegation = delegation.sign(&issuer("collector"), day(0)).unwrap();
        Self { delegation, statement: statement.into(), free: seen("source", "CC0-1.0") }
    }

    fn alone(&self) -> Case {
        let collector = anchor("collector", &[Role::Collector]);
        let collector = collector.scope(EVERYTHING).between(day(0), day(900)).depth(1);
        let all = everybody();
        let others = all.anchors().filter(|one| one.iss != iss("collector")).cloned();
        let trust = TrustStore::new(others.chain([collector]));
        let case = Case { trust, ..Case::source([]) };
        case.with(self.delegation.clone()).with(self.statement.clone())
    }

    fn case(&self) -> Case {
        self.alone().with(self.free.clone())
    }

    /// The delegation ends on a day on which nothing shows that the statement was there.
    fn revoked(&self, case: Case) -> Case {
        let case = case.seen(self.delegation.id(), 0);
        case.recorded("collector", &revocation(self.delegation.id(), day(12)))
    }
}

fn no_training() -> Signed<Preference> {
    let seen = observation("https://data.example/robots.txt");
    let reading = Reading::content_usage(b"train-ai=n").unwrap();
    sign("other", &reading.preference(manifest("source"), seen))
}

#[test]
fn a_preference_against_a_use_leaves_it_open_once_its_collector_is_none() {
    let no = no_training();
    let delegated = Delegated::says(no.clone());
    let (train, search) = (commercial(Action::TrainGenerative), commercial(Action::Search));
    denies(&delegated.case().rights(&train), &[(Reason::Prohibited, "source", Some(no.id()))]);
    let revoked = delegated.revoked(delegated.case());
    lacks(&revoked.rights(&train), &[(Missing::Trust, "source", Some(no.id()))]);
    permits(&revoked.rights(&search), &[]);
    assert_eq!(revoked.found(FindingCode::SignerNotTrusted), [Node::Statement(no.id())]);
    // Seen before the end it counts as before.
    let proven = delegated.revoked(delegated.case().seen(no.id(), 11));
    denies(&proven.rights(&train), &[(Reason::Prohibited, "source", Some(no.id()))]);
    // Nor does it stand in for a licence: publishers who say nothing of a use allow none.
    let seen = observation("https://data.example/robots.txt");
    let silent = Reading::content_usage(b"search=y").unwrap();
    let silent = sign("collector", &silent.preference(manifest("source"), seen));
    let nothing = (Missing::Licence, "source", Some(silent.id()));
    let alone = delegated.revoked(delegated.alone()).with(silent);
    lacks(&alone.rights(&train), &[(Missing::Trust, "source", Some(no.id())), nothing]);
    // An agreement covers it as it covers what is believed.
    let agreed = granted("supplier", [Rule::permit([Action::Train])]);
    permits(&revoked.with(agreed).rights(&train), &[]);
}

#[test]
fn a_licence_that_a_former_collector_saw_permits_nothing_and_hurts() {
    let bound = seen_by("other", manifest("source"), "CC-BY-NC-4.0");
    let delegated = Delegated::says(bound.clone());
    let train = commercial(Action::Train);
    denies(&delegated.case().rights(&train), &[(Reason::Purpose, "source", Some(bound.id()))]);
    let revoked = delegated.revoked(delegated.case());
    lacks(&revoked.rights(&train), &[(Missing::Trust, "source", Some(bound.id()))]);
    // What it leaves open besides is said as well.
    let unsaid = Use::new(Action::Train).at(day(20));
    let missing = [Missing::Purpose, Missing::Trust].map(|one| (one, "source", Some(bound.id())));
    lacks(&revoked.rights(&unsaid), &missing);

    let free = seen_by("other", manifest("source"), "CC0-1.0");
    let delegated = Delegated::says(free.clone());
    permits(&delegated.alone().rights(&train), &[]);
    let revoked = delegated.revoked(delegated.alone());
    lacks(&revoked.rights(&train), &[(Missing::Trust, "source", Some(free.id()))]);
    permits(&delegated.revoked(delegated.case()).rights(&train), &[]);
}

/// A step's own maker needs no licence in what he made, and is bound by what was seen of it.
#[test]
fn what_a_former_collector_saw_asks_for_no_licence_where_none_is_needed() {
    let train = commercial(Action::Train);
    for (spdx, hurts) in [("CC0-1.0", false), ("CC-BY-NC-4.0", true)] {
        let of_corpus = seen_by("other", manifest("corpus"), spdx);
        let delegated = Delegated::says(of_corpus.clone());
        let case = delegated.revoked(delegated.case());
        let case = case.step("curator", ActivityKind::Clean, &["source"], "corpus", 2);
        let case = case.step("curator", ActivityKind::Deduplicate, &["corpus"], "distinct", 3);
        let verdict = case.rights(&train);
        if hurts {
            lacks(&verdict, &[(Missing::Trust, "corpus", Some(of_corpus.id()))]);
        } else {
            permits(&verdict, &[]);
        }
    }
}

/// Whoever never could say it is not heard, in another role neither.
#[test]
fn whoever_was_no_collector_says_nothing_of_what_he_saw() {
    let seen_there = observation("https://data.example/robots.txt");
    let reading = Reading::content_usage(b"train-ai=n").unwrap();
    let no = reading.preference(manifest("source"), seen_there);
    let free = seen("source", "CC0-1.0");
    for by in ["trainer", "stranger"] {
        let case = Case::source([free.clone().into(), sign(by, &no).into()]);
        permits(&case.rights(&commercial(Action::TrainGenerative)), &[]);
    }
    // Nor what a delegate says of what is beyond his mandate.
    let elsewhere = observation("https://other.example/robots.txt");
    let reading = Reading::content_usage(b"train-ai=n").unwrap();
    let no = sign("other", &reading.preference(manifest("source"), elsewhere));
    permits(&Delegated::says(no).case().rights(&commercial(Action::TrainGenerative)), &[]);
}

/// That there is personal information in data needs no more than somebody who may have known.
#[test]
fn personal_information_stays_when_whoever_found_it_is_believed_no_longer() {
    let said = |personal| {
        let dataset = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
        sign("other", &but(dataset, |one| one.personal_information = Some(personal)))
    };
    let by_collector = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let by_collector = but(by_collector, |one| one.personal_information = Some(false));
    let by_collector = sign("collector", &by_collector);
    let ask = commercial(Action::Train).regime(Regime::China);
    let case = |personal| {
        let delegated = Delegated::says(said(personal));
        delegated.revoked(delegated.case()).with(by_collector.clone())
    };
    permits(&case(false).rights(&ask), &[]);
    let verdict = case(true).rights(&ask);
    let Verdict::Deny { reasons } = verdict else { panic!("{verdict:?}") };
    assert_eq!(reasons.iter().map(|one| one.code).collect::<Vec<_>>(), [Reason::Consent]);
}

/// A dispute about what somebody said of data is open still when he is believed no longer.
#[test]
fn a_dispute_outlives_the_delegation_of_whom_it_is_about() {
    let dataset = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let dataset = sign("other", &dataset);
    let delegated = Delegated::says(dataset.clone());
    let train = commercial(Action::Train);
    let disputed = |case: Case| case.recorded("court", &Event::dispute(dataset.id(), day(11)));
    let open = [(Missing::Disputed, "source", Some(dataset.id()))];
    lacks(&disputed(delegated.case()).rights(&train), &open);
    lacks(&disputed(delegated.revoked(delegated.case())).rights(&train), &open);
    permits(&delegated.revoked(delegated.case()).rights(&train), &[]);
}
