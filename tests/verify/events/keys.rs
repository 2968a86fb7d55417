//! Revoked keys.

use datadeed::key::{Signer, SigningKey};
use datadeed::lineage::Activity;
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration, Transferee};
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};

use super::*;

fn key_revocation(of: &str, effective: u64) -> Event {
    Event::key_revocation(key(of).id(), day(effective))
}

/// What `name`'s key signed counts only if it is proven to be from before day 15.
fn revoked(story: &mut Story, name: &str) {
    recorded(story, &signed(name, &key_revocation(name, 15), 15), 15);
}

fn all_seen(story: &mut Story, on: u64) {
    for statement in story.statements.clone() {
        seen(story, statement.id(), on);
    }
}

#[test]
fn what_a_revoked_key_signed_counts_only_if_proven_to_be_from_before() {
    for (name, at) in [("trainer", "weights"), ("curator", "corpus"), ("collector", "source")] {
        let mut story = Story::default();
        revoked(&mut story, name);
        unknown(&story.verdict(), Missing::ActTimeUnproven, at);
        assert_eq!(found(&story, FindingCode::KeyRevoked), [Node::Key(key(name).id())]);
        let signed_by = |story: &Story| {
            let by = |one: &&Statement| one.header().key == key(name).id();
            story.statements.iter().filter(by).count()
        };
        let without = |story: &Story| found(story, FindingCode::SignedByRevokedKey).len();
        assert_eq!(without(&story), signed_by(&story));
        let lineage = story.verify().unwrap();
        let is_believed =
            |one: &&Statement| one.header().key == key(name).id() && lineage.is_believed(one.id());
        assert_eq!(story.statements.iter().filter(is_believed).count(), 0);
        all_seen(&mut story, 15);
        unknown(&story.verdict(), Missing::ActTimeUnproven, at);
        all_seen(&mut story, 14);
        permitted(&story.verdict());
        assert_eq!(without(&story), 0);
    }
}

#[test]
fn a_key_that_is_revoked_from_a_later_day_counts_for_what_is_there_by_then() {
    let mut story = Story::default();
    recorded(&mut story, &signed("trainer", &key_revocation("trainer", 21), 12), 12);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventPending), [Node::Key(key("trainer").id())]);
}

#[test]
fn a_key_revocation_reaches_back_no_further_than_it_is_proven_to_exist() {
    let mut story = Story::default();
    recorded(&mut story, &signed("trainer", &key_revocation("trainer", 3), 15), 15);
    all_seen(&mut story, 14);
    permitted(&story.verdict());
}

/// Nobody has to know whose a key is to believe that it revokes itself.
#[test]
fn a_key_of_nobody_known_revokes_itself() {
    let train = Activity::train().input(manifest("corpus"), []).output(manifest("weights"), []);
    let mut story = Story::default().with(sign("stranger", &train));
    story.extra_keys.push(key("stranger"));
    recorded(&mut story, &signed("stranger", &key_revocation("stranger", 15), 15), 15);
    assert_eq!(found(&story, FindingCode::KeyRevoked), [Node::Key(key("stranger").id())]);
}

/// A date after the end is believed, whenever somebody says that he saw it.
#[test]
fn what_claims_to_be_signed_after_the_revocation_vouches_for_nothing() {
    let mut story = Story::default();
    recorded(&mut story, &signed("trainer", &key_revocation("trainer", 10), 10), 10);
    all_seen(&mut story, 9);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");
}

#[test]
fn a_licence_of_a_revoked_key_grants_nothing() {
    for licence in [granted("supplier", 10), revocable("supplier", 10)] {
        let mut story = Story::licensed([licence.clone().into()]);
        revoked(&mut story, "supplier");
        unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
        assert!(!story.verify().unwrap().is_believed(licence.id()));
        seen(&mut story, licence.id(), 14);
        permitted(&story.verdict());
        assert!(story.verify().unwrap().is_believed(licence.id()));
    }
}

/// A revoked key's word is not denied either: what it observed may be true.
#[test]
fn a_prohibition_of_a_revoked_key_is_unknown() {
    let licence = sign("collector", &observed(manifest("source"), "CC-BY-NC-4.0"));
    let mut story = Story::licensed([licence.into()]);
    denied(&story.verdict(), Reason::Purpose, "source");
    revoked(&mut story, "collector");
    unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
}

/// An identity with two keys, the second of which revokes the first.
fn two_keys() -> (Story, SigningKey) {
    let second = SigningKey::from_seed(&[77; 32]);
    let mut story = Story::default();
    let iss = "did:web:trainer.example";
    let more = Anchor::new(iss, second.public_key(), [Role::Trainer]);
    let anchors = trust();
    story.trust = TrustStore::new(anchors.anchors().cloned().chain([more]));
    (story, second)
}

