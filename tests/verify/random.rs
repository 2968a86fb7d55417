//! Small lineages of any shape, and that a cache changes no result of any of them.

use datadeed::batch::Members;
use datadeed::id::Origin;
use datadeed::key::SignatureCache;
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash, leaf_of};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::Licence;
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Delegation, Mandate, Role, Status, TrustStore};
use datadeed::verify::{Code, Rejection, Verifier};
use datadeed::{ManifestId, StatementId};
use proptest::prelude::*;

use super::batches::stranger;
use super::cache::told;
use super::receipts::{log_anchor, trust_with};
use super::story::*;

/// Everybody who speaks in a lineage, and the role that a delegate of his has.
const PARTIES: [(&str, Role); 4] = [
    ("collector", Role::Collector),
    ("curator", Role::Curator),
    ("supplier", Role::RightsHolder),
    ("trainer", Role::Trainer),
];

/// How somebody says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Signed,
    /// Without a signature, as a member of the batch of all that he says so.
    Batched,
    /// Signed by another identity, which he lets speak for him.
    ByDelegate,
}

/// What is said of one dataset.
#[derive(Clone, Debug)]
struct Step {
    /// Which of the datasets before it went in.
    parents: u8,
    is_described: bool,
    /// Who grants a licence of it: the collector who saw one, the curator, the supplier.
    licences: [bool; 3],
    ways: [Way; 5],
    /// Which of its statements have a receipt, and since which day.
    receipts: u8,
    logged: u64,
}

/// What a lineage is to be like.
#[derive(Clone, Debug)]
struct Shape {
    steps: Vec<Step>,
    is_trained: bool,
    /// Whether its batches name statements, too, that are not there.
    has_strangers: bool,
    has_checkpoint: bool,
    /// Which of its licences is revoked, as the caller knows.
    revoked: Option<usize>,
}

/// What the envelope of a statement gets in place of its signature.
#[derive(Clone, Debug)]
enum Twin {
    Flipped(usize, u8),
    /// What somebody signed it with who has another key.
    OfStranger,
    /// What another statement is signed with.
    OfAnother(usize),
}

/// A lineage that is verified, and what its proof is made of.
struct Lineage {
    subject: ManifestId,
    statements: Vec<Statement>,
    members: Vec<(StatementId, Members)>,
    receipts: Vec<(StatementId, Receipt)>,
    checkpoint: Option<Checkpoint>,
    status: Status,
    trust: TrustStore,
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![3 => Just(Way::Signed), 2 => Just(Way::Batched), 1 => Just(Way::ByDelegate)]
}

fn step() -> impl Strategy<Value = Step> {
    let ways = prop::array::uniform5(way());
    let licences = any::<[bool; 3]>();
    (any::<u8>(), any::<bool>(), licences, ways, any::<u8>(), 3..15_u64).prop_map(
        |(parents, is_described, licences, ways, receipts, logged)| Step {
            parents,
            is_described,
            licences,
            ways,
            receipts: if logged % 2 == 0 { receipts } else { 0 },
            logged,
        },
    )
}

fn shape() -> impl Strategy<Value = Shape> {
    let steps = prop::collection::vec(step(), 1..=6);
    let rest = (any::<[bool; 3]>(), prop::option::of(0..4_usize));
    (steps, rest).prop_map(|(steps, (flags, revoked))| {
        let [is_trained, has_strangers, has_checkpoint] = flags;
        Shape { steps, is_trained, has_strangers, has_checkpoint, revoked }
    })
}

fn twin() -> impl Strategy<Value = (usize, Twin)> {
    let twin = prop_oneof![
        2 => (0..64_usize, 0..8_u8).prop_map(|(byte, bit)| Twin::Flipped(byte, bit)),
        1 => Just(Twin::OfStranger),
        1 => any::<usize>().prop_map(Twin::OfAnother),
    ];
    (any::<usize>(), twin)
}

