//! What happens to a batch, and to the statements for which it stands.

use datadeed::batch::Members;
use datadeed::proof::{LineageProof, Statement};
use datadeed::statement::Payload;
use proptest::prelude::*;

use super::*;

/// What happens to a batch happens to everything for which it stands.
#[test]
fn a_batch_that_is_taken_back_takes_its_members_with_it() {
    let story = Story::default();
    let train = story.statements.iter().find(|one| one.id() == story.train).unwrap();
    let train = train.as_activity().unwrap().payload();
    let train = train.unsigned(&issuer("trainer"), day(10)).unwrap();
    let members = Members::new([train.id()]);
    let batch = sign("trainer", &members.batch().unwrap());
    let rest = story.statements.iter().filter(|one| one.id() != train.id()).cloned();
    let proof = LineageProof::builder(manifest("weights"))
        .statements(rest)
        .statement(Statement::from(train))
        .batch(batch.clone(), &members)
        .build()
        .unwrap()
        .to_bytes();
    let verdict = |story: &Story| story.verify_bytes(&proof).unwrap().rights(&sell());
    permitted(&verdict(&Story::default()));
    let mut story = Story::default();
    recorded(&mut story, &signed("trainer", &revocation(batch.id(), day(12)), 12), 12);
    unknown(&verdict(&story), Missing::Withdrawn, "weights");
    // By anybody else it is nothing.
    let mut story = Story::default();
    recorded(&mut story, &signed("curator", &revocation(batch.id(), day(12)), 12), 12);
    permitted(&verdict(&story));
}

/// The collector's dataset and its collection in one batch.
fn collected_in_a_batch() -> (Vec<u8>, StatementId, Vec<StatementId>) {
    let (proof, batches, ids) = collected_in_batches(&[(10, 0)]);
    (proof, batches[0], ids)
}

/// The same in several batches, each of a day; whatever else one has in it gives it another id.
fn collected_in_batches(batches: &[(u64, u8)]) -> (Vec<u8>, Vec<StatementId>, Vec<StatementId>) {
    let story = Story::default();
    let mine = |one: &&Statement| {
        one.header().issuer == issuer("collector").iss() && one.as_licence().is_none()
    };
    let unsigned = |one: &Statement| {
        let bytes = one.as_bytes();
        Statement::decode(&[&bytes[..bytes.len() - 66], &[0x40]].concat()).unwrap()
    };
    let part: Vec<Statement> = story.statements.iter().filter(mine).map(unsigned).collect();
    let ids: Vec<StatementId> = part.iter().map(Statement::id).collect();
    assert_eq!(ids.len(), 2);
    let rest = story.statements.iter().filter(|one| !ids.contains(&one.id())).cloned();
    let mut proof = LineageProof::builder(manifest("weights")).statements(rest).statements(part);
    let mut batch_ids = Vec::new();
    for (on, salt) in batches {
        let other = StatementId::from_bytes([*salt; 32]);
        let members = Members::new(ids.iter().copied().chain([other]));
        let batch = members.batch().unwrap().sign(&issuer("collector"), day(*on)).unwrap();
        batch_ids.push(batch.id());
        proof = proof.batch(batch, &members);
    }
    (proof.build().unwrap().to_bytes(), batch_ids, ids)
}

#[test]
fn a_dispute_about_a_batch_is_one_about_each_member_until_it_is_settled() {
    let (proof, batch, ids) = collected_in_a_batch();
    let dispute = signed("registrar", &Event::dispute(batch, day(12)), 12);
    let mut story = Story::default();
    recorded(&mut story, &dispute, 12);
    let verdict = |story: &Story| story.verify_bytes(&proof).unwrap().rights(&sell());
    let Verdict::Unknown { missing } = verdict(&story) else { panic!("{}", verdict(&story)) };
    let mut disputed: Vec<StatementId> = missing.iter().filter_map(|one| one.statement).collect();
    disputed.sort_unstable();
    let mut ids = ids;
    ids.sort_unstable();
    assert_eq!(disputed, ids);
    assert!(missing.iter().all(|one| one.code == Missing::Disputed));
    recorded(&mut story, &signed("registrar", &Event::settlement(dispute.id(), day(14)), 14), 14);
    permitted(&verdict(&story));
}

