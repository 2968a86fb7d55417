//! The `consent` statement: on what basis personal information in a dataset is processed.

use std::collections::BTreeSet;

use super::{Action, Purpose};
use crate::cbor::{codes, record};
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError, Sequence, check_sequence};
use crate::timestamp::Timestamp;

codes! {
    /// Basis of processing personal information: article 13 of the Personal Information Protection Law of
    /// China (个人信息保护法), item by item.
    pub enum ConsentBasis("consent basis") in rights {
        /// The individuals consented (item 1).
        Consent = "consent",
        /// Needed for a contract with the individual, or for human resources (item 2).
        Contract = "contract",
        /// What individuals disclosed themselves, or was lawfully disclosed, within reason (item 6).
        Disclosed = "disclosed",
        /// Needed in an emergency (item 4).
        Emergency = "emergency",
        /// News reporting and supervision in the public interest, within reason (item 5).
        News = "news",
        /// Another case in law or administrative regulations (item 7).
        OtherLaw = "other_law",
        /// Needed for a statutory duty (item 3).
        StatutoryDuty = "statutory_duty",
    }
}

record! {
    /// Payload of a `consent` statement.
    ///
    /// Its issuer is whoever obtained the consent, or relies on another basis; that the
    /// individuals did consent is what he says. A revocation ends it: what happened before
    /// stays as it was (article 15).
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::rights::{Action, Consent, ConsentBasis};
    /// use datadeed::statement::Payload;
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let mut consent = Consent::new(corpus, ConsentBasis::Consent);
    /// consent.actions = [Action::Train].into(); // and nothing else
    /// consent.method = Some("signed form, version 3".into());
    /// assert_eq!(consent.check(), Ok(()));
    /// ```
    pub struct Consent {
        /// Number of this statement by its issuer about this manifest, from 0.
        "seq" => seq: u64,
        /// From when it counts, inclusive; absent: from when it was signed.
        "from" => from: Option<Timestamp>,
        /// The statement before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// The basis.
        "basis" => basis: ConsentBasis,
        /// End of the term, exclusive; absent: no end.
        "until" => until: Option<Timestamp>,
        /// How it was obtained, in words.
        "method" => method: Option<String>,
        /// What it covers, with everything below in the tree; absent: every action.
        "actions" => actions: BTreeSet<Action>,
        /// BLAKE3 of a document that shows it, such as the form that was signed.
        "evidence" => evidence: Option<Digest>,
        /// The dataset.
        "manifest" => manifest: ManifestId,
        /// What it covers the use for, as a condition on the purpose does; absent: every purpose.
        "purposes" => purposes: BTreeSet<Purpose>,
    }
}

impl Consent {
    /// A basis for every action and purpose, without end.
    pub const fn new(manifest: ManifestId, basis: ConsentBasis) -> Self {
        Self {
            seq: 0,
            from: None,
            prev: None,
            basis,
            until: None,
            method: None,
            actions: BTreeSet::new(),
            evidence: None,
            manifest,
            purposes: BTreeSet::new(),
        }
    }
}

impl Payload for Consent {
    const KIND: Kind = Kind::Consent;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        check_sequence(self.seq, self.prev)?;
        PayloadError::unless(
            self.from.zip(self.until).is_none_or(|(from, until)| from < until),
            "until",
            "must be later than from",
        )
    }
}
