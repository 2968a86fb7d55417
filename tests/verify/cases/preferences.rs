//! What publishers state for machines, beside licences and agreements.

use datadeed::rights::{Constraint, Duty};
use datadeed::trust::Anchor;

use super::*;

fn usage(field: &str) -> Signed<Preference> {
    stated(Reading::content_usage(field.as_bytes()).unwrap())
}

fn rsl(inside: &str, server: &str) -> Signed<Preference> {
    let document = format!(
        r#"<rsl xmlns="https://rslstandard.org/rsl"><content url="/"{server}><license>{inside}</license></content></rsl>"#
    );
    stated(Reading::rsl(document.as_bytes(), "https://data.example/source").unwrap())
}

fn of_source(preference: &Signed<Preference>, ask: &Use) -> Verdict {
    Case::source([preference.clone().into()]).rights(ask)
}

#[test]
fn case_43_no_to_training_is_about_generative_models() {
    let no = usage("train-ai=n");
    let generative = of_source(&no, &commercial(Action::TrainGenerative));
    denies(&generative, &[(Reason::Prohibited, "source", Some(no.id()))]);
    let other = of_source(&no, &commercial(Action::TrainNongenerative));
    lacks(&other, &[(Missing::Licence, "source", Some(no.id()))]);
    // Who does not say what he trains is asked about either.
    let either = of_source(&no, &commercial(Action::Train));
    denies(&either, &[(Reason::Prohibited, "source", Some(no.id()))]);
    let model = Case::source([no.clone().into()]);
    let model = model.step("trainer", ActivityKind::Train, &["source"], "weights", 5);
    denies(
        &model.rights(&commercial(Action::DistributeModel)),
        &[(Reason::Prohibited, "source", Some(no.id()))],
    );
}

/// A public licence that the collector saw beside it permits only what the preference is not against.
#[test]
fn a_preference_against_a_use_stands_beside_a_public_licence() {
    let (no, free) = (usage("train-ai=n"), seen("source", "CC0-1.0"));
    let case = Case::source([no.clone().into(), free.into()]);
    let generative = case.rights(&commercial(Action::TrainGenerative));
    denies(&generative, &[(Reason::Prohibited, "source", Some(no.id()))]);
    permits(&case.rights(&commercial(Action::TrainNongenerative)), &[]);
    // And one for it permits nothing that the licence denies.
    let (yes, bound) = (usage("train-ai=y"), seen("source", "CC-BY-NC-4.0"));
    let case = Case::source([yes.into(), bound.clone().into()]);
    let verdict = case.rights(&commercial(Action::TrainGenerative));
    denies(&verdict, &[(Reason::Purpose, "source", Some(bound.id()))]);
}

/// Several preferences about one asset are each named for what they say.
#[test]
fn every_preference_that_is_against_a_use_is_named() {
    let first = usage("train-ai=n");
    let entry = br#"{"entries": {"cawg.ai_training": {"use": "notAllowed"}}}"#;
    let second = stated(Reading::training_mining(entry).unwrap());
    let neither = usage("search=y");
    let case = [&first, &second, &neither].into_iter();
    let case = case.fold(Case::source([]), |case, one| case.with(one.clone()));
    let of = |one: &Signed<Preference>| (Reason::Prohibited, "source", Some(one.id()));
    denies(&case.rights(&commercial(Action::Train)), &[of(&first), of(&second)]);
    denies(&case.rights(&commercial(Action::TrainNongenerative)), &[of(&second)]);
}

