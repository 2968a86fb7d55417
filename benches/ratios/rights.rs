//! Verdicts over terms of every kind, against the signature checks of the same lineage.

use std::collections::BTreeSet;
use std::hint::black_box;

use datadeed::digest::Digest;
use datadeed::key::SigningKey;
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::proof::{Builder, LineageProof, Statement};
use datadeed::rights::{
    Action, Condition, Constraint, DeliveryMethod, Duty, DutyKind, Licence, Observation, Outbound,
    Purpose, Reading, Rule, Territory, Transaction, Use, Verdict, VolumeUnit,
};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::Verifier;
use datadeed::{ManifestId, StatementId, Timestamp};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::common::{KEY_SEED, issuer, now};
use crate::interleave::{each, interleave, timed};

const ROUNDS: usize = 7;
/// Datasets of one layer, of which each has an origin with terms of its own.
const WIDTH: usize = 500;
/// Layers of steps between the origins and the training.
const LAYERS: usize = 15;

/// Statements with the bytes and signatures that a bare check of them needs.
#[derive(Default)]
struct Told {
    statements: Vec<Statement>,
    signatures: Vec<(VerifyingKey, Vec<u8>, Signature)>,
}

impl Told {
    fn tell<P: Payload>(&mut self, payload: &P) -> StatementId
    where
        Statement: From<Signed<P>>,
    {
        self.tell_by(&issuer(), KEY_SEED, payload)
    }

    fn tell_by<P: Payload>(
        &mut self,
        by: &Issuer<SigningKey>,
        seed: [u8; 32],
        payload: &P,
    ) -> StatementId
    where
        Statement: From<Signed<P>>,
    {
        let signed = payload.sign(by, now()).expect("a sound statement");
        let id = signed.id();
        let key = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
        let signature = signed.as_bytes().last_chunk().expect("64 bytes");
        self.signatures.push((key, signed.to_be_signed(), Signature::from_bytes(signature)));
        self.statements.push(signed.into());
        id
    }
}

/// Seller and exchange of the deals, whose buyer is whoever does everything else.
const OTHERS: [(&str, [u8; 32]); 2] =
    [("did:web:seller.example", [8; 32]), ("did:web:exchange.example", [9; 32])];

fn other(place: usize) -> Issuer<SigningKey> {
    let (iss, seed) = OTHERS[place];
    Issuer::new(iss, SigningKey::from_seed(&seed))
}

fn manifest(layer: usize, place: usize) -> ManifestId {
    let name = format!("rights {layer} {place}");
    ManifestId::from_bytes(*Digest::of(name.as_bytes()).as_bytes())
}

fn seen(text: &str) -> Observation {
    Observation::new("https://data.example/", "http-get", Digest::of(text.as_bytes()), now())
}

fn year(number: u64) -> Timestamp {
    format!("{number}-01-01T00:00:00Z").parse().expect("a time")
}

/// All that a model needs, under conditions of every kind, for duties of four.
fn negotiated() -> [Rule; 3] {
    let places: Vec<Territory> =
        ["CN", "DE", "FR", "JP", "SG"].iter().map(|code| code.parse().expect("a code")).collect();
    let [mut credit, mut report, mut delete] =
        [DutyKind::Attribute, DutyKind::Report, DutyKind::DeleteAfter].map(Duty::new);
    credit.terms = Some("Courtesy of the supplier".to_owned());
    report.terms = Some("each quarter".to_owned());
    delete.after = Some(year(2030));
    let actions =
        [Action::Train, Action::Derive, Action::DistributeDerived, Action::DistributeModel];
    let may = Rule::permit(actions)
        .when(Constraint::purpose([Purpose::Commercial, Purpose::Research]))
        .when(Constraint::processing_in(&places))
        .when(Constraint::storage_in(&places))
        .when(Constraint::distribution_in(&places))
        .when(Constraint::not_before(year(2020)))
        .when(Constraint::until(year(2031)))
        .when(Constraint::licensee([issuer().iss().to_owned()]))
        .when(Constraint::field(["law".to_owned(), "medical".to_owned()]))
        .when(Constraint::product(["assistant".to_owned()]))
        .when(Constraint::hops(64))
        .when(Constraint::volume(1_000_000, VolumeUnit::Records))
        .duty(credit)
        .duty(report)
        .duty(delete)
        .duty(Duty::revenue_share("did:web:supplier.example", 10));
    let military = Constraint::field(["military".to_owned()]);
    [may, Rule::permit([Action::Sublicense]), Rule::prohibit([Action::Use]).when(military)]
}

