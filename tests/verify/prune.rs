//! Pruning keeps what one output needs: no less, no more.

use std::collections::BTreeSet;

use datadeed::id::{ManifestId, StatementId, Subject};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, ProofError, Statement};
use datadeed::rights::{
    Action, Event, Licence, Reason, Registrant, RegistrantKind, RegistrantRole, Registration, Use,
    Verdict,
};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{VerifiedLineage, Verifier};
use proptest::prelude::*;
use proptest::sample::Index;

use super::story::*;

/// The last one is in no trust store.
const PARTIES: [&str; 3] = ["alice", "bob", "stranger"];

/// One step of a random story, in choices that every story so far can follow.
#[derive(Clone, Debug)]
struct Step {
    by: Index,
    inputs: Vec<Index>,
    /// An output that was there before, and new ones.
    again: Option<Index>,
    new: usize,
    undisclosed: bool,
    /// Of each output in turn: described, licensed by whom, registered.
    said: Vec<(bool, Option<Index>, bool)>,
    /// What is taken back, by whom, and whether twice.
    revoked: Vec<(Index, Index, bool)>,
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let said = (any::<bool>(), proptest::option::of(index()), any::<bool>());
    (
        (index(), prop::collection::vec(index(), 0..3), proptest::option::weighted(0.2, index())),
        (1..3_usize, prop::bool::weighted(0.1)),
        prop::collection::vec(said, 2),
        prop::collection::vec((index(), index(), any::<bool>()), 0..2),
    )
        .prop_map(|((by, inputs, again), (new, undisclosed), said, revoked)| Step {
            by,
            inputs,
            again,
            new,
            undisclosed,
            said,
            revoked,
        })
}

/// A model that was trained on everything the steps left, so that everything is in its proof.
#[derive(Default)]
struct Graph {
    manifests: Vec<ManifestId>,
    statements: Vec<Statement>,
}

impl Graph {
    fn of(steps: &[Step]) -> Self {
        let mut graph = Self::default();
        for step in steps {
            graph.take(step);
        }
        let mut train = Activity::train();
        for input in &graph.manifests {
            train = train.input(*input, graph.vouchers(*input));
        }
        if graph.manifests.is_empty() {
            train = train.undisclosed_inputs();
        }
        graph.statements.push(sign("alice", &train.output(weights(), [])).into());
        graph
    }

    fn take(&mut self, step: &Step) {
        let by = PARTIES[step.by.index(PARTIES.len())];
        let some = |choice: &Index| self.manifests.get(choice.index(self.manifests.len().max(1)));
        let inputs: BTreeSet<ManifestId> = step.inputs.iter().filter_map(some).copied().collect();
        let kind = if inputs.is_empty() { ActivityKind::Collect } else { ActivityKind::Clean };
        let mut outputs: Vec<ManifestId> = step.again.iter().filter_map(some).copied().collect();
        for number in 0..step.new {
            outputs.push(manifest(&format!("{}-{number}", self.statements.len())));
        }
        let mut activity = Activity::new(kind);
        if step.undisclosed {
            activity = activity.undisclosed_inputs();
        }
        for input in inputs {
            activity = activity.input(input, self.vouchers(input));
        }
        for (output, (described, licensed, registered)) in outputs.iter().zip(&step.said) {
            let mut vouchers = Vec::new();
            if *described {
                let dataset = sign(by, &Dataset::new(*output, "Title", ScanMethod::Full));
                vouchers.push(dataset.id());
                self.statements.push(dataset.into());
            }
            if let Some(licensor) = licensed {
                self.license(PARTIES[licensor.index(PARTIES.len())], *output);
            }
            if *registered {
                self.statements.push(sign("bob", &registration(*output)).into());
            }
            activity = activity.output(*output, vouchers);
        }
        self.statements.push(sign(by, &activity).into());
        self.manifests.extend(outputs);
        self.manifests.sort_unstable();
        self.manifests.dedup();
        for (target, by, twice) in &step.revoked {
            let target = self.statements[target.index(self.statements.len())].id();
            let by = PARTIES[by.index(PARTIES.len())];
            let first = sign(by, &revocation(target, day(7)));
            if *twice {
                let again = but(revocation(target, day(8)), |event| {
                    (event.seq, event.prev) = (1, Some(first.id()));
                });
                self.statements.push(sign(by, &again).into());
            }
            self.statements.push(first.into());
        }
    }

    /// A licence, and one after it that refers to it.
    fn license(&mut self, by: &str, of: ManifestId) {
        let first = sign(by, &observed(of, "MIT"));
        let later = but(Licence::granted_spdx(of, "CC-BY-4.0"), |licence| {
            (licence.seq, licence.prev) = (1, Some(first.id()));
        });
        self.statements.push(sign(by, &later).into());
        self.statements.push(first.into());
    }

    fn vouchers(&self, of: ManifestId) -> Vec<StatementId> {
        let vouches = |statement: &&Statement| match statement {
            Statement::Activity(activity) => activity.payload().generated().any(|id| id == of),
            Statement::Dataset(dataset) => dataset.payload().manifest == of,
            _ => false,
        };
        self.statements.iter().filter(vouches).map(Statement::id).collect()
    }

