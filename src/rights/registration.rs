//! The `registration` statement: a registrar's immutable snapshot of a registration of data IP
//! (数据知识产权登记) or data rights (数据产权登记) at issue.
//!
//! Transfers, disputes and cancellations are events, or records that name what
//! they replace; the current state is a view computed from them. Form fields that only one
//! registrar knows stand verbatim in `extra`.

mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{Item, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId, Subject};
use crate::statement::Territory;
use crate::statement::{DataClass, Kind, Payload, PayloadError, Sequence, check_sequence};
use crate::timestamp::Timestamp;

pub use vocabulary::{
    EvidenceKind, RegistrantKind, RegistrantRole, RegistrationKind, ReviewKind, RightsClaim,
    SourceKind,
};

record! {
    /// A registrant (登记主体); compared with others by `iss` alone.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
    ///
    /// # let (issued, until) = ("2026-11-21T00:00:00Z".parse()?, "2029-11-21T00:00:00Z".parse()?);
    /// let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    /// let mut curator = Registrant::new("did:web:curator.example", "Curator Co.", kind, role);
    /// curator.share = Some(5_000); // one half
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let registration = Registration::new(corpus, "Merged corpus", [curator], issued, until);
    /// assert_eq!(registration.ends_at(), until);
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Registrant {
        /// Unified social credit code (统一社会信用代码) or another number, for people.
        "id" => id: Option<String>,
        /// Identity in statements.
        "iss" => iss: String,
        /// Person, company or organisation.
        "kind" => kind: RegistrantKind,
        /// Name, for people.
        "name" => name: String,
        /// Holder or processor.
        "role" => role: RegistrantRole,
        /// Share of a joint registration, in hundredths of a percent, 1 to 10,000.
        "share" => share: Option<u64>,
    }
}

record! {
    /// A document that shows the source (来源证明).
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::rights::SourceEvidence;
    /// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
    /// # let curator = Registrant::new(
    /// #     "did:web:curator.example", "Curator Co.", RegistrantKind::LegalPerson, RegistrantRole::Holder,
    /// # );
    /// # let mut registration = Registration::new(
    /// #     datadeed::ManifestId::from_bytes([1; 32]), "Merged corpus", [curator],
    /// #     "2026-11-21T00:00:00Z".parse()?, "2029-11-21T00:00:00Z".parse()?,
    /// # );
    ///
    /// let contract = SourceEvidence::new("contract", Digest::of(b"the contract as scanned"));
    /// registration.source_evidence.insert(contract.clone());
    /// assert!(registration.source_evidence.contains(&contract));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct SourceEvidence {
        /// What it is, such as a contract or a collection record.
        "kind" => kind: String,
        /// BLAKE3 of the document.
        "digest" => digest: Digest,
    }
}

record! {
    /// A deposit of evidence made before registration; opaque, not verified here.
    ///
    /// ```
    /// use datadeed::rights::{EvidenceDeposit, EvidenceKind};
    ///
    /// let mut deposit = EvidenceDeposit::new(
    ///     EvidenceKind::Deposit,
    ///     "https://deposit.example",
    ///     "SM3",
    ///     "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    ///     "2026-11-01T00:00:00Z".parse()?,
    /// );
    /// deposit.code = Some("D-2026-0001".into());
    /// assert_eq!(deposit.hash.len(), 64); // as the platform writes it; not computed here
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct EvidenceDeposit {
        /// The platform's code (存证码).
        "code" => code: Option<String>,
        /// The hash deposited, in the platform's notation.
        "hash" => hash: String,
        /// Deposit or notarisation.
        "kind" => kind: EvidenceKind,
        /// The platform.
        "platform" => platform: String,
        /// When it was anchored, as the platform states.
        "anchored_at" => anchored_at: Timestamp,
        /// The hash algorithm, in the platform's notation.
        "hash_algorithm" => hash_algorithm: String,
    }
}

