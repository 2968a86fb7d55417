//! What delegates say, and what becomes of it when their delegation ends.

use std::collections::BTreeSet;

use datadeed::lineage::Activity;
use datadeed::rights::{Action, Rule};
use datadeed::statement::{Issuer, Payload};
use datadeed::trust::{Delegation, Mandate, Role, TrustStore};
use datadeed::verify::{StaleStatus, Verifier};

use super::*;

const LAB: &str = "did:web:lab.example";

/// The trainer lets a lab train for him, as of day 4.
fn delegation() -> Signed<Delegation> {
    given(Mandate::new([Role::Trainer]))
}

fn given(mandate: Mandate) -> Signed<Delegation> {
    Delegation::new(LAB, key("lab"), mandate).sign(&issuer("trainer"), day(4)).unwrap()
}

/// The story in which the lab signs the training on day 10.
fn by_the_lab(delegation: &Signed<Delegation>) -> Story {
    let mut story = Story::default();
    let at = story.statements.iter().position(|one| one.id() == story.train).unwrap();
    let train: Activity = story.statements[at].as_activity().unwrap().payload().clone();
    let signed = train.sign(&Issuer::new(LAB, signing_key("lab")), day(10)).unwrap();
    story.train = signed.id();
    story.statements[at] = signed.into();
    story.with(delegation.clone())
}

fn taken_back(delegation: &Signed<Delegation>, effective: u64) -> Event {
    revocation(delegation.id(), day(effective))
}

#[test]
fn a_delegate_is_believed_as_far_as_his_mandate_goes() {
    let story = by_the_lab(&delegation());
    permitted(&story.verdict());
    assert!(story.verify().unwrap().is_believed(story.train));
    for narrow in [
        Mandate::new([Role::Trainer]).between(day(4), day(10)),
        Mandate::new([Role::Trainer]).between(day(11), day(300)),
        Mandate::new([Role::Trainer]).scope([manifest("corpus").to_string()]),
        Mandate::new([Role::Curator]),
    ] {
        unknown(&by_the_lab(&given(narrow)).verdict(), Missing::Trust, "weights");
    }
    // Without the delegation he is nobody.
    let mut alone = story;
    alone.statements.retain(|one| one.as_delegation().is_none());
    alone.extra_keys.push(key("lab"));
    unknown(&alone.verdict(), Missing::Trust, "weights");
}

/// Whoever relies on a delegate relies on nobody having taken the delegation back.
#[test]
fn what_a_delegate_says_needs_a_fresh_status() {
    let mut story = by_the_lab(&delegation());
    story.status = None;
    unknown(&story.verdict(), Missing::Status, "weights");
    let bold = Verifier::new(&story.trust, day(20)).stale_status(StaleStatus::Accept);
    let lineage = bold.verify(&story.proof(), manifest("weights")).unwrap();
    let Verdict::Permit { stale_status_relied_on, .. } = lineage.rights(&sell()) else { panic!() };
    assert_eq!(stale_status_relied_on, [story.train].into());
    story.status = Some(Status::new(day(18)));
    unknown(&story.verdict(), Missing::Status, "weights");
    story.status = Some(Status::new(day(19)));
    permitted(&story.verdict());
}

/// A trainer who may delegate could name his delegate after a licensee.
#[test]
fn the_name_of_a_licensee_is_not_a_delegates_to_have() {
    let licence = but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
        l.licensees = [LAB.to_owned(), "did:web:curator.example".to_owned()].into();
    });
    let mut story = Story::licensed([sign("supplier", &licence).into()]);
    let at = story.statements.iter().position(|one| one.id() == story.train).unwrap();
    let train: Activity = story.statements[at].as_activity().unwrap().payload().clone();
    let train = train.input(manifest("source"), []);
    let signed = train.sign(&Issuer::new(LAB, signing_key("lab")), day(10)).unwrap();
    story.train = signed.id();
    story.statements[at] = signed.into();
    let mut story = story.with(delegation());
    let ask = sell();
    let verdict = |story: &Story| story.verify().unwrap().rights(&ask);
    assert_eq!(verdict(&story).word(), "unknown", "{}", verdict(&story));
    // Where the trust store has the name, it is his.
    let lab = datadeed::trust::Anchor::new(LAB, key("lab"), [Role::Trainer]);
    let anchors = story.trust.anchors().cloned().chain([lab]).collect::<Vec<_>>();
    story.trust = TrustStore::new(anchors);
    story.statements.pop();
    permitted(&verdict(&story));
}

