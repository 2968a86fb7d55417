//! Deals made on an exchange.

use datadeed::rights::{
    DeliveryMethod, Duty, Registrant, RegistrantKind, RegistrantRole, Registration, Transaction,
};
use datadeed::statement::Issuer;
use datadeed::trust::{Delegation, Mandate};
use datadeed::verify::Finding;

use super::*;
use crate::story::{key, revocation, signing_key};

const PARTIES: [&str; 3] = ["seller", "buyer", "exchange"];

/// Number 1 of the exchange: the source, for training.
fn deal() -> Transaction {
    let parties = PARTIES.map(iss);
    let [seller, buyer, exchange] = &parties;
    let parties = [seller.as_str(), buyer, exchange];
    let deal = Transaction::new("T-1", manifest("source"), parties, DeliveryMethod::Download);
    but(deal, |deal| deal.rules = [Rule::permit([Action::Train])].into())
}

/// The same, as each of these signed it on day 3.
fn signed_by(names: &[&str], deal: &Transaction) -> Vec<Signed<Transaction>> {
    names.iter().map(|name| deal.sign(&issuer(name), day(3)).unwrap()).collect()
}

fn registered(of: &str, claimant: &str) -> Signed<Registration> {
    let who = Registrant::new(
        iss(claimant),
        claimant,
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    let registration = Registration::new(manifest(of), of, [who], day(0), day(300));
    registration.sign(&issuer("registrar"), day(0)).unwrap()
}

/// The source is registered for its seller.
fn sold(deals: &[Signed<Transaction>]) -> Case {
    let title = registered("source", "seller").into();
    Case::source(deals.iter().cloned().map(Statement::from).chain([title]))
}

fn train() -> Use {
    commercial(Action::Train).party(iss("buyer"))
}

/// What the findings of one code say.
fn details(case: &Case, code: FindingCode) -> Vec<String> {
    let lineage = case.verify();
    let all = lineage.findings().iter().filter(|one| one.code == code);
    all.map(|Finding { detail, .. }| detail.clone()).collect()
}

/// Whichever signature of the deal it is said of.
#[test]
fn a_court_says_that_a_deal_was_broken() {
    let signed = signed_by(&PARTIES, &deal());
    for one in &signed {
        let breach = Event::breach(one.id(), [iss("buyer")], day(4));
        let case = sold(&signed).recorded("court", &breach);
        denies(&case.rights(&train()), &[(Reason::Breach, "source", Some(signed[0].id()))]);
        // Whoever has no say in it.
        let case = sold(&signed).recorded("dealer", &breach);
        permits(&case.rights(&train()), &[]);
    }
}

#[test]
fn a_deal_is_a_grant_to_its_buyer_and_nobody_else() {
    let signed = signed_by(&PARTIES, &deal());
    let case = sold(&signed);
    permits(&case.rights(&train()), &[]);
    let by_seller = Some(signed[0].id());
    for other in ["trainer", "exchange", "seller", "dealer"] {
        let verdict = case.rights(&train().party(iss(other)));
        denies(&verdict, &[(Reason::Licensee, "source", by_seller)]);
    }
    // Nor does it grant more than it says, or before the last of them signed.
    let more = case.rights(&commercial(Action::Distribute).party(iss("buyer")));
    denies(&more, &[(Reason::NoGrant, "source", by_seller)]);
    let last = deal().sign(&issuer("exchange"), day(6)).unwrap();
    let case = sold(&[signed[0].clone(), signed[1].clone(), last]);
    permits(&case.rights(&train().at(day(6))), &[]);
    let early = case.rights(&train().at(day(5)));
    denies(&early, &[(Reason::NotYetValid, "source", by_seller)]);
}

/// What a buyer trained is licensed by his deal, and his alone.
#[test]
fn a_deal_covers_what_its_buyer_did_on_the_way() {
    let deal = but(deal(), |deal| {
        deal.rules = [Rule::permit([Action::Train, Action::DistributeModel])].into();
    });
    let signed = signed_by(&PARTIES, &deal);
    let trained = |by: &str| {
        let case = sold(&signed).step(by, ActivityKind::Train, &["source"], "weights", 5);
        case.rights(&commercial(Action::DistributeModel))
    };
    permits(&trained("buyer"), &[]);
    denies(&trained("trainer"), &[(Reason::Licensee, "source", Some(signed[0].id()))]);
}

#[test]
fn a_deal_is_made_once_all_of_its_parties_signed_it() {
    for missing in PARTIES {
        let names: Vec<&str> = PARTIES.into_iter().filter(|name| *name != missing).collect();
        let signed = signed_by(&names, &deal());
        let case = sold(&signed);
        let first = signed[0].id();
        lacks(&case.rights(&train()), &[(Missing::Parties, "source", Some(first))]);
        assert_eq!(case.found(FindingCode::DealIncomplete), [Node::Statement(first)]);
        let detail = format!("T-1: {}", iss(missing));
        assert_eq!(details(&case, FindingCode::DealIncomplete), [detail]);
    }
    // All of them the same: whoever signed another price made another deal.
    let dearer = but(deal(), |deal| deal.amount = 1);
    let signed = [signed_by(&PARTIES[..2], &deal()), signed_by(&PARTIES[2..], &dearer)].concat();
    let verdict = sold(&signed).rights(&train());
    let missing = [signed[0].id(), signed[2].id()].map(|id| (Missing::Parties, "source", Some(id)));
    lacks(&verdict, &missing);
}

#[test]
fn an_exchange_is_whoever_the_trust_store_says_is_one() {
    let signed = signed_by(&PARTIES, &deal());
    for roles in [&[Role::Trainer][..], &[Role::RightsHolder, Role::Registrar]] {
        let case = Case { trust: but_for("exchange", roles), ..sold(&signed) };
        let seller = Some(signed[0].id());
        lacks(&case.rights(&train()), &[(Missing::Parties, "source", seller)]);
        let detail = format!("T-1: {}", iss("exchange"));
        assert_eq!(details(&case, FindingCode::DealIncomplete), [detail]);
    }
    // And for what is sold there.
    let elsewhere = anchor("exchange", &[Role::Exchange]).scope([manifest("corpus").to_string()]);
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("exchange")).cloned();
    let trust = TrustStore::new(others.chain([elsewhere]));
    let verdict = Case { trust, ..sold(&signed) }.rights(&train());
    lacks(&verdict, &[(Missing::Parties, "source", Some(signed[0].id()))]);
}

