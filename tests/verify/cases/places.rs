//! Where data are processed, stored and passed on: by licences, and by the law of personal information.

use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::{
    Constraint, Regime, Registrant, RegistrantKind, RegistrantRole, Registration, Territory,
};
use datadeed::verify::{Bound, Budget};

use super::*;

fn place(code: &str) -> Territory {
    code.parse().unwrap()
}

/// Cleaned by the curator, who says where he did and where he kept the data.
fn cleaned_in(licence: &Signed<Licence>, processed: &[&str], stored: &[&str]) -> Case {
    let mut clean = Activity::new(ActivityKind::Clean)
        .input(manifest("source"), [])
        .output(manifest("corpus"), [])
        .between(day(2), day(2));
    clean.processed_in = processed.iter().map(|code| place(code)).collect();
    clean.stored_in = stored.iter().map(|code| place(code)).collect();
    let clean = clean.sign(&issuer("curator"), day(2)).unwrap();
    let id = clean.id();
    let case = Case::source([licence.clone().into()]).with(clean).seen(id, 2);
    Case { subject: manifest("corpus"), ..case }
}

#[test]
fn a_step_answers_for_every_place_in_which_it_was_taken() {
    let places = [place("CN"), place("SG")];
    let rule = Rule::permit([Action::Derive, Action::DistributeDerived])
        .when(Constraint::processing_in(&places))
        .when(Constraint::storage_in(&places[..1]));
    let licence = granted("supplier", [rule]);
    let outside = [(Reason::Territory, "source", Some(licence.id()))];
    let share = commercial(Action::Distribute);
    let said = |processed: &[&str], stored: &[&str]| {
        cleaned_in(&licence, processed, stored).rights(&share)
    };
    for [processed, stored] in [
        // Of what is left out it was done where the use is intended, in China.
        [&[][..], &[]],
        [&["CN-BJ"], &[]],
        [&["SG"], &[]],
        [&["CN", "SG"], &["CN-BJ", "CN-SH"]],
        [&[], &["CN"]],
    ] {
        permits(&said(processed, stored), &[]);
    }
    for [processed, stored] in [
        [&["US"][..], &["CN"][..]],
        [&["CN", "US"], &[]],
        [&["CN"], &["SG"]],
        [&["CN"], &["CN", "SG"]],
        [&[], &["SG"]],
    ] {
        denies(&said(processed, stored), &outside);
    }
    // Where it was done is the step's to say, where it goes the use's.
    let abroad = but(share.clone(), |ask| ask.distribution = Some(place("US")));
    permits(&cleaned_in(&licence, &["CN"], &["CN"]).rights(&abroad), &[]);
    let kept_abroad = but(share, |ask| ask.storage = Some(place("US")));
    denies(&cleaned_in(&licence, &["CN"], &["CN"]).rights(&kept_abroad), &outside);
}

/// Two steps do the same with the source, each where it says, and somebody goes on where the use is intended.
/// What was processed in one place may have been kept in any other.
#[test]
fn a_step_answers_for_every_place_with_every_other() {
    let both = ["CN", "SG"];
    let share = commercial(Action::Distribute);
    let may = || Rule::permit([Action::Derive, Action::DistributeDerived]);
    let singapore = [place("SG")];
    let never = Rule::prohibit([Action::Derive])
        .when(Constraint::processing_in(&singapore))
        .when(Constraint::storage_in(&singapore));
    let licence = granted("supplier", [may(), never]);
    permits(&cleaned_in(&licence, &both, &["CN"]).rights(&share), &[]);
    permits(&cleaned_in(&licence, &["CN"], &both).rights(&share), &[]);
    let denied = [(Reason::Prohibited, "source", Some(licence.id()))];
    denies(&cleaned_in(&licence, &both, &both).rights(&share), &denied);
    // Nor do a permission to process and one to keep in China make one to do neither there.
    let china = [place("CN")];
    let process = may().when(Constraint::processing_in(&china));
    let keep = may().when(Constraint::storage_in(&china));
    let licence = granted("supplier", [process, keep]);
    permits(&cleaned_in(&licence, &both, &["CN"]).rights(&share), &[]);
    let outside = [(Reason::Territory, "source", Some(licence.id()))];
    denies(&cleaned_in(&licence, &both, &both).rights(&share), &outside);
}

