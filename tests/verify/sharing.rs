//! From a verified lineage to what each payee gets.

use datadeed::key::SigningKey;
use datadeed::rights::{
    Action, Allocation, Duty, DutyKind, Entitlement, Event, Rule, SharingError, WithheldReason,
};
use datadeed::statement::{Issuer, Payload as _};
use datadeed::trust::{Delegation, Mandate, Role, Status, TrustStore};

use crate::story::*;

fn nested(payee: &str, basis_points: u64, of: &str) -> Duty {
    but(Duty::revenue_share(payee, basis_points), |duty| duty.of = Some(of.to_owned()))
}

/// The story, its source licensed by this issuer, who gets 10 % and passes on 20 % of that.
fn story(licensor: &Issuer<SigningKey>, others: impl IntoIterator<Item = Duty>) -> Story {
    let own = nested("author", 2_000, licensor.iss());
    let rule = Rule::permit([Action::Use]).duty(Duty::revenue_share(licensor.iss(), 1_000));
    let rule = others.into_iter().fold(rule.duty(own), Rule::duty);
    let licence = but(negotiated(manifest("source")), |licence| {
        licence.rules = [rule].into();
        licence.from = Some(day(0));
    });
    Story::licensed([licence.sign(licensor, day(10)).unwrap().into()])
}

fn shared(story: &Story) -> Allocation {
    let lineage = story.verify().unwrap();
    let verdict = lineage.rights(&sell());
    let sharing = lineage.sharing(&sell(), 1_000, "CNY").pool("pool", 100);
    sharing.of_verdict(&verdict).unwrap_or_else(|_| panic!("{verdict:?}"))
}

#[test]
fn whoever_grants_passes_on_what_he_said_he_would() {
    let shares = shared(&story(&issuer("supplier"), []));
    assert_eq!(shares.withheld, []);
    let totals = [("author", 20), ("did:web:supplier.example", 80), ("pool", 10)];
    assert_eq!(shares.totals(), totals.into());
    assert_eq!(shares.retained, 890);
}

#[test]
fn case_36_parents_owing_shares_to_two_payees() {
    let licensed = |of: &str, payee: &str, basis_points| {
        let rule = Rule::permit([Action::Use]).duty(Duty::revenue_share(payee, basis_points));
        but(negotiated(manifest(of)), |licence| {
            licence.rules = [rule].into();
            licence.from = Some(day(0));
        })
    };
    let mut story = Story::licensed([sign("supplier", &licensed("source", "a", 1_000)).into()]);
    let corpus = sign("curator", &licensed("corpus", "b", 500));
    let free = corpus_grant().id();
    story.statements.retain(|one| one.id() != free);
    let lineage = story.with(corpus).verify().unwrap();
    let verdict = lineage.rights(&sell());
    assert!(verdict.is_permit(), "{verdict:?}");
    assert_eq!(verdict.duties().len(), 2);
    let shares = lineage.sharing(&sell(), 1_000_000, "CNY").of_verdict(&verdict).unwrap();
    assert_eq!(shares.totals(), [("a", 100_000), ("b", 50_000)].into());
    assert_eq!(shares.retained, 850_000);
    let owed_for: Vec<_> = shares.lines.iter().map(|line| line.by).collect();
    let from = |of: &str| {
        matches!(owed_for[usize::from(of == "corpus")],
        Entitlement::Duty { manifest: id, .. } if id == manifest(of))
    };
    assert!(from("source") && from("corpus"), "{owed_for:?}");
}

#[test]
fn a_licence_binds_nobody_but_its_issuer() {
    let curator = [nested("supplier", 10_000, "did:web:curator.example")];
    let shares = shared(&story(&issuer("supplier"), curator));
    let withheld: Vec<_> = shares.withheld.iter().map(|one| (one.reason, one.amount)).collect();
    assert_eq!(withheld, [(WithheldReason::NotBound, 0)]);
    assert_eq!(shares.totals()["did:web:supplier.example"], 80);
}

