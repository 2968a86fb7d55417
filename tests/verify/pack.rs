//! An evidence pack, checked from its files alone as its page says, by nothing of the crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use ciborium::Value;
use datadeed::batch::Members;
use datadeed::digest::Digest;
use datadeed::id::Origin;
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
use datadeed::log::{Log, LogPolicy, MemoryStore};
use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
use datadeed::proof::LineageProof;
use datadeed::report::{EvidencePack, Report};
use datadeed::rights::{
    Action, Event, Registrant, RegistrantKind, RegistrantRole, Registration, Transferee, Use,
};
use datadeed::statement::{Envelope, Payload as _};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{VerifiedLineage, Verifier};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::Digest as _;

use crate::story::{anchor, day, issuer, key, sign, signing_key};

const LOG: &str = "registry.example/log";

type Files = BTreeMap<String, Vec<u8>>;

fn rows(names: &[&str]) -> Manifest {
    let entry = |name: &&str| FileEntry::new(*name, 1, Digest::of(name.as_bytes()));
    Manifest::files(names.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

fn trust() -> TrustStore {
    let witness = Anchor::new("witness.example/registry", key("witness"), [Role::Witness]);
    TrustStore::new([
        anchor("collector", &[Role::Collector]),
        anchor("curator", &[Role::Curator]),
        anchor("registrar", &[Role::Registrar]),
        anchor("registry", &[Role::Log]).scope([LOG]),
        witness.scope([LOG]),
    ])
}

/// A registered dataset that grew, with a batch, a log and its witness, evidence, and an event known from elsewhere.
fn lineage() -> (VerifiedLineage, Status) {
    let (first, second) = (rows(&["a"]), rows(&["a", "b"]));
    let collect = Activity::new(ActivityKind::Collect).output(first.id(), []);
    let collect = collect.unsigned(&issuer("collector"), day(1)).unwrap();
    let members = Members::new([collect.id()]);
    let batch = members.batch().unwrap().sign(&issuer("collector"), day(1)).unwrap();
    let holder = Registrant::new(
        issuer("curator").iss(),
        // Whoever reads the payload must not be misled.
        "Curator \u{202e}\n\"",
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    let certificate = Registration::new(first.id(), "Corpus", [holder], day(2), day(300));
    let certificate = certificate.sign(&issuer("registrar"), day(2)).unwrap();
    let adds = Relation::new(second.id(), RelationKind::SupersetOf, TreeName::Parts, [first.id()]);
    let step = Activity::new(ActivityKind::MergeCollect)
        .input(first.id(), [collect.id()])
        .output(second.id(), [])
        .relation(adds);
    let provers = [Prover::new(&second), Prover::new(&first)];
    let mut evidence = EvidenceBuilder::new();
    let kind = RelationKind::SupersetOf;
    let Ok(_) = evidence.relation(kind, &TreeName::Parts, &provers[0], &[&provers[1]]);
    evidence.names(&provers[0], ["a", "b"]);
    let Ok(evidence) = evidence.build();

    let policy = LogPolicy::new(Origin::new(LOG).unwrap());
    let mut log = Log::create(MemoryStore::new(), issuer("registry"), &policy, day(0)).unwrap();
    for on in 3..9 {
        let other = Registration::new(
            first.id(),
            "Other",
            certificate.payload().registrants.clone(),
            day(on),
            day(300),
        );
        let other = other.sign(&issuer("registrar"), day(on)).unwrap();
        let entry = if on == 6 { &certificate } else { &other };
        log.append(entry.envelope(), &|_: &Envelope, _| Ok(key("registrar")), day(11)).unwrap();
    }
    log.publish(day(11)).unwrap();
    let witness = Origin::new("witness.example/registry").unwrap();
    let seen = log.checkpoint().cosign(&witness, &signing_key("witness"), day(12)).unwrap();
    let proof = LineageProof::builder(second.id())
        .statement(collect)
        .batch(batch, &members)
        .statement(certificate.clone())
        .statement(sign("curator", &step))
        .evidence(&evidence)
        .receipt(certificate.id(), log.receipt(4, day(11)).unwrap())
        .checkpoint(seen);
    let proof = proof.build().unwrap().to_bytes();

    let sold =
        Event::transfer(certificate.id(), [Transferee::new("did:web:buyer.example")], day(14));
    let sold = sold.sign(&issuer("registrar"), day(14)).unwrap();
    let status = Status::new(day(20)).event(sold, day(14)).unwrap();
    let trust = trust();
    let lineage = Verifier::new(&trust, day(20)).witnesses(1).known_events(&status);
    (lineage.verify(&proof, second.id()).unwrap(), status)
}

fn ask(lineage: &VerifiedLineage) -> Report<'_> {
    Report::new(lineage).ask("pass on", Use::new(Action::Distribute))
}

fn pack() -> Files {
    let (lineage, status) = lineage();
    let (report, trust) = (ask(&lineage), trust());
    let pack = EvidencePack::new(&report, &trust).status(&status);
    let files: Vec<_> = pack.files().map(|(path, bytes)| (path, bytes.into_owned())).collect();
    let count = files.len();
    let files: Files = files.into_iter().collect();
    assert_eq!(files.len(), count, "a path stands there twice");
    files
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    std::str::from_utf8(&files[path]).unwrap()
}

/// The folders below these that hold what was signed.
fn folders<'a>(files: &'a Files, of: &[&str]) -> Vec<&'a str> {
    let below = files.keys().filter_map(|path| path.strip_suffix("/to-be-signed.cbor"));
    below.filter(|path| of.iter().any(|one| path.starts_with(one))).collect()
}