/// One origin with its terms, of which there are five kinds in turn.
fn origin(told: &mut Told, place: usize) -> StatementId {
    let of = manifest(0, place);
    let collected = told.tell(&Activity::new(ActivityKind::Collect).output(of, []));
    match place % 5 {
        0 => {
            told.tell(&Licence::granted(of, negotiated()));
        }
        1 => {
            let spdx = "(MIT OR CC-BY-NC-4.0) AND (CC-BY-4.0 OR Apache-2.0)";
            told.tell(&Licence::observed(of, spdx, seen("README")));
        }
        2 => {
            let parent = told.tell(&Licence::granted(of, negotiated()));
            let mut below = Licence::granted(of, negotiated());
            (below.seq, below.prev, below.parent) = (1, Some(parent), Some(parent));
            told.tell(&below);
        }
        3 => {
            let parties = [OTHERS[0].0, issuer().iss(), OTHERS[1].0].map(str::to_owned);
            let [seller, buyer, exchange] = &parties;
            let parties = [seller.as_str(), buyer, exchange];
            let number = format!("T-{place}");
            let mut deal = Transaction::new(number, of, parties, DeliveryMethod::Download);
            deal.rules = BTreeSet::from(negotiated());
            told.tell(&deal);
            for (place, (_, seed)) in OTHERS.into_iter().enumerate() {
                told.tell_by(&other(place), seed, &deal);
            }
        }
        _ => {
            told.tell(&Licence::observed(of, "CC-BY-4.0", seen("LICENSE")));
            for text in ["train-ai=y, search=y", "search=n"] {
                let reading = Reading::content_usage(text.as_bytes()).expect("a field");
                told.tell(&reading.preference(of, seen(text)));
            }
        }
    }
    collected
}

/// About 10,000 statements: [`WIDTH`] origins, [`LAYERS`] of steps from two datasets each, a training on the last.
fn told() -> (Told, ManifestId) {
    let mut told = Told::default();
    let mut below: Vec<(ManifestId, StatementId)> =
        (0..WIDTH).map(|place| (manifest(0, place), origin(&mut told, place))).collect();
    let kinds = [ActivityKind::Clean, ActivityKind::MergeDerive, ActivityKind::Annotate];
    for layer in 1..=LAYERS {
        below = (0..WIDTH)
            .map(|place| {
                let made = manifest(layer, place);
                // Another partner in every layer, never the dataset itself.
                let partner = (place + 1 + layer * 31) % WIDTH;
                let step = Activity::new(kinds[layer % kinds.len()]).output(made, []);
                let inputs = [below[place], below[partner]];
                let step = inputs.iter().fold(step, |step, (id, by)| step.input(*id, [*by]));
                (made, told.tell(&step))
            })
            .collect();
    }
    let weights = manifest(LAYERS + 1, 0);
    let train = Activity::train().output(weights, []);
    told.tell(&below.iter().fold(train, |train, (id, by)| train.input(*id, [*by])));
    (told, weights)
}

/// The verdict on about 10,000 statements under terms of every kind v their bare signature checks.
pub(crate) fn verdict_mixed() -> f64 {
    let (told, weights) = told();
    let builder = LineageProof::builder(weights);
    let proof = told.statements.iter().cloned().fold(builder, Builder::statement);
    let proof = proof.build().expect("a sound lineage").to_bytes();
    let roles = [Role::Collector, Role::Curator, Role::RightsHolder, Role::Trainer];
    let own = Anchor::new(issuer().iss(), issuer().public_key(), roles);
    let [seller, exchange] = [(0, Role::RightsHolder), (1, Role::Exchange)]
        .map(|(place, role)| Anchor::new(OTHERS[place].0, other(place).public_key(), [role]));
    let trust = TrustStore::new([own, seller, exchange]);
    let status = Status::new(now());
    let verifier = Verifier::new(&trust, now()).known_events(&status);
    let lineage = verifier.verify(&proof, weights).expect("a sound lineage");
    let contract = Outbound::new("LicenseRef-contract").limited_to([
        Condition::Distribution(["CN".parse().expect("a code")].into()),
        Condition::Field(["law".to_owned()].into()),
        Condition::Product(["assistant".to_owned()].into()),
    ]);
    let ask = Use::new(Action::DistributeModel)
        .purpose(Purpose::Commercial)
        .territory("CN".parse().expect("a code"))
        .field("law")
        .product("assistant")
        .volume(1_000, VolumeUnit::Records)
        .party(issuer().iss())
        .offered_under(contract)
        .at(now());
    let verdict = lineage.rights(&ask);
    assert!(matches!(verdict, Verdict::Permit { .. }), "{verdict}");
    let bare = || {
        for (key, message, signature) in &told.signatures {
            key.verify_strict(black_box(message), signature).expect("signed before");
        }
    };
    interleave(ROUNDS, || each(1, || lineage.rights(black_box(&ask))), || timed(bare))
}
