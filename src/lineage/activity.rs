//! What a step says of itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ActivityKind, Agents, Completeness, Entity, Relation, RelationKind, Sampling, Tool, UsageRole,
};
use crate::cbor::{Item, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError, Territory};
use crate::timestamp::Timestamp;

record! {
    /// Payload of an `activity` statement.
    ///
    /// ```
    /// use datadeed::id::{ManifestId, StatementId};
    /// use datadeed::key::SigningKey;
    /// use datadeed::lineage::Activity;
    /// use datadeed::statement::{Issuer, Payload};
    ///
    /// let (corpus, weights) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
    /// let voucher = StatementId::from_bytes([3; 32]);
    /// let trainer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
    /// let train = Activity::train()
    ///     .input(corpus, [voucher])
    ///     .output(weights, [])
    ///     .between("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?)
    ///     .sign(&trainer, "2026-11-21T00:00:00Z".parse()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Activity {
        /// What was done.
        "kind" => kind: ActivityKind,
        /// With what.
        "tool" => tool: Option<Tool>,
        /// When it ended, as claimed.
        "ended" => ended: Option<Timestamp>,
        /// BLAKE3 of the rule set that was applied, such as cleaning rules.
        "rules" => rules: Option<Digest>,
        /// Who took part.
        "agents" => agents: BTreeSet<Agents>,
        /// What was used.
        "inputs" => inputs: BTreeSet<Entity>,
        /// Parameters, for people.
        "params" => params: BTreeMap<String, Item>,
        /// What was generated.
        "outputs" => outputs: BTreeSet<Entity>,
        /// When it began, as claimed; absent: when it was signed.
        "started" => started: Option<Timestamp>,
        /// Measurements, for people.
        "measures" => measures: BTreeMap<String, Item>,
        /// What an inspection of samples came to.
        "sampling" => sampling: Option<Sampling>,
        /// Structural claims about the outputs.
        "relations" => relations: BTreeSet<Relation>,
        /// Where inputs and outputs were kept, as claimed; absent: not said.
        "stored_in" => stored_in: BTreeSet<Territory>,
        /// Whether all inputs are named.
        "completeness" => completeness: Completeness,
        /// Where it was done, as claimed; absent: not said.
        ///
        /// A licence for other places does not cover the step then, wherever what came out of it is used.
        "processed_in" => processed_in: BTreeSet<Territory>,
    }
}

impl Activity {
    /// A step with complete inputs, none so far.
    pub const fn new(kind: ActivityKind) -> Self {
        Self {
            kind,
            tool: None,
            ended: None,
            rules: None,
            agents: BTreeSet::new(),
            inputs: BTreeSet::new(),
            params: BTreeMap::new(),
            outputs: BTreeSet::new(),
            started: None,
            measures: BTreeMap::new(),
            sampling: None,
            relations: BTreeSet::new(),
            stored_in: BTreeSet::new(),
            completeness: Completeness::Complete,
            processed_in: BTreeSet::new(),
        }
    }

    /// Training a model from scratch.
    pub const fn train() -> Self {
        Self::new(ActivityKind::Train)
    }

    /// Adds an input with the statements that vouch for it.
    #[must_use]
    pub fn input(
        self,
        manifest: ManifestId,
        statements: impl IntoIterator<Item = StatementId>,
    ) -> Self {
        self.input_as(None, manifest, statements)
    }

    /// Adds the model that was trained further, or that produced data.
    #[must_use]
    pub fn base_model(
        self,
        manifest: ManifestId,
        statements: impl IntoIterator<Item = StatementId>,
    ) -> Self {
        self.input_as(Some(UsageRole::BaseModel), manifest, statements)
    }

    /// Adds the model whose answers another one was trained on.
    #[must_use]
    pub fn teacher_model(
        self,
        manifest: ManifestId,
        statements: impl IntoIterator<Item = StatementId>,
    ) -> Self {
        self.input_as(Some(UsageRole::TeacherModel), manifest, statements)
    }

    fn input_as(
        mut self,
        usage_role: Option<UsageRole>,
        manifest: ManifestId,
        statements: impl IntoIterator<Item = StatementId>,
    ) -> Self {
        let statements = statements.into_iter().collect();
        self.inputs.insert(Entity { manifest, statements, usage_role });
        self
    }

    /// Adds an output with the statements that vouch for it.
    #[must_use]
    pub fn output(
        mut self,
        manifest: ManifestId,
        statements: impl IntoIterator<Item = StatementId>,
    ) -> Self {
        let statements = statements.into_iter().collect();
        self.outputs.insert(Entity { manifest, statements, usage_role: None });
        self
    }

    /// Adds a structural claim.
    #[must_use]
    pub fn relation(mut self, relation: Relation) -> Self {
        self.relations.insert(relation);
        self
    }