#[test]
fn one_number_for_two_deals_leaves_neither() {
    let other = but(deal(), |deal| deal.amount = 1);
    let (first, second) = (signed_by(&PARTIES, &deal()), signed_by(&PARTIES, &other));
    let case = sold(&[first.clone(), second.clone()].concat());
    let both = [first[0].id(), second[0].id()];
    let conflict = both.map(|id| (Missing::SequenceConflict, "source", Some(id)));
    lacks(&case.rights(&train()), &conflict);
    let mut nodes = both.map(Node::Statement);
    nodes.sort_unstable();
    let mut found = case.found(FindingCode::DealNumberReused);
    found.sort_unstable();
    assert_eq!(found, nodes);
    // The exchange's word alone gives it to another deal.
    let case = sold(&[first.clone(), signed_by(&["exchange"], &other)].concat());
    let verdict = case.rights(&train());
    let Verdict::Unknown { missing } = &verdict else { panic!("{verdict:?}") };
    let of_first = missing.iter().find(|one| one.statement == Some(first[0].id())).unwrap();
    assert_eq!(of_first.code, Missing::SequenceConflict);
    // Whoever else signs a number spoils nothing, nor does another number.
    permits(
        &sold(&[first.clone(), signed_by(&["seller", "buyer"], &other)].concat()).rights(&train()),
        &[],
    );
    permits(
        &sold(&[first.clone(), signed_by(&["stranger"], &other)].concat()).rights(&train()),
        &[],
    );
    let next = but(other, |deal| deal.number = "T-2".into());
    permits(&sold(&[first, signed_by(&PARTIES, &next)].concat()).rights(&train()), &[]);
}

/// Whoever gave it twice does not get away from that by ending the delegation, or the key, by which he did.
#[test]
fn a_number_stays_given_twice_when_its_signer_is_believed_no_longer() {
    let first = signed_by(&PARTIES, &deal());
    let other = but(deal(), |deal| deal.amount = 1);
    let everything = ["manifest:"];
    let mandate = Mandate::new([Role::Exchange]).scope(everything).between(day(0), day(900));
    let delegation = Delegation::new(iss("exchange"), key("other"), mandate);
    let delegation = delegation.sign(&issuer("exchange"), day(0)).unwrap();
    let branch = Issuer::new(iss("exchange"), signing_key("other"));
    let again = other.sign(&branch, day(3)).unwrap();
    let exchange = anchor("exchange", &[Role::Exchange]).scope(everything).depth(1);
    let exchange = exchange.between(day(0), day(900));
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("exchange")).cloned();
    let trust = TrustStore::new(others.chain([exchange]));
    let case = Case { trust, ..sold(&first) }.with(delegation.clone()).with(again.clone());
    let lost = Event::key_revocation(key("other").id(), day(12));
    for case in [
        case.clone(),
        case.clone().recorded("exchange", &revocation(delegation.id(), day(12))),
        case.recorded("exchange", &lost),
    ] {
        let verdict = case.rights(&train());
        let both = [
            (Missing::SequenceConflict, "source", Some(first[0].id())),
            (Missing::Parties, "source", Some(again.id())),
        ];
        lacks(&verdict, &both);
    }
}

