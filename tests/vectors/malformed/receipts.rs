//! Receipts with one fault each, signed by their log over the root that comes out of the sound one.

use datadeed::key::{Signer as _, SigningKey};
use datadeed::log::Receipt;

use super::maps::ends;
use super::raw::{
    Pairs, array, but, bytes, content, envelope, head, items_of, map, pairs_of, text, uint, with,
};
use super::{Format, Malformed};
use crate::logs;
use crate::statement::SEED;

const KEY_ID: usize = 1;
const CLAIMS: usize = 2;
const TYPE: usize = 3;
const STRUCTURE: usize = 4;

/// The items of the envelope, before they are signed.
#[derive(Clone)]
struct Pieces {
    header: Vec<u8>,
    unprotected: Vec<u8>,
    payload: Vec<u8>,
}

fn one_hash() -> Vec<u8> {
    logs::receipt().into_iter().find(|(name, _)| *name == "one-hash").unwrap().1
}

impl Pieces {
    fn sound() -> Self {
        let [protected, unprotected, payload, _] = items_of(&one_hash()).try_into().unwrap();
        let sound = Self { header: content(&protected), unprotected, payload };
        assert_eq!(sound.bytes(), one_hash());
        sound
    }

    fn bytes(&self) -> Vec<u8> {
        let sound = Receipt::decode(&one_hash()).unwrap();
        let root = sound.verify(&logs::logged(), logs::pinned().key()).unwrap().root();
        let protected = bytes(&self.header);
        let message =
            array(&[text("Signature1"), protected.clone(), bytes(&[]), bytes(root.as_bytes())]);
        let signature = SigningKey::from_seed(&SEED).sign(&message).unwrap();
        let signature = bytes(signature.as_bytes());
        envelope(&[protected, self.unprotected.clone(), self.payload.clone(), signature])
    }
}

fn header() -> Pairs {
    pairs_of(&Pieces::sound().header)
}

fn claims() -> Pairs {
    pairs_of(&header()[CLAIMS].1)
}

pub(super) fn all() -> Vec<Malformed> {
    let mut vectors = envelopes();
    vectors.extend(headers());
    vectors.extend(proofs());
    vectors
}

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Receipt, name, bytes, shows)
}

fn envelopes() -> Vec<Malformed> {
    let sound = one_hash();
    let parts = items_of(&sound);
    let replaced = |index: usize, part: Vec<u8>| {
        let mut parts = parts.clone();
        parts[index] = part;
        envelope(&parts)
    };
    let mut flipped = sound.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let [trailing, truncated] = ends(Format::Receipt, "", &sound);
    vec![
        new("no-tag", sound[1..].to_vec(), "COSE_Sign1 without its tag"),
        new("other-tag", [&[0xd8, 98][..], &sound[1..]].concat(), "The tag of COSE_Sign"),
        new("payload-attached", replaced(2, bytes(&[0; 32])), "A payload in the place of nil"),
        new("signature-flipped", flipped, "One bit of the signature differs"),
        new("signature-short", replaced(3, bytes(&[0; 63])), "A signature of 63 bytes"),
        trailing,
        truncated,
    ]
}