#[test]
fn a_key_is_revoked_by_itself_by_another_of_its_identity_or_by_a_court() {
    let event = key_revocation("trainer", 15);
    let (mut story, second) = two_keys();
    let by = Issuer::new("did:web:trainer.example", second);
    recorded(&mut story, &event.sign(&by, day(15)).unwrap(), 15);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");

    for (scope, binds) in [("any", true), ("key:", true), ("manifest:", false)] {
        let mut story = Story::default();
        let court = anchor("court", &[Role::Court]).scope([scope]);
        let anchors = trust();
        story.trust = TrustStore::new(anchors.anchors().cloned().chain([court]));
        recorded(&mut story, &signed("court", &event, 15), 15);
        if binds {
            unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");
        } else {
            permitted(&story.verdict());
        }
    }
}

#[test]
fn nobody_else_revokes_a_key() {
    let event = key_revocation("trainer", 15);
    for name in ["supplier", "registrar", "curator", "stranger"] {
        let mut story = Story::default();
        recorded(&mut story, &signed(name, &event, 15), 15);
        permitted(&story.verdict());
        let code = match name {
            // Nobody knows his key.
            "stranger" => FindingCode::EventUnverifiable,
            _ => FindingCode::EventWithoutEffect,
        };
        assert_eq!(found(&story, code), [Node::Key(key("trainer").id())], "{name}");
    }
    // Whoever calls himself by the name of an issuer that is in no trust store does not speak for his keys.
    let mallory = SigningKey::from_seed(&[66; 32]);
    let train = Activity::train().input(manifest("corpus"), []).output(manifest("weights"), []);
    let train = sign("stranger", &train);
    let mut story = Story::default().with(train);
    story.extra_keys.push(key("stranger"));
    let by = Issuer::new("did:web:stranger.example", &mallory);
    let event = key_revocation("stranger", 15).sign(&by, day(15)).unwrap();
    let mut both = Story::default().with(event);
    both.statements.extend(story.statements.last().cloned());
    both.extra_keys.extend([key("stranger"), mallory.public_key()]);
    assert_eq!(found(&both, FindingCode::EventWithoutEffect), [Node::Key(key("stranger").id())]);
    assert_eq!(found(&both, FindingCode::KeyRevoked), []);
}

#[test]
fn a_key_revocation_stands_in_a_proof_if_the_key_signed_something_there() {
    let event = signed("trainer", &key_revocation("trainer", 3), 10);
    let story = Story::default().with(event.clone());
    // It is proven to exist from day 20 on alone, and so is everything else.
    unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");
    let lineage = story.verify().unwrap();
    assert!(lineage.statement(event.id()).is_some());
    // What the trainer did not sign does without it, and pruning knows.
    let pruned = lineage.proof().prune(manifest("corpus")).unwrap();
    assert!(pruned.statements().iter().all(|one| one.id() != event.id()));
    let other = signed("registrar", &key_revocation("registrar", 3), 10);
    let mut builder = LineageProof::builder(manifest("weights"));
    for statement in story.statements {
        builder = builder.statement(statement);
    }
    let fault = builder.statement(other.clone()).build().unwrap_err();
    assert_eq!(fault, datadeed::proof::ProofError::UnreachableStatement { id: other.id() });
}

/// Whoever has a lost key can still do harm with it, and no good.
mod doubtful_events {
    use super::*;

    fn registered(claimant: &str, after: Option<&Signed<Registration>>) -> Signed<Registration> {
        let iss = format!("did:web:{claimant}.example");
        let kind = RegistrantKind::LegalPerson;
        let who = Registrant::new(iss, claimant, kind, RegistrantRole::Holder);
        let mut one = Registration::new(manifest("source"), "Source", [who], day(3), day(300));
        if let Some(after) = after {
            (one.seq, one.prev) = (1, Some(after.id()));
        }
        sign("registrar", &one)
    }

    /// Both registrations and the licence were seen in time; the registrar's key is revoked from day 15 on.
    fn story(rival: bool) -> (Story, Vec<Signed<Registration>>) {
        let mine = registered("trainer", None);
        let mut registrations = vec![mine.clone()];
        if rival {
            registrations.push(registered("supplier", Some(&mine)));
        }
        let licence = granted("trainer", 10);
        let statements = registrations.iter().cloned().map(Statement::from);
        let mut story = Story::licensed(statements.chain([licence.clone().into()]));
        for id in registrations.iter().map(Signed::id).chain([licence.id()]) {
            seen(&mut story, id, 11);
        }
        let anchors = trust();
        let court = anchor("court", &[Role::Court]);
        story.trust = TrustStore::new(anchors.anchors().cloned().chain([court]));
        (story, registrations)
    }

