//! Proofs, trust files and status files with one fault each.

use datadeed::ManifestId;
use datadeed::proof::{LineageProof, Statement};
use datadeed::trust::TrustStore;

use super::raw::{Pairs, array, bytes, head, map, text, uint};
use super::{Format, Malformed};
use crate::{evidence, proofs, verify};

fn new(format: Format, name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(format, name, bytes, shows)
}

/// The proof of the story in pieces.
struct Story {
    keys: Vec<Vec<u8>>,
    subject: ManifestId,
    /// In CBOR.
    evidence: Option<Vec<u8>>,
    statements: Vec<Vec<u8>>,
}

impl Story {
    fn proof(&self) -> Vec<u8> {
        let list =
            |items: &[Vec<u8>]| array(&items.iter().map(|item| bytes(item)).collect::<Vec<_>>());
        let mut pairs: Pairs = vec![(text("v"), uint(1))];
        if !self.keys.is_empty() {
            pairs.push((text("keys"), list(&self.keys)));
        }
        pairs.push((text("subject"), bytes(self.subject.as_bytes())));
        if let Some(evidence) = &self.evidence {
            pairs.push((text("evidence"), evidence.clone()));
        }
        pairs.push((text("statements"), list(&self.statements)));
        map(&pairs)
    }

    fn but(change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let proofs = proofs::proofs();
        let (_, sound) = proofs.iter().find(|(name, _)| *name == "story").unwrap();
        let proof = LineageProof::decode(sound).unwrap();
        let mut story = Self {
            keys: proof.keys().iter().map(|key| key.as_bytes().to_vec()).collect(),
            subject: proof.subject(),
            evidence: None,
            statements: proof.statements().iter().map(|s| s.as_bytes().to_vec()).collect(),
        };
        assert_eq!(story.proof(), *sound);
        change(&mut story);
        story.proof()
    }
}

fn is_dataset(statement: &[u8]) -> bool {
    Statement::decode(statement).unwrap().as_dataset().is_some()
}

pub(super) fn proofs() -> Vec<Malformed> {
    let subject = bytes(verify::weights().as_bytes());
    let version = map(&vec![(text("v"), uint(2)), (text("subject"), subject)]);
    let small_order = [&[1][..], &[0; 31]].concat();
    let public = |name: &str| verify::public_key(name).as_bytes().to_vec();
    let mut two = [verify::public_key("trainer"), verify::public_key("curator")];
    two.sort_by_key(|key| std::cmp::Reverse(key.id()));
    let two = two.iter().map(|key| key.as_bytes().to_vec()).collect();
    vec![
        new(
            Format::Proof,
            "evidence-empty",
            Story::but(|story| story.evidence = Some(evidence::bytes("none"))),
            "Evidence of nothing",
        ),
        new(
            Format::Proof,
            "evidence-unreachable",
            Story::but(|story| story.evidence = Some(evidence::bytes("disjoint"))),
            "Evidence of what no relation says",
        ),
        new(
            Format::Proof,
            "key-order",
            Story::but(|story| story.keys = two),
            "Keys out of the order of their ids",
        ),
        new(
            Format::Proof,
            "key-small-order",
            Story::but(|story| story.keys = vec![small_order]),
            "A public key of small order",
        ),
        new(
            Format::Proof,
            "key-unused",
            Story::but(|story| story.keys = vec![public("stranger")]),
            "A key that signed nothing",
        ),
        new(
            Format::Proof,
            "statement-missing",
            Story::but(|story| story.statements.retain(|statement| !is_dataset(statement))),
            "A statement that another refers to is missing",
        ),
        new(
            Format::Proof,
            "statement-order",
            Story::but(|story| story.statements.swap(0, 1)),
            "Statements out of the order of their heights and ids",
        ),
        new(
            Format::Proof,
            "statement-twice",
            Story::but(|story| story.statements.insert(0, story.statements[0].clone())),
            "A statement stands twice",
        ),
        new(
            Format::Proof,
            "statement-unreachable",
            Story::but(|story| story.subject = ManifestId::from_bytes([9; 32])),
            "A subject that rests on none of the statements",
        ),
        new(
            Format::Proof,
            "statement-unsound",
            Story::but(|story| story.statements[0][0] = 0xd3),
            "A statement that is none",
        ),
        new(Format::Proof, "version-2", version, "A version that this one does not define"),
    ]
}

pub(super) fn statuses() -> Vec<Malformed> {
    let sound = verify::status().to_bytes();
    // What was recorded before the status is recorded after it.
    let as_of = [&text("as_of")[..], &[0x1a]].concat();
    let at = sound.windows(as_of.len()).position(|window| window == as_of).unwrap();
    let mut later = sound.clone();
    later[at + as_of.len()..][..4].copy_from_slice(&1_790_000_000_u32.to_be_bytes());
    let event = head(3, 6).into_iter().chain(*b"events").collect::<Vec<u8>>();
    let at = sound.windows(event.len()).position(|window| window == event).unwrap();
    let mut unsound = sound;
    // events: array of 1, map of 2, "statement", head of three bytes, envelope.
    let envelope = at + event.len() + 1 + 1 + 10 + 3;
    assert_eq!(unsound[envelope], 0xd2);
    unsound[envelope] = 0xd3;
    vec![
        new(Format::Status, "event-unsound", unsound, "An event that is no statement"),
        new(Format::Status, "recorded-later", later, "Something recorded after the status"),
    ]
}

pub(super) fn trust_files() -> Vec<Malformed> {
    let placed = |iss: &str, role: &str, key: &[u8], place: Option<&str>| {
        let mut mandate =
            vec![(text("roles"), array(&[text(role)])), (text("scope"), array(&[text("any")]))];
        mandate.extend(place.map(|place| (text("jurisdictions"), array(&[text(place)]))));
        map(&vec![
            (text("iss"), text(iss)),
            (text("key"), bytes(key)),
            (text("mandate"), map(&mandate)),
        ])
    };
    let anchor = |iss: &str, role: &str, key: &[u8]| placed(iss, role, key, None);
    let file =
        |anchors: &[Vec<u8>]| map(&vec![(text("v"), uint(1)), (text("anchors"), array(anchors))]);
    let public = verify::public_key("curator");
    let key = public.as_bytes();
    let (a, b) =
        (anchor("did:web:a.example", "curator", key), anchor("did:web:b.example", "curator", key));
    TrustStore::decode(&file(&[a.clone(), b.clone()])).expect("a sound trust file");
    let owner = anchor("did:web:a.example", "owner", key);
    let small_order = anchor("did:web:a.example", "curator", &[&[1][..], &[0; 31]].concat());
    let nowhere = placed("did:web:a.example", "registrar", key, Some("China"));
    vec![
        new(Format::Trust, "anchor-order", file(&[b, a.clone()]), "Anchors out of order"),
        new(Format::Trust, "anchor-twice", file(&[a.clone(), a]), "An anchor stands twice"),
        new(
            Format::Trust,
            "key-small-order",
            file(&[small_order]),
            "A public key of small order, for which anybody can sign",
        ),
        new(
            Format::Trust,
            "role-unknown",
            file(&[owner]),
            "A role that this version does not define",
        ),
        new(
            Format::Trust,
            "territory-malformed",
            file(&[nowhere]),
            "A jurisdiction that has not the form of a country or subdivision code",
        ),
    ]
}
