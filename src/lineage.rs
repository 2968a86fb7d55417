//! Lineage: the steps that turn datasets into datasets and models, in the terms of PROV.
//!
//! An [`Activity`] used inputs and generated outputs; both are named by
//! [`ManifestId`], so what a step says it used is exactly that content. Ids
//! are hashes, so no cycle of vouchers can be built.
//!
//! ```
//! use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
//! use datadeed::statement::Payload;
//! use datadeed::{ManifestId, StatementId};
//!
//! let [crawl, corpus] = [1, 2].map(|byte| ManifestId::from_bytes([byte; 32]));
//! let crawled = StatementId::from_bytes([3; 32]); // the activity that made the crawl
//! let deduplicate = Activity::new(ActivityKind::Deduplicate)
//!     .input(crawl, [crawled])
//!     .output(corpus, [])
//!     .relation(Relation::new(corpus, RelationKind::SubsetOf, TreeName::Parts, [crawl]));
//! assert_eq!(deduplicate.check(), Ok(())); // and `sign` makes a statement of it
//! ```

mod activity;

use std::collections::BTreeSet;

pub use activity::Activity;

use crate::cbor::{codes, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId};
pub use crate::tree::{RelationKind, TreeName};

codes! {
    /// What a step does.
    pub enum ActivityKind("activity kind") in lineage {
        /// Add labels (数据标注).
        Annotate = "annotate",
        /// Check labels or measurements and correct them (人工校准).
        Calibrate = "calibrate",
        /// Remove or repair entries by rules (合规清洗).
        Clean = "clean",
        /// Obtain data from outside.
        Collect = "collect",
        /// Change the technical format and nothing else.
        Convert = "convert",
        /// Remove entries whose content occurs before.
        Deduplicate = "deduplicate",
        /// Train a model on what another one answers.
        Distil = "distil",
        /// Train a model further (二次开发).
        FineTune = "fine_tune",
        /// Put several datasets beside each other, each as it was (汇编).
        MergeCollect = "merge_collect",
        /// Bring several datasets together into an adaptation.
        MergeDerive = "merge_derive",
        /// Select or split.
        Subset = "subset",
        /// Let a model produce data, or make them up from others.
        Synthesize = "synthesize",
        /// Train a model from scratch.
        Train = "train",
    }
}

impl ActivityKind {
    /// Whether a model comes out of it that learned from its inputs.
    pub const fn trains(self) -> bool {
        matches!(self, Self::Distil | Self::FineTune | Self::Train)
    }
}

codes! {
    /// As what a model was used that is not there to be learned from as data are.
    pub enum UsageRole("usage role") in lineage {
        /// The model that was trained further, or that produced data.
        BaseModel = "base_model",
        /// The model whose answers another one was trained on.
        TeacherModel = "teacher_model",
    }
}

codes! {
    /// What people did in a step (标注人员角色).
    pub enum AgentRole("agent role") in lineage {
        /// Labels (标注员).
        Annotator = "annotator",
        /// Draws samples and inspects them (质检员).
        Inspector = "inspector",
        /// Checks each label (审核员).
        Reviewer = "reviewer",
    }
}

record! {
    /// People who took part in a step, by what they did.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::lineage::{Activity, ActivityKind, Agents, AgentRole, Sampling};
    /// use datadeed::statement::Payload;
    ///
    /// let [raw, labelled] = [1, 2].map(|byte| ManifestId::from_bytes([byte; 32]));
    /// let mut step = Activity::new(ActivityKind::Annotate).input(raw, []).output(labelled, []);
    /// step.agents = [Agents::new(AgentRole::Annotator, 40), Agents::new(AgentRole::Reviewer, 5)].into();
    /// step.sampling = Some(Sampling::new(2_000, 1_986)); // 99.3 % of the samples were right
    /// assert_eq!(step.check(), Ok(()));
    /// ```
    pub struct Agents {
        /// What they did.
        "role" => role: AgentRole,
        /// How many they were.
        "count" => count: u64,
        /// Whose people, as an `iss`; absent: the signer's.
        "party" => party: Option<String>,
        /// What they were qualified by, in words (资质).
        "qualification" => qualification: Option<String>,
    }
}

impl Agents {
    /// So many people of the signer's.
    pub const fn new(role: AgentRole, count: u64) -> Self {
        Self { role, count, party: None, qualification: None }
    }
}

