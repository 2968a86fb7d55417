//! Registrations that replace others: a record counts as the event that says the same.

use datadeed::proof::Statement;
use datadeed::rights::{
    Registrant, RegistrantKind, RegistrantRole, Registration, RegistrationKind,
};
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};

use super::*;

fn claims(names: &[&str], from: u64) -> Registration {
    let who = names.iter().map(|name| {
        let iss = format!("did:web:{name}.example");
        Registrant::new(iss, *name, RegistrantKind::LegalPerson, RegistrantRole::Holder)
    });
    Registration::new(manifest("source"), "Source", who, day(from), day(300))
}

fn registered(names: &[&str]) -> Signed<Registration> {
    claims(names, 0).sign(&issuer("registrar"), day(0)).unwrap()
}

/// The record of day 8 that replaces a registration.
fn record(
    by: &str,
    of: &Signed<Registration>,
    kind: RegistrationKind,
    names: &[&str],
) -> Signed<Registration> {
    let record = but(claims(names, 8), |one| {
        (one.kind, one.supersedes) = (kind, Some(of.id()));
        if by == "registrar" {
            (one.seq, one.prev) = (1, Some(of.id()));
        }
    });
    record.sign(&issuer(by), day(8)).unwrap()
}

/// A licence by `name` of a day, proven to be of `seen`; curators hold no rights in the source themselves.
fn story((name, on, proven): (&str, u64, u64), registrations: &[&Signed<Registration>]) -> Story {
    let licence = granted(name, on);
    let registrations = registrations.iter().map(|one| Statement::from((*one).clone()));
    let mut story = Story::licensed(registrations.chain([licence.clone().into()]));
    let others = trust();
    let others = others.anchors().filter(|one| one.iss != issuer("curator").iss()).cloned();
    let cleans = anchor("curator", &[Role::Curator]);
    let corpus = anchor("curator", &[Role::RightsHolder]).scope([manifest("corpus").to_string()]);
    story.trust = TrustStore::new(others.chain([cleans, corpus]));
    seen(&mut story, licence.id(), proven);
    story
}

fn replaced(story: &mut Story, record: &Signed<Registration>, on: u64) {
    seen(story, record.id(), on);
}

const ENDS: [RegistrationKind; 2] = [RegistrationKind::Cancellation, RegistrationKind::Revocation];
const CHANGES: [RegistrationKind; 5] = [
    RegistrationKind::Change,
    RegistrationKind::Correction,
    RegistrationKind::Initial,
    RegistrationKind::Renewal,
    RegistrationKind::Transfer,
];

#[test]
fn a_record_of_cancellation_ends_the_title_as_the_event_does() {
    let first = registered(&["trainer"]);
    for kind in ENDS {
        let record = record("registrar", &first, kind, &["trainer"]);
        let verdict = |on: u64, proven: u64| {
            let mut story = story(("trainer", on, proven), &[&first, &record]);
            replaced(&mut story, &record, 9);
            let node = Node::Statement(first.id());
            assert_eq!(found(&story, FindingCode::StatementRevoked), [node]);
            assert_eq!(story.verify().unwrap().ended_at(first.id()), Some(day(9)));
            story.verdict()
        };
        permitted(&verdict(7, 8));
        // It is proven to exist on day 9, and counts from then.
        unknown(&verdict(7, 9), Missing::ActTimeUnproven, "source");
        unknown(&verdict(9, 9), Missing::Standing, "source");
    }
}

#[test]
fn a_record_of_change_takes_the_title_of_whoever_it_does_not_name() {
    let first = registered(&["trainer", "curator"]);
    for kind in CHANGES {
        let record = record("registrar", &first, kind, &["curator"]);
        let verdict = |name: &str, on: u64, proven: u64| {
            let mut story = story((name, on, proven), &[&first, &record]);
            replaced(&mut story, &record, 8);
            story.verdict()
        };
        permitted(&verdict("trainer", 7, 7));
        // Which of the two titles there was by then nobody can tell.
        unknown(&verdict("trainer", 7, 9), Missing::Disputed, "source");
        unknown(&verdict("trainer", 8, 9), Missing::Standing, "source");
        permitted(&verdict("curator", 7, 7));
        permitted(&verdict("curator", 8, 9));
    }
}

/// Nobody has to prove that he granted a licence before his title was renewed.
#[test]
fn whoever_a_record_names_again_holds_his_title_all_the_time() {
    let first = registered(&["trainer"]);
    for kind in CHANGES {
        let record = record("registrar", &first, kind, &["trainer"]);
        for (on, proven) in [(7, 7), (7, 20), (8, 20), (12, 20)] {
            permitted(&story(("trainer", on, proven), &[&first, &record]).verdict());
        }
        let story = story(("trainer", 7, 20), &[&first, &record]);
        let code = match kind {
            RegistrationKind::Transfer => FindingCode::TitleTransferred,
            _ => FindingCode::RegistrationReplaced,
        };
        assert_eq!(found(&story, code), [Node::Statement(first.id())]);
    }
}