    /// Sets the program.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tool = Some(tool);
        self
    }

    /// Sets the claimed time, both ends inclusive.
    #[must_use]
    pub const fn between(mut self, started: Timestamp, ended: Timestamp) -> Self {
        self.started = Some(started);
        self.ended = Some(ended);
        self
    }

    /// Says that there are inputs which are not named.
    #[must_use]
    pub const fn undisclosed_inputs(mut self) -> Self {
        self.completeness = Completeness::Undisclosed;
        self
    }

    /// The outputs' manifests.
    pub fn generated(&self) -> impl Iterator<Item = ManifestId> {
        self.outputs.iter().map(|entity| entity.manifest)
    }

    /// Whether a manifest is one of the outputs, which there may be many of.
    pub(crate) fn generates(&self, manifest: ManifestId) -> bool {
        has(&self.outputs, manifest)
    }

    /// Whether this manifest is among the inputs.
    fn uses(&self, manifest: ManifestId) -> bool {
        has(&self.inputs, manifest)
    }

    /// The inputs' manifests.
    pub fn used(&self) -> impl Iterator<Item = ManifestId> {
        self.inputs.iter().map(|entity| entity.manifest)
    }

    /// The statements that vouch for inputs and outputs, with what they vouch for.
    pub fn vouchers(&self) -> impl Iterator<Item = (ManifestId, StatementId)> {
        let entities = self.inputs.iter().chain(&self.outputs);
        entities.flat_map(|entity| entity.statements.iter().map(|id| (entity.manifest, *id)))
    }

    /// In how many places it was taken, each with each in which it kept data: all of them are asked about.
    pub(crate) fn places(&self) -> usize {
        self.processed_in.len().max(1).saturating_mul(self.stored_in.len().max(1))
    }

    /// Inputs, outputs, vouchers and relations with what they name.
    pub(crate) fn edges(&self) -> usize {
        let entities = self.inputs.iter().chain(&self.outputs).map(|one| one.statements.len());
        let relations = self.relations.iter().map(|relation| relation.with.len());
        let named = entities.chain(relations).map(|named| named.saturating_add(1));
        named.fold(0, usize::saturating_add)
    }
}

/// Whether one of the entities, which are sorted by manifest first, is this manifest.
fn has(entities: &BTreeSet<Entity>, manifest: ManifestId) -> bool {
    let least = Entity { manifest, statements: BTreeSet::new(), usage_role: None };
    entities.range(least..).next().is_some_and(|entity| entity.manifest == manifest)
}

impl Payload for Activity {
    const KIND: Kind = Kind::Activity;

    /// The first output in byte order.
    fn subject(&self) -> Subject {
        let first = self.generated().min();
        Subject::Manifest(first.unwrap_or_else(|| ManifestId::from_bytes([0; 32])))
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        must(!self.outputs.is_empty(), "outputs", "must not be empty")?;
        // Entities are sorted by manifest first.
        let fault = "must name each manifest once";
        must(self.used().is_sorted_by(|a, b| a < b), "inputs", fault)?;
        must(self.generated().is_sorted_by(|a, b| a < b), "outputs", fault)?;
        must(
            self.started.zip(self.ended).is_none_or(|(started, ended)| started <= ended),
            "ended",
            "must not be before started",
        )?;
        must(self.ended.is_none() || self.started.is_some(), "started", "must stand with ended")?;
        must(
            !self.inputs.is_empty()
                || self.kind == ActivityKind::Collect
                || self.completeness == Completeness::Undisclosed,
            "inputs",
            "may be complete and empty in a collection only",
        )?;
        let is_used_as_model = |one: &Entity| one.usage_role.is_some();
        let uses_models = matches!(
            self.kind,
            ActivityKind::Distil | ActivityKind::FineTune | ActivityKind::Synthesize
        );
        must(
            !self.outputs.iter().any(is_used_as_model)
                && (uses_models || !self.inputs.iter().any(is_used_as_model)),
            "usage_role",
            "must stand with inputs of a fine-tuning, distillation or synthesis only",
        )?;
        must(
            self.kind != ActivityKind::FineTune
                || self.completeness == Completeness::Undisclosed
                || self.inputs.iter().any(|one| one.usage_role == Some(UsageRole::BaseModel)),
            "usage_role",
            "must name the base model of a fine-tuning",
        )?;
        must(
            self.sampling.as_ref().is_none_or(|one| one.drawn > 0 && one.passed <= one.drawn),
            "sampling",
            "must have drawn something, and passed no more than was drawn",
        )?;
        for relation in &self.relations {
            let is_split = relation.kind == RelationKind::PartitionOf;
            must(
                self.generates(relation.of) || (is_split && self.uses(relation.of)),
                "of",
                "must be an output, or for partition_of an input",
            )?;
            must(
                relation.with.iter().all(|id| self.uses(*id) || self.generates(*id)),
                "with",
                "must be inputs or outputs",
            )?;
            let one = relation.kind.is_with_one();
            must(
                !relation.with.is_empty() && (!one || relation.with.len() == 1),
                "with",
                "must be one manifest for same, same_keys, subset_of and superset_of, at least one for the others",
            )?;
            // An output may equal an input, and then is not compared with itself.
            must(
                !relation.with.contains(&relation.of) || self.uses(relation.of),
                "with",
                "must not be the output itself",
            )?;
        }
        Ok(())
    }
}
