//! What a step asks of each of its inputs, given what is asked of what it made.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::lineage::VerifiedLineage;
use super::question::{Party, Places, Question};
use super::questions::Questions;
use crate::lineage::{Activity, ActivityKind, Entity, RelationKind, TreeName, UsageRole};
use crate::proof::LineageProof;
use crate::rights::{Action, Acts};
use crate::statement::Signed;

/// What every question asks of a step, read once: there are many, far from each other in memory.
#[expect(
    clippy::struct_excessive_bools,
    reason = "answers to questions that have nothing in common"
)]
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownStep {
    kind: ActivityKind,
    acts: Acts,
    /// Whether all that it made is its inputs as they were, whole or in part.
    is_verbatim: bool,
    /// Whether whoever signed it has his name from somebody else.
    is_lent: bool,
    /// Whether it says where it was done.
    says_places: bool,
    /// Whether anything is known of it besides, which may stand against it.
    pub(super) is_questioned: bool,
}

impl KnownStep {
    /// Of each place of a proof; `None` where no activity stands.
    pub(super) fn of_all(proof: &LineageProof, facts: &Facts) -> Vec<Option<Self>> {
        let places = proof.statements().iter().enumerate();
        places.map(|(place, one)| Some(Self::new(facts, place, one.as_activity()?))).collect()
    }

    fn new(facts: &Facts, place: usize, activity: &Signed<Activity>) -> Self {
        let (id, payload) = (activity.id(), activity.payload());
        Self {
            kind: payload.kind,
            acts: facts.acts(activity),
            is_verbatim: is_verbatim(facts, place, activity),
            // Licensees are named, and whoever delegates could give such a name to a key of his own.
            is_lent: facts.lent_names.contains(&id),
            says_places: !payload.processed_in.is_empty() || !payload.stored_in.is_empty(),
            is_questioned: facts.is_questioned(id),
        }
    }
}

/// A step on the way to the subject.
pub(super) struct Step<'a> {
    known: KnownStep,
    party: Party<'a>,
    places: Places<'a>,
    /// As what it used each of its inputs; absent where all of them are data.
    used: Option<&'a [Used]>,
}

/// As what an input was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Used {
    Data,
    Model,
    /// Its user calls it a model, and nothing here shows that it is one.
    Either,
}

impl<'a> Step<'a> {
    /// The activity at this place of the proof.
    pub(super) fn new(lineage: &'a VerifiedLineage, place: usize) -> Option<Self> {
        let known = lineage.step(place)?;
        let party =
            if known.is_lent { Party::Unsaid } else { Party::One(lineage.proof().issuer(place)?) };
        let places = if known.says_places {
            let step = lineage.proof().statements().get(place)?.as_activity()?.payload();
            Places::Stated { processed: &step.processed_in, stored: &step.stored_in }
        } else {
            Places::Intended
        };
        Some(Self { known, party, places, used: lineage.used_by(place) })
    }

