//! The `transaction` statement: a deal made on an exchange (数字交易合约), as each of its parties signs it.

use std::collections::BTreeSet;

use super::licence::{check_rules, terms};
use super::{Duty, Licence, Rule};
use crate::cbor::{codes, record};
use crate::id::{ManifestId, StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError};
use crate::timestamp::Timestamp;

codes! {
    /// How the object of a deal is handed over (交割方式).
    pub enum DeliveryMethod("delivery method") in rights {
        /// Through an interface, request by request (接口).
        Api = "api",
        /// As files that the buyer fetches (下载).
        Download = "download",
        /// On a carrier that is handed over (介质).
        Medium = "medium",
        /// Used where it lies, without being handed over (可用不可见).
        Sandbox = "sandbox",
    }
}

record! {
    /// Payload of a `transaction` statement: parties, object, quotation, delivery and terms.
    ///
    /// A deal is made once seller, buyer and exchange have each signed this same payload; it is then a
    /// grant of the rules to the buyer, for exactly the content that it names. Two deals of one
    /// exchange under one number contradict each other, and neither counts.
    ///
    /// ```
    /// use datadeed::key::SigningKey;
    /// use datadeed::rights::{Action, DeliveryMethod, Rule, Transaction};
    /// use datadeed::statement::{Issuer, Payload};
    /// use datadeed::ManifestId;
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let parties = ["did:web:seller.example", "did:web:buyer.example", "did:web:exchange.example"];
    /// let mut deal = Transaction::new("T-2026-0001", corpus, parties, DeliveryMethod::Download);
    /// deal.rules.insert(Rule::permit([Action::Train]));
    /// (deal.amount, deal.currency) = (50_000_000, "CNY".into()); // 500,000.00 yuan
    ///
    /// // Each party signs the same:
    /// let now = "2026-11-22T00:00:00Z".parse()?;
    /// for (seed, party) in (1..).zip(parties) {
    ///     let signed = deal.sign(&Issuer::new(party, SigningKey::from_seed(&[seed; 32])), now)?;
    ///     assert_eq!(signed.payload(), &deal);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Transaction {
        /// Start of the term, inclusive; absent: from when the last of the parties signed.
        "from" => from: Option<Timestamp>,
        /// Who buys, as an `iss`.
        "buyer" => buyer: String,
        /// What the buyer may do, on what conditions, at what further price.
        "rules" => rules: BTreeSet<Rule>,
        /// End of the term, exclusive; absent: no end.
        "until" => until: Option<Timestamp>,
        /// The quotation, in minor units of the currency (服务报价).
        "amount" => amount: u64,
        /// The exchange's number of the deal (唯一编号); never given twice.
        "number" => number: String,
        /// Who sells, as an `iss`.
        "seller" => seller: String,
        /// ISO 4217.
        "currency" => currency: String,
        /// How the object is handed over (交割方式).
        "delivery" => delivery: DeliveryMethod,
        /// The exchange, as an `iss`.
        "exchange" => exchange: String,
        /// The content that is delivered.
        "manifest" => manifest: ManifestId,
        /// Whether models made during the term may be used after its end; absent: the terms are silent.
        "survives" => survives: Option<bool>,
        /// The registration that the object is sold by.
        ///
        /// What is delivered has to be what is registered there, or a covered version of it.
        "registration" => registration: Option<StatementId>,
        /// The code under which evidence of the deal was deposited (存证码).
        "evidence_code" => evidence_code: Option<String>,
    }
}

impl Transaction {
    /// A deal about `manifest` between a seller, a buyer and an exchange; free of charge and of terms until set.
    pub fn new(
        number: impl Into<String>,
        manifest: ManifestId,
        [seller, buyer, exchange]: [&str; 3],
        delivery: DeliveryMethod,
    ) -> Self {
        Self {
            from: None,
            rules: BTreeSet::new(),
            buyer: buyer.to_owned(),
            until: None,
            amount: 0,
            number: number.into(),
            seller: seller.to_owned(),
            delivery,
            exchange: exchange.to_owned(),
            manifest,
            survives: None,
            currency: "CNY".to_owned(),
            registration: None,
            evidence_code: None,
        }
    }

    /// The parties: seller, buyer, exchange.
    pub fn parties(&self) -> [&str; 3] {
        [&self.seller, &self.buyer, &self.exchange]
    }

    /// What evaluation may have to look at.
    pub(crate) fn terms(&self) -> usize {
        terms(&self.rules)
    }

    /// What it grants, as a licence to the buyer.
    pub(crate) fn to_licence(&self) -> Licence {
        Licence {
            from: self.from,
            until: self.until,
            survives: self.survives,
            licensees: [self.buyer.clone()].into(),
            ..Licence::granted(self.manifest, self.rules.iter().cloned())
        }
    }
}

impl Payload for Transaction {
    const KIND: Kind = Kind::Transaction;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        must(!self.number.is_empty(), "number", "must not be empty")?;
        let parties: BTreeSet<&str> = self.parties().into();
        must(parties.len() == 3, "exchange", "must be another party than seller and buyer")?;
        must(
            self.from.zip(self.until).is_none_or(|(from, until)| from < until),
            "until",
            "must be later than from",
        )?;
        must(is_currency(&self.currency), "currency", "must be three capital letters")?;
        check_rules(&self.rules, Duty::is_sound)
    }
}

/// Whether a text has the form of an ISO 4217 code.
pub(super) fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
