//! From when events count, and which acts they reach.

use datadeed::proof::Statement;
use datadeed::verify::TimeSource;

use super::*;

/// The source under a licence that was revoked with effect from one day and recorded on another.
fn revoked(effective: u64, on: u64) -> Story {
    let licence = revocable("supplier", 1);
    let event = signed("supplier", &revocation(licence.id(), day(effective)), 10);
    let mut story = Story::licensed([licence.clone().into()]);
    recorded(&mut story, &event, on);
    seen(&mut story, licence.id(), 1);
    story
}

/// Every step, as the caller saw them.
fn steps_seen(story: &mut Story, on: u64) {
    for statement in story.statements.clone() {
        if matches!(statement, Statement::Activity(_)) {
            seen(story, statement.id(), on);
        }
    }
}

#[test]
fn a_revocation_that_the_prover_leaves_out_denies() {
    let mut story = revoked(4, 4);
    denied(&story.verdict(), Reason::Revoked, "source");
    story.status = Some(Status::new(day(20)));
    permitted(&story.verdict());
    // Whoever has no status does not get that far.
    story.status = None;
    unknown(&story.verdict(), Missing::Status, "source");
}

#[test]
fn training_that_is_dated_back_before_a_revocation_is_not_believed() {
    // It claims day 5; the revocation is of day 8.
    let mut story = revoked(8, 8);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
    let lineage = story.verify().unwrap();
    assert_eq!(lineage.proven_by(story.train), day(20));
    // Seen on the very day it is late, seen before it is not.
    steps_seen(&mut story, 8);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
    steps_seen(&mut story, 7);
    // What is left is whether the model, sold on day 20, outlives the grant.
    unknown(&story.verdict(), Missing::Survival, "source");
}

#[test]
fn an_event_reaches_back_no_further_than_it_is_proven_to_exist() {
    // Stated for day 4, recorded on day 8: the training of day 5 was seen on day 7.
    let mut story = revoked(4, 8);
    steps_seen(&mut story, 7);
    unknown(&story.verdict(), Missing::Survival, "source");
    // Nor by a clause of the licence: its terms cannot say more than that it is revocable.
    let mut stated = revoked(4, 4);
    steps_seen(&mut stated, 7);
    denied(&stated.verdict(), Reason::Revoked, "source");
}

#[test]
fn an_event_in_the_proof_alone_counts_from_now() {
    let licence = revocable("supplier", 1);
    let event = signed("supplier", &revocation(licence.id(), day(4)), 4);
    let mut story = Story::licensed([licence.clone().into(), event.into()]);
    seen(&mut story, licence.id(), 1);
    steps_seen(&mut story, 7);
    // Sold on day 20 it is late, sold on day 19 it was not.
    unknown(&story.verdict(), Missing::Survival, "source");
    permitted(&story.verify().unwrap().rights(&sell().at(day(19))));
}

#[test]
fn what_is_revoked_from_a_later_day_counts_until_then() {
    let licence = but(revocable("supplier", 1).payload().clone(), |l| l.survives = Some(false));
    let licence = licence.sign(&issuer("supplier"), day(1)).unwrap();
    let event = signed("supplier", &revocation(licence.id(), day(21)), 10);
    let mut story = Story::licensed([licence.clone().into()]);
    recorded(&mut story, &event, 12);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventPending), [Node::Statement(licence.id())]);
    assert_eq!(found(&story, FindingCode::StatementRevoked), []);
    let lineage = story.verify().unwrap();
    assert_eq!(lineage.ended_at(licence.id()), Some(day(21)));
    denied(&lineage.rights(&sell().at(day(21))), Reason::Revoked, "source");
    let before = datadeed::Timestamp::from_seconds(day(21).seconds() - 1).unwrap();
    permitted(&lineage.rights(&sell().at(before)));
    let page = datadeed::report::Report::new(&lineage);
    let page = page.html(datadeed::report::Language::English);
    assert!(page.contains("event-pending") && page.contains("will end"), "{page}");
}

/// The licence claims day 1 and covers training on day 5; the caller saw it on day 7.
#[test]
fn a_revoked_licence_covers_nothing_from_before_it_is_proven_to_exist() {
    let licence = revocable("supplier", 1);
    let event = signed("supplier", &revocation(licence.id(), day(15)), 15);
    let mut story = Story::licensed([licence.clone().into()]);
    steps_seen(&mut story, 6);
    // Nothing adverse: it counts from its claimed time.
    permitted(&story.verdict());
    recorded(&mut story, &event, 15);
    let ask = sell().at(day(14));
    seen(&mut story, licence.id(), 7);
    unknown(&story.verify().unwrap().rights(&ask), Missing::ActTimeUnproven, "source");
    seen(&mut story, licence.id(), 2);
    permitted(&story.verify().unwrap().rights(&ask));
}

#[test]
fn claimed_and_proven_times_stand_side_by_side() {
    let mut story = Story::default();
    let train = story.train;
    let proof = |story: &Story| {
        let proof = story.verify().unwrap().proof_of_time(train);
        (proof.by, proof.source)
    };
    assert_eq!(proof(&story), (day(20), TimeSource::Verification));
    seen(&mut story, train, 12);
    seen(&mut story, train, 11);
    seen(&mut story, train, 13);
    assert_eq!(proof(&story), (day(11), TimeSource::CallerRecord));
    let lineage = story.verify().unwrap();
    let report = datadeed::report::Report::new(&lineage).ask("sell", sell());
    let json = report.json();
    let (claimed, proven) = (day(10).to_string(), day(11).to_string());
    for part in [
        format!("\"issued_at\": \"{claimed}\""),
        format!("\"started\": \"{}\"", day(5)),
        format!("\"proven_by\": \"{proven}\",\n      \"proven_how\": \"caller-record\""),
    ] {
        assert!(json.contains(&part), "{part}");
    }
    let (english, chinese) =
        (datadeed::report::Language::English, datadeed::report::Language::Chinese);
    let text = report.markdown(english);
    for part in ["Claimed, not proven", "as the verifier recorded", "what the signer says"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(report.markdown(chinese).contains("声称时间（未经证明）"));
    assert!(report.text(english).contains("Claimed, not proven"));
}
