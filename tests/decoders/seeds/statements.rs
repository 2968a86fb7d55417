//! Statements of every kind, least and full.

use datadeed::cbor::Item;
use datadeed::key::{Algorithm, SigningKey};
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, Tool, TreeName};
use datadeed::manifest::{Dataset, Modality, ReleaseMode, ScanMethod};
use datadeed::rights::{
    Action, Constraint, Duty, DutyKind, Event, EvidenceDeposit, EvidenceKind, Licence, Observation,
    Purpose, Registrant, RegistrantKind, RegistrantRole, Registration, RightsClaim, Rule,
    SourceEvidence,
};
use datadeed::statement::{DataClass, Issuer, Payload};
use datadeed::{Digest, ManifestId, StatementId, Subject, Timestamp};

use super::Seed;
use crate::statement::SEED;

pub(crate) fn statement() -> Vec<Seed> {
    let issuer = issuer();
    let least = Dataset::new(manifest(1), "Court decisions", ScanMethod::Full);
    let mut later = least.clone();
    later.seq = 1;
    later.prev = Some(earlier());
    vec![
        ("activity-full", sign(&activity(), &issuer)),
        (
            "activity-least",
            sign(&Activity::new(ActivityKind::Collect).output(manifest(1), []), &issuer),
        ),
        ("dataset-eddsa", sign(&least, &self::issuer().algorithm(Algorithm::EdDsa))),
        ("dataset-full", sign(&dataset(&later), &issuer)),
        ("dataset-later", sign(&later, &issuer)),
        ("dataset-least", sign(&least, &issuer)),
        ("event", sign(&event(), &issuer)),
        ("licence-observed", sign(&observed(), &issuer)),
        ("licence-rules", sign(&licence(), &issuer)),
        ("registration-full", sign(&registration(), &issuer)),
        ("registration-least", sign(&least_registration(), &issuer)),
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

fn dataset(later: &Dataset) -> Dataset {
    let mut full = later.clone();
    full.title = "裁判文书".into();
    full.created = Some(now());
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

fn activity() -> Activity {
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
        .tool(Tool::new("merge", "1.0"))
        .between(Timestamp::MIN, now())
        .undisclosed_inputs();
    activity.rules = Some(digest());
    activity.params = [("seed".into(), item())].into();
    activity.measures = [("rows".into(), item())].into();
    activity
}

fn event() -> Event {
    let mut event = Event::revocation(Subject::Statement(earlier()), now());
    event.seq = 1;
    event.prev = Some(StatementId::from_bytes([3; 32]));
    event.reason = Some("breach".into());
    event.evidence = Some(digest());
    event
}

fn observed() -> Licence {
    let seen = Observation::new("https://data.example/", "http-get", digest(), now());
    Licence::observed(manifest(1), "CC-BY-4.0 OR MIT", seen)
}

fn licence() -> Licence {
    let mut pay = Duty::new(DutyKind::Pay);
    pay.payee = Some("did:web:supplier.example".into());
    pay.amount = Some(100_000);
    pay.currency = Some("CNY".into());
    let mut licence = Licence::granted(
        manifest(1),
        [
            Rule::permit([Action::Train, Action::DistributeModel])
                .when(Constraint::purpose([Purpose::Commercial]))
                .when(Constraint::until(now()))
                .duty(Duty::share_alike(["CC-BY-SA-4.0"]))
                .duty(pay),
            Rule::prohibit([Action::Transfer])
                .when(Constraint::processing_in([&"CN-BJ".parse().unwrap()])),
        ],
    );
    licence.seq = 1;
    licence.prev = Some(earlier());
    licence.from = Some(Timestamp::MIN);
    licence.until = Some(now());
    licence.parent = Some(StatementId::from_bytes([4; 32]));
    licence.survives = Some(true);
    licence.licensees = ["did:web:trainer.example".into()].into();
    licence.revocable = true;
    licence
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
    let mut joint = Registrant::new(
        "did:web:other.example",
        "李某",
        RegistrantKind::NaturalPerson,
        RegistrantRole::Processor,
    );
    joint.share = Some(4_000);
    registration.registrants.insert(joint);
    registration.extra = [("表格".into(), item())].into();
    registration.rights = [RightsClaim::Hold, RightsClaim::Use].into();
    registration.jurisdiction = Some("CN-BJ".into());
    registration.supersedes = Some(earlier());
    registration.agreement_cap = Some(now());
    registration.publicity_from = Some(Timestamp::MIN);
    registration.publicity_to = Some(now());
    registration.ai_generated = Some(false);
    registration.source_evidence = [SourceEvidence::new("contract", digest())].into();
    registration.evidence_deposit = Some(EvidenceDeposit::new(
        EvidenceKind::Notarisation,
        "chain.example",
        "SM3",
        "0a0b",
        now(),
    ));
    registration
}