record! {
    /// What an inspection of samples came to (抽检).
    ///
    /// ```
    /// use datadeed::lineage::Sampling;
    ///
    /// let inspected = Sampling::new(2_000, 1_986);
    /// assert_eq!(inspected.drawn - inspected.passed, 14);
    /// ```
    pub struct Sampling {
        /// How many samples were drawn; at least 1.
        "drawn" => drawn: u64,
        /// By which method, in words or by the name of a standard.
        "method" => method: Option<String>,
        /// How many of them were right; at most all.
        "passed" => passed: u64,
    }
}

impl Sampling {
    /// Of `drawn` samples, `passed` were right.
    pub const fn new(drawn: u64, passed: u64) -> Self {
        Self { drawn, passed, method: None }
    }
}

codes! {
    /// Whether all inputs are named.
    pub enum Completeness("completeness") in lineage {
        /// Every input is named; without inputs the step is an origin.
        Complete = "complete",
        /// There are inputs that are not named.
        Undisclosed = "undisclosed",
    }
}

record! {
    /// A structural claim about an output, checked wherever the rows are at hand.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
    /// use datadeed::statement::Payload;
    ///
    /// let [corpus, train, test] = [1, 2, 3].map(|byte| ManifestId::from_bytes([byte; 32]));
    /// // No content of the test set was trained on, under whatever name.
    /// let apart = Relation::new(train, RelationKind::DisjointFrom, TreeName::Content, [test]);
    /// let split = Activity::new(ActivityKind::Subset)
    ///     .input(corpus, [])
    ///     .output(train, [])
    ///     .output(test, [])
    ///     .relation(apart);
    /// assert_eq!(split.check(), Ok(()));
    /// ```
    pub struct Relation {
        /// The output it is about.
        "of" => of: ManifestId,
        /// Which rows.
        "tree" => tree: TreeName,
        /// What `of` is compared with: inputs or other outputs.
        "with" => with: BTreeSet<ManifestId>,
        /// What holds.
        "relation" => kind: RelationKind,
    }
}

impl Relation {
    /// `of` is `kind` of `with`, on `tree`.
    pub fn new(
        of: ManifestId,
        kind: RelationKind,
        tree: TreeName,
        with: impl IntoIterator<Item = ManifestId>,
    ) -> Self {
        Self { of, tree, with: with.into_iter().collect(), kind }
    }
}

/// `OF KIND WITH, WITH on TREE`.
impl std::fmt::Display for Relation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let with: Vec<String> = self.with.iter().map(ToString::to_string).collect();
        write!(f, "{} {} {} on {}", self.of, self.kind, with.join(", "), self.tree)
    }
}

record! {
    /// A dataset or model that a step used or generated.
    ///
    /// ```
    /// use datadeed::lineage::Activity;
    /// use datadeed::{ManifestId, StatementId};
    ///
    /// let (corpus, weights) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
    /// let voucher = StatementId::from_bytes([3; 32]);
    /// let train = Activity::train().input(corpus, [voucher]).output(weights, []);
    /// for used in &train.inputs {
    ///     assert_eq!(used.manifest, corpus);
    ///     assert!(used.statements.contains(&voucher));
    /// }
    /// ```
    pub struct Entity {
        /// Its content.
        "manifest" => manifest: ManifestId,
        /// The statements that vouch for it: `dataset`, `registration`, or the `activity` that made it.
        "statements" => statements: BTreeSet<StatementId>,
        /// Of an input of a fine-tuning, distillation or synthesis that is a model: as what it was used.
        "usage_role" => usage_role: Option<UsageRole>,
    }
}

record! {
    /// The program that did it.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::lineage::{Activity, ActivityKind, Tool};
    ///
    /// let mut tool = Tool::new("exact-dedup", "1.4.0");
    /// tool.digest = Some(Digest::of(b"the executable"));
    /// let step = Activity::new(ActivityKind::Deduplicate).tool(tool.clone());
    /// assert_eq!(step.tool, Some(tool));
    /// ```
    pub struct Tool {
        /// Its name.
        "name" => name: String,
        /// BLAKE3 of its executable or source archive.
        "digest" => digest: Option<Digest>,
        /// Its version.
        "version" => version: Option<String>,
    }
}

impl Tool {
    /// A tool with a name and a version.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), digest: None, version: Some(version.into()) }
    }
}

#[cfg(test)]
mod tests;
