//! Statements of every kind, least and full, under both algorithms.
//!
//! They are the statements of `tests/vectors/v1` too, so from version 0.1.0 on they are only added to.

use datadeed::batch::{Batch, Members};
use datadeed::cbor::Item;
use datadeed::key::{Algorithm, Signer as _, SigningKey};
use datadeed::lineage::{
    Activity, ActivityKind, AgentRole, Agents, Relation, RelationKind, Sampling, Tool, TreeName,
};
use datadeed::manifest::{Dataset, DatasetIndex, Modality, ReleaseMode, ScanMethod};
use datadeed::rights::{
    Action, Assessment, AssessmentKind, AssessmentResult, ConflictStrategy, Consent, ConsentBasis,
    Constraint, DeliveryMethod, Duty, DutyKind, Event, EvidenceDeposit, EvidenceKind, Licence,
    Observation, Preference, Purpose, Registrant, RegistrantKind, RegistrantRole, Registration,
    RegistrationKind, ReviewKind, RightsClaim, Rule, SourceEvidence, SourceKind, Transaction,
    Transferee, Vocabulary,
};
use datadeed::statement::{DataClass, Issuer, Payload};
use datadeed::trust::{Delegation, Mandate, Role};
use datadeed::{Digest, IndexId, ManifestId, StatementId, Subject, Timestamp};

use super::Seed;
use crate::statement::SEED;

pub(crate) fn statement() -> Vec<Seed> {
    let issuer = issuer();
    let eddsa = self::issuer().algorithm(Algorithm::EdDsa);
    let least = Dataset::new(manifest(1), "Court decisions", ScanMethod::Full);
    let mut later = least.clone();
    later.seq = 1;
    later.prev = Some(earlier());
    vec![
        ("activity-eddsa", sign(&least_activity(), &eddsa)),
        ("activity-full", sign(&activity(), &issuer)),
        ("activity-least", sign(&least_activity(), &issuer)),
        ("activity-fine-tune", sign(&fine_tuning(), &issuer)),
        ("assessment-audit", sign(&audit(), &issuer)),
        ("assessment-full", sign(&assessment(), &issuer)),
        ("assessment-least", sign(&least_assessment(), &issuer)),
        ("batch-least", sign(&batch(), &issuer)),
        ("consent-full", sign(&consent(), &issuer)),
        ("consent-least", sign(&Consent::new(manifest(1), ConsentBasis::Consent), &issuer)),
        ("dataset-eddsa", sign(&least, &eddsa)),
        ("dataset-full", sign(&dataset(&later), &issuer)),
        ("dataset-later", sign(&later, &issuer)),
        ("dataset-least", sign(&least, &issuer)),
        ("dataset-unsigned", least.unsigned(&issuer, now()).unwrap().as_bytes().to_vec()),
        ("delegation-eddsa", sign(&least_delegation(), &eddsa)),
        ("delegation-full", sign(&delegation(), &issuer)),
        ("delegation-least", sign(&least_delegation(), &issuer)),
        ("event-asset-entry", sign(&Event::asset_entry(earlier(), now()), &issuer)),
        ("event-breach", sign(&breach(), &issuer)),
        ("event-cancellation", sign(&Event::cancellation(earlier(), now()), &issuer)),
        ("event-cross-border", sign(&cross_border(), &issuer)),
        ("event-cure", sign(&Event::cure(earlier(), now()), &issuer)),
        ("event-dispute", sign(&Event::dispute(earlier(), now()), &issuer)),
        ("event-eddsa", sign(&least_event(), &eddsa)),
        ("event-fulfilment", sign(&fulfilment(), &issuer)),
        ("event-full", sign(&event(), &issuer)),
        ("event-key-revocation", sign(&key_revocation(), &issuer)),
        ("event-least", sign(&least_event(), &issuer)),
        ("event-licence-filing", sign(&filing(), &issuer)),
        ("event-objection", sign(&Event::objection(earlier(), now()), &issuer)),
        ("event-pledge", sign(&pledge(), &issuer)),
        ("event-release", sign(&Event::release(earlier(), now()), &issuer)),
        ("event-settlement", sign(&Event::settlement(earlier(), now()), &issuer)),
        ("licence-eddsa", sign(&least_licence(), &eddsa)),
        ("licence-full", sign(&licence(), &issuer)),
        ("licence-least", sign(&least_licence(), &issuer)),
        ("licence-observed", sign(&observed(), &issuer)),
        ("preference-full", sign(&preference(), &issuer)),
        ("preference-least", sign(&least_preference(), &issuer)),
        ("registration-eddsa", sign(&least_registration(), &eddsa)),
        ("registration-full", sign(&registration(), &issuer)),
        ("registration-least", sign(&least_registration(), &issuer)),
        ("transaction-full", sign(&transaction(), &issuer)),
        ("transaction-least", sign(&least_transaction(), &issuer)),
    ]
}