record! {
    /// Payload of a `registration` statement (登记证书).
    ///
    /// ```
    /// use datadeed::id::ManifestId;
    /// use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
    ///
    /// let curator = Registrant::new(
    ///     "did:web:curator.example", "Curator Co.", RegistrantKind::LegalPerson, RegistrantRole::Holder,
    /// );
    /// let mut registration = Registration::new(
    ///     ManifestId::from_bytes([1; 32]), "Merged corpus", [curator],
    ///     "2026-11-21T00:00:00Z".parse()?, "2029-11-21T00:00:00Z".parse()?,
    /// );
    /// registration.jurisdiction = Some("CN-BJ".into());
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Registration {
        /// Number of this statement by its registrar about this manifest, from 0.
        "seq" => seq: u64,
        /// What is registered.
        "kind" => kind: RegistrationKind,
        /// The statement before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// Form fields that only this registrar knows, verbatim.
        "extra" => extra: BTreeMap<String, Item>,
        /// Scale, in words or numbers (规模).
        "scale" => scale: Option<String>,
        /// Data format (数据格式).
        "format" => format: Option<String>,
        /// Period the data cover (时段).
        "period" => period: Option<String>,
        /// Rights claimed (三权).
        "rights" => rights: BTreeSet<RightsClaim>,
        /// Registration scheme (登记制度).
        "scheme" => scheme: Option<String>,
        /// Industry (所属行业).
        "industry" => industry: Option<String>,
        /// The registered content (内容哈希).
        "manifest" => manifest: ManifestId,
        /// When it was issued (发证日期).
        "issued_at" => issued_at: Timestamp,
        /// Data structure (数据结构).
        "structure" => structure: Option<String>,
        /// Public, enterprise or personal data (公共/企业/个人).
        "data_class" => data_class: Option<DataClass>,
        /// The registration that this one replaces, or ends; it counts as an event of the registrar's would.
        ///
        /// Whoever held that one and is not named here holds it no longer. A cancellation or a revocation
        /// has to say what it ends. Whoever proves a lineage may leave a record out; what is to reach
        /// everybody is said by an event as well, which callers know from elsewhere.
        "supersedes" => supersedes: Option<StatementId>,
        /// Name of the object (名称).
        "object_name" => object_name: String,
        /// Who applied (登记主体).
        "registrants" => registrants: BTreeSet<Registrant>,
        /// Form or substance (审查方式).
        "review_kind" => review_kind: Option<ReviewKind>,
        /// A sample (样例).
        "sample_root" => sample_root: Option<ManifestId>,
        /// How the registrant came to the data (数据来源).
        "source_kind" => source_kind: Option<SourceKind>,
        /// End of the term, exclusive (有效期).
        "valid_until" => valid_until: Timestamp,
        /// Whether the set was processed by AI alone (AI加工).
        "ai_generated" => ai_generated: Option<bool>,
        /// When it was announced (公告).
        "announced_at" => announced_at: Option<Timestamp>,
        /// Whether cross-border provision was declared (出境).
        "cross_border" => cross_border: Option<bool>,
        /// ISO 3166-2.
        "jurisdiction" => jurisdiction: Option<String>,
        /// 数据资源/数据产品/数据集合.
        "object_class" => object_class: Option<String>,
        /// End of the publicity period (公示).
        "publicity_to" => publicity_to: Option<Timestamp>,
        /// Until when new versions are covered (更新).
        "update_until" => update_until: Option<Timestamp>,
        /// End of the source agreement, which caps the term; exclusive.
        "agreement_cap" => agreement_cap: Option<Timestamp>,
        /// Application number (申请号).
        "application_no" => application_no: Option<String>,
        /// Certificate number (证书编号).
        "certificate_no" => certificate_no: Option<String>,
        /// Whether important data are contained (重要数据).
        "important_data" => important_data: Option<bool>,
        /// Start of the publicity period (公示).
        "publicity_from" => publicity_from: Option<Timestamp>,
        /// The registrar's code (登记机构代码).
        "registrar_code" => registrar_code: Option<String>,
        /// Classification level (分类分级).
        "security_level" => security_level: Option<String>,
        /// Registration number (登记号).
        "registration_no" => registration_no: Option<String>,
        /// Documents that show the source (来源证明).
        "source_evidence" => source_evidence: BTreeSet<SourceEvidence>,
        /// BLAKE3 of the certificate document.
        "certificate_hash" => certificate_hash: Option<Digest>,
        /// Published or not (未公开/公开).
        "disclosure_state" => disclosure_state: Option<String>,
        /// Deposit before registration (存证/公证).
        "evidence_deposit" => evidence_deposit: Option<EvidenceDeposit>,
        /// Update frequency (更新频率).
        "update_frequency" => update_frequency: Option<String>,
        /// Application scenario (应用场景).
        "application_scenario" => application_scenario: Option<String>,
        /// Whether personal information is contained (个人信息).
        "personal_information" => personal_information: Option<bool>,
        /// The processing rules in brief (算法规则简要说明).
        "processing_rule_summary" => processing_rule_summary: Option<String>,
    }
}