/// Of several that allow a use each is owed what it asks.
#[test]
fn what_is_owed_names_the_preference_that_asks_it() {
    let free = rsl(r#"<permits type="usage">ai-train</permits>"#, "");
    let asks = r#"<permits type="usage">ai-train</permits><payment type="attribution"/>"#;
    let asks = rsl(asks, "");
    let case = Case::source([free.into(), asks.clone().into()]);
    permits(
        &case.rights(&commercial(Action::Train)),
        &[(DutyKind::Attribute, "source", asks.id())],
    );
}

#[test]
fn case_45_an_agreement_covers_what_a_preference_is_against() {
    let no = usage("train-ai=n");
    let agreed = granted("supplier", [Rule::permit([Action::Train])]);
    let case = |licence: &Signed<Licence>| {
        Case::source([no.clone().into(), licence.clone().into()])
            .rights(&commercial(Action::TrainGenerative))
    };
    permits(&case(&agreed), &[]);
    // As far as it covers the use, and is somebody's who may grant it.
    let research = Rule::permit([Action::Train]).when(Constraint::purpose([Purpose::Research]));
    let research = granted("supplier", [research]);
    let reasons = [
        (Reason::Prohibited, "source", Some(no.id())),
        (Reason::Purpose, "source", Some(research.id())),
    ];
    denies(&case(&research), &reasons);
    let strangers = granted("buyer", [Rule::permit([Action::Train])]);
    denies(&case(&strangers), &reasons[..1]);
}

#[test]
fn case_46_a_value_that_is_no_token_and_a_key_that_is_none_say_nothing() {
    for field in ["train-ai=y, train-ai", "Train-AI=n"] {
        let preference = usage(field);
        let verdict = of_source(&preference, &commercial(Action::TrainGenerative));
        lacks(&verdict, &[(Missing::Licence, "source", Some(preference.id()))]);
    }
    // The first is open, not for it: it takes nothing from a licence and gives nothing.
    let licence = seen("source", "CC0-1.0");
    let case = Case::source([usage("train-ai=y, train-ai").into(), licence.into()]);
    permits(&case.rights(&commercial(Action::TrainGenerative)), &[]);
}

/// Of several texts about one asset silence takes nothing back; one against it decides.
#[test]
fn preferences_about_one_asset_count_together() {
    let (yes, no, silent) = (usage("train-ai=y"), usage("train-ai=n"), usage("search=n"));
    let together = |all: &[&Signed<Preference>]| {
        let case = Case::source(all.iter().map(|one| Statement::from((*one).clone())));
        case.rights(&commercial(Action::TrainGenerative))
    };
    permits(&together(&[&yes]), &[]);
    permits(&together(&[&yes, &silent]), &[]);
    denies(&together(&[&yes, &silent, &no]), &[(Reason::Prohibited, "source", Some(no.id()))]);
}

#[test]
fn a_preference_counts_as_a_collector_saw_it() {
    let no = usage("train-ai=n");
    let licence = seen("source", "CC0-1.0");
    let by_other = sign("trainer", no.payload());
    let case = Case::source([licence.clone().into(), by_other.clone().into()]);
    permits(&case.rights(&commercial(Action::TrainGenerative)), &[]);
    assert_eq!(case.found(FindingCode::SignerNotTrusted), [Node::Statement(by_other.id())]);
    // A court disputes it: then nobody knows what it comes to.
    let dispute = Event::dispute(no.id(), day(12));
    let yes = usage("train-ai=y");
    let case = Case::source([licence.into(), yes.clone().into()]);
    let case = case.recorded("court", &Event::dispute(yes.id(), dispute.effective));
    let verdict = case.rights(&commercial(Action::TrainGenerative));
    lacks(&verdict, &[(Missing::Disputed, "source", Some(yes.id()))]);
}

#[test]
fn case_49_a_wide_prohibition_stands_against_a_narrow_permission() {
    let both = rsl(
        r#"<permits type="usage">ai-train</permits><prohibits type="usage">ai-all</prohibits>"#,
        "",
    );
    for action in [Action::Train, Action::TrainGenerative, Action::TrainNongenerative] {
        let verdict = of_source(&both, &commercial(action));
        denies(&verdict, &[(Reason::Prohibited, "source", Some(both.id()))]);
    }
}

const SERVER: &str = "https://licences.example";

fn purchase() -> Signed<Preference> {
    let inside = r#"<permits type="usage">ai-train</permits><payment type="purchase"><amount currency="USD">1500.00</amount></payment>"#;
    rsl(inside, &format!(r#" server="{SERVER}""#))
}

fn price() -> Duty {
    but(Duty::new(DutyKind::Pay), |duty| {
        duty.payee = Some(SERVER.into());
        duty.terms = Some("purchase, 1500.00 USD".into());
    })
}

#[test]
fn case_51_a_purchase_is_an_unmet_duty_until_there_is_a_receipt() {
    let offer = purchase();
    let train = commercial(Action::Train).party(iss("buyer"));
    let unmet = [(Reason::UnmetDuty, "source", Some(offer.id()))];
    let source = Case::source([offer.clone().into()]);
    denies(&source.rights(&train), &unmet);

    let licensor = datadeed::statement::Issuer::new(SERVER, crate::story::signing_key("server"));
    let receipt = |of: StatementId, duty| {
        Event::fulfilment(of, duty, iss("buyer"), day(11)).sign(&licensor, day(11)).unwrap()
    };
    let listed = |case: Case| {
        let server = Anchor::new(SERVER, crate::story::key("server"), [Role::RightsHolder]);
        let all = case.trust.anchors().cloned().chain([server.scope([SERVER])]);
        Case { trust: TrustStore::new(all), ..case }
    };
    let with = |event: &Signed<Event>| {
        let status = source.status.clone().event(event.clone(), day(11)).unwrap();
        listed(Case { status, ..source.clone() })
    };
    let paid = with(&receipt(offer.id(), price()));
    permits(&paid.rights(&train), &[(DutyKind::Pay, "source", offer.id())]);
    assert_eq!(paid.found(FindingCode::DutyFulfilled), [Node::Statement(offer.id())]);
    // By nobody else, and not before.
    denies(&paid.rights(&train.clone().party(iss("trainer"))), &unmet);
    denies(&paid.rights(&train.clone().at(day(10))), &unmet);
    // For another price it is another duty.
    let cheaper = but(price(), |duty| duty.terms = Some("purchase, 15.00 USD".into()));
    denies(&with(&receipt(offer.id(), cheaper)).rights(&train), &unmet);
    // Whoever the payee names has to be somebody in the trust store.
    let unlisted = Case { trust: everybody(), ..paid };
    denies(&unlisted.rights(&train), &unmet);
    for by in ["buyer", "collector", "court", "supplier"] {
        let receipt = Event::fulfilment(offer.id(), price(), iss("buyer"), day(11));
        denies(&listed(source.clone().recorded(by, &receipt)).rights(&train), &unmet);
    }
}

/// Read again from a page that changed nothing, it is another statement, which nobody paid for.
#[test]
fn a_receipt_serves_the_preference_that_it_names() {
    let offer = purchase();
    let again = observation("https://data.example/again");
    let again = but(offer.payload().clone(), |one| one.observation = again);
    let again = sign("collector", &again);
    let licensor = datadeed::statement::Issuer::new(SERVER, crate::story::signing_key("server"));
    let receipt = Event::fulfilment(offer.id(), price(), iss("buyer"), day(11));
    let receipt = receipt.sign(&licensor, day(11)).unwrap();
    let server = Anchor::new(SERVER, crate::story::key("server"), [Role::RightsHolder]);
    let case = Case::source([offer.into(), again.clone().into()]).with(receipt);
    let trust = TrustStore::new(case.trust.anchors().cloned().chain([server]));
    let verdict = Case { trust, ..case }.rights(&commercial(Action::Train).party(iss("buyer")));
    denies(&verdict, &[(Reason::UnmetDuty, "source", Some(again.id()))]);
}