    /// Asks of each of so many inputs, by its place among them, what follows from what is asked of what it made, so many
    /// `hops` farther away.
    pub(super) fn ask_each(
        &self,
        inputs: usize,
        asked: &Questions<'a>,
        hops: u64,
        mut ask: impl FnMut(usize, Action, Question<'a>),
    ) {
        for place in 0..inputs {
            let used = self.used.and_then(|used| used.get(place)).copied().unwrap_or(Used::Data);
            for of_model in [false, true] {
                let is_used_so = match used {
                    Used::Data => !of_model,
                    Used::Model => of_model,
                    Used::Either => true,
                };
                if is_used_so {
                    self.ask(of_model, asked, hops, |action, question| {
                        ask(place, action, question);
                    });
                }
            }
        }
    }

    fn ask(
        &self,
        of_model: bool,
        asked: &Questions<'a>,
        hops: u64,
        mut ask: impl FnMut(Action, Question<'a>),
    ) {
        let Self { known: KnownStep { kind, acts, is_verbatim, .. }, party, places, .. } = *self;
        let learns = kind.trains() && !of_model;
        let own = match kind {
            ActivityKind::Distil | ActivityKind::FineTune | ActivityKind::Train if learns => {
                Action::Train
            }
            ActivityKind::Convert => Action::FormatShift,
            ActivityKind::MergeCollect | ActivityKind::Subset if is_verbatim => Action::Reproduce,
            ActivityKind::Synthesize => Action::Synthesize,
            ActivityKind::Annotate
            | ActivityKind::Calibrate
            | ActivityKind::Clean
            | ActivityKind::Collect
            | ActivityKind::Deduplicate
            | ActivityKind::Distil
            | ActivityKind::FineTune
            | ActivityKind::MergeCollect
            | ActivityKind::MergeDerive
            | ActivityKind::Subset
            | ActivityKind::Train => Action::Derive,
        };
        ask(own, Question { acts, trained: None, party, places, hops: 0, is_direct: true });
        for (action, question) in asked.iter() {
            let passed = if learns {
                of_training_data(action)
            } else {
                self.pass_on(action, of_model, question.trained.is_some())
            };
            let trained = if learns { Some(acts) } else { question.trained };
            let hops = question.hops.saturating_add(hops);
            let passed_on = Question { trained, hops, is_direct: false, ..question };
            ask(passed, passed_on);
        }
    }

    /// What is asked of an input that nothing was learnt from, when `action` is asked of what was made of it.
    ///
    /// `is_of_later_model` says that the action is asked of a model that was trained on what was made of it.
    fn pass_on(&self, action: Action, of_model: bool, is_of_later_model: bool) -> Action {
        // A model that was made from a model, without learning, is passed on as derived from it.
        let is_passed_on = matches!(action, Action::Distribute | Action::DistributeDerived)
            || (action == Action::DistributeModel && !is_of_later_model);
        match self.known.kind {
            _ if !is_passed_on => action,
            ActivityKind::Synthesize if of_model => Action::ServeOutputs,
            ActivityKind::Convert => action,
            ActivityKind::MergeCollect | ActivityKind::Subset if self.known.is_verbatim => action,
            ActivityKind::Annotate
            | ActivityKind::Calibrate
            | ActivityKind::Clean
            | ActivityKind::Collect
            | ActivityKind::Deduplicate
            | ActivityKind::Distil
            | ActivityKind::FineTune
            | ActivityKind::MergeCollect
            | ActivityKind::MergeDerive
            | ActivityKind::Subset
            | ActivityKind::Synthesize
            | ActivityKind::Train => Action::DistributeDerived,
        }
    }
}

/// What is asked of data when `action` is asked of a model that was trained on them.
///
/// Whoever works on the model does to the data what training did; whoever assigns or licenses it passes it on.
const fn of_training_data(action: Action) -> Action {
    match action {
        Action::Derive | Action::FormatShift | Action::Reproduce => Action::Train,
        Action::Distribute
        | Action::DistributeDerived
        | Action::DistributeModel
        | Action::Sublicense
        | Action::Transfer => Action::DistributeModel,
        Action::DataMine
        | Action::Evaluate
        | Action::Index
        | Action::InferInput
        | Action::Search
        | Action::ServeOutputs
        | Action::Synthesize
        | Action::Train
        | Action::TrainGenerative
        | Action::TrainNongenerative
        | Action::Use => action,
    }
}

/// Of each activity that used a model, by its place in the proof, as what it used each of its inputs.
pub(super) fn uses_of_models(lineage: &VerifiedLineage) -> BTreeMap<usize, Vec<Used>> {
    let statements = lineage.proof().statements().iter().enumerate();
    let steps = statements.filter_map(|(place, one)| Some((place, one.as_activity()?.payload())));
    let of_models =
        steps.filter(|(_, step)| step.inputs.iter().any(|input| input.usage_role.is_some()));
    let used = |step: &Activity| step.inputs.iter().map(|input| used(lineage, input)).collect();
    of_models.map(|(place, step)| (place, used(step))).collect()
}

/// As what an input was used: as the step says, where the lineage shows that it is a model; else as both.
fn used(lineage: &VerifiedLineage, input: &Entity) -> Used {
    match input.usage_role {
        None => Used::Data,
        Some(UsageRole::BaseModel | UsageRole::TeacherModel) => {
            if lineage.is_model(input.manifest) { Used::Model } else { Used::Either }
        }
    }
}

/// Whether each output of a selection or a collection is proven to be what was put in, whole or in part.
///
/// A collection is no adaptation, and a selection none either; that a step is one is checked, not believed.
fn is_verbatim(facts: &Facts, place: usize, activity: &Signed<Activity>) -> bool {
    let payload = activity.payload();
    if !matches!(payload.kind, ActivityKind::MergeCollect | ActivityKind::Subset) {
        return false;
    }
    let is_input = |id| payload.used().any(|used| used == id);
    payload.generated().all(|output| {
        facts.proven_relations(place, activity).any(|relation| {
            let of_files = matches!(relation.tree, TreeName::Content | TreeName::Parts);
            // Keys are names, except where they are the digests of contents themselves.
            let keeps_contents = relation.tree == TreeName::Content;
            let of_inputs = relation.of == output && relation.with.iter().all(|id| is_input(*id));
            let of_output = is_input(relation.of) && relation.with.contains(&output);
            of_files
                && match relation.kind {
                    RelationKind::SameKeys => of_inputs && keeps_contents,
                    RelationKind::Same
                    | RelationKind::SubsetOf
                    | RelationKind::SumOf
                    | RelationKind::UnionOf => of_inputs,
                    RelationKind::PartitionOf => of_inputs || of_output,
                    RelationKind::DisjointFrom | RelationKind::SupersetOf => false,
                }
        })
    })
}