impl SourceEvidence {
    /// A document of this kind.
    pub fn new(kind: impl Into<String>, digest: Digest) -> Self {
        Self { kind: kind.into(), digest }
    }
}

impl EvidenceDeposit {
    /// A deposit of `hash`, made with `hash_algorithm`, both in the platform's notation; without code.
    pub fn new(
        kind: EvidenceKind,
        platform: impl Into<String>,
        hash_algorithm: impl Into<String>,
        hash: impl Into<String>,
        anchored_at: Timestamp,
    ) -> Self {
        Self {
            code: None,
            hash: hash.into(),
            kind,
            platform: platform.into(),
            anchored_at,
            hash_algorithm: hash_algorithm.into(),
        }
    }
}

impl Registrant {
    /// A registrant without number and share.
    pub fn new(
        iss: impl Into<String>,
        name: impl Into<String>,
        kind: RegistrantKind,
        role: RegistrantRole,
    ) -> Self {
        Self { id: None, iss: iss.into(), kind, name: name.into(), role, share: None }
    }
}

impl Registration {
    /// A first registration with a term from `issued_at` (inclusive) to `valid_until` (exclusive).
    pub fn new(
        manifest: ManifestId,
        object_name: impl Into<String>,
        registrants: impl IntoIterator<Item = Registrant>,
        issued_at: Timestamp,
        valid_until: Timestamp,
    ) -> Self {
        Self {
            seq: 0,
            kind: RegistrationKind::Initial,
            prev: None,
            extra: BTreeMap::new(),
            scale: None,
            format: None,
            period: None,
            rights: BTreeSet::new(),
            scheme: None,
            industry: None,
            manifest,
            issued_at,
            structure: None,
            data_class: None,
            supersedes: None,
            object_name: object_name.into(),
            registrants: registrants.into_iter().collect(),
            review_kind: None,
            sample_root: None,
            source_kind: None,
            valid_until,
            ai_generated: None,
            announced_at: None,
            cross_border: None,
            jurisdiction: None,
            object_class: None,
            publicity_to: None,
            update_until: None,
            agreement_cap: None,
            application_no: None,
            certificate_no: None,
            important_data: None,
            publicity_from: None,
            registrar_code: None,
            security_level: None,
            registration_no: None,
            source_evidence: BTreeSet::new(),
            certificate_hash: None,
            disclosure_state: None,
            evidence_deposit: None,
            processing_rule_summary: None,
            update_frequency: None,
            application_scenario: None,
            personal_information: None,
        }
    }

    /// End of the term, exclusive: capped by the end of the source agreement.
    pub fn ends_at(&self) -> Timestamp {
        self.agreement_cap.map_or(self.valid_until, |cap| cap.min(self.valid_until))
    }
}

impl Payload for Registration {
    const KIND: Kind = Kind::Registration;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        check_sequence(self.seq, self.prev)?;
        must(!self.registrants.is_empty(), "registrants", "must not be empty")?;
        must(self.issued_at < self.valid_until, "valid_until", "must be later than issued_at")?;
        // What ends nothing must not be accepted as if it had.
        must(
            self.kind.gives_title() || self.supersedes.is_some(),
            "supersedes",
            "must name what a cancellation or revocation ends",
        )?;
        must(
            self.publicity_from.zip(self.publicity_to).is_none_or(|(from, to)| from <= to),
            "publicity_to",
            "must not be before publicity_from",
        )?;
        must(
            self.jurisdiction.as_ref().is_none_or(|code| code.parse::<Territory>().is_ok()),
            "jurisdiction",
            "must be an ISO 3166 code",
        )?;
        // Claims are looked up by name, so a second entry of one would take the place of the first.
        let mut known = BTreeSet::new();
        let mut names = self.registrants.iter().map(|registrant| registrant.iss.as_str());
        must(names.all(|iss| known.insert(iss)), "registrants", "must name each iss once")?;
        let shares = self.registrants.iter().filter_map(|registrant| registrant.share);
        must(
            self.registrants.iter().all(|registrant| registrant.share != Some(0))
                && shares.fold(0, u64::saturating_add) <= 10_000,
            "share",
            "must be positive and add up to 10000 at most",
        )
    }
}