/// The statements so far.
#[derive(Default)]
struct Said {
    statements: Vec<Statement>,
    in_batches: Vec<(&'static str, StatementId)>,
    delegates: Vec<&'static str>,
}

impl Said {
    fn say<T: Payload>(&mut self, name: &'static str, way: Way, payload: &T) -> StatementId
    where
        Statement: From<Signed<T>>,
    {
        let said = match way {
            Way::Signed => payload.sign(&issuer(name), day(10)).unwrap(),
            Way::Batched => payload.unsigned(&issuer(name), day(10)).unwrap(),
            Way::ByDelegate => payload.sign(&delegate(name), day(10)).unwrap(),
        };
        match way {
            Way::Signed => {}
            Way::Batched => self.in_batches.push((name, said.id())),
            Way::ByDelegate => self.delegates.push(name),
        }
        let id = said.id();
        self.statements.push(said.into());
        id
    }
}

fn delegate(of: &str) -> Issuer<datadeed::key::SigningKey> {
    issuer(&format!("delegate-of-{of}"))
}

impl Shape {
    /// Which datasets before it the dataset `number` is made from.
    fn parents(&self, number: usize) -> Vec<usize> {
        (0..number).filter(|one| self.steps[number].parents & (1 << one) != 0).collect()
    }

    /// Those that the last one is made from, and the last one: others belong in no proof.
    fn reachable(&self) -> Vec<usize> {
        let last = self.steps.len() - 1;
        let mut found = vec![last];
        for number in (0..last).rev() {
            if found.iter().any(|&one| self.parents(one).contains(&number)) {
                found.push(number);
            }
        }
        found.reverse();
        found
    }

    fn lineage(&self) -> Lineage {
        let mut said = Said::default();
        let mut made: Vec<Option<StatementId>> = vec![None; self.steps.len()];
        let mut receipts = Vec::new();
        for number in self.reachable() {
            let before = said.statements.len();
            made[number] = Some(self.make(number, &made, &mut said));
            let step = &self.steps[number];
            for (place, one) in said.statements[before..].iter().enumerate() {
                // What a batch vouches for is in a log by that batch.
                if one.is_signed() && step.receipts & (1 << place) != 0 {
                    receipts.push((one.id(), step.logged));
                }
            }
        }
        let last = self.steps.len() - 1;
        let mut subject = dataset(last);
        if self.is_trained {
            let (corpus, voucher) = (subject, made[last].unwrap());
            subject = manifest("weights");
            let train = Activity::train().input(corpus, [voucher]).output(subject, []);
            said.say("trainer", self.steps[last].ways[4], &train.between(day(5), day(6)));
        }
        let members = self.close(&mut said);
        let batches = members.iter().map(|(id, _)| (*id, 11));
        receipts.extend(batches.filter(|_| self.has_checkpoint));
        let (receipts, checkpoint) = logged(&said.statements, &receipts);
        let mut status = Status::new(day(20));
        let mut licences = said.statements.iter().filter_map(Statement::as_licence);
        if let Some(licence) = self.revoked.and_then(|number| licences.nth(number)) {
            let end = revocation(licence.id(), day(12));
            let by = Issuer::new(licence.header().issuer.clone(), signing_key("supplier"));
            status = status.event(end.sign(&by, day(12)).unwrap(), day(13)).unwrap();
        }
        Lineage {
            subject,
            statements: said.statements,
            members,
            receipts,
            checkpoint: checkpoint.filter(|_| self.has_checkpoint),
            status,
            trust: everybody(),
        }
    }