#[test]
fn a_record_of_transfer_gives_the_title_to_whom_it_names() {
    let first = registered(&["trainer"]);
    let record = record("registrar", &first, RegistrationKind::Transfer, &["curator"]);
    let verdict = |name: &str, on: u64, proven: u64| {
        let mut story = story((name, on, proven), &[&first, &record]);
        replaced(&mut story, &record, 8);
        story.verdict()
    };
    permitted(&verdict("curator", 8, 12));
    unknown(&verdict("curator", 7, 12), Missing::Disputed, "source");
    unknown(&verdict("trainer", 9, 12), Missing::Standing, "source");
    permitted(&verdict("trainer", 7, 7));
}

/// What happens to the record in force happens to the title, whatever the one before it said.
#[test]
fn a_title_that_was_renewed_ends_with_its_renewal() {
    let first = registered(&["trainer"]);
    let renewal = record("registrar", &first, RegistrationKind::Renewal, &["trainer"]);
    let to = [datadeed::rights::Transferee::new(issuer("curator").iss())];
    let third = |kind, names: &[&str]| {
        let third = but(claims(names, 12), |one| {
            (one.kind, one.supersedes) = (kind, Some(renewal.id()));
            (one.seq, one.prev) = (2, Some(renewal.id()));
        });
        third.sign(&issuer("registrar"), day(12)).unwrap()
    };
    let by_event = |name: &str, on: u64, event: &Event| {
        let mut story = story((name, on, on), &[&first, &renewal]);
        replaced(&mut story, &renewal, 9);
        recorded(&mut story, &signed("registrar", event, 12), 12);
        story.verdict()
    };
    let by_record = |name: &str, on: u64, record: &Signed<Registration>| {
        let mut story = story((name, on, on), &[&first, &renewal, record]);
        replaced(&mut story, &renewal, 9);
        replaced(&mut story, record, 12);
        story.verdict()
    };
    let ended = Event::cancellation(renewal.id(), day(12));
    let moved = Event::transfer(renewal.id(), to, day(12));
    for event in [&ended, &moved] {
        permitted(&by_event("trainer", 11, event));
        unknown(&by_event("trainer", 13, event), Missing::Standing, "source");
    }
    permitted(&by_event("curator", 13, &moved));
    for kind in ENDS {
        let ended = third(kind, &["trainer"]);
        permitted(&by_record("trainer", 11, &ended));
        unknown(&by_record("trainer", 13, &ended), Missing::Standing, "source");
    }
    for kind in CHANGES {
        let moved = third(kind, &["curator"]);
        permitted(&by_record("trainer", 11, &moved));
        unknown(&by_record("trainer", 13, &moved), Missing::Standing, "source");
        permitted(&by_record("curator", 13, &moved));
    }
}

/// A record of another dataset leaves nobody a title of this one, least of all beside a rival.
#[test]
fn whoever_a_record_of_another_dataset_names_goes_on_with_that_one() {
    let first = registered(&["trainer"]);
    let theirs = but(claims(&["supplier"], 0), |one| {
        (one.seq, one.prev) = (1, Some(first.id()));
    });
    let theirs = theirs.sign(&issuer("registrar"), day(0)).unwrap();
    for kind in CHANGES {
        let record = but(claims(&["trainer"], 8), |one| {
            one.manifest = manifest("corpus");
            (one.kind, one.supersedes) = (kind, Some(first.id()));
        });
        let record = record.sign(&issuer("registrar"), day(8)).unwrap();
        let verdict = |registrations: &[&Signed<Registration>]| {
            let mut story = story(("trainer", 10, 12), registrations);
            replaced(&mut story, &record, 9);
            story.verdict()
        };
        unknown(&verdict(&[&first, &theirs]), Missing::Disputed, "source");
        assert!(!verdict(&[&first, &theirs, &record]).is_permit());
        unknown(&verdict(&[&first, &record]), Missing::Standing, "source");
    }
}

/// As long as nobody saw it, the record may have been made up since.
#[test]
fn a_record_is_not_dated_back_against_a_title() {
    let first = registered(&["trainer"]);
    let record = record("registrar", &first, RegistrationKind::Cancellation, &["trainer"]);
    let mut story = story(("trainer", 10, 14), &[&first, &record]);
    replaced(&mut story, &record, 15);
    permitted(&story.verdict());
}

#[test]
fn a_record_ends_no_registration_of_another_registrar() {
    let first = registered(&["trainer"]);
    for kind in ENDS.into_iter().chain(CHANGES) {
        let record = record("second", &first, kind, &["supplier"]);
        let mut story = story(("trainer", 10, 12), &[&first, &record]);
        let second = anchor("second", &[Role::Registrar]);
        story.trust = TrustStore::new(story.trust.anchors().cloned().chain([second]));
        let node = Node::Statement(first.id());
        assert_eq!(found(&story, FindingCode::RecordWithoutEffect), [node]);
        if ENDS.contains(&kind) {
            permitted(&story.verdict());
        } else {
            // Two titles stand against each other.
            unknown(&story.verdict(), Missing::Disputed, "source");
        }
    }
}

