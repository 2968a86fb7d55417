//! Lineages against the bare signature checks under them.

use std::hint::black_box;

use datadeed::batch::{Batch, Members, vouch};
use datadeed::digest::Digest;
use datadeed::key::SignatureCache;
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{Builder, LineageProof, Statement};
use datadeed::rights::{Action, Licence, Purpose, Use, Verdict};
use datadeed::statement::{Payload as _, Signed};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{VerifiedLineage, Verifier};
use datadeed::{ManifestId, StatementId};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::common::{KEY_SEED, issuer, now};
use crate::interleave::{each, interleave, timed};

const ROUNDS: usize = 5;
/// Datasets of one layer.
const WIDTH: usize = 100;

/// A proof with everything that its verifier has and what a bare signature check needs.
struct Case {
    proof: Vec<u8>,
    activities: usize,
    trust: TrustStore,
    status: Status,
    /// To-be-signed bytes and signature of every statement.
    signatures: Vec<(Vec<u8>, Signature)>,
    key: VerifyingKey,
}

fn manifest(layer: usize, place: usize) -> ManifestId {
    let name = format!("{layer} {place}");
    ManifestId::from_bytes(*Digest::of(name.as_bytes()).as_bytes())
}

fn weights() -> ManifestId {
    manifest(0, WIDTH)
}

/// About `statements` statements: origins with a licence each, then layers
/// in which every dataset is made of two of the layer below and goes into
/// two of the layer above, then a training on the last one.
///
/// The number of paths to an origin doubles with every layer.
fn dag(
    statements: usize,
    sign: impl Fn(&Activity) -> Signed<Activity>,
    grant: impl Fn(Licence) -> Signed<Licence>,
) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    let mut below: Vec<(ManifestId, StatementId)> = Vec::new();
    for place in 0..WIDTH {
        let origin = manifest(0, place);
        all.push(grant(Licence::granted_spdx(origin, "CC-BY-4.0")).into());
        let collect = sign(&Activity::new(ActivityKind::Collect).output(origin, []));
        below.push((origin, collect.id()));
        all.push(collect.into());
    }
    let layers = (statements - all.len()) / WIDTH;
    for layer in 1..=layers {
        below = (0..WIDTH)
            .map(|place| {
                let made = manifest(layer, place);
                // Another partner in every layer, never the dataset itself.
                let partner = (place + 1 + layer % (WIDTH - 1)) % WIDTH;
                let inputs = [below[place], below[partner]];
                let merge = Activity::new(ActivityKind::MergeDerive).output(made, []);
                let merge = inputs.iter().fold(merge, |merge, (id, by)| merge.input(*id, [*by]));
                let merge = sign(&merge);
                let id = merge.id();
                all.push(merge.into());
                (made, id)
            })
            .collect();
    }
    let train = below
        .iter()
        .fold(Activity::train().output(weights(), []), |train, (id, by)| train.input(*id, [*by]));
    all.push(sign(&train).into());
    all
}

impl Case {
    /// Of so many statements, each signed.
    fn new(statements: usize) -> Self {
        let issuer = issuer();
        let sign = |activity: &Activity| activity.sign(&issuer, now()).expect("a sound activity");
        let licence = |licence: Licence| licence.sign(&issuer, now()).expect("a sound licence");
        let all = dag(statements, sign, licence);
        let proof = all.iter().cloned().fold(LineageProof::builder(weights()), Builder::statement);
        let proof = proof.build().expect("a sound lineage").to_bytes();
        Self::of(proof, &all)
    }

    /// The same without signatures, vouched for by one batch.
    fn vouched(statements: usize) -> Self {
        let issuer = issuer();
        let unsigned = |activity: &Activity| activity.unsigned(&issuer, now()).expect("sound");
        let licence = |licence: Licence| licence.unsigned(&issuer, now()).expect("sound");
        let all = dag(statements, unsigned, licence);
        let members = Members::new(all.iter().map(Statement::id));
        let batch = members.batch().expect("some").sign(&issuer, now()).expect("a sound batch");
        let builder = LineageProof::builder(weights()).batch(batch, &members);
        let proof = all.iter().cloned().fold(builder, Builder::statement);
        let proof = proof.build().expect("a sound lineage").to_bytes();
        Self::of(proof, &all)
    }

    fn of(proof: Vec<u8>, statements: &[Statement]) -> Self {
        let roles = [Role::Collector, Role::Curator, Role::RightsHolder, Role::Trainer];
        let key = ed25519_dalek::SigningKey::from_bytes(&KEY_SEED).verifying_key();
        Self {
            proof,
            activities: statements.iter().filter_map(Statement::as_activity).count(),
            trust: TrustStore::new([Anchor::new(issuer().iss(), issuer().public_key(), roles)]),
            status: Status::new(now()),
            signatures: statements.iter().filter_map(signed).collect(),
            key,
        }
    }