    /// The activity that makes a dataset, with all that is said of it.
    fn make(&self, number: usize, made: &[Option<StatementId>], said: &mut Said) -> StatementId {
        let Step { ways, licences, is_described, .. } = &self.steps[number];
        let (of, parents) = (dataset(number), self.parents(number));
        let (by, kind) = match parents.len() {
            0 => ("collector", ActivityKind::Collect),
            1 => ("curator", ActivityKind::Clean),
            _ => ("curator", ActivityKind::MergeDerive),
        };
        let described = is_described.then(|| {
            let described = Dataset::new(of, format!("Dataset {number}"), ScanMethod::Full);
            said.say(by, ways[0], &described)
        });
        let activity = Activity::new(kind).output(of, described).between(day(2), day(2));
        let activity = parents.iter().fold(activity, |activity, &parent| {
            activity.input(dataset(parent), [made[parent].unwrap()])
        });
        let id = said.say(by, ways[1], &activity);
        let from = |licence| but::<Licence>(licence, |one| one.from = Some(day(1)));
        let all = [
            ("collector", observed(of, "CC-BY-4.0")),
            ("curator", from(negotiated(of))),
            ("supplier", but(from(negotiated(of)), |one| one.revocable = true)),
        ];
        for ((by, licence), &is_there) in all.iter().zip(licences) {
            if is_there {
                said.say(by, ways[2 + number % 3], licence);
            }
        }
        id
    }

    /// What all that is said rests on: batches and delegations.
    fn close(&self, said: &mut Said) -> Vec<(StatementId, Members)> {
        let mut batches = Vec::new();
        for (name, role) in PARTIES {
            let of_him = said.in_batches.iter().filter(|(by, _)| *by == name).map(|(_, id)| *id);
            let others = self.has_strangers.then(|| [stranger(1), stranger(2)]);
            let members = Members::new(of_him.clone().chain(others.into_iter().flatten()));
            if of_him.count() > 0 {
                let batch = sign(name, &members.batch().unwrap());
                batches.push((batch.id(), members));
                said.statements.push(batch.into());
            }
            if said.delegates.contains(&name) {
                let other = delegate(name);
                let given = Delegation::new(other.iss(), other.public_key(), Mandate::new([role]));
                said.statements.push(sign(name, &given).into());
            }
        }
        batches
    }
}

fn dataset(number: usize) -> ManifestId {
    manifest(&format!("dataset {number}"))
}

/// All of [`PARTIES`], about anything, and the log.
fn everybody() -> TrustStore {
    let anchors = PARTIES.map(|(name, role)| anchor(name, &[role]));
    let kept = trust_with([log_anchor()]);
    let log = kept.anchors().filter(|one| one.iss == log_anchor().iss).cloned();
    TrustStore::new(anchors.into_iter().chain(log))
}

/// The receipts of one log that has these statements, and its checkpoint.
fn logged(
    statements: &[Statement],
    entries: &[(StatementId, u64)],
) -> (Vec<(StatementId, Receipt)>, Option<Checkpoint>) {
    let mut tree = MerkleTree::new();
    tree.push(leaf_hash(b"policy"));
    let envelope = |id| statements.iter().find(|one| one.id() == id).unwrap().envelope();
    let leaves: Vec<_> = entries.iter().map(|(id, _)| leaf_of(envelope(*id))).collect();
    for leaf in &leaves {
        tree.push(*leaf);
    }
    if leaves.is_empty() {
        return (Vec::new(), None);
    }
    let checkpoint = Checkpoint::new(origin(), tree.len(), tree.root()).unwrap();
    let receipts = entries.iter().zip(&leaves).zip(1..).map(|(((id, at), leaf), place)| {
        let path = tree.prove_inclusion(place, tree.len()).unwrap();
        let seen = checkpoint.sign(&signing_key("registry"), day(*at)).unwrap();
        let seen = seen.verify(&LogKey::new(origin(), key("registry"))).unwrap();
        (*id, Receipt::sign(&issuer("registry"), &seen, *leaf, &path, day(*at)).unwrap())
    });
    (receipts.collect(), Some(checkpoint))
}

fn origin() -> Origin {
    Origin::new(log_anchor().mandate.scope.iter().next().unwrap().as_str()).unwrap()
}

impl Lineage {
    fn proof(&self, statements: &[Statement]) -> Vec<u8> {
        let builder = LineageProof::builder(self.subject);
        let mut builder = builder.statements(statements.iter().cloned());
        for (id, members) in &self.members {
            let batch = statements.iter().find(|one| one.id() == *id).unwrap();
            let batch = Signed::decode(batch.as_bytes()).unwrap();
            builder = builder.batch(batch, members);
        }
        for (id, receipt) in &self.receipts {
            builder = builder.receipt(*id, receipt.clone());
        }
        if let Some(checkpoint) = &self.checkpoint {
            let signed = checkpoint.sign(&signing_key("registry"), day(15)).unwrap();
            builder = builder.checkpoint(signed);
        }
        builder.build().unwrap().to_bytes()
    }

