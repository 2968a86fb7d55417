//! Statements with one fault each.

use super::raw::{
    array, but, bytes, claims, envelope, header, map, parts, payload, statement, text, uint, with,
};
use super::{Format, Malformed};

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Statement, name, bytes, shows)
}

pub(super) fn envelopes() -> Vec<Malformed> {
    let sound = statement(&header(), &payload());
    let sound_parts = || parts(&map(&header()), &map(&payload()));
    let replaced = |index: usize, part: Vec<u8>| {
        let mut parts = sound_parts();
        parts[index] = part;
        envelope(&parts)
    };
    let mut flipped = sound.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let mut five = sound_parts().to_vec();
    five.push(uint(0));
    let short = sound_parts()[3][2..65].to_vec();
    let unprotected = |label: &[u8], value| replaced(1, map(&vec![(label.to_vec(), value)]));
    let receipts = |of: &[&[u8]]| {
        let items: Vec<Vec<u8>> = of.iter().map(|receipt| bytes(receipt)).collect();
        unprotected(&[0x19, 0x01, 0x8a], array(&items))
    };
    vec![
        new("empty", vec![], "No bytes at all"),
        new("five-items", envelope(&five), "A fifth item in the array"),
        new("no-tag", sound[1..].to_vec(), "COSE_Sign1 without its tag"),
        new("other-tag", [&[0xd8, 98][..], &sound[1..]].concat(), "The tag of COSE_Sign"),
        new("payload-detached", replaced(2, vec![0xf6]), "nil in the place of the payload"),
        new("signature-flipped", flipped, "One bit of the signature differs"),
        new("signature-short", replaced(3, bytes(&short)), "A signature of 63 bytes"),
        new("trailing-byte", [&sound[..], &[0]].concat(), "A byte after the end"),
        new("truncated", sound[..sound.len() - 1].to_vec(), "The last byte is missing"),
        new("receipt-twice", receipts(&[b"one", b"one"]), "One receipt twice"),
        new("receipts-none", receipts(&[]), "A list of no receipts"),
        new("receipts-unordered", receipts(&[b"two", b"one"]), "Receipts out of order"),
        new("unprotected", unprotected(&[4], bytes(b"key")), "A key id in the unprotected header"),
    ]
}

pub(super) fn headers() -> Vec<Malformed> {
    let headed = |header| statement(&header, &payload());
    let replaced = |index, label, value| headed(but(header(), index, (uint(label), value)));
    let claimed = |claims| replaced(3, 15, map(&claims));
    let mut unordered = header();
    unordered.swap(1, 2);
    let other = text(&format!("manifest:{}", "02".repeat(32)));
    let upper = text(&format!("manifest:{}", "AB".repeat(32)));
    let nothing = parts(&[], &map(&payload()));
    vec![
        new("alg-es256", replaced(0, 1, vec![0x26]), "Algorithm -7"),
        new(
            "content-type-v2",
            replaced(1, 3, text("application/vnd.datadeed.dataset.v2+cbor")),
            "A content type of another version",
        ),
        new(
            "crit",
            headed(with(header(), 1, (uint(2), array(&[uint(15)])))),
            "A label that this version does not define: crit",
        ),
        new("header-empty", envelope(&nothing), "A protected header of no bytes"),
        new(
            "iss-empty",
            claimed(but(claims(), 0, (uint(1), text("")))),
            "An issuer without characters",
        ),
        new(
            "claim-exp",
            claimed(with(claims(), 2, (uint(4), uint(1)))),
            "A claim that this version does not define: exp",
        ),
        new("kid-short", replaced(2, 4, bytes(&[7; 31])), "A key id of 31 bytes"),
        new("label-order", headed(unordered), "Labels out of order"),
        new(
            "sub-other",
            claimed(but(claims(), 1, (uint(2), other))),
            "A subject that is not what the payload is about",
        ),
        new(
            "sub-upper-case",
            claimed(but(claims(), 1, (uint(2), upper))),
            "A subject in another spelling",
        ),
        new(
            "typ-receipt",
            replaced(4, 16, text("application/scitt-receipt+cose")),
            "The type of a receipt",
        ),
    ]
}

pub(super) fn payloads() -> Vec<Malformed> {
    let said = |payload| statement(&header(), &payload);
    let replaced = |index: usize, value| {
        let key = payload()[index].0.clone();
        said(but(payload(), index, (key, value)))
    };
    let without = |index| {
        let mut pairs = payload();
        pairs.remove(index);
        said(pairs)
    };
    let languages = |items: &[Vec<u8>]| said(with(payload(), 4, (text("languages"), array(items))));
    let inside = map(&payload());
    let indefinite = [&[0xbf][..], &inside[1..], &[0xff]].concat();
    let raw = |content: &[u8]| envelope(&parts(&map(&header()), content));
    let (en, zh) = (text("en"), text("zh"));
    vec![
        new("code-unknown", replaced(1, text("quick")), "A code that this version does not define"),
        new(
            "element-duplicate",
            languages(&[en.clone(), en.clone()]),
            "An element of a set stands twice",
        ),
        new("element-order", languages(&[zh, en]), "Elements of a set out of order"),
        new("float", replaced(0, vec![0xf9, 0, 0]), "A floating-point number"),
        new("head-long", replaced(0, vec![0x18, 0]), "A head longer than its value needs"),
        new("indefinite", raw(&indefinite), "A map of indefinite length"),
        new(
            "key-duplicate",
            said(with(payload(), 1, (text("seq"), uint(0)))),
            "A key stands twice",
        ),
        new("key-missing", without(1), "A required key is missing"),
        new("key-number", said(but(payload(), 0, (uint(0), uint(0)))), "A key that is a number"),
        new(
            "key-order",
            said(with(payload(), 4, (text("version"), text("1")))),
            "Keys out of order: by their lengths `version` comes before `manifest`",
        ),
        new(
            "key-unknown",
            said(with(payload(), 4, (text("zzzzzzzzz"), uint(0)))),
            "A key that this version does not define",
        ),
        new("negative", replaced(0, vec![0x20]), "A negative number"),
        new(
            "null",
            said(with(payload(), 3, (text("version"), vec![0xf6]))),
            "null in the place of what is absent",
        ),
        new("payload-empty", raw(&[0xa0]), "A map without pairs"),
        new("payload-trailing", raw(&[&inside[..], &[0]].concat()), "A byte after the payload"),
        new(
            "seq-without-prev",
            replaced(0, uint(1)),
            "Number 1 that does not name its predecessor",
        ),
        new("set-empty", languages(&[]), "An array without elements"),
        new("tag-inside", replaced(0, vec![0xc1, 0]), "A tag inside the payload"),
        new("text-empty", replaced(2, text("")), "A text without characters"),
        new("text-utf8", replaced(2, vec![0x61, 0xff]), "A text that is not UTF-8"),
        new(
            "time-late",
            said(with(
                payload(),
                3,
                (text("created"), vec![0x1b, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80]),
            )),
            "The first second after the year 9999",
        ),
        new("undefined", replaced(0, vec![0xf7]), "undefined"),
    ]
}