#[test]
fn steps_that_were_taken_in_different_places_answer_each_for_its_own() {
    let rule = Rule::permit([Action::Derive, Action::Reproduce])
        .when(Constraint::processing_in(&[place("CN")]));
    let licence = granted("supplier", [rule]);
    let other = |code: &str| {
        let mut clean = Activity::new(ActivityKind::Clean)
            .input(manifest("source"), [])
            .output(manifest("clean"), [])
            .between(day(2), day(2));
        clean.processed_in = [place(code)].into();
        clean.sign(&issuer("curator"), day(2)).unwrap()
    };
    let both = |codes: [&str; 2]| {
        let case = cleaned_in(&licence, &[codes[0]], &[]);
        let one = other(codes[1]);
        let id = one.id();
        let names = ["corpus", "clean"];
        let case = case.with(one).seen(id, 2);
        case.step("curator", ActivityKind::MergeDerive, &names, "all", 3)
            .rights(&commercial(Action::Reproduce))
    };
    permits(&both(["CN", "CN"]), &[]);
    permits(&both(["CN", "CN-BJ"]), &[]);
    let outside = [(Reason::Territory, "source", Some(licence.id()))];
    denies(&both(["CN", "SG"]), &outside);
    denies(&both(["SG", "CN"]), &outside);
}

/// Anybody can claim any number of steps, each taken elsewhere; beyond some nobody can tell where.
#[test]
fn steps_in_too_many_places_are_in_no_known_one() {
    let rule = Rule::permit([Action::Derive, Action::Reproduce])
        .when(Constraint::processing_in(&[place("CN")]));
    let licence = granted("supplier", [rule]);
    let provinces = ["AH", "BJ", "CQ", "FJ", "GD", "GS", "GX", "GZ", "HA"];
    let in_each = |provinces: &[&str]| {
        let mut case = Case::source([licence.clone().into()]);
        let mut names = Vec::new();
        for province in provinces {
            let mut clean = Activity::new(ActivityKind::Clean)
                .input(manifest("source"), [])
                .output(manifest(province), [])
                .between(day(2), day(2));
            clean.processed_in = [place(&format!("CN-{province}"))].into();
            let clean = clean.sign(&issuer("curator"), day(2)).unwrap();
            let id = clean.id();
            case = case.with(clean).seen(id, 2);
            names.push(*province);
        }
        let case = case.step("curator", ActivityKind::MergeDerive, &names, "all", 3);
        case.rights(&commercial(Action::Reproduce))
    };
    // The last step is where the use is intended.
    permits(&in_each(&provinces[..7]), &[]);
    lacks(&in_each(&provinces), &[(Missing::Territory, "source", Some(licence.id()))]);
}

/// A step in many places has its terms evaluated for each.
#[test]
fn places_are_work_that_the_budget_bounds() {
    let rule = Rule::permit([Action::Derive, Action::DistributeDerived]);
    let licence = granted("supplier", [rule]);
    let many = ["CN", "DE", "FR", "JP", "SG", "US"];
    let verify = |processed: &[&str], stored: &[&str], terms| {
        let case = cleaned_in(&licence, processed, stored);
        let builder = case.statements.iter().cloned();
        let builder =
            builder.fold(LineageProof::builder(case.subject), datadeed::proof::Builder::statement);
        let proof = builder.build().unwrap().to_bytes();
        let budget = Budget { terms, ..Budget::default() };
        let verifier = Verifier::new(&case.trust, day(20)).known_events(&case.status);
        verifier.budget(budget).verify(&proof, case.subject).map_err(|rejection| rejection.bound)
    };
    let least = (0..1_000).find(|terms| verify(&[], &[], *terms).is_ok()).unwrap();
    assert!(least > 0);
    for (processed, stored, times) in
        [(&many[..1], &many[..1], 1), (&many, &many[..1], 6), (&many, &many, 36)]
    {
        assert!(verify(processed, stored, least * times).is_ok());
        let refused = verify(processed, stored, least * times - 1).map(|_| ());
        assert_eq!(refused, Err(Some(Bound::Terms)), "{times}");
    }
}

fn dataset(personal: Option<bool>) -> Dataset {
    let dataset = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    but(dataset, |one| one.personal_information = personal)
}