    fn sound(&self) -> Vec<u8> {
        self.proof(&self.statements)
    }

    /// The proof with the twin of a statement in its place: of the same id, and signed by nobody.
    fn with_twin(&self, (of, twin): &(usize, Twin)) -> Vec<u8> {
        let mut statements = self.statements.clone();
        let signed: Vec<usize> =
            (0..statements.len()).filter(|&one| statements[one].is_signed()).collect();
        let of = signed[of % signed.len()];
        let mut bytes = statements[of].as_bytes().to_vec();
        let start = bytes.len() - 64;
        match twin {
            Twin::Flipped(byte, bit) => bytes[start + byte] ^= 1 << bit,
            Twin::OfStranger => {
                let stranger = corpus_grant();
                bytes[start..]
                    .copy_from_slice(&stranger.as_bytes()[stranger.as_bytes().len() - 64..]);
            }
            Twin::OfAnother(number) => {
                let others: Vec<usize> = signed.iter().copied().filter(|one| *one != of).collect();
                match others.get(number % others.len().max(1)) {
                    Some(other) => {
                        let other = statements[*other].as_bytes();
                        bytes[start..].copy_from_slice(&other[other.len() - 64..]);
                    }
                    None => bytes[start] ^= 1,
                }
            }
        }
        statements[of] = Statement::decode(&bytes).unwrap();
        assert_eq!(statements[of].id(), self.statements[of].id());
        self.proof(&statements)
    }

    /// Verdict, findings and all else that the result says, or why there is none.
    fn outcome(&self, proof: &[u8], cache: Option<&SignatureCache>) -> Result<String, Rejection> {
        let verifier = Verifier::new(&self.trust, day(20)).known_events(&self.status);
        let verifier = cache.map_or(verifier, |cache| verifier.cache(cache));
        verifier.verify(proof, self.subject).map(|lineage| told(&lineage))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Guide threats: Twin envelope.
    ///
    /// Over proofs of any shape: cold, with an empty cache, and with one that knows the originals of
    /// all twins and the signatures of other proofs.
    #[test]
    fn a_cache_changes_no_result_of_any_lineage(
        shapes in prop::collection::vec(shape(), 1..4),
        twins in prop::collection::vec(twin(), 1..4),
        size in prop::sample::select(vec![4, 16, 1_000]),
    ) {
        let lineages: Vec<Lineage> = shapes.iter().map(Shape::lineage).collect();
        let warm = SignatureCache::of(size);
        for lineage in &lineages {
            let sound = lineage.sound();
            let cold = lineage.outcome(&sound, None);
            prop_assert!(cold.is_ok(), "{:?}", cold);
            prop_assert_eq!(&lineage.outcome(&sound, Some(&SignatureCache::new())), &cold);
            prop_assert_eq!(&lineage.outcome(&sound, Some(&warm)), &cold);
            for twin in &twins {
                let twin = lineage.with_twin(twin);
                let refused = lineage.outcome(&twin, None);
                let code = refused.as_ref().unwrap_err().code;
                prop_assert!(matches!(code, Code::BadSignature | Code::BadReceipt), "{:?}", code);
                for cache in [&SignatureCache::new(), &warm, &warm] {
                    prop_assert_eq!(&lineage.outcome(&twin, Some(cache)), &refused);
                }
            }
        }
        for lineage in &lineages {
            let sound = lineage.sound();
            prop_assert_eq!(lineage.outcome(&sound, Some(&warm)), lineage.outcome(&sound, None));
        }
    }
}