#[test]
fn a_seller_needs_standing_when_the_deal_is_made() {
    let signed = signed_by(&PARTIES, &deal());
    let seller = Some(signed[0].id());
    let deals = || signed.iter().cloned().map(Statement::from);
    let without = Case::source(deals());
    lacks(&without.rights(&train()), &[(Missing::Standing, "source", seller)]);
    let detail = format!("standing: {}", iss("seller"));
    assert_eq!(details(&without, FindingCode::LicenceWithoutStanding), [detail]);
    // Another's title is none of his.
    let others = Case::source(deals().chain([registered("source", "trainer").into()]));
    lacks(&others.rights(&train()), &[(Missing::Standing, "source", seller)]);
    // Nor one that passed to another before the last of them signed.
    let title = registered("source", "seller");
    let to = [datadeed::rights::Transferee::new(iss("trainer"))];
    let sold = Event::transfer(title.id(), to, day(2));
    let case = Case::source(deals().chain([title.into()])).recorded("registrar", &sold);
    let case = signed.iter().fold(case, |case, one| case.seen(one.id(), 3));
    lacks(&case.rights(&train()), &[(Missing::Standing, "source", seller)]);
    // Whom the trust store lets grant rights needs no title.
    let trust = but_for("seller", &[Role::RightsHolder]);
    permits(&Case { trust, ..Case::source(deals()) }.rights(&train()), &[]);
}

#[test]
fn case_59_what_is_delivered_is_not_what_is_registered() {
    let other = registered("other", "seller");
    let deal = but(deal(), |deal| deal.registration = Some(other.id()));
    let signed = signed_by(&PARTIES, &deal);
    let mismatch = [(Reason::ContentMismatch, "source", Some(signed[0].id()))];
    // With a title to what is delivered, and without one.
    let titled = sold(&signed).with(other.clone());
    let untitled = Case::source(signed.iter().cloned().map(Statement::from)).with(other);
    for case in [titled, untitled] {
        denies(&case.rights(&train()), &mismatch);
        assert_eq!(case.found(FindingCode::ContentMismatch), [Node::Statement(signed[0].id())]);
    }
    // The registration of what is delivered is the right one.
    let title = registered("source", "seller");
    let right = but(deal, |deal| deal.registration = Some(title.id()));
    permits(&sold(&signed_by(&PARTIES, &right)).rights(&train()), &[]);
}

/// A price of the deal, owed to its seller.
fn price() -> Duty {
    but(Duty::new(DutyKind::Pay), |duty| {
        duty.payee = Some(iss("seller"));
        (duty.amount, duty.currency) = (Some(100), Some("CNY".into()));
    })
}

/// Both ask the same price of the same buyer for the same data.
#[test]
fn a_payment_of_one_deal_never_serves_another() {
    let of = |number: &str, action| {
        let deal = but(deal(), |deal| {
            deal.number = number.into();
            deal.rules = [Rule::permit([action]).duty(price())].into();
        });
        signed_by(&PARTIES, &deal)
    };
    let (first, second) = (of("T-1", Action::Train), of("T-2", Action::Distribute));
    let paid = Event::fulfilment(first[0].id(), price(), iss("buyer"), day(4));
    let case = sold(&[first.clone(), second.clone()].concat());
    let unmet = |by: &[Signed<Transaction>]| (Reason::UnmetDuty, "source", Some(by[0].id()));
    let no_grant = |by: &[Signed<Transaction>]| (Reason::NoGrant, "source", Some(by[0].id()));
    let share = commercial(Action::Distribute).party(iss("buyer"));
    denies(&case.rights(&train()), &[unmet(&first), no_grant(&second)]);
    let case = case.recorded("seller", &paid);
    permits(&case.rights(&train()), &[(DutyKind::Pay, "source", first[0].id())]);
    denies(&case.rights(&share), &[no_grant(&first), unmet(&second)]);
    // Of the same deal it is the seller's statement that it names.
    for by in ["buyer", "exchange"] {
        let case = sold(&first).recorded(by, &paid);
        denies(&case.rights(&train()), &[unmet(&first)]);
    }
}

#[test]
fn a_dispute_about_what_any_party_signed_is_one_about_the_deal() {
    let signed = signed_by(&PARTIES, &deal());
    for one in &signed {
        let dispute = Event::dispute(one.id(), day(12));
        let case = sold(&signed).recorded("court", &dispute);
        lacks(&case.rights(&train()), &[(Missing::Disputed, "source", Some(signed[0].id()))]);
        let case = sold(&signed).recorded("trainer", &Event::objection(one.id(), day(12)));
        permits(&case.rights(&train()), &[]);
        assert_eq!(case.found(FindingCode::Objection), [Node::Statement(one.id())]);
    }
    // And one about the title it is sold by.
    let title = registered("source", "seller");
    let case = sold(&signed).recorded("court", &Event::dispute(title.id(), day(12)));
    lacks(&case.rights(&train()), &[(Missing::Disputed, "source", Some(signed[0].id()))]);
}