    fn proof(&self) -> LineageProof {
        proof(weights(), &self.statements)
    }
}

fn weights() -> ManifestId {
    manifest("weights")
}

fn registration(of: ManifestId) -> Registration {
    let (legal, holder) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let registrant = Registrant::new("did:web:alice.example", "Alice", legal, holder);
    Registration::new(of, "Object", [registrant], day(3), day(300))
}

fn proof(subject: ManifestId, statements: &[Statement]) -> LineageProof {
    let builder = LineageProof::builder(subject).statements(statements.iter().cloned());
    // The trust store has the keys of all others.
    let stranger = key("stranger");
    let used = statements.iter().any(|statement| statement.header().key == stranger.id());
    if used { builder.key(stranger) } else { builder }.build().unwrap()
}

fn references(statement: &Statement) -> Vec<StatementId> {
    match statement {
        Statement::Activity(one) => one.payload().vouchers().map(|(_, id)| id).collect(),
        Statement::Dataset(one) => one.payload().prev.into_iter().collect(),
        Statement::Event(one) => {
            [target(one.payload())].into_iter().chain(one.payload().prev).collect()
        }
        Statement::Licence(one) => one.payload().prev.into_iter().collect(),
        Statement::Registration(one) => one.payload().prev.into_iter().collect(),
        _ => unreachable!("no other kinds yet"),
    }
}

fn target(event: &Event) -> StatementId {
    let Subject::Statement(id) = event.target else { unreachable!("events are about statements") };
    id
}

fn about(statement: &Statement) -> Vec<ManifestId> {
    match statement {
        Statement::Activity(one) => one.payload().generated().collect(),
        Statement::Dataset(one) => vec![one.payload().manifest],
        Statement::Licence(one) => vec![one.payload().manifest],
        Statement::Registration(one) => vec![one.payload().manifest],
        _ => Vec::new(),
    }
}

/// The oracle: whatever any statement adds is added, until nothing is.
fn needed(statements: &[Statement], output: ManifestId) -> Vec<Statement> {
    let (mut manifests, mut kept) = (BTreeSet::from([output]), BTreeSet::new());
    loop {
        let before = (manifests.len(), kept.len());
        for statement in statements {
            let aimed =
                statement.as_event().is_some_and(|one| kept.contains(&target(one.payload())));
            if aimed || about(statement).iter().any(|manifest| manifests.contains(manifest)) {
                kept.insert(statement.id());
            }
            if kept.contains(&statement.id()) {
                kept.extend(references(statement));
                manifests
                    .extend(statement.as_activity().iter().flat_map(|one| one.payload().used()));
            }
        }
        if (manifests.len(), kept.len()) == before {
            break;
        }
    }
    statements.iter().filter(|statement| kept.contains(&statement.id())).cloned().collect()
}

fn verify(proof: &LineageProof) -> VerifiedLineage {
    let roles = [Role::Collector, Role::Curator, Role::Registrar, Role::Trainer];
    let anchor = |name: &str| Anchor::new(format!("did:web:{name}.example"), key(name), roles);
    let trust = TrustStore::new([anchor("alice"), anchor("bob")]);
    let mut status = Status::new(day(20));
    // The caller knows that everything was taken back that anybody may take back.
    for statement in proof.statements() {
        let issuer = statement.header().issuer.as_str();
        let name = PARTIES.iter().find(|name| issuer.contains(*name)).unwrap();
        let event =
            but(revocation(statement.id(), day(9)), |event| event.reason = Some("all".into()));
        status = status.event(sign(name, &event), day(15)).unwrap();
    }
    let verifier = Verifier::new(&trust, day(20)).known_events(&status);
    verifier.verify(&proof.to_bytes(), proof.subject()).unwrap()
}