#[test]
fn digests_of_every_file_are_those_listed() {
    let files = pack();
    let sums: BTreeMap<&str, &str> = text(&files, "SHA256SUMS")
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, path)| (path, sum))
        .collect();
    let index: serde_json::Value = serde_json::from_slice(&files["index.json"]).unwrap();
    let entries = index["files"].as_array().unwrap();
    let indexed: BTreeMap<&str, _> =
        entries.iter().map(|entry| (entry["path"].as_str().unwrap(), entry)).collect();
    assert_eq!((sums.len(), indexed.len()), (files.len() - 1, files.len() - 2));
    for (path, bytes) in &files {
        if path == "SHA256SUMS" {
            continue;
        }
        assert_eq!(sums[path.as_str()], hex(&sha256(bytes)), "{path}");
        if path != "index.json" {
            let entry = indexed[path.as_str()];
            assert_eq!(entry["sha256"], hex(&sha256(bytes)), "{path}");
            assert_eq!(entry["blake3"], blake3::hash(bytes).to_hex().to_string(), "{path}");
            assert_eq!(entry["size"], bytes.len(), "{path}");
            assert!(entry["shows"].is_string() && entry["shows_zh"].is_string(), "{path}");
        }
    }
}

#[test]
fn every_id_is_the_keyed_hash_of_what_is_signed() {
    let files = pack();
    let role = |name: &str| {
        let derived = blake3::derive_key(&format!("datadeed v1 {name}"), b"");
        assert_eq!(files[&format!("roles/{name}.key")], derived);
        derived
    };
    let (statement, manifest) = (role("statement"), role("manifest"));
    let signed = folders(&files, &["statements/", "events/"]);
    let statements: Vec<_> = signed.iter().filter(|path| !path.contains("receipts")).collect();
    assert_eq!(statements.len(), 5);
    for folder in statements {
        let file = |name: &str| &files[&format!("{folder}/{name}")];
        let id = blake3::keyed_hash(&statement, file("to-be-signed.cbor"));
        assert_eq!(folder.rsplit('/').next().unwrap(), id.to_hex().as_str());
        // What is signed is put together from the envelope.
        let Ok(Value::Tag(18, parts)) = ciborium::from_reader(&file("statement.cose")[..]) else {
            panic!("no tagged COSE_Sign1")
        };
        let [protected, _, payload, signature] =
            <[Value; 4]>::try_from(parts.into_array().unwrap()).unwrap();
        assert_eq!(payload.as_bytes().unwrap(), file("payload.cbor"));
        let own = files.get(&format!("{folder}/signature.bin")).cloned().unwrap_or_default();
        assert_eq!(*signature.as_bytes().unwrap(), own);
        let array =
            vec![Value::Text("Signature1".into()), protected, Value::Bytes(vec![]), payload];
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Array(array), &mut bytes).unwrap();
        assert_eq!(bytes, *file("to-be-signed.cbor"));
    }
    let heads: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("manifests/")).collect();
    assert_eq!(heads.len(), 3, "two heads, and the rows of one");
    for (path, bytes) in heads {
        if let Some(id) = path.strip_prefix("manifests/").unwrap().strip_suffix(".cbor") {
            assert_eq!(id, blake3::keyed_hash(&manifest, bytes).to_hex().as_str());
        }
    }
    let all = format!("manifests/{}.b3", hex(rows(&["a", "b"]).id().as_bytes()));
    let mut listed: Vec<_> = text(&files, &all).lines().collect();
    listed.sort_by_key(|line| line.rsplit(' ').next());
    let line = |name: &str| format!("{}  {name}", blake3::hash(name.as_bytes()).to_hex());
    assert_eq!(listed, [line("a"), line("b")]);
}