fn registration(change: impl FnOnce(&mut Registration)) -> Signed<Registration> {
    let (party, person, role) =
        (iss("supplier"), RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let who = Registrant::new(party, "Supplier", person, role);
    let registration = Registration::new(manifest("source"), "Source", [who], day(0), day(300));
    but(registration, change).sign(&issuer("registrar"), day(0)).unwrap()
}

/// Public data that somebody says are important.
fn important() -> (Case, StatementId) {
    let registered = registration(|one| {
        (one.personal_information, one.important_data) = (Some(false), Some(true));
    });
    let id = registered.id();
    let all = Rule::permit([Action::Use, Action::Sublicense, Action::Transfer]);
    (Case::source([granted("supplier", [all]).into(), registered.into()]), id)
}

#[test]
fn what_goes_abroad_needs_a_record_of_its_provision_there() {
    let (case, says) = important();
    let ask = |code: &str| commercial(Action::Train).regime(Regime::China).territory(place(code));
    let lacking = [(Missing::CrossBorder, "source", Some(says))];
    permits(&case.rights(&ask("CN-SH")), &[]);
    lacks(&case.rights(&ask("SG")), &lacking);
    // Nobody else's law was asked.
    permits(&case.rights(&commercial(Action::Train).territory(place("SG"))), &[]);
    let provided = |into: &str, on: u64| Event::cross_border(says, [place(into)], day(on));
    let with = |event: &Event| case.clone().recorded("registrar", event);
    permits(&with(&provided("SG", 3)).rights(&ask("SG")), &[]);
    // Elsewhere, later than the act, or by the word of somebody else.
    lacks(&with(&provided("MY", 3)).rights(&ask("SG")), &lacking);
    lacks(&with(&provided("SG", 12)).rights(&ask("SG").at(day(11))), &lacking);
    let stranger = case.clone().recorded("trainer", &provided("SG", 3));
    lacks(&stranger.rights(&ask("SG")), &lacking);
}

/// Each of the three places counts for the acts that it is about.
#[test]
fn every_place_abroad_needs_a_record() {
    let (case, says) = important();
    let lacking = [(Missing::CrossBorder, "source", Some(says))];
    let ask = |action| commercial(action).regime(Regime::China);
    let sg = Some(place("SG"));
    let stored = |ask: Use| but(ask, |ask| ask.storage = sg);
    let processed = |ask: Use| but(ask, |ask| ask.processing = sg);
    let distributed = |ask: Use| but(ask, |ask| ask.distribution = sg);
    for action in [Action::Train, Action::Distribute, Action::Use] {
        lacks(&case.rights(&stored(ask(action))), &lacking);
    }
    lacks(&case.rights(&processed(ask(Action::Train))), &lacking);
    permits(&case.rights(&processed(ask(Action::Distribute))), &[]);
    permits(&case.rights(&distributed(ask(Action::Train))), &[]);
    lacks(&case.rights(&distributed(ask(Action::Distribute))), &lacking);
    // Any use is all uses.
    lacks(&case.rights(&processed(ask(Action::Use))), &lacking);
    lacks(&case.rights(&distributed(ask(Action::Use))), &lacking);
}

/// What a step leaves out of where it was taken was done where the use is intended.
#[test]
fn a_step_that_says_where_it_processed_does_not_say_where_it_stored() {
    let (case, says) = important();
    let mut clean = Activity::new(ActivityKind::Clean)
        .input(manifest("source"), [])
        .output(manifest("corpus"), [])
        .between(day(2), day(2));
    clean.processed_in = [place("CN")].into();
    let clean = clean.sign(&issuer("curator"), day(2)).unwrap();
    let id = clean.id();
    let case = Case { subject: manifest("corpus"), ..case.with(clean).seen(id, 2) };
    let said = but(Dataset::new(manifest("corpus"), "Corpus", ScanMethod::Full), |one| {
        one.personal_information = Some(false);
    });
    let case = case.with(sign("curator", &said));
    let ask = commercial(Action::Train).regime(Regime::China);
    permits(&case.rights(&ask), &[]);
    let stored = but(ask, |ask| ask.storage = Some(place("SG")));
    lacks(&case.rights(&stored), &[(Missing::CrossBorder, "source", Some(says))]);
}

#[test]
fn that_no_personal_information_is_in_it_counts_while_somebody_stands_by_it() {
    let train = commercial(Action::Train).regime(Regime::China);
    let free = || Case::source([seen("source", "CC0-1.0").into()]);
    let unsaid = [(Missing::PersonalInformation, "source", None)];
    lacks(&free().rights(&train), &unsaid);
    let says_no = sign("collector", &dataset(Some(false)));
    permits(&free().with(says_no.clone()).rights(&train), &[]);
    let taken_back = crate::story::revocation(says_no.id(), day(12));
    let case = free().with(says_no).recorded("collector", &taken_back);
    lacks(&case.rights(&train), &unsaid);
    let no = |one: &mut Registration| one.personal_information = Some(false);
    permits(&free().with(registration(no)).rights(&train), &[]);
    let ended =
        registration(|one| (one.personal_information, one.valid_until) = (Some(false), day(9)));
    lacks(&free().with(ended).rights(&train), &unsaid);
    let struck_off = registration(no);
    let cancelled = crate::story::revocation(struck_off.id(), day(12));
    let case = free().with(struck_off).recorded("registrar", &cancelled);
    lacks(&case.rights(&train), &unsaid);
    // That it is in, somebody said once for all.
    let says_yes = sign("collector", &dataset(Some(true)));
    let (id, taken_back) = (says_yes.id(), crate::story::revocation(says_yes.id(), day(12)));
    let case = free().with(says_yes).recorded("collector", &taken_back);
    denies(&case.rights(&train), &[(Reason::Consent, "source", Some(id))]);
}