/// Whoever asks for a named party means that party, and a delegator names his delegate as he likes.
#[test]
fn the_name_of_a_maker_is_not_a_delegates_to_have() {
    let mut story = by_the_lab(&delegation());
    let sells = |story: &Story| story.verify().unwrap().rights(&sell().party(LAB));
    unknown(&sells(&story), Missing::Licence, "weights");
    // Nor is what the delegate grants to others for the party to disregard.
    let others = Licence::granted(manifest("weights"), [Rule::permit([Action::Evaluate])]);
    let others = others.sign(&Issuer::new(LAB, signing_key("lab")), day(10)).unwrap();
    story.statements.push(others.into());
    unknown(&sells(&story), Missing::Trust, "weights");
    // Where the trust store has the name, it is his.
    let lab = datadeed::trust::Anchor::new(LAB, key("lab"), [Role::Trainer]);
    let anchors = story.trust.anchors().cloned().chain([lab]).collect::<Vec<_>>();
    story.trust = TrustStore::new(anchors);
    story.statements.retain(|one| one.as_delegation().is_none());
    permitted(&sells(&story));
}

/// Two organisations with one name stay two, though one delegator named both.
#[test]
fn what_passes_between_two_keys_of_a_lent_name_needs_a_licence() {
    let verdict = |trains: &str| {
        let mut story = Story::default();
        let group = anchor("group", &[Role::Curator, Role::Trainer]);
        story.trust = TrustStore::new(trust().anchors().cloned().chain([group]));
        let by = |name: &str| Issuer::new(LAB, signing_key(name));
        let activity = |at: usize| story.statements[at].as_activity().unwrap().payload().clone();
        let clean = activity(2).sign(&by("lab"), day(10)).unwrap();
        let mut train = activity(4);
        train.inputs = Activity::train().input(manifest("corpus"), [clean.id()]).inputs;
        let train = train.sign(&by(trains), day(10)).unwrap();
        story.train = train.id();
        (story.statements[2], story.statements[4]) = (clean.into(), train.into());
        // Nobody grants anything in the corpus.
        story.statements.remove(3);
        for name in BTreeSet::from(["lab", trains]) {
            let mandate = Mandate::new([Role::Curator, Role::Trainer]);
            let mut delegation = Delegation::new(LAB, key(name), mandate);
            delegation.depth = 0;
            story = story.with(delegation.sign(&issuer("group"), day(1)).unwrap());
        }
        story.verdict()
    };
    permitted(&verdict("lab"));
    unknown(&verdict("other"), Missing::Licence, "corpus");
}

/// Guide threats: Fact left out, Backdating.
///
/// The prover leaves the end of the delegation out, and the delegate dates back.
#[test]
fn a_late_delegate_is_not_believed() {
    let delegation = delegation();
    let mut story = by_the_lab(&delegation);
    recorded(&mut story, &signed("trainer", &taken_back(&delegation, 8), 8), 12);
    unknown(&story.verdict(), Missing::Trust, "weights");
    // Neither by what is proven to be from the day it ended on, nor where the delegation itself
    // could have been made up since.
    let train = story.train;
    seen(&mut story, train, 12);
    seen(&mut story, delegation.id(), 9);
    unknown(&story.verdict(), Missing::Trust, "weights");
    let mut unproven = by_the_lab(&delegation);
    recorded(&mut unproven, &signed("trainer", &taken_back(&delegation, 8), 8), 12);
    let train = unproven.train;
    seen(&mut unproven, train, 11);
    unknown(&unproven.verdict(), Missing::Trust, "weights");
    // What was there before counts. An end is never retroactive by whoever declares it.
    seen(&mut unproven, delegation.id(), 9);
    permitted(&unproven.verdict());
}

/// The delegate's training is of day 10 and was seen in time; the delegation was first seen on a day.
#[test]
fn a_delegation_that_was_taken_back_covers_nothing_from_before_it_was_seen() {
    for (on, covers) in [(10, true), (11, false), (16, false)] {
        let delegation = delegation();
        let mut story = by_the_lab(&delegation);
        recorded(&mut story, &signed("trainer", &taken_back(&delegation, 15), 15), 15);
        let train = story.train;
        seen(&mut story, train, 12);
        seen(&mut story, delegation.id(), on);
        if covers {
            permitted(&story.verdict());
        } else {
            unknown(&story.verdict(), Missing::Trust, "weights");
        }
    }
}

#[test]
fn a_revocation_that_is_to_come_ends_no_delegation_yet() {
    let delegation = delegation();
    let mut story = by_the_lab(&delegation);
    recorded(&mut story, &signed("trainer", &taken_back(&delegation, 25), 15), 15);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventPending), [Node::Statement(delegation.id())]);
}

