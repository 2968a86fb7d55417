//! Proofs before a verifier whose trust, status, manifests and time are fixed.
//!
//! source (collector) --clean (curator)--> corpus --train (trainer)--> weights

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::LazyLock;

use datadeed::key::{PublicKey, Signer as _, SigningKey};
use datadeed::manifest::{Dtype, FileEntry, Manifest, NameProfile, TensorEntry};
use datadeed::proof::LineageProof;
use datadeed::report::{Language, Report};
use datadeed::rights::{Action, Event, Licence, Purpose, Rule, Use, Verdict};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::Verifier;
use datadeed::{Digest, KeyId, ManifestId, Subject, Timestamp};

/// Everybody in the story; the last is in no trust store.
const NAMES: [&str; 8] =
    ["collector", "court", "curator", "registrar", "registry", "supplier", "trainer", "stranger"];

/// Everybody signs with a key of his own, made from his name.
pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(Digest::of(name.as_bytes()).as_bytes())
}

pub(crate) fn public_key(name: &str) -> PublicKey {
    key(name).public_key()
}

/// Day 10 is when all is said; the verifier looks on day 20.
pub(crate) fn day(number: u64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + number * 86_400).expect("within range")
}

pub(crate) fn sign<T: Payload>(name: &str, payload: &T) -> Signed<T> {
    let issuer = Issuer::new(format!("did:web:{name}.example"), key(name));
    payload.sign(&issuer, day(10)).expect("a sound payload")
}

fn files(texts: &[&str]) -> Manifest {
    let entries = texts
        .iter()
        .map(|text| FileEntry::new(format!("{text}.txt"), 4, Digest::of(text.as_bytes())));
    Manifest::files(entries.collect(), NameProfile::Any).expect("sound names")
}

pub(crate) fn source() -> Manifest {
    files(&["good", "rude", "same"])
}

/// The source without what is rude.
pub(crate) fn corpus() -> Manifest {
    files(&["good", "same"])
}

/// The data of the one tensor of the model.
pub(crate) const TENSOR: &[u8; 4] = b"good";

/// What every proof here is about: a model of one tensor, `w`.
pub(crate) fn weights() -> ManifestId {
    static WEIGHTS: LazyLock<ManifestId> = LazyLock::new(|| {
        let tensor = TensorEntry::new("w", Dtype::U8, vec![4], 4, Digest::of(TENSOR));
        Manifest::tensors(vec![tensor]).expect("a sound tensor").id()
    });
    *WEIGHTS
}

/// What the supplier grants in the source; the verifier knows that it was revoked on day 15.
pub(crate) fn revoked() -> Signed<Licence> {
    let rule = Rule::permit([Action::Derive, Action::Train, Action::DistributeModel]);
    let mut licence = Licence::granted(source().id(), [rule]);
    licence.revocable = true;
    licence.from = Some(day(0));
    sign("supplier", &licence)
}

pub(crate) fn trust() -> TrustStore {
    let anchor = |name: &str, roles: &[Role]| {
        let iss = format!("did:web:{name}.example");
        Anchor::new(iss, public_key(name), roles.iter().copied())
    };
    TrustStore::new([
        anchor("collector", &[Role::Collector]).scope(["manifest:", "https://data.example/"]),
        anchor("court", &[Role::Court]),
        anchor("curator", &[Role::Curator, Role::RightsHolder]),
        anchor("registrar", &[Role::Registrar]).between(day(0), day(30)),
        anchor("registry", &[Role::Log]).scope(["registry.example/log"]),
        anchor("supplier", &[Role::RightsHolder]).scope([source().id().to_string()]),
        anchor("trainer", &[Role::Trainer]),
    ])
}

pub(crate) fn status() -> Status {
    let revoked = revoked().id();
    let event = Event::revocation(Subject::Statement(revoked), day(15));
    let status = Status::new(day(20)).event(sign_at("supplier", &event, 15), day(15));
    status.and_then(|status| status.seen(revoked, day(11))).expect("before the status")
}