/// What is asked for sublicensing alone is owed by the sublicensor, of what he receives.
#[test]
fn a_sublicensor_shares_what_he_receives_with_whoever_is_above() {
    const USES: [Action; 3] = [Action::Derive, Action::DistributeModel, Action::Train];
    let dealer = "did:web:dealer.example";
    let licence = |rules: &[Rule]| {
        but(negotiated(manifest("source")), |licence| {
            licence.rules = rules.iter().cloned().collect();
            licence.from = Some(day(0));
        })
    };
    let allocation = |asked: Duty, both: bool| {
        let any = Rule::permit(USES);
        let rule = Rule::permit([Action::Sublicense]).duty(asked.clone());
        let any = if both { any.duty(asked.clone()) } else { any };
        let to_dealer =
            but(licence(&[any, rule]), |licence| licence.licensees = [dealer.to_owned()].into());
        let above = to_dealer.sign(&issuer("supplier"), day(0)).unwrap();
        let own = Rule::permit(USES).duty(Duty::revenue_share(dealer, 1_000));
        let own = if both { own.duty(asked) } else { own };
        let below = but(licence(&[own]), |licence| licence.parent = Some(above.id()));
        let below = below.sign(&issuer("dealer"), day(1)).unwrap();
        let mut story = Story::licensed([below.into()]).with(above);
        story.trust = TrustStore::new(
            story.trust.anchors().cloned().chain([anchor("dealer", &[Role::Trainer])]),
        );
        let lineage = story.verify().unwrap();
        let verdict = lineage.rights(&sell());
        let shares = lineage.sharing(&sell(), 1_000, "CNY").of_verdict(&verdict);
        shares.unwrap_or_else(|_| panic!("{verdict:?}"))
    };
    let supplier = "did:web:supplier.example";
    // The dealer gets 10 %, and the supplier a quarter of that, however it is said.
    let of_whole = Duty::revenue_share(supplier, 2_500);
    for asked in [of_whole, nested(supplier, 2_500, dealer)] {
        let shares = allocation(asked, false);
        assert_eq!(shares.withheld, []);
        assert_eq!(shares.totals(), [(dealer, 75), (supplier, 25)].into());
    }
    // What is asked for the use as well stands in the sublicence, and is owed once.
    let shares = allocation(nested(supplier, 2_500, dealer), true);
    assert_eq!(shares.totals(), [(dealer, 75), (supplier, 25)].into());
    // To himself he owes nothing.
    let shares = allocation(Duty::revenue_share(dealer, 2_500), false);
    assert_eq!(shares.withheld, []);
    assert_eq!(shares.totals(), [(dealer, 100)].into());
    // What somebody else receives is not for the two of them to share.
    let shares = allocation(nested(supplier, 2_500, "did:web:curator.example"), false);
    assert_eq!(shares.totals(), [(dealer, 100)].into());
}

#[test]
fn a_lent_name_does_not_bind_its_bearer() {
    let mandate = Mandate::new([Role::RightsHolder]).scope([manifest("source").to_string()]);
    let delegation = Delegation::new("did:web:other.example", key("other"), mandate);
    let shares = shared(&story(&issuer("other"), []).with(sign("supplier", &delegation)));
    let withheld: Vec<_> = shares.withheld.iter().map(|one| (one.reason, one.amount)).collect();
    assert_eq!(withheld, [(WithheldReason::NotBound, 0)]);
    assert_eq!(shares.totals()["did:web:other.example"], 100);
}

/// Whoever is to share what he receives took the licence himself, and not who found his key.
#[test]
fn a_sublicence_in_doubt_does_not_bind_its_issuer() {
    let dealer = "did:web:dealer.example";
    let asked = [Duty::revenue_share(dealer, 1_000), nested("other", 10_000, dealer)];
    let rule = asked.into_iter().fold(Rule::permit([Action::Use]), Rule::duty);
    let licence = but(negotiated(manifest("source")), |licence| {
        licence.rules = [rule.clone()].into();
        licence.from = Some(day(0));
    });
    let above = licence.sign(&issuer("supplier"), day(0)).unwrap();
    let below = but(licence, |licence| {
        licence.rules = [rule.duty(Duty::new(DutyKind::Report))].into();
        licence.parent = Some(above.id());
    });
    let below = below.sign(&issuer("dealer"), day(1)).unwrap();
    let mut story = Story::licensed([above.into(), below.into()]);
    let dealers = anchor("dealer", &[Role::Trainer]);
    story.trust = TrustStore::new(story.trust.anchors().cloned().chain([dealers]));
    assert_eq!(shared(&story).withheld, []);
    assert_eq!(shared(&story).totals()["other"], 100);
    let lost = Event::key_revocation(key("dealer").id(), day(12));
    let lost = lost.sign(&issuer("dealer"), day(12)).unwrap();
    story.status = Some(Status::new(day(20)).event(lost, day(12)).unwrap());
    let shares = shared(&story);
    let withheld: Vec<_> = shares.withheld.iter().map(|one| (one.reason, one.amount)).collect();
    assert_eq!(withheld, [(WithheldReason::NotBound, 0)]);
    assert_eq!(shares.totals()[dealer], 100);
}

#[test]
fn what_is_not_permitted_is_not_shared() {
    let lineage = Story::default().verify().unwrap();
    let ask = sell().party("did:web:other.example").at(day(900));
    let refused = lineage.sharing(&ask, 1_000, "CNY").of_verdict(&lineage.rights(&ask));
    assert_eq!(refused, Err(SharingError::NotPermitted { verdict: "unknown" }));
}