/// Whoever sells is bound by what he sold under: others share in what he receives.
#[test]
fn a_seller_passes_on_what_the_deal_says() {
    let own = Duty::revenue_share(iss("seller"), 1_000);
    let passed_on = but(Duty::revenue_share("author", 2_500), |duty| duty.of = Some(iss("seller")));
    let rule = Rule::permit([Action::Train]).duty(own).duty(passed_on);
    let deal = but(deal(), |deal| deal.rules = [rule].into());
    let lineage = sold(&signed_by(&PARTIES, &deal)).verify();
    let verdict = lineage.rights(&train());
    let shares = lineage.sharing(&train(), 1_000, "CNY").of_verdict(&verdict).unwrap();
    assert_eq!(shares.withheld, []);
    let seller = iss("seller");
    assert_eq!(shares.totals(), [("author", 25), (seller.as_str(), 75)].into());
}

/// A party's key that was lost signed nothing that counts.
#[test]
fn a_deal_by_a_lost_key_is_not_made() {
    let signed = signed_by(&PARTIES, &deal());
    for (place, name) in PARTIES.into_iter().enumerate() {
        let lost = Event::key_revocation(key(name).id(), day(12));
        let case = sold(&signed).recorded(name, &lost);
        // Who is left to name it: the first whose signature counts.
        let named = signed[usize::from(place == 0)].id();
        lacks(&case.rights(&train()), &[(Missing::Parties, "source", Some(named))]);
        let proven = case.seen(signed[place].id(), 4);
        permits(&proven.rights(&train()), &[]);
    }
}

/// Whoever signs the same again does not get away from a dispute about what he signed before.
#[test]
fn a_deal_that_was_signed_again_is_disputed_still() {
    let signed = signed_by(&PARTIES, &deal());
    for (place, name) in PARTIES.into_iter().enumerate() {
        let again = deal().sign(&issuer(name), day(4)).unwrap();
        // Whichever of them stands first in the proof.
        for disputed in [signed[place].id(), again.id()] {
            let dispute = Event::dispute(disputed, day(12));
            let case = sold(&signed).with(again.clone()).recorded("court", &dispute);
            let Verdict::Unknown { missing } = case.rights(&train()) else { panic!("{name}") };
            let codes: Vec<_> = missing.iter().map(|one| one.code).collect();
            assert_eq!(codes, [Missing::Disputed], "{name}");
        }
    }
    // What others sign of it is no part of it.
    let others = sign("dealer", &deal());
    let dispute = Event::dispute(others.id(), day(12));
    permits(&sold(&signed).with(others).recorded("court", &dispute).rights(&train()), &[]);
}

/// Nor from a breach of it, or from events that nobody here knows.
#[test]
fn a_deal_that_was_signed_again_is_broken_still() {
    let signed = signed_by(&PARTIES, &deal());
    for (place, name) in PARTIES.into_iter().enumerate() {
        let again = deal().sign(&issuer(name), day(4)).unwrap();
        // Whichever of them stands first in the proof.
        for said_of in [signed[place].id(), again.id()] {
            let case = sold(&signed).with(again.clone());
            let breach = Event::breach(said_of, [iss("buyer")], day(12));
            let broken = case.clone().recorded("court", &breach).rights(&train());
            let Verdict::Deny { reasons } = broken else { panic!("{name}: {broken}") };
            assert_eq!(reasons.iter().map(|one| one.code).collect::<Vec<_>>(), [Reason::Breach]);
            let second = but(Event::dispute(said_of, day(12)), |event| {
                (event.seq, event.prev) = (1, Some(StatementId::from_bytes([7; 32])));
            });
            let settled = second.sign(&issuer("court"), day(12)).unwrap();
            let settlement = Event::settlement(settled.id(), day(13));
            let case = Case { status: case.status.event(settled, day(12)).unwrap(), ..case };
            let verdict = case.recorded("court", &settlement).rights(&train());
            let Verdict::Unknown { missing } = &verdict else { panic!("{name}: {verdict}") };
            let codes: Vec<_> = missing.iter().map(|one| one.code).collect();
            assert_eq!(codes, [Missing::Status], "{name}");
        }
    }
    // What others sign of it is no part of it.
    let others = sign("dealer", &deal());
    let breach = Event::breach(others.id(), [iss("buyer")], day(12));
    permits(&sold(&signed).with(others).recorded("court", &breach).rights(&train()), &[]);
}
