//! Grants that may count, where nobody needs one: a doubt about them does not lift what they say against a use.

use datadeed::rights::{
    DeliveryMethod, Registrant, RegistrantKind, RegistrantRole, Registration, Transaction,
};
use datadeed::trust::{Delegation, Mandate};

use super::*;
use crate::story::{key, revocation};

/// What its maker does with what he made of a free source, which needs no licence.
fn own() -> Use {
    commercial(Action::Train).party(iss("curator"))
}

fn made() -> Case {
    Case::cleaned([seen("source", "CC0-1.0").into()])
}

fn for_buyer(by: &str) -> Signed<Licence> {
    let licence = Licence::granted(manifest("corpus"), [Rule::permit([Action::Train])]);
    let licence = but(licence, |one| one.licensees = [iss("buyer")].into());
    licence.sign(&issuer(by), day(3)).unwrap()
}

fn registered(claimant: &str) -> Signed<Registration> {
    let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let who = Registrant::new(iss(claimant), claimant, kind, role);
    let registration = Registration::new(manifest("corpus"), claimant, [who], day(0), day(300));
    registration.sign(&issuer("registrar"), day(0)).unwrap()
}

fn denied(licence: StatementId) -> [At<'static, Reason>; 1] {
    [(Reason::Licensee, "corpus", Some(licence))]
}

#[test]
fn a_grant_by_a_former_delegate_is_in_doubt() {
    let mandate = Mandate::new([Role::RightsHolder]).scope(["manifest:"]).between(day(0), day(900));
    let delegation = Delegation::new(iss("other"), key("other"), mandate);
    let delegation = delegation.sign(&issuer("supplier"), day(0)).unwrap();
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("supplier")).cloned();
    let supplier = anchor("supplier", &[Role::RightsHolder]).between(day(0), day(900)).depth(1);
    let grant = for_buyer("other");
    let case = Case { trust: TrustStore::new(others.chain([supplier])), ..made() };
    let case = case.with(delegation.clone()).with(grant.clone()).seen(delegation.id(), 0);
    denies(&case.rights(&own()), &denied(grant.id()));
    let revoked = case.recorded("supplier", &revocation(delegation.id(), day(12)));
    let missing = [(Missing::Trust, "corpus", Some(grant.id()))];
    lacks(&revoked.rights(&own()), &missing);
    // What publishers leave open beside it licenses nothing.
    let silent = Reading::content_usage(b"search=y").unwrap();
    let seen = observation("https://data.example/robots.txt");
    let silent = sign("collector", &silent.preference(manifest("corpus"), seen));
    permits(&made().with(silent.clone()).rights(&own()), &[]);
    lacks(&revoked.with(silent).rights(&own()), &missing);
}

#[test]
fn a_grant_by_one_of_two_claimants_is_in_doubt() {
    let grant = for_buyer("seller");
    let case = made().with(registered("seller")).with(grant.clone());
    denies(&case.rights(&own()), &denied(grant.id()));
    let first = registered("seller");
    let rival = but(registered("dealer").payload().clone(), |one| {
        (one.seq, one.prev) = (1, Some(first.id()));
    });
    let rival = rival.sign(&issuer("registrar"), day(1)).unwrap();
    let disputed = case.with(rival.clone());
    let at = |ids: &[StatementId]| -> Vec<At<'static, Missing>> {
        ids.iter().map(|id| (Missing::Disputed, "corpus", Some(*id))).collect()
    };
    lacks(&disputed.rights(&own()), &at(&[first.id(), rival.id(), grant.id()]));
    // Of what would let him there is nothing to doubt; whose the title is there is.
    let open = Licence::granted(manifest("corpus"), [Rule::permit([Action::Train])]);
    let open = open.sign(&issuer("seller"), day(3)).unwrap();
    let others = disputed.statements.iter().filter(|one| one.id() != grant.id()).cloned();
    let case = Case { statements: others.collect(), ..disputed.clone() };
    lacks(&case.clone().with(open.clone()).rights(&own()), &at(&[first.id(), rival.id()]));
    // Another needs a licence.
    let verdict = case.with(open.clone()).rights(&own().party(iss("trainer")));
    lacks(&verdict, &[(Missing::Disputed, "corpus", Some(open.id()))]);
}