fn issuer() -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", SigningKey::from_seed(&SEED))
}

fn sign<T: Payload>(payload: &T, issuer: &Issuer<SigningKey>) -> Vec<u8> {
    payload.sign(issuer, now()).unwrap().as_bytes().to_vec()
}

fn now() -> Timestamp {
    "2026-11-21T08:30:00Z".parse().unwrap()
}

fn manifest(number: u8) -> ManifestId {
    ManifestId::from_bytes([number; 32])
}

fn earlier() -> StatementId {
    StatementId::from_bytes([2; 32])
}

fn digest() -> Digest {
    Digest::of(b"a document")
}

fn item() -> Item {
    Item::decode(&[0x82, 0x01, 0xf5]).unwrap()
}

/// Of two statements, one of them `dataset-unsigned`.
fn batch() -> Batch {
    let least = Dataset::new(manifest(1), "Court decisions", ScanMethod::Full);
    let member = least.unsigned(&issuer(), now()).unwrap();
    Members::new([member.id(), earlier()]).batch().unwrap()
}

fn dataset(later: &Dataset) -> Dataset {
    let mut full = later.clone();
    full.title = "裁判文书".into();
    full.created = Some(now());
    full.indexes = [DatasetIndex::new(IndexId::from_bytes([5; 32]), "sha256")].into();
    full.version = Some("2026-11".into());
    full.languages = ["en".into(), "zh-Hans".into()].into();
    full.data_class = Some(DataClass::Public);
    full.modalities = [Modality::Text, Modality::Tabular].into();
    full.description = Some("Decisions of the courts of first instance".into());
    full.media_types = ["text/plain".into()].into();
    full.release_mode = Some(ReleaseMode::Open);
    full.confidentiality = Some("L1".into());
    full.source_category = Some("court decisions".into());
    full.personal_information = Some(true);
    full
}

fn least_activity() -> Activity {
    Activity::new(ActivityKind::Collect).output(manifest(1), [])
}

fn activity() -> Activity {
    let mut tool = Tool::new("merge", "1.0");
    tool.digest = Some(digest());
    let index = TreeName::Index("lines".into());
    let mut activity = Activity::new(ActivityKind::MergeDerive)
        .input(manifest(1), [earlier()])
        .input(manifest(2), [])
        .output(manifest(3), [])
        .relation(Relation::new(
            manifest(3),
            RelationKind::UnionOf,
            index,
            [manifest(1), manifest(2)],
        ))
        .relation(Relation::new(manifest(3), RelationKind::SumOf, TreeName::Parts, [manifest(2)]))
        .tool(tool)
        .between(Timestamp::MIN, now())
        .undisclosed_inputs();
    activity.rules = Some(digest());
    activity.params = [("seed".into(), item())].into();
    activity.measures = [("rows".into(), item())].into();
    let mut annotators = Agents::new(AgentRole::Annotator, 40);
    annotators.party = Some("did:web:labels.example".into());
    annotators.qualification = Some("law graduates".into());
    activity.agents = [annotators, Agents::new(AgentRole::Inspector, 2)].into();
    let mut sampling = Sampling::new(2_000, 1_986);
    sampling.method = Some("GB/T 2828.1".into());
    activity.sampling = Some(sampling);
    activity.processed_in = ["CN-BJ".parse().unwrap()].into();
    activity.stored_in = ["CN-BJ".parse().unwrap(), "CN-SH".parse().unwrap()].into();
    activity
}

fn fine_tuning() -> Activity {
    Activity::new(ActivityKind::FineTune)
        .input(manifest(1), [])
        .base_model(manifest(2), [earlier()])
        .output(manifest(3), [])
}

fn audit() -> Assessment {
    Assessment::manifest_audit(manifest(1), [TreeName::Parts, TreeName::Content], now())
}

fn least_assessment() -> Assessment {
    let passed = Some(AssessmentResult::Passed);
    Assessment::new(manifest(1), AssessmentKind::Quality, passed, now())
}