    #[test]
    fn a_revocation_by_a_lost_key_counts() {
        let licence = revocable("supplier", 1);
        let mut story = Story::licensed([licence.clone().into()]);
        seen(&mut story, licence.id(), 2);
        revoked(&mut story, "supplier");
        permitted(&story.verdict());
        let late = signed("supplier", &revocation(licence.id(), day(4)), 4);
        recorded(&mut story, &late, 16);
        assert_eq!(story.verdict().word(), "unknown");
        assert_eq!(found(&story, FindingCode::StatementRevoked), [Node::Statement(licence.id())]);
    }

    /// The licence is of day 17, after the rival's title is said to have ended or to be the trainer's.
    #[test]
    fn a_lost_key_takes_no_rivals_title_away() {
        let cancelled = |of| Event::cancellation(of, day(4));
        let given = |of| Event::transfer(of, [Transferee::new("did:web:trainer.example")], day(4));
        let events: [&dyn Fn(StatementId) -> Event; 2] = [&cancelled, &given];
        for event in events {
            let verdict = |on: u64| {
                let (mut story, registrations) = story(true);
                story.statements.retain(|one| {
                    one.as_licence()
                        .is_none_or(|licence| licence.payload().manifest != manifest("source"))
                });
                story.statements.push(granted("trainer", 17).into());
                seen(&mut story, granted("trainer", 17).id(), 17);
                unknown(&story.verdict(), Missing::Disputed, "source");
                let event = signed("registrar", &event(registrations[1].id()), 4);
                recorded(&mut story, &event, on);
                revoked(&mut story, "registrar");
                story.verdict()
            };
            // In time it does.
            permitted(&verdict(14));
            unknown(&verdict(16), Missing::Disputed, "source");
        }
    }

    #[test]
    fn a_rivals_title_by_a_lost_key_stands_against_others() {
        let (mut story, registrations) = story(true);
        revoked(&mut story, "registrar");
        unknown(&story.verdict(), Missing::Disputed, "source");
        // The same registrations, of which nobody saw the rival's in time.
        let status = Status::new(day(20)).seen(registrations[0].id(), day(11)).unwrap();
        story.status = Some(status.seen(granted("trainer", 10).id(), day(11)).unwrap());
        revoked(&mut story, "registrar");
        unknown(&story.verdict(), Missing::Disputed, "source");
    }

    #[test]
    fn a_title_by_a_lost_key_gives_no_standing() {
        let (mut story, registrations) = story(false);
        revoked(&mut story, "registrar");
        permitted(&story.verdict());
        let licence = granted("trainer", 10);
        let status = Status::new(day(20)).seen(licence.id(), day(11)).unwrap();
        story.status = Some(status.seen(registrations[0].id(), day(15)).unwrap());
        revoked(&mut story, "registrar");
        unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
    }

    #[test]
    fn a_transfer_by_a_lost_key_takes_a_title_and_gives_none() {
        let verdict = |name: &str, on: u64, revoke: bool| {
            let registration = registered("trainer", None);
            let licence = granted(name, 10);
            let statements = [registration.clone().into(), licence.clone().into()];
            let mut story = Story::licensed(statements);
            seen(&mut story, registration.id(), 11);
            seen(&mut story, licence.id(), 11);
            let to = [Transferee::new("did:web:collector.example")];
            let event = Event::transfer(registration.id(), to, day(4));
            recorded(&mut story, &signed("registrar", &event, 4), on);
            if revoke {
                revoked(&mut story, "registrar");
            }
            story.verdict()
        };
        permitted(&verdict("collector", 4, true));
        permitted(&verdict("collector", 16, false));
        unknown(&verdict("collector", 16, true), Missing::ActTimeUnproven, "source");
        unknown(&verdict("trainer", 4, true), Missing::Standing, "source");
        // Recorded on day 16, it takes the title from then on, whoever signed it.
        permitted(&verdict("trainer", 16, true));
    }

    #[test]
    fn a_lost_key_settles_no_dispute() {
        let verdict = |on: u64| {
            let (mut story, registrations) = story(false);
            let dispute = signed("court", &Event::dispute(registrations[0].id(), day(12)), 12);
            recorded(&mut story, &dispute, 12);
            let settlement = signed("court", &Event::settlement(dispute.id(), day(13)), 13);
            recorded(&mut story, &settlement, on);
            revoked(&mut story, "court");
            story.verdict()
        };
        permitted(&verdict(14));
        unknown(&verdict(15), Missing::Disputed, "source");
    }

    /// The prover leaves the key revocation out, and the event in which it is.
    #[test]
    fn a_key_revoked_in_the_status_by_a_key_known_from_the_proof_counts() {
        let mut story = Story::default();
        revoked(&mut story, "trainer");
        story.statements.push(signed("trainer", &key_revocation("trainer", 15), 15).into());
        unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");
    }
}