    fn verifier(&self) -> Verifier<'_> {
        Verifier::new(&self.trust, now()).known_events(&self.status)
    }

    fn verify(&self) -> VerifiedLineage {
        self.verifier().verify(black_box(&self.proof), weights()).expect("a sound lineage")
    }

    fn verify_with(&self, cache: &SignatureCache) -> VerifiedLineage {
        let verifier = self.verifier().cache(cache);
        verifier.verify(black_box(&self.proof), weights()).expect("a sound lineage")
    }

    /// A bare `verify_strict` of every statement's bytes.
    fn verify_bare(&self) {
        for (message, signature) in &self.signatures {
            self.key.verify_strict(black_box(message), signature).expect("signed before");
        }
    }
}

/// To-be-signed bytes and signature, if it has one.
fn signed(statement: &Statement) -> Option<(Vec<u8>, Signature)> {
    let (message, is_signed) = match statement {
        Statement::Activity(one) => (one.to_be_signed(), one.is_signed()),
        Statement::Licence(one) => (one.to_be_signed(), one.is_signed()),
        _ => panic!("no other kind here"),
    };
    let signature = statement.as_bytes().last_chunk().expect("64 bytes");
    is_signed.then(|| (message, Signature::from_bytes(signature)))
}

/// Verification of 10,000 statements on one thread v as many bare `verify_strict`.
pub(crate) fn verify_10k() -> f64 {
    let case = Case::new(10_000);
    interleave(ROUNDS, || timed(|| case.verify()), || timed(|| case.verify_bare()))
}

/// Verification of 10,000 statements that one batch vouches for v as many bare `verify_strict`.
///
/// The whole way of a verifier: decoding, ids, the tree over them, one signature, and the lineage.
pub(crate) fn batch_vouch() -> f64 {
    let (signed, vouched) = (Case::new(10_000), Case::vouched(10_000));
    interleave(ROUNDS, || timed(|| vouched.verify()), || timed(|| signed.verify_bare()))
}

/// As many datasets and a batch with all its members, without a lineage, v as many bare `verify_strict`.
///
/// Decoding, ids, the tree over them, one signature, and a look into the tree for each.
pub(crate) fn batch_vouch_alone() -> f64 {
    let (issuer, case) = (issuer(), Case::new(10_000));
    let unsigned: Vec<Signed<Dataset>> = (0..case.signatures.len())
        .map(|place| Dataset::new(manifest(1, place), "Court decisions", ScanMethod::Full))
        .map(|dataset| dataset.unsigned(&issuer, now()).expect("a sound statement"))
        .collect();
    let members = Members::new(unsigned.iter().map(Signed::id));
    let batch = members.batch().expect("some").sign(&issuer, now()).expect("a sound batch");
    let key = issuer.public_key();
    interleave(
        ROUNDS,
        || {
            timed(|| {
                let decode = |one: &Signed<Dataset>| Signed::<Dataset>::decode(one.as_bytes());
                let found = unsigned.iter().map(decode).collect::<Result<Vec<_>, _>>();
                let found = found.expect("encoded before");
                let opened =
                    Members::new(found.iter().map(Signed::id)).open(found.iter().map(Signed::id));
                let batch = Signed::<Batch>::decode(black_box(batch.as_bytes())).expect("encoded");
                let batch = batch.verify(&key).expect("signed before");
                let vouched = found.into_iter().map(|one| vouch(&batch, &opened, one));
                vouched.collect::<Result<Vec<_>, _>>().expect("members")
            })
        },
        || timed(|| case.verify_bare()),
    )
}

/// Bytes of the proof for each step of that lineage, licences included.
pub(crate) fn bytes() -> f64 {
    let case = Case::new(10_000);
    let per = |count: usize| u32::try_from(count).map(f64::from).expect("below 2^32");
    per(case.proof.len()) / per(case.activities)
}

/// Verification of 20,000 statements v 10,000.
pub(crate) fn linear() -> f64 {
    let (one, two) = (Case::new(10_000), Case::new(20_000));
    interleave(ROUNDS, || timed(|| two.verify()), || timed(|| one.verify()))
}

/// Verification of that lineage with all its statements in the caller's cache v without one.
pub(crate) fn warm() -> f64 {
    let case = Case::new(10_000);
    let cache = SignatureCache::new();
    case.verify_with(&cache);
    assert_eq!(cache.len(), case.signatures.len());
    interleave(ROUNDS, || timed(|| case.verify_with(&cache)), || timed(|| case.verify()))
}

/// The verdict on that lineage v its signature checks.
pub(crate) fn verdict_10k() -> f64 {
    let case = Case::new(10_000);
    let lineage = case.verify();
    let intended = Use::new(Action::DistributeModel).purpose(Purpose::Commercial).at(now());
    let verdict = lineage.rights(&intended);
    assert!(matches!(verdict, Verdict::Permit { .. }), "{verdict}");
    interleave(
        ROUNDS,
        || each(1, || lineage.rights(black_box(&intended))),
        || timed(|| case.verify_bare()),
    )
}