/// Whoever had no right to grant by his own date grants nothing, and forbids nothing either.
#[test]
fn a_grant_by_nobodys_right_stands_against_nothing() {
    permits(&made().with(for_buyer("seller")).rights(&own()), &[]);
    permits(&made().with(registered("curator")).with(for_buyer("dealer")).rights(&own()), &[]);
    let title = registered("seller");
    let case = made().with(title.clone()).with(for_buyer("seller"));
    let case = case.seen(title.id(), 0);
    let ended = |on| case.clone().recorded("registrar", &revocation(title.id(), day(on)));
    permits(&ended(2).rights(&own()), &[]);
    let id = for_buyer("seller").id();
    lacks(&ended(12).rights(&own()), &[(Missing::ActTimeUnproven, "corpus", Some(id))]);
    // What its maker himself granted to others does not bind him, whether it was his to grant or not.
    let by_maker = made().with(registered("curator")).with(for_buyer("curator"));
    permits(&by_maker.rights(&own()), &[]);
    let case = made().with(registered("dealer")).with(for_buyer("curator"));
    let missing = [(Missing::Licence, "corpus", Some(registered("dealer").id()))];
    lacks(&case.rights(&own()), &missing);
}

fn deal(format: DeliveryMethod) -> Vec<Signed<Transaction>> {
    let parties = ["seller", "buyer", "exchange"];
    let [seller, buyer, exchange] = &parties.map(iss);
    let deal =
        Transaction::new("T-1", manifest("corpus"), [seller.as_str(), buyer, exchange], format);
    let deal = but(deal, |deal| deal.rules = [Rule::permit([Action::Train])].into());
    parties.iter().map(|name| deal.sign(&issuer(name), day(3)).unwrap()).collect()
}

#[test]
fn a_deal_of_a_number_that_was_used_again_is_in_doubt() {
    let signed = deal(DeliveryMethod::Download);
    let case = signed.iter().cloned().fold(made().with(registered("seller")), Case::with);
    denies(&case.rights(&own()), &denied(signed[0].id()));
    let lost = Event::key_revocation(key("buyer").id(), day(12));
    let verdict = case.clone().recorded("buyer", &lost).rights(&own());
    let title = registered("seller").id();
    let unlicensed = (Missing::Licence, "corpus", Some(title));
    lacks(&verdict, &[(Missing::Parties, "corpus", Some(signed[0].id())), unlicensed]);
    let other = deal(DeliveryMethod::Api);
    let again = other.iter().cloned().fold(case, Case::with);
    let of =
        |deal: &[Signed<Transaction>]| (Missing::SequenceConflict, "corpus", Some(deal[0].id()));
    lacks(&again.rights(&own()), &[of(&signed), of(&other), unlicensed]);
}

/// A rival title stands against others until it is known that it never was one.
#[test]
fn a_title_by_a_former_delegate_stands_against_others() {
    let mandate = Mandate::new([Role::Registrar]).scope(["manifest:"]).between(day(0), day(900));
    let delegation = Delegation::new(iss("other"), key("other"), mandate);
    let delegation = delegation.sign(&issuer("registrar"), day(0)).unwrap();
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("registrar")).cloned();
    let registrar = anchor("registrar", &[Role::Registrar]).between(day(0), day(900)).depth(1);
    let rival = registered("dealer").payload().sign(&issuer("other"), day(1)).unwrap();
    let open = Licence::granted(manifest("corpus"), [Rule::permit([Action::Train])]);
    let open = open.sign(&issuer("seller"), day(3)).unwrap();
    let case = Case { trust: TrustStore::new(others.chain([registrar])), ..made() };
    let case = case.with(delegation.clone()).with(rival.clone()).seen(delegation.id(), 0);
    let case = case.with(registered("seller")).with(open.clone());
    let ask = own().party(iss("trainer"));
    lacks(&case.rights(&ask), &[(Missing::Disputed, "corpus", Some(open.id()))]);
    let revoked = |on| case.clone().recorded("registrar", &revocation(delegation.id(), day(on)));
    lacks(&revoked(12).rights(&ask), &[(Missing::Disputed, "corpus", Some(open.id()))]);
    // Seen in time it counts as before; too late by its own date it never did.
    let proven = revoked(12).seen(rival.id(), 4);
    lacks(&proven.rights(&ask), &[(Missing::Disputed, "corpus", Some(open.id()))]);
    let delegated_late = registered("dealer").payload().sign(&issuer("other"), day(13)).unwrap();
    let statements = case.statements.iter().filter(|one| one.id() != rival.id()).cloned();
    let late = Case { statements: statements.collect(), ..revoked(12) }.with(delegated_late);
    permits(&late.rights(&ask), &[]);
}

/// What a maker saw is nothing that he granted.
#[test]
fn a_maker_is_bound_by_what_he_saw_himself() {
    let trust = but_for("curator", &[Role::Curator, Role::Collector]);
    for by in ["collector", "curator"] {
        let bound = seen_by(by, manifest("corpus"), "CC-BY-NC-4.0");
        let case = Case { trust: trust.clone(), ..made() }.with(bound.clone());
        denies(&case.rights(&own()), &[(Reason::Purpose, "corpus", Some(bound.id()))]);
    }
}
