use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cddl::ast::CDDL;
use cddl::validator::Validator as _;
use cddl::validator::cbor::{CBORValidator, Error};
use cddl::validator::cbor_value::decode_cbor;
use ciborium::Value;
use serde_json::Value as Json;

/// The type of vectors whose names begin so.
const TYPES: &[(&str, &str)] = &[
    ("equivocation/", "EquivocationFile"),
    ("evidence/", "EvidenceFile"),
    ("index/", "Index"),
    ("key/thumbprint-preimage", "CoseKey"),
    ("log-policy/", "LogPolicyStatement"),
    ("manifest-entry/file", "FileEntry"),
    ("manifest-entry/mount", "MountEntry"),
    ("manifest-entry/tensor", "TensorEntry"),
    ("manifest-file/", "ManifestFileItem"),
    ("manifest-head/", "Head"),
    ("partial-file/", "PartialFileItem"),
    ("proof/", "LineageProof"),
    ("receipt/", "Receipt"),
    ("record-index-file/", "RecordIndexFileItem"),
    ("statement/", "Statement"),
    ("status/", "StatusFile"),
    ("to-be-signed/", "SigStructure"),
    ("trust/", "TrustFile"),
    ("trust-root/", "TrustRoot"),
    ("trust-state/", "StateFile"),
];

/// Vectors that are no CBOR.
const OTHERS: &[&str] =
    &["checkpoint/", "key/public-key", "pruned-tree/", "records/", "safetensors/"];

/// The type of malformed vectors whose names begin so.
const MALFORMED: &[(&str, &str)] = &[
    ("equivocation-", "EquivocationFile"),
    ("evidence-", "EvidenceFile"),
    ("manifest-head-", "Head"),
    ("proof-", "LineageProof"),
    ("receipt-", "Receipt"),
    ("statement-", "Statement"),
    ("status-", "StatusFile"),
    ("trust-root-", "TrustRoot"),
    ("trust-state-", "StateFile"),
    ("trust-", "TrustFile"),
];

/// Faults that no grammar shows: order, heads, what follows, and what fields say of each other.
const BEYOND_GRAMMAR: &[&str] = &[
    "BadSignature",
    "Closed",
    "Compatible",
    "CompositeContent",
    "Consistency",
    "Duplicate",
    "DuplicateStatement",
    "EmptyEvidence",
    "Entry",
    "IndefiniteLength",
    "MissingStatement",
    "NoContent",
    "NoSequence",
    "NoTree",
    "NonMinimal",
    "OffPath",
    "Origin",
    "Payload",
    "Proof",
    "RecordedLater",
    "Root",
    "Same",
    "SubjectMismatch",
    "Totals",
    "TrailingBytes",
    "Unopened",
    "Unordered",
    "UnorderedKey",
    "UnorderedStatement",
    "UnreachableEvidence",
    "UnreachableKey",
    "UnreachableStatement",
];

/// Ends of the names of malformed vectors of which the same holds: points of the curve, the order of
/// keys and labels, what a byte string holds that is text or anything of several, and how much of
/// what is there counts.
const UNSEEN: &[&str] = &[
    "board-small-order",
    "board-unsound",
    "by-log-of-statements",
    "chain-unsound",
    "checkpoint-unsound",
    "claim-twice",
    "equivocation-unsigned",
    "first-unsound",
    "key-order",
    "key-small-order",
    "label-order",
    "log-origin",
    "signatures-few",
    "threshold-high",
    "tree-uncounted",
];

/// Ends of the names of those whose fault the grammar shows all the same.
const SEEN: &[&str] = &[
    "assessment-currency-case",
    "delegation-depth-16",
    "licence-spdx-long",
    "registration-jurisdiction",
    "share-0",
    "share-above",
    "transaction-currency-case",
];

#[test]
fn every_vector_is_of_its_type() {
    let mut seen = BTreeMap::new();
    for (name, of, bytes) in vectors() {
        validate(of, &bytes).unwrap_or_else(|error| panic!("{name} is no {of}: {error}"));
        *seen.entry(of).or_insert(0_usize) += 1;
    }
    assert_eq!(seen.len(), TYPES.len(), "{seen:?}");
}

#[test]
fn a_malformed_vector_is_refused_unless_no_grammar_shows_its_fault() {
    let mut refused = 0;
    for entry in index()["malformed"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let sequences = ["manifest-file-", "partial-file-", "record-index-file-"];
        let is_text = name.starts_with("pruned-") || name.starts_with("checkpoint-");
        if is_text || sequences.iter().any(|kind| name.starts_with(kind)) {
            // What is wrong with a sequence is wrong between its items; the others are no CBOR.
            continue;
        }
        let of = MALFORMED.iter().find(|(kind, _)| name.starts_with(kind));
        let (_, of) = of.unwrap_or_else(|| panic!("{name} has no type"));
        let accepted = validate(of, &read(entry)).is_ok();
        let fault = entry["fault"].as_str().unwrap();
        let is_one = |names: &[&str]| names.iter().any(|one| name.ends_with(one));
        let unseen = (BEYOND_GRAMMAR.contains(&fault) || is_one(UNSEEN)) && !is_one(SEEN);
        assert_eq!(accepted, unseen, "{name}");
        refused += usize::from(!accepted);
    }
    assert!(refused >= 25, "only {refused} refused");
}