/// The key in a PEM file, whose id is a hash of it.
fn verifying_key(files: &Files, id: &str) -> VerifyingKey {
    let pem = text(files, &format!("keys/{id}.pem"));
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = data_encoding::BASE64.decode(body.as_bytes()).unwrap();
    let key: [u8; 32] = *der.last_chunk().unwrap();
    let cose = &files[&format!("keys/{id}.cose")];
    assert_eq!(hex(&sha256(cose)), id);
    assert_eq!(cose[cose.len() - 32..], key);
    VerifyingKey::from_bytes(&key).unwrap()
}

#[test]
fn every_signature_is_that_of_the_key_named() {
    let files = pack();
    let mut unsigned = 0;
    for folder in folders(&files, &["statements/", "events/"]) {
        let Some(signature) = files.get(&format!("{folder}/signature.bin")) else {
            unsigned += 1;
            continue;
        };
        let key = verifying_key(&files, text(&files, &format!("{folder}/key.txt")).trim_end());
        let signature = Signature::from_slice(signature).unwrap();
        let signed = &files[&format!("{folder}/to-be-signed.cbor")];
        key.verify_strict(signed, &signature).unwrap();
        assert!(key.verify_strict(&signed[1..], &signature).is_err());
    }
    assert_eq!(unsigned, 1);
}

#[test]
fn a_receipt_leads_from_its_statement_to_the_root_that_the_log_signed() {
    let files = pack();
    let [receipt] = folders(&files, &["statements/"])
        .into_iter()
        .filter(|folder| folder.ends_with("/receipts/0"))
        .collect::<Vec<_>>()[..]
    else {
        panic!("one")
    };
    let statement = receipt.strip_suffix("/receipts/0").unwrap();
    let entry = sha256(&files[&format!("{statement}/statement.cose")]);
    let mut node = sha256(&[&[0], &entry[..]].concat());
    let path = text(&files, &format!("{receipt}/path.txt"));
    let bytes = |hash: &str| data_encoding::HEXLOWER.decode(hash.as_bytes()).unwrap();
    let mut steps = Vec::new();
    for (word, hash) in path.lines().map(|line| line.split_once(' ').unwrap()) {
        steps.push(word);
        match word {
            "entry" => assert_eq!(bytes(hash), entry),
            "leaf" | "root" => assert_eq!(bytes(hash), node),
            "left" => node = sha256(&[&[1], &bytes(hash)[..], &node[..]].concat()),
            "right" => node = sha256(&[&[1], &node[..], &bytes(hash)[..]].concat()),
            other => panic!("{other}"),
        }
    }
    // The fifth of seven entries.
    assert_eq!(steps, ["entry", "leaf", "right", "right", "left", "root"]);
    let signed = &files[&format!("{receipt}/to-be-signed.cbor")];
    assert_eq!(signed[signed.len() - 32..], node);
    let checkpoint = text(&files, "checkpoints/0.note");
    let root = checkpoint.lines().nth(2).unwrap();
    assert_eq!(data_encoding::BASE64.decode(root.as_bytes()).unwrap(), node);
}

#[test]
fn whoever_verifies_it_again_gets_the_same_report() {
    let files = pack();
    let (trust, status) = (&files["trust.cbor"], &files["status.cbor"]);
    let trust = TrustStore::decode(trust).unwrap();
    let status = Status::decode(status).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&files["report.json"]).unwrap();
    let subject = report["subject"].as_str().unwrap().parse().unwrap();
    let now = report["verified_at"].as_str().unwrap().parse().unwrap();
    let verifier = Verifier::new(&trust, now).witnesses(1).known_events(&status);
    let lineage = verifier.verify(&files["proof.cbor"], subject).unwrap();
    assert_eq!(ask(&lineage).json().as_bytes(), files["report.json"]);
}