/// A transfer of day 8 that nobody saw before day 12 counts from its date until a record ends the title.
#[test]
fn a_record_bears_on_how_the_title_that_it_ends_came_about() {
    let first = registered(&["trainer"]);
    let to = [datadeed::rights::Transferee::new(issuer("curator").iss())];
    let transfer = signed("registrar", &Event::transfer(first.id(), to, day(8)), 8);
    let record = record("registrar", &first, RegistrationKind::Cancellation, &["curator"]);
    for (on, ended, permits) in [(10, false, true), (10, true, false), (12, true, true)] {
        let registrations = [&first, &record];
        let mut story = story(("curator", on, 13), &registrations[..if ended { 2 } else { 1 }]);
        story.statements.push(transfer.clone().into());
        seen(&mut story, transfer.id(), 12);
        if ended {
            replaced(&mut story, &record, 15);
        }
        if permits {
            permitted(&story.verdict());
        } else {
            unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
        }
    }
}

/// A record by a lost key takes a title away, and none of a rival's.
#[test]
fn a_record_by_a_lost_key_does_harm_and_no_good() {
    let verdict = |rival: bool, lost: bool| {
        let mine = claims(&["trainer"], 0);
        let theirs = but(claims(&["supplier"], 0), |one| one.seq = 1);
        let mine = mine.sign(&issuer("registrar"), day(0)).unwrap();
        let theirs = but(theirs, |one| one.prev = Some(mine.id()));
        let theirs = theirs.sign(&issuer("registrar"), day(0)).unwrap();
        let ended = if rival { &theirs } else { &mine };
        let record = but(claims(&["trainer"], 8), |one| {
            (one.kind, one.supersedes) = (RegistrationKind::Cancellation, Some(ended.id()));
            (one.seq, one.prev) = (2, Some(theirs.id()));
        });
        let record = record.sign(&issuer("registrar"), day(8)).unwrap();
        let mut story = story(("trainer", 17, 17), &[&mine, &theirs, &record]);
        for id in [mine.id(), theirs.id()] {
            seen(&mut story, id, 2);
        }
        seen(&mut story, record.id(), 16);
        if lost {
            let lost = Event::key_revocation(key("registrar").id(), day(15));
            recorded(&mut story, &signed("registrar", &lost, 15), 15);
        }
        story.verdict()
    };
    permitted(&verdict(true, false));
    unknown(&verdict(true, true), Missing::Disputed, "source");
    unknown(&verdict(false, false), Missing::Standing, "source");
    // In doubt it stands against the rival as well.
    unknown(&verdict(false, true), Missing::Disputed, "source");
}

/// One of a registrar's keys that is believed elsewhere alone takes a title away, and none of a rival's.
#[test]
fn a_record_of_another_dataset_does_harm_and_no_good() {
    let verdict = |rival: bool, scope: &str| {
        let mine = registered(&["trainer"]);
        let theirs = but(claims(&["supplier"], 0), |one| {
            (one.seq, one.prev) = (1, Some(mine.id()));
        });
        let theirs = theirs.sign(&issuer("registrar"), day(0)).unwrap();
        let ended = if rival { &theirs } else { &mine };
        let record = but(claims(&["supplier"], 8), |one| {
            one.manifest = manifest("corpus");
            (one.kind, one.supersedes) = (RegistrationKind::Cancellation, Some(ended.id()));
        });
        let branch = Issuer::new(issuer("registrar").iss(), signing_key("branch"));
        let record = record.sign(&branch, day(8)).unwrap();
        let mut story = story(("trainer", 17, 17), &[&mine, &theirs, &record]);
        let branch = Anchor::new(branch.iss(), key("branch"), [Role::Registrar]);
        let branch = branch.scope([scope.to_owned()]);
        story.trust = TrustStore::new(story.trust.anchors().cloned().chain([branch]));
        seen(&mut story, record.id(), 9);
        story.verdict()
    };
    permitted(&verdict(true, "manifest:"));
    unknown(&verdict(true, &manifest("corpus").to_string()), Missing::Disputed, "source");
    unknown(&verdict(false, &manifest("corpus").to_string()), Missing::Disputed, "source");
}

#[test]
fn a_record_that_ends_a_title_says_which() {
    for kind in ENDS {
        let nothing = but(claims(&["trainer"], 8), |one| one.kind = kind);
        let error = nothing.check().unwrap_err();
        let fault = "must name what a cancellation or revocation ends";
        assert_eq!((error.field, error.fault), ("supersedes", fault));
    }
}