#[test]
fn an_event_about_a_batch_that_is_missing_makes_the_status_stale_for_its_members() {
    let (proof, batch, _) = collected_in_a_batch();
    let mut story = Story::default();
    let later = but(revocation(batch, day(21)), |event| {
        event.seq = 1;
        event.prev = Some(StatementId::from_bytes([9; 32]));
    });
    recorded(&mut story, &signed("collector", &later, 12), 12);
    let verdict = story.verify_bytes(&proof).unwrap().rights(&sell());
    unknown(&verdict, Missing::Status, "source");
}

/// The verdict on what is in these batches, each signed on a day and seen on a day, after the collector's
/// key was revoked from day 13 on.
fn with_a_lost_key(batches: &[(u64, u8, Option<u64>)], members_seen: Option<u64>) -> Verdict {
    let signed_on: Vec<(u64, u8)> = batches.iter().map(|(on, salt, _)| (*on, *salt)).collect();
    let (proof, ids, members) = collected_in_batches(&signed_on);
    let mut story = Story::default();
    let licences = story.statements.iter().filter_map(Statement::as_licence).map(Signed::id);
    let licences: Vec<StatementId> = licences.collect();
    for id in licences {
        seen(&mut story, id, 11);
    }
    for (id, (_, _, on)) in ids.iter().zip(batches) {
        if let Some(on) = on {
            seen(&mut story, *id, *on);
        }
    }
    if let Some(on) = members_seen {
        for id in members {
            seen(&mut story, id, on);
        }
    }
    let lost = Event::key_revocation(key("collector").id(), day(13));
    recorded(&mut story, &signed("collector", &lost, 13), 13);
    story.verify_bytes(&proof).unwrap().rights(&sell())
}

/// That somebody saw a statement before does not make up for the only signature under it.
#[test]
fn a_batch_by_a_lost_key_stands_for_nothing_whenever_its_members_were_seen() {
    permitted(&with_a_lost_key(&[(10, 0, Some(12))], Some(12)));
    unknown(&with_a_lost_key(&[(10, 0, Some(13))], Some(12)), Missing::ActTimeUnproven, "source");
    unknown(&with_a_lost_key(&[(10, 0, None)], Some(12)), Missing::ActTimeUnproven, "source");
    unknown(&with_a_lost_key(&[(13, 0, Some(12))], Some(12)), Missing::ActTimeUnproven, "source");
    // One good batch is enough.
    permitted(&with_a_lost_key(&[(10, 0, Some(12)), (14, 1, None)], Some(12)));
}

/// A batch names its members: whoever saw it in time knows that they were there.
#[test]
fn a_batch_that_was_seen_proves_the_time_of_its_members() {
    permitted(&with_a_lost_key(&[(10, 0, Some(12))], None));
    unknown(&with_a_lost_key(&[(10, 0, Some(13))], None), Missing::ActTimeUnproven, "source");
    // A batch that is not in the proof proves nothing here.
    let (proof, batches, ids) = collected_in_batches(&[(10, 0)]);
    let mut story = Story::default();
    for on in [14, 12, 13] {
        seen(&mut story, batches[0], on);
    }
    let lineage = story.verify_bytes(&proof).unwrap();
    assert!(ids.iter().all(|id| lineage.proven_by(*id) == day(12)));
    let mut story = Story::default();
    seen(&mut story, StatementId::from_bytes([9; 32]), 12);
    let lineage = story.verify_bytes(&proof).unwrap();
    assert!(ids.iter().all(|id| lineage.proven_by(*id) == day(20)));
}

fn batch() -> impl Strategy<Value = (u64, u8, Option<u64>)> {
    (10..16_u64, any::<u8>(), proptest::option::of(10..16_u64))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Ids decide on every order in a proof and whoever signs can choose them: none changes an answer.
    #[test]
    fn members_count_by_one_good_batch_in_any_order(
        mut batches in proptest::collection::vec(batch(), 1..4),
        members_seen in proptest::option::of(10..16_u64),
        salts in Just([1_u8, 2, 3]).prop_shuffle(),
    ) {
        for ((_, salt, _), other) in batches.iter_mut().zip(salts) {
            *salt = other;
        }
        let good = |(on, _, seen): &(u64, u8, Option<u64>)| {
            *on < 13 && seen.is_some_and(|seen| seen < 13)
        };
        let by_batch = batches.iter().filter_map(|(_, _, seen)| *seen).min();
        let proven = members_seen.into_iter().chain(by_batch).min();
        let counts = proven.is_some_and(|seen| seen < 13) && batches.iter().any(good);
        prop_assert_eq!(with_a_lost_key(&batches, members_seen).is_permit(), counts);
        batches.reverse();
        prop_assert_eq!(with_a_lost_key(&batches, members_seen).is_permit(), counts);
    }
}