fn headers() -> Vec<Malformed> {
    let raw = |header: Vec<u8>| Pieces { header, ..Pieces::sound() }.bytes();
    let headed = |header: Pairs| raw(map(&header));
    let replaced = |index: usize, value: Vec<u8>| {
        let label = header()[index].0.clone();
        headed(but(header(), index, (label, value)))
    };
    let claimed = |claims: Pairs| replaced(CLAIMS, map(&claims));
    let at = |value: &[u8]| claimed(but(claims(), 2, (uint(6), value.to_vec())));
    let origin = |name: &str| claimed(but(claims(), 1, (uint(2), text(name))));
    let sound = map(&header());
    let long = [&[0xb8, 5], &sound[1..]].concat();
    let (mut unordered, mut no_type) = (header(), header());
    unordered.swap(KEY_ID, CLAIMS);
    no_type.remove(TYPE);
    vec![
        new("alg-es256", replaced(0, vec![0x26]), "Algorithm -7"),
        new(
            "claims-13",
            headed(but(header(), CLAIMS, (uint(13), map(&claims())))),
            "Claims under label 13",
        ),
        new(
            "claim-twice",
            claimed(with(claims(), 1, claims()[0].clone())),
            "An issuer stands twice",
        ),
        new(
            "crit",
            headed(with(header(), 1, (uint(2), array(&[uint(395)])))),
            "A label that this version does not define: crit",
        ),
        new("header-long", raw(long), "A head longer than the header needs"),
        new("header-trailing", raw([&sound[..], &[0]].concat()), "A byte after the header"),
        new("iat-float", at(&[0xfa, 0, 0, 0, 0]), "An issue date that is a float"),
        new(
            "iat-late",
            at(&[0x1b, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80]),
            "The first second after the year 9999",
        ),
        new("kid-short", replaced(KEY_ID, bytes(&[7; 31])), "A key id of 31 bytes"),
        new("label-order", headed(unordered), "Labels out of order"),
        new("origin-space", origin("registry example/log"), "An origin with a space"),
        new("structure-ccf", replaced(STRUCTURE, uint(2)), "Another structure than RFC 9162's"),
        new("typ-missing", headed(no_type), "No type"),
        new(
            "typ-statement",
            replaced(TYPE, text("application/scitt-statement+cose")),
            "The type of a statement",
        ),
    ]
}

fn proofs() -> Vec<Malformed> {
    let path = |len: usize| array(&vec![bytes(&[9; 32]); len]);
    let proof = |size: Vec<u8>, index: Vec<u8>, path| array(&[size, index, path]);
    // {396: {-1: [bstr]}}
    let under = |label: u8, proofs: &[Vec<u8>]| {
        let proofs: Vec<Vec<u8>> = proofs.iter().map(|proof| bytes(proof)).collect();
        let proofs = map(&vec![(vec![label], array(&proofs))]);
        let unprotected = map(&vec![(vec![0x19, 0x01, 0x8c], proofs)]);
        Pieces { unprotected, ..Pieces::sound() }.bytes()
    };
    let inclusion = |proofs: &[Vec<u8>]| under(0x20, proofs);
    let sound = || proof(uint(2), uint(1), path(1));
    let beside = |label: Vec<u8>, value: Vec<u8>| {
        let pairs = with(pairs_of(&Pieces::sound().unprotected), 0, (label, value));
        Pieces { unprotected: map(&pairs), ..Pieces::sound() }.bytes()
    };
    let largest = [vec![0x1b], vec![0xff; 8]].concat();
    let huge = [head(4, 0xff), vec![]].concat();
    vec![
        new(
            "consistency",
            under(0x21, &[sound()]),
            "A consistency proof in place of an inclusion proof",
        ),
        new(
            "index-beyond",
            inclusion(&[proof(uint(2), uint(2), path(1))]),
            "Index 2 in a log of 2",
        ),
        new(
            "index-long",
            inclusion(&[proof(uint(2), vec![0x18, 1], path(1))]),
            "An index with a head longer than it needs",
        ),
        new(
            "path-empty",
            inclusion(&[proof(uint(2), uint(1), vec![0x80])]),
            "A path without hashes",
        ),
        new(
            "path-hash-short",
            inclusion(&[proof(uint(2), uint(1), array(&[bytes(&[9; 31])]))]),
            "A hash of 31 bytes in a path",
        ),
        new(
            "path-huge",
            inclusion(&[proof(uint(2), uint(1), huge)]),
            "A path that announces 255 hashes and has none",
        ),
        new(
            "path-longer",
            inclusion(&[proof(uint(2), uint(1), path(2))]),
            "A path of two hashes in a log of two entries",
        ),
        new(
            "path-of-64",
            inclusion(&[proof(largest, uint(0), path(64))]),
            "A path longer than that of any log",
        ),
        new("proof-trailing", inclusion(&[[sound(), vec![0]].concat()]), "A byte after the proof"),
        new("proof-two", inclusion(&[sound(), sound()]), "Two inclusion proofs"),
        new(
            "size-one",
            inclusion(&[proof(uint(1), uint(0), path(1))]),
            "A log of one entry, which has no path",
        ),
        new("size-zero", inclusion(&[proof(uint(0), uint(0), path(1))]), "A log without entries"),
        new(
            "unprotected-kid",
            beside(uint(4), bytes(b"key")),
            "A key id in the unprotected header",
        ),
    ]
}