#[test]
fn a_record_with_an_unknown_key_is_refused() {
    every_mutant_is_refused(|pairs| {
        pairs.push((Value::Text("unknown".into()), Value::Integer(0.into())));
        true
    });
}

#[test]
fn a_record_without_a_required_key_is_refused() {
    const REQUIRED: &[&str] = &["v", "digest", "effective", "manifest", "outputs"];
    every_mutant_is_refused(|pairs| {
        let before = pairs.len();
        pairs.retain(|(key, _)| !key.as_text().is_some_and(|key| REQUIRED.contains(&key)));
        pairs.len() < before
    });
}

#[test]
fn a_record_with_a_value_of_another_type_is_refused() {
    // The longest record is a registration with every field.
    for index in 0..43 {
        every_mutant_is_refused(|pairs| {
            let found = pairs.get_mut(index);
            found.map(|(_, value)| *value = Value::Float(0.5)).is_some()
        });
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn index() -> Json {
    let index = fs::read(root().join("tests/vectors/v1/index.json")).unwrap();
    serde_json::from_slice(&index).unwrap()
}

fn read(entry: &Json) -> Vec<u8> {
    fs::read(root().join("tests/vectors/v1").join(entry["file"].as_str().unwrap())).unwrap()
}

/// Name, type and bytes of every item of every vector that is CBOR.
fn vectors() -> Vec<(String, &'static str, Vec<u8>)> {
    let index = index();
    let entries = index["vectors"].as_array().unwrap().iter();
    entries
        .filter(|entry| {
            let name = entry["name"].as_str().unwrap();
            !OTHERS.iter().any(|other| name.starts_with(other))
        })
        .flat_map(|entry| {
            let name = entry["name"].as_str().unwrap();
            let of = TYPES.iter().find(|(begin, _)| name.starts_with(begin));
            let (_, of) = of.unwrap_or_else(|| panic!("{name} has no type"));
            let bytes = read(entry);
            let items = match *of {
                "ManifestFileItem" | "RecordIndexFileItem" => without_trailer(embedded(&bytes)),
                "PartialFileItem" => embedded(&bytes),
                _ => vec![bytes],
            };
            items.into_iter().map(|item| (name.to_owned(), *of, item))
        })
        .collect()
}

/// What the byte strings of a sequence hold.
fn embedded(mut sequence: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    while !sequence.is_empty() {
        let item: Value = ciborium::from_reader(&mut sequence).unwrap();
        items.push(item.into_bytes().unwrap());
    }
    items
}

fn without_trailer(mut items: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    assert_eq!(items.pop().map(|trailer| trailer.len()), Some(8));
    items
}

/// Parsing the grammar takes longer than anything else here, so each thread does it once for each type.
fn validate(of: &'static str, bytes: &[u8]) -> Result<(), String> {
    thread_local! {
        static GRAMMARS: RefCell<BTreeMap<&'static str, &'static CDDL<'static>>> = RefCell::default();
    }
    let grammar =
        GRAMMARS.with_borrow_mut(|grammars| *grammars.entry(of).or_insert_with(|| grammar(of)));
    let item = decode_cbor(bytes).map_err(|error| error.to_string())?;
    let valid: Result<(), Error<std::io::Error>> =
        CBORValidator::new(grammar, item, None).validate();
    valid.map_err(|error| error.to_string())
}

/// The grammar whose root is the type `of`; kept until the process ends.
fn grammar(of: &str) -> &'static CDDL<'static> {
    let rules = fs::read_to_string(root().join("src/guide/datadeed.cddl")).unwrap();
    let rules = format!("start = {of}\n{rules}").leak();
    Box::leak(Box::new(cddl::cddl_from_str(rules, true).unwrap()))
}

/// Changes the record that each vector is, or that is the payload of the statement it is.
#[track_caller]
fn every_mutant_is_refused(change: impl Fn(&mut Vec<(Value, Value)>) -> bool) {
    let mut tried = 0_usize;
    for (name, of, bytes) in vectors() {
        let mut item = decode(&bytes);
        let changed = match &mut item {
            Value::Map(pairs) => change(pairs),
            Value::Tag(_, statement) => {
                let payload = &mut statement.as_array_mut().unwrap()[2];
                // What a receipt signs is not in it.
                let Some(bytes) = payload.as_bytes() else { continue };
                let mut inside = decode(bytes);
                let changed = change(inside.as_map_mut().unwrap());
                *payload = Value::Bytes(encode(&inside));
                changed
            }
            _ => false,
        };
        assert!(!changed || validate(of, &encode(&item)).is_err(), "{name} is still a {of}");
        tried += usize::from(changed);
    }
    assert!(tried > 0, "nothing was changed");
}

fn decode(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).unwrap()
}

fn encode(item: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(item, &mut bytes).unwrap();
    bytes
}
