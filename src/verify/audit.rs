//! Who has held the trees of a manifest against its rows, as a believed auditor says.

use super::lineage::VerifiedLineage;
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId};
use crate::lineage::TreeName;
use crate::manifest::{Audit, ContentAnswer};
use crate::rights::{Assessment, AssessmentKind, AssessmentResult};
use crate::statement::Signed;

impl VerifiedLineage {
    /// The first statement by which a believed auditor computed this tree of a manifest again and found it as its
    /// maker says; none where another one found otherwise.
    ///
    /// One that was taken back, or that is disputed, does not count. One that is in doubt, as of a key that was lost
    /// or a delegation that has ended, counts against the tree and not for it.
    pub fn audit(&self, manifest: ManifestId, tree: &TreeName) -> Option<StatementId> {
        let audits = || self.assessments(manifest).filter(|one| self.is_audit(one, tree));
        let result = |one: &Signed<Assessment>| one.payload().result;
        let passed = audits().find(|one| {
            result(one) == Some(AssessmentResult::Passed) && self.is_believed(one.id())
        })?;
        let failed = audits().any(|one| result(one) == Some(AssessmentResult::Failed));
        (!failed).then(|| passed.id())
    }

    /// Whether a dataset has some content, by the evidence in the proof; that it has not with the audit that
    /// its content tree rests on, if there is one.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::lineage::TreeName;
    /// use datadeed::manifest::ContentAnswer;
    /// # use datadeed::manifest::{FileEntry, Manifest, NameProfile};
    /// use datadeed::rights::Assessment;
    /// # use datadeed::key::{Signer, SigningKey};
    /// # use datadeed::statement::{Issuer, Payload};
    /// # use datadeed::trust::{Anchor, Role, TrustStore};
    /// # use datadeed::{Timestamp, proof::LineageProof, verify::Verifier};
    /// # let now: Timestamp = "2026-11-22T00:00:00Z".parse()?;
    /// # let auditor = Issuer::new("did:web:auditor.example", SigningKey::from_seed(&[7; 32]));
    /// # let trust = TrustStore::new([Anchor::new(auditor.iss(), auditor.public_key(), [Role::Auditor])]);
    /// # let entry = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
    /// # let rows = Manifest::files(vec![entry("a"), entry("b")], NameProfile::Portable)?;
    /// # let corpus = rows.id();
    /// # let lineage = |statements: Vec<datadeed::proof::Statement>| -> Result<_, Box<dyn std::error::Error>> {
    /// #     let proof = statements.into_iter().fold(LineageProof::builder(corpus), |proof, one| proof.statement(one));
    /// #     Ok(Verifier::new(&trust, now).verify(&proof.build()?.to_bytes(), corpus)?)
    /// # };
    /// let audit = Assessment::manifest_audit(corpus, [TreeName::Content], now).sign(&auditor, now)?;
    /// let audit_id = audit.id();
    /// let lineage = lineage(vec![audit.into()])?;
    /// assert_eq!(lineage.audit(corpus, &TreeName::Content), Some(audit_id));
    /// assert_eq!(lineage.audit(corpus, &TreeName::Parts), None); // nobody looked at that one
    /// # assert_eq!(lineage.content(corpus, Digest::of(b"c")), ContentAnswer::Unknown);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn content(&self, manifest: ManifestId, digest: Digest) -> ContentAnswer {
        let answer = self.proof().evidence().content(manifest, digest);
        match self.audit(manifest, &TreeName::Content) {
            Some(by) => answer.audited(Audit::By(by)),
            None => answer,
        }
    }

    fn is_audit(&self, assessment: &Signed<Assessment>, tree: &TreeName) -> bool {
        let (id, payload, facts) = (assessment.id(), assessment.payload(), self.facts());
        payload.kind == AssessmentKind::ManifestAudit
            && payload.trees.contains(tree)
            && self.is_heard(id)
            && facts.ended.get(&id).is_none_or(|end| *end > facts.now())
            && facts.disputes.get(&id).is_none_or(|disputes| !disputes.open_at(facts.now()))
    }
}