fn assessment() -> Assessment {
    let mut full = Assessment::valuation(manifest(1), 120_000_000, "CNY", now());
    full.seq = 1;
    full.prev = Some(earlier());
    full.rules = Some(digest());
    full.method = Some("cost".into());
    full.report = Some(digest());
    full.measures = [("completeness".into(), item())].into();
    full
}

fn consent() -> Consent {
    let mut full = Consent::new(manifest(1), ConsentBasis::Contract);
    full.seq = 1;
    full.prev = Some(earlier());
    full.from = Some(Timestamp::MIN);
    full.until = Some(now());
    full.method = Some("signed form".into());
    full.actions = [Action::Train].into();
    full.purposes = [Purpose::Research].into();
    full.evidence = Some(digest());
    full
}

fn least_preference() -> Preference {
    let seen = Observation::new("https://data.example/", "http-get", digest(), now());
    Preference::new(manifest(1), Vocabulary::Robots, seen, [])
}

fn preference() -> Preference {
    let mut full = least_preference();
    full.vocabulary = Vocabulary::Aipref;
    full.rules = [Rule::prohibit([Action::TrainGenerative]), Rule::permit([Action::Search])].into();
    full
}

fn least_transaction() -> Transaction {
    let parties = ["did:web:seller.example", "did:web:buyer.example", "did:web:exchange.example"];
    Transaction::new("T-2026-0001", manifest(1), parties, DeliveryMethod::Download)
}

fn transaction() -> Transaction {
    let mut full = least_transaction();
    full.rules = [permission(), prohibition()].into();
    full.from = Some(Timestamp::MIN);
    full.until = Some(now());
    full.amount = 50_000_000;
    full.survives = Some(false);
    full.registration = Some(earlier());
    full.evidence_code = Some("E-1".into());
    full
}

fn breach() -> Event {
    Event::breach(earlier(), ["did:web:trainer.example".into()], now())
}

fn cross_border() -> Event {
    let mut event = Event::cross_border(earlier(), ["SG".parse().unwrap()], now());
    event.reason = Some("standard contract".into());
    event
}

fn fulfilment() -> Event {
    let mut pay = Duty::new(DutyKind::Pay);
    pay.payee = Some("did:web:curator.example".into());
    (pay.amount, pay.currency) = (Some(100_000), Some("CNY".into()));
    Event::fulfilment(earlier(), pay, "did:web:trainer.example", now())
}

fn filing() -> Event {
    Event::licence_filing(earlier(), StatementId::from_bytes([4; 32]), now())
}

fn pledge() -> Event {
    let mut pledge = Event::pledge(earlier(), ["did:web:bank.example".into()], now());
    (pledge.amount, pledge.currency) = (Some(300_000_000), Some("CNY".into()));
    pledge
}

fn least_delegation() -> Delegation {
    let key = SigningKey::from_seed(&[8; 32]).public_key();
    Delegation::new("did:web:delegate.example", key, Mandate::new([Role::Curator]))
}

fn delegation() -> Delegation {
    let mandate = Mandate::new([Role::Registrar, Role::RightsHolder])
        .scope(["manifest:", "https://data.example/"])
        .schemes(["数据知识产权登记"])
        .jurisdictions(["CN-BJ".parse().unwrap(), "CN-SH".parse().unwrap()])
        .between(Timestamp::MIN, now());
    let mut full = least_delegation().depth(2);
    full.mandate = mandate;
    full.seq = 1;
    full.prev = Some(earlier());
    full
}

fn least_event() -> Event {
    Event::revocation(Subject::Statement(earlier()), now())
}

/// By the key that it revokes.
fn key_revocation() -> Event {
    Event::key_revocation(issuer().public_key().id(), now())
}

fn event() -> Event {
    let mut buyer = Transferee::new("did:web:buyer.example");
    buyer.share = Some(6_000);
    let fund = Transferee::new("did:web:fund.example");
    let mut event = Event::transfer(earlier(), [buyer, fund], now());
    event.seq = 1;
    event.prev = Some(StatementId::from_bytes([3; 32]));
    event.reason = Some("sale".into());
    event.evidence = Some(digest());
    event
}

fn observed() -> Licence {
    let seen = Observation::new("https://data.example/", "http-get", digest(), now());
    Licence::observed(manifest(1), "CC-BY-4.0 OR MIT", seen)
}

fn least_licence() -> Licence {
    Licence::granted_spdx(manifest(1), "CC-BY-4.0")
}