#[test]
fn after_its_term_a_delegation_covers_what_is_proven_to_be_from_before() {
    let mut story = by_the_lab(&given(Mandate::new([Role::Trainer]).between(day(4), day(12))));
    unknown(&story.verdict(), Missing::Trust, "weights");
    let train = story.train;
    seen(&mut story, train, 12);
    unknown(&story.verdict(), Missing::Trust, "weights");
    seen(&mut story, train, 11);
    permitted(&story.verdict());
}

#[test]
fn a_delegation_is_its_issuers_to_take_back() {
    let delegation = delegation();
    for name in ["curator", "registrar", "supplier"] {
        let mut story = by_the_lab(&delegation);
        recorded(&mut story, &signed(name, &taken_back(&delegation, 8), 8), 12);
        permitted(&story.verdict());
        let without = found(&story, FindingCode::EventWithoutEffect);
        assert_eq!(without, [Node::Statement(delegation.id())]);
    }
}

/// Guide threats: Rollback.
///
/// Every link of a chain is held against the same rules.
#[test]
fn a_chain_ends_with_any_of_its_links() {
    let first =
        Delegation::new("did:web:group.example", key("group"), Mandate::new([Role::Trainer]));
    let deeper = but(first, |one| one.depth = 1);
    let first = deeper.sign(&issuer("trainer"), day(3)).unwrap();
    let second = Delegation::new(LAB, key("lab"), Mandate::new([Role::Trainer]));
    let second = second.sign(&Issuer::new("did:web:group.example", signing_key("group")), day(4));
    let second = second.unwrap();
    let story = || by_the_lab(&second).with(first.clone());
    permitted(&story().verdict());
    for (by, of) in [("trainer", &first), ("group", &second)] {
        let mut story = story();
        let event = taken_back(of, 8)
            .sign(&Issuer::new(format!("did:web:{by}.example"), signing_key(by)), day(8));
        recorded(&mut story, &event.unwrap(), 12);
        unknown(&story.verdict(), Missing::Trust, "weights");
    }
    let mut shallow = first.payload().clone();
    shallow.depth = 0;
    let shallow = shallow.sign(&issuer("trainer"), day(3)).unwrap();
    unknown(&by_the_lab(&second).with(shallow).verdict(), Missing::Trust, "weights");
}

/// A key is lost; what its holder gave before goes on, and what a thief gives does not.
#[test]
fn a_delegation_by_a_lost_key_counts_if_it_is_proven_to_be_from_before() {
    let delegation = delegation();
    let mut story = by_the_lab(&delegation);
    let lost = Event::key_revocation(key("trainer").id(), day(8));
    recorded(&mut story, &signed("trainer", &lost, 8), 8);
    unknown(&story.verdict(), Missing::Trust, "weights");
    seen(&mut story, delegation.id(), 8);
    unknown(&story.verdict(), Missing::Trust, "weights");
    seen(&mut story, delegation.id(), 7);
    permitted(&story.verdict());
}

#[test]
fn two_delegations_of_one_number_give_nothing() {
    let one = delegation();
    let other = given(Mandate::new([Role::Trainer]).between(day(1), day(300)));
    let story = by_the_lab(&one).with(other);
    unknown(&story.verdict(), Missing::Trust, "weights");
    assert_eq!(found(&story, FindingCode::SequenceConflict).len(), 1);
}

/// A licence by a delegate of the rights holder counts like his own, with a fresh status.
#[test]
fn a_delegate_grants_what_his_principal_could() {
    let agent = Issuer::new("did:web:agent.example", signing_key("agent"));
    let by_holder = |of: &str| {
        let scope = Mandate::new([Role::RightsHolder]).scope([manifest(of).to_string()]);
        let delegation = Delegation::new("did:web:agent.example", key("agent"), scope);
        delegation.sign(&issuer("supplier"), day(1)).unwrap()
    };
    let licence = but(negotiated(manifest("source")), |l| l.from = Some(day(1)));
    let licence = licence.sign(&agent, day(10)).unwrap();
    let story = |of: &str| Story::licensed([licence.clone().into()]).with(by_holder(of));
    unknown(&story("corpus").verdict(), Missing::Trust, "source");
    let (mut story, by_holder) = (story("source"), by_holder("source"));
    permitted(&story.verdict());
    recorded(&mut story, &signed("supplier", &revocation(by_holder.id(), day(8)), 8), 12);
    unknown(&story.verdict(), Missing::Trust, "source");
    story.status = None;
    unknown(&story.verdict(), Missing::Status, "source");
}