fn sign_at(name: &str, event: &Event, on: u64) -> Signed<Event> {
    let issuer = Issuer::new(format!("did:web:{name}.example"), key(name));
    event.sign(&issuer, day(on)).expect("a sound event")
}

struct Setting {
    trust: TrustStore,
    status: Status,
    manifests: Vec<Manifest>,
    keys: BTreeMap<KeyId, SigningKey>,
    uses: Vec<Use>,
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| Setting {
    trust: trust(),
    status: status(),
    manifests: vec![source(), corpus()],
    keys: NAMES.iter().map(|name| (public_key(name).id(), key(name))).collect(),
    uses: vec![
        Use::new(Action::DistributeModel).purpose(Purpose::Commercial).at(day(20)),
        Use::new(Action::Use).party("did:web:user.example"),
        Use::new(Action::ServeOutputs)
            .purpose(Purpose::Research)
            .territory("CN-BJ".parse().expect("a territory")),
    ],
});

/// Whether a verifier accepts `data`.
///
/// Nobody else holds the keys of the story, so what is accepted is what they
/// sign. Whatever decodes is signed anew with them and judged too: a mutant
/// would not get past its signatures otherwise.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let accepted = judge(data);
    if let Ok(proof) = LineageProof::decode(data) {
        let resigned = resigned(data, &proof);
        assert!(!accepted || resigned == data);
        if resigned != data {
            judge(&resigned);
        }
    }
    accepted
}

/// Verifies, asks and reports.
fn judge(data: &[u8]) -> bool {
    let setting = &*SETTING;
    let verifier = Verifier::new(&setting.trust, day(20))
        .known_events(&setting.status)
        .manifests(&setting.manifests);
    let judged = verifier.verify(data, weights());
    // What is opened of trees may tell less than all their rows, never anything else.
    let alone = Verifier::new(&setting.trust, day(20)).known_events(&setting.status);
    assert!(judged.is_err() || alone.verify(data, weights()).is_ok());
    let lineage = match judged {
        Ok(lineage) => lineage,
        Err(rejection) => {
            assert_eq!(rejection.source().is_some(), rejection.cause.is_some());
            assert!(!rejection.to_string().is_empty());
            return false;
        }
    };
    assert_eq!(lineage.proof().to_bytes(), data);
    assert_eq!(lineage.subject(), weights());
    let towards = lineage.towards_subject();
    for manifest in lineage.manifests() {
        let path = lineage.path_to(manifest);
        assert_eq!((path.first(), path.last()), (Some(&weights()), Some(&manifest)));
        assert_eq!(path.iter().nth_back(1), towards.get(&manifest));
    }
    for intended in &setting.uses {
        let verdict = lineage.rights(intended);
        match &verdict {
            Verdict::Permit { .. } => {}
            Verdict::Deny { reasons } => assert!(!reasons.is_empty()),
            Verdict::Unknown { missing } => assert!(!missing.is_empty()),
            _ => panic!("a verdict of a kind unknown here: {verdict}"),
        }
        assert_eq!(lineage.rights(intended), verdict);
    }
    let mut report = Report::new(&lineage);
    for intended in &setting.uses {
        report = report.ask("a use", intended.clone());
    }
    let (english, chinese) = (Language::English, Language::Chinese);
    for text in [
        report.dot(),
        report.html(english),
        report.json(),
        report.markdown(chinese),
        report.mermaid(),
        report.text(english),
    ] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    }
    true
}

/// The proof with every signature by a key of the story made anew. Ids do not depend on signatures.
fn resigned(data: &[u8], proof: &LineageProof) -> Vec<u8> {
    let mut resigned = data.to_vec();
    let mut from = 0;
    for statement in proof.statements() {
        let envelope = statement.as_bytes();
        let at = data[from..].windows(envelope.len()).position(|window| window == envelope);
        from += at.expect("envelopes stand in order") + envelope.len();
        if let Some(key) = SETTING.keys.get(&statement.header().key)
            && statement.is_signed()
        {
            let signature = key.sign(&statement.envelope().to_be_signed());
            let signature = signature.expect("a key in memory");
            resigned[from - 64..from].copy_from_slice(signature.as_bytes());
        }
    }
    resigned
}