fn licence() -> Licence {
    let mut licence = Licence::granted(manifest(1), [permission(), prohibition()]);
    licence.seq = 1;
    licence.prev = Some(earlier());
    licence.from = Some(Timestamp::MIN);
    licence.until = Some(now());
    licence.parent = Some(StatementId::from_bytes([4; 32]));
    licence.conflict = Some(ConflictStrategy::Prohibit);
    licence.survives = Some(true);
    licence.licensees = ["did:web:trainer.example".into()].into();
    licence.revocable = true;
    licence
}

/// Duties with every field that a duty can have.
fn permission() -> Rule {
    let mut pay = Duty::new(DutyKind::Pay);
    pay.payee = Some("did:web:supplier.example".into());
    pay.amount = Some(100_000);
    pay.currency = Some("CNY".into());
    let mut share = Duty::revenue_share("did:web:supplier.example", 250);
    share.ceiling = Some(5_000_000);
    share.currency = Some("CNY".into());
    let mut nested = Duty::revenue_share("did:web:author.example", 1_000);
    nested.of = Some("did:web:supplier.example".into());
    nested.floor = Some(2_000);
    nested.currency = Some("CNY".into());
    let mut credit = Duty::new(DutyKind::Attribute);
    credit.terms = Some("Supplier Co.".into());
    let mut delete = Duty::new(DutyKind::DeleteAfter);
    delete.after = Some(now());
    Rule::permit([Action::Train, Action::DistributeModel])
        .when(Constraint::purpose([Purpose::Commercial]))
        .when(Constraint::until(now()))
        .duty(Duty::share_alike(["CC-BY-SA-4.0"]))
        .duty(credit)
        .duty(delete)
        .duty(pay)
        .duty(share)
        .duty(nested)
}

fn prohibition() -> Rule {
    Rule::prohibit([Action::Transfer]).when(Constraint::processing_in([&"CN-BJ".parse().unwrap()]))
}

fn least_registration() -> Registration {
    let holder = Registrant::new(
        "did:web:curator.example",
        "Curator Co.",
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    Registration::new(manifest(1), "Merged corpus", [holder], Timestamp::MIN, now())
}

fn registration() -> Registration {
    let mut registration = least_registration();
    let text = |value: &str| Some(value.to_owned());
    let mut joint = Registrant::new(
        "did:web:other.example",
        "李某",
        RegistrantKind::NaturalPerson,
        RegistrantRole::Processor,
    );
    joint.id = text("91110000000000000X");
    joint.share = Some(4_000);
    registration.seq = 1;
    registration.kind = RegistrationKind::Change;
    registration.prev = Some(earlier());
    registration.registrants.insert(joint);
    registration.extra = [("表格".into(), item())].into();
    registration.scale = text("31,000 decisions");
    registration.format = text("text/plain");
    registration.period = text("2024 to 2026");
    registration.rights = [RightsClaim::Hold, RightsClaim::Use].into();
    registration.scheme = text("数据知识产权登记");
    registration.industry = text("law");
    registration.structure = text("one decision a file");
    registration.data_class = Some(DataClass::Public);
    registration.supersedes = Some(earlier());
    registration.review_kind = Some(ReviewKind::Formal);
    registration.sample_root = Some(manifest(6));
    registration.source_kind = Some(SourceKind::Public);
    registration.ai_generated = Some(false);
    registration.announced_at = Some(now());
    registration.cross_border = Some(false);
    registration.jurisdiction = text("CN-BJ");
    registration.object_class = text("数据集合");
    registration.update_until = Some(now());
    registration.agreement_cap = Some(now());
    registration.application_no = text("A-1");
    registration.certificate_no = text("C-1");
    registration.important_data = Some(false);
    registration.publicity_from = Some(Timestamp::MIN);
    registration.publicity_to = Some(now());
    registration.registrar_code = text("R-1");
    registration.security_level = text("L1");
    registration.registration_no = text("N-1");
    registration.source_evidence = [SourceEvidence::new("contract", digest())].into();
    registration.certificate_hash = Some(digest());
    registration.disclosure_state = text("公开");
    registration.evidence_deposit = Some(deposit());
    registration.update_frequency = text("monthly");
    registration.application_scenario = text("legal search");
    registration.personal_information = Some(true);
    registration.processing_rule_summary = text("names replaced by initials");
    registration
}

fn deposit() -> EvidenceDeposit {
    let mut deposit =
        EvidenceDeposit::new(EvidenceKind::Notarisation, "chain.example", "SM3", "0a0b", now());
    deposit.code = Some("E-1".into());
    deposit
}