#[test]
fn paths_are_safe_and_nobodys_choice() {
    for path in pack().keys() {
        let is_safe = |c: char| c.is_ascii_alphanumeric() || "./-_".contains(c);
        assert!(path.chars().all(is_safe), "{path}");
        assert!(path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{path}");
        assert!(path.len() < 160, "{path}");
    }
}

#[test]
fn payloads_are_read_as_they_are() {
    let files = pack();
    let texts = files.iter().filter(|(path, _)| path.ends_with("/payload.txt"));
    let texts: Vec<_> = texts.map(|(_, bytes)| std::str::from_utf8(bytes).unwrap()).collect();
    assert_eq!(texts.len(), 5);
    let named = r#""name": "Curator \u202e\u000a\"""#;
    assert!(texts.iter().any(|text| text.contains(named)), "{texts:?}");
    assert!(texts.iter().all(|text| text.ends_with("}\n")), "{texts:?}");
}

#[test]
fn every_field_of_the_index_is_documented() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/pack.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let documented: BTreeSet<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("/// | `")?.split_once('`'))
        .map(|(field, _)| field)
        .collect();
    let index: serde_json::Value = serde_json::from_slice(&pack()["index.json"]).unwrap();
    let mut used: BTreeSet<String> = index.as_object().unwrap().keys().cloned().collect();
    for entry in index["files"].as_array().unwrap() {
        used.extend(entry.as_object().unwrap().keys().map(|name| format!("files[].{name}")));
    }
    assert_eq!(used.iter().map(String::as_str).collect::<BTreeSet<_>>(), documented);
}

#[test]
fn a_pack_grows_as_its_proof_does() {
    let (lineage, status) = lineage();
    let (report, trust) = (ask(&lineage), trust());
    let fixed: usize = report.html(datadeed::report::Language::English).len() + report.json().len();
    let pack = EvidencePack::new(&report, &trust).status(&status);
    let files: Vec<_> = pack.files().collect();
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let pages: usize = files
        .iter()
        .filter(|(path, _)| {
            path.starts_with("CHECK") || path == "index.json" || path == "SHA256SUMS"
        })
        .map(|(_, bytes)| bytes.len())
        .sum();
    let given = lineage.proof().to_bytes().len() + status.to_bytes().len() + trust.to_bytes().len();
    assert!(size < fixed + pages + 8 * given, "{size} of {given}");
}

/// The commands of a section of the page.
fn commands(page: &str, section: &str) -> String {
    let begins = page.find(section).unwrap_or_else(|| panic!("no section {section}"));
    let section = page[begins + section.len()..].split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn is_there(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
    found.is_ok_and(|output| output.status.success())
}

/// What a shell prints in the folder of a pack.
fn run(folder: &Path, commands: &str) -> String {
    let output = Command::new("sh").arg("-c").arg(commands).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{commands}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Where a machine has the tools; the tests above compute the same without them.
#[test]
fn the_commands_of_the_page_say_so_too() {
    let files = pack();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (path, bytes) in &files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    for page in [text(&files, "CHECK.en.md"), text(&files, "CHECK.zh.md")] {
        assert!(!page.contains('{') || !page.contains("{statement}"), "{page}");
        if !["sha256sum", "openssl", "xxd"].into_iter().all(is_there) {
            eprintln!("not checked: the commands, for want of openssl, sha256sum or xxd");
            return;
        }
        assert_eq!(run(folder, &commands(page, "\n## 1. ")), "");
        let signed = run(folder, &commands(page, "\n## 4. "));
        assert!(signed.starts_with("Signature Verified Successfully"), "{signed}");
        assert!(!signed.contains("wrong"), "{signed}");
        let receipt = folders(&files, &["statements/"]).into_iter().find(|one| one.ends_with("/0"));
        let statement = receipt.unwrap().strip_suffix("/receipts/0").unwrap();
        let logged =
            commands(page, "\n## 5. ").replace("d=statements/ID", &format!("d={statement}"));
        let logged = run(folder, &logged);
        let lines: Vec<_> = logged.lines().collect();
        let [node, root, signed, verified] = lines[..] else { panic!("{logged}") };
        assert_eq!((root, signed), (&*format!("root {node}"), node));
        assert_eq!(verified, "Signature Verified Successfully");
        if is_there("b3sum") {
            assert!(!run(folder, &commands(page, "\n## 3. ")).contains("wrong"));
        }
    }
    // Whoever alters a byte of what was signed is found out.
    let folder_of = |files: &Files| folders(files, &["events/"])[0].to_owned();
    let altered = folder.join(folder_of(&files)).join("to-be-signed.cbor");
    let mut bytes = std::fs::read(&altered).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&altered, bytes).unwrap();
    let page = text(&files, "CHECK.en.md");
    assert!(run(folder, &commands(page, "\n## 4. ")).contains("wrong: "));
}