fn uses() -> [Use; 3] {
    [Action::Train, Action::Distribute, Action::DistributeModel]
        .map(|action| Use::new(action).at(day(20)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_pruned_proof_is_the_one_made_for_its_output(
        steps in prop::collection::vec(step(), 0..6),
        choice in any::<Index>(),
    ) {
        let graph = Graph::of(&steps);
        let whole = graph.proof();
        prop_assert_eq!(&whole.prune(weights()).unwrap(), &whole, "of its own subject it is all");

        let all: Vec<ManifestId> = graph.manifests.iter().copied().chain([weights()]).collect();
        let output = *choice.get(&all);
        let pruned = whole.prune(output).unwrap();
        prop_assert_eq!(pruned.subject(), output);
        prop_assert_eq!(&pruned, &proof(output, &needed(&graph.statements, output)));
        prop_assert_eq!(&pruned.prune(output).unwrap(), &pruned, "idempotent");

        let bytes = pruned.to_bytes();
        prop_assert!(bytes.len() <= whole.to_bytes().len());
        prop_assert_eq!(&LineageProof::decode(&bytes).unwrap(), &pruned);

        let fresh = verify(&proof(output, &needed(&graph.statements, output)));
        let lineage = verify(&pruned);
        prop_assert_eq!(lineage.findings(), fresh.findings());
        for ask in uses() {
            prop_assert_eq!(lineage.rights(&ask), fresh.rights(&ask));
        }
    }

    #[test]
    fn nothing_that_was_left_out_fits_again(
        steps in prop::collection::vec(step(), 1..5),
        choice in any::<Index>(),
    ) {
        let whole = Graph::of(&steps).proof();
        let output = *choice.get(&Graph::of(&steps).manifests);
        let pruned = whole.prune(output).unwrap();
        for statement in whole.statements() {
            if pruned.statements().contains(statement) {
                continue;
            }
            let id = statement.id();
            let with = LineageProof::builder(output).join(&pruned).statement(statement.clone());
            match with.build() {
                Err(ProofError::UnreachableStatement { id: at }) => prop_assert_eq!(at, id),
                Err(ProofError::MissingStatement { by, .. }) => prop_assert_eq!(by, id),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn pruned_inputs_and_the_last_step_are_the_whole_again(
        steps in prop::collection::vec(step(), 1..5),
    ) {
        let graph = Graph::of(&steps);
        let whole = graph.proof();
        let mut builder = LineageProof::builder(weights());
        for input in &graph.manifests {
            builder = builder.join(&whole.prune(*input).unwrap());
        }
        let last = whole.statements().iter().filter(|one| about(one).contains(&weights()));
        prop_assert_eq!(builder.statements(last.cloned()).build(), Ok(whole));
    }

    #[test]
    fn on_the_way_pruning_twice_is_pruning_to_the_second(
        steps in prop::collection::vec(step(), 1..5),
        choices in any::<(Index, Index)>(),
    ) {
        let graph = Graph::of(&steps);
        let whole = graph.proof();
        let between = whole.prune(*choices.0.get(&graph.manifests)).unwrap();
        let output = *choices.1.get(&graph.manifests);
        if verify(&between).manifests().any(|on_the_way| on_the_way == output) {
            prop_assert_eq!(between.prune(output), whole.prune(output));
        }
    }
}

#[test]
fn a_revocation_stays_with_what_it_revokes() {
    let grant = but(negotiated(manifest("source")), |licence| {
        (licence.from, licence.revocable) = (Some(day(1)), true);
    });
    let grant = sign("supplier", &grant);
    let event = sign("supplier", &revocation(grant.id(), day(11)));
    let story = Story::licensed([grant.into()]).with(event.clone());
    let proof = LineageProof::decode(&story.proof()).unwrap();
    let pruned = proof.prune(manifest("source")).unwrap();
    assert!(pruned.statements().contains(&event.into()));
    let lineage = Verifier::new(&story.trust, day(20))
        .known_events(story.status.as_ref().unwrap())
        .verify(&pruned.to_bytes(), manifest("source"))
        .unwrap();
    let verdict = lineage.rights(&sell());
    let Verdict::Deny { reasons } = &verdict else { panic!("{verdict}") };
    assert!(reasons.iter().any(|ground| ground.code == Reason::Revoked), "{verdict}");
}

#[test]
fn what_lies_downstream_is_left_out() {
    let proof = LineageProof::decode(&Story::default().proof()).unwrap();
    let pruned = proof.prune(manifest("source")).unwrap();
    let left = pruned.statements();
    assert_eq!((proof.statements().len(), left.len()), (6, 3));
    assert!(left.iter().all(|one| about(one) == [manifest("source")]));
}

#[test]
fn of_an_output_beside_the_way_a_proof_holds_no_more_than_its_subject_needs() {
    let (used, beside, weights) = (manifest("used"), manifest("beside"), manifest("weights"));
    let split = Activity::new(ActivityKind::Collect).output(used, []).output(beside, []);
    let split: Statement = sign("collector", &split).into();
    let licence = sign("collector", &observed(beside, "MIT"));
    let train = Activity::train().input(used, [split.id()]).output(weights, []);
    let builder = LineageProof::builder(weights).statement(split.clone());
    let with = builder.clone().statement(licence.clone()).statement(sign("trainer", &train));
    let refused = ProofError::UnreachableStatement { id: licence.id() };
    assert_eq!(with.build(), Err(refused));
    let proof = builder.statement(sign("trainer", &train)).build().unwrap();
    assert_eq!(proof.prune(beside).unwrap().statements(), [split]);
}

#[test]
fn a_manifest_that_is_not_named_is_refused() {
    let proof = LineageProof::decode(&Story::default().proof()).unwrap();
    let (output, subject) = (manifest("elsewhere"), manifest("weights"));
    let refused = proof.prune(output).unwrap_err();
    assert_eq!((refused.output, refused.subject), (output, subject));
    assert_eq!(refused.to_string(), format!("{output} does not occur in the proof of {subject}"));
}

#[test]
fn an_input_nobody_speaks_of_has_the_empty_proof() {
    let (data, weights) = (manifest("data"), manifest("weights"));
    let train = sign("trainer", &Activity::train().input(data, []).output(weights, []));
    let proof = LineageProof::builder(weights).statement(train).build().unwrap();
    assert_eq!(proof.prune(data), Ok(LineageProof::builder(data).build().unwrap()));
}
