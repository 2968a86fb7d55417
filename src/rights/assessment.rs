//! The `assessment` statement: what somebody found who examined a dataset.

use std::collections::{BTreeMap, BTreeSet};

use super::transaction::is_currency;
use crate::cbor::{Item, codes, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError, Sequence, check_sequence};
use crate::timestamp::Timestamp;
use crate::tree::TreeName;

codes! {
    /// What was examined.
    pub enum AssessmentKind("assessment kind") in rights {
        /// Whether a set of rules was kept, such as one for compliance cleaning (合规评估).
        Compliance = "compliance",
        /// Whether the trees of the manifest are those of its rows, every one of which was read.
        ManifestAudit = "manifest_audit",
        /// Quality measures (数据质量评估).
        Quality = "quality",
        /// What it is worth (数据资产评估).
        Valuation = "valuation",
    }
}

codes! {
    /// What an examination came to.
    pub enum AssessmentResult("assessment result") in rights {
        /// What was examined does not hold.
        Failed = "failed",
        /// What was examined holds.
        Passed = "passed",
    }
}

record! {
    /// Payload of an `assessment` statement: quality, value, compliance, or an audit of the manifest.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::lineage::TreeName;
    /// use datadeed::rights::{Assessment, AssessmentResult};
    /// use datadeed::statement::Payload;
    ///
    /// let (corpus, on) = (ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
    /// // Somebody read every row and computed both trees again:
    /// let audit = Assessment::manifest_audit(corpus, [TreeName::Parts, TreeName::Content], on);
    /// assert_eq!((audit.result, audit.check()), (Some(AssessmentResult::Passed), Ok(())));
    ///
    /// let worth = Assessment::valuation(corpus, 120_000_000, "CNY", on); // 1,200,000.00 yuan
    /// assert_eq!(worth.check(), Ok(()));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Assessment {
        /// Number of this statement by its issuer about this manifest, from 0.
        "seq" => seq: u64,
        /// What was examined.
        "kind" => kind: AssessmentKind,
        /// The statement before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// BLAKE3 of the rules or the standard by which it was examined.
        "rules" => rules: Option<Digest>,
        /// Of a manifest audit: which trees were computed again.
        "trees" => trees: BTreeSet<TreeName>,
        /// Of a valuation: the value, in minor units of the currency.
        "amount" => amount: Option<u64>,
        /// How it was examined, in words or by the name of a standard.
        "method" => method: Option<String>,
        /// BLAKE3 of the report.
        "report" => report: Option<Digest>,
        /// What it came to; of a valuation none.
        "result" => result: Option<AssessmentResult>,
        /// Of a valuation: ISO 4217.
        "currency" => currency: Option<String>,
        /// What was examined.
        "manifest" => manifest: ManifestId,
        /// Measures by name, such as completeness or accuracy; for people.
        "measures" => measures: BTreeMap<String, Item>,
        /// When it was examined, as claimed.
        "assessed_at" => assessed_at: Timestamp,
    }
}

impl Assessment {
    /// Somebody examined `kind`, and it came to `result`.
    pub const fn new(
        manifest: ManifestId,
        kind: AssessmentKind,
        result: Option<AssessmentResult>,
        assessed_at: Timestamp,
    ) -> Self {
        Self {
            seq: 0,
            kind,
            prev: None,
            rules: None,
            trees: BTreeSet::new(),
            amount: None,
            method: None,
            report: None,
            result,
            measures: BTreeMap::new(),
            manifest,
            currency: None,
            assessed_at,
        }
    }

    /// The trees of the manifest were computed again from all rows, and are what they are said to be.
    pub fn manifest_audit(
        manifest: ManifestId,
        trees: impl IntoIterator<Item = TreeName>,
        assessed_at: Timestamp,
    ) -> Self {
        let kind = AssessmentKind::ManifestAudit;
        let audit = Self::new(manifest, kind, Some(AssessmentResult::Passed), assessed_at);
        Self { trees: trees.into_iter().collect(), ..audit }
    }

    /// The dataset is worth `amount` minor units of `currency`.
    pub fn valuation(
        manifest: ManifestId,
        amount: u64,
        currency: impl Into<String>,
        assessed_at: Timestamp,
    ) -> Self {
        let valuation = Self::new(manifest, AssessmentKind::Valuation, None, assessed_at);
        Self { amount: Some(amount), currency: Some(currency.into()), ..valuation }
    }
}

impl Payload for Assessment {
    const KIND: Kind = Kind::Assessment;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        check_sequence(self.seq, self.prev)?;
        let is = |kind| self.kind == kind;
        must(
            self.trees.is_empty() != is(AssessmentKind::ManifestAudit),
            "trees",
            "must stand in a manifest audit and nowhere else",
        )?;
        let is_valuation = is(AssessmentKind::Valuation);
        must(
            self.amount.is_some() == is_valuation,
            "amount",
            "must stand in a valuation and nowhere else",
        )?;
        must(
            self.currency.is_some() == is_valuation
                && self.currency.as_deref().is_none_or(is_currency),
            "currency",
            "must stand in a valuation and nowhere else, as three capital letters",
        )?;
        must(
            self.result.is_none() == is_valuation,
            "result",
            "must stand in every assessment but a valuation",
        )
    }
}
