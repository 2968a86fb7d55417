//! The whole chain with the command line tools alone, from a directory to a verdict.

#[path = "../common/mod.rs"]
mod common;
mod datasets;
mod desk;
mod licences;
mod rights;

use std::fs;
use std::path::{Path, PathBuf};

use datadeed::attach::safetensors;
use datadeed::cbor::Item;
use datadeed::id::Origin;
use datadeed::key::{Signer as _, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::log::{Log, LogKey, LogPolicy, MemoryStore};
use datadeed::manifest::{Dataset, DatasetIndex, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::statement::{Envelope, Issuer, Payload as _};
use datadeed::{Digest, IndexId, ManifestId, Timestamp};
use desk::{Desk, padded_model, words};

const TOOLS: [&str; 23] = [
    "attach", "check", "derive", "describe", "grant", "join", "keygen", "pack", "partials",
    "prove", "prune", "records", "register", "registry", "revoke", "rights", "scan", "share",
    "show", "status", "train", "trust", "verify",
];

/// What the registry says where the process that it killed was at work in the log.
const TAKEN_OVER: &str = "the lock of the killed process is taken over";

fn last_but(back: usize) -> impl Fn(&[u8]) -> usize {
    move |bytes| bytes.len() - back
}

fn position(bytes: &[u8], of: &[u8]) -> usize {
    bytes.windows(of.len()).position(|window| window == of).unwrap()
}

const VERIFY: &str = "model.safetensors --trust trust.cbor --events status.cbor --at 2026-11-20";

#[test]
fn a_reader_goes_from_nothing_to_a_verdict() {
    let desk = Desk::complete();
    let verified = desk.ends(0, "verdict: permit", "verify", &format!("{VERIFY} --must-permit"));
    for (payee, duty) in [("supplier", "2.50 % of revenue"), ("curator", "attribute")] {
        let owed = |line: &String| line.contains(payee) && line.contains(duty);
        assert!(verified.lines.iter().any(owed), "{payee} {duty}: {verified:?}");
    }
    for (name, begins) in [("r.html", "<!DOCTYPE html>"), ("r.json", "{"), ("r.md", "# ")] {
        desk.ends(0, "verdict: permit", "verify", &format!("{VERIFY} --report {name}"));
        assert!(fs::read_to_string(desk.path(name)).unwrap().starts_with(begins), "{name}");
    }
    desk.ends(2, "", "verify", &format!("{VERIFY} --report r.html"));
    // Nobody has to believe the structure who has the manifests.
    let claims = format!("{VERIFY} --manifest raw.manifest --manifest clean.manifest");
    let claims = desk.ends(0, "verdict: permit", "verify", &claims);
    assert!(claims.lines.iter().any(|line| line.contains("relation-proven")), "{claims:?}");

    // Other questions, another status, another day.
    desk.ends(1, "verdict: deny", "verify", &format!("{VERIFY} --purpose personal --must-permit"));
    desk.ends(0, "verdict: deny", "verify", &format!("{VERIFY} --in US"));
    let unlisted = "model.safetensors --trust trust.cbor --at 2026-11-20";
    desk.ends(0, "verdict: unknown status", "verify", unlisted);
    desk.ends(1, "verdict: unknown status", "verify", &format!("{unlisted} --must-permit"));
    let early = VERIFY.replace("11-20", "11-02").replace("status", "status-early");
    desk.done("status", &words("--at 2026-11-02 --out status-early.cbor"));
    desk.ends(1, "rejected: future-statement at statement:", "verify", &early);
}

#[test]
fn what_a_lineage_rests_on_is_packed_for_a_dispute() {
    let desk = Desk::complete();
    let pack = format!("{VERIFY} --out pack");
    desk.ends(0, "packed: ", "pack", &pack);
    let read = |name: &str| fs::read_to_string(desk.path("pack").join(name)).unwrap();
    let index: serde_json::Value = serde_json::from_str(&read("index.json")).unwrap();
    for file in index["files"].as_array().unwrap() {
        let size = fs::metadata(desk.path("pack").join(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["size"], size.len(), "{file}");
    }
    assert!(read("CHECK.zh.md").starts_with("# 如何人工核对本证据包"));
    // It holds the proof from which the same is packed again.
    let subject = index["subject"].as_str().unwrap();
    let again = VERIFY.replace("model.safetensors", "pack/proof.cbor");
    desk.ends(0, "packed: ", "pack", &format!("{again} --of {subject} --out again"));
    let sums = fs::read(desk.path("again/SHA256SUMS")).unwrap();
    assert_eq!(sums, fs::read(desk.path("pack/SHA256SUMS")).unwrap());
    // Nothing is put among other files.
    let run = desk.ends(2, "", "pack", &pack);
    assert!(run.errors.starts_with("error: --out: pack is not empty"), "{run:?}");
    fs::write(desk.path("nobody.txt"), "# nobody\n").unwrap();
    desk.done("trust", &words("nobody.txt --out nobody.cbor"));
    let refused = pack.replace("trust.cbor", "nobody.cbor").replace("--out pack", "--out none");
    desk.ends(1, "rejected: missing-key at statement:", "pack", &refused);
    assert!(!desk.path("none").exists());
}

#[test]
fn files_of_another_kind_are_named() {
    let desk = Desk::complete();
    for (args, name) in [
        ("model.safetensors --trust status.cbor", "status.cbor"),
        ("model.safetensors --trust trust.cbor --events raw.deed", "raw.deed"),
        ("raw.cose --trust trust.cbor", "raw.cose"),
        ("model.safetensors --trust trust.cbor --manifest raw.cose", "raw.cose"),
    ] {
        let run = desk.ends(2, "", "verify", args);
        let named = format!("error: {name:?} cannot be used\n  because: it is ");
        assert!(run.errors.starts_with(&named), "{args}: {run:?}");
    }
    fs::write(desk.path("nobody.txt"), "# nobody\n").unwrap();
    desk.done("trust", &words("nobody.txt --out nobody.cbor"));
    let alone = VERIFY.replace("trust.cbor", "nobody.cbor");
    desk.ends(1, "rejected: missing-key at statement:", "verify", &alone);
    let doubtful = "did:web:x.example ed25519:00 curator";
    fs::write(desk.path("doubtful.txt"), doubtful).unwrap();
    let run = desk.ends(2, "", "trust", "doubtful.txt --out never.cbor");
    assert!(run.errors.starts_with("error: line 1: "), "{run:?}");
    // A term that is misspelled is no scope, which would leave an anchor without end.
    let listed = |field: &str| {
        let anchor = format!("did:web:x.example curator.pem curator {field}");
        fs::write(desk.path("listed.txt"), anchor).unwrap();
        desk.run("trust", &words("listed.txt --out listed.cbor --force"))
    };
    let misspelled = listed("untill=2027-01-01");
    assert_eq!(misspelled.code, Some(2), "{misspelled:?}");
    assert!(misspelled.errors.contains("\"untill=2027-01-01\" is no field"), "{misspelled:?}");
    for known in ["until=2027-01-01", "https://data.example/?id=7"] {
        assert_eq!(listed(known).code, Some(0), "{known}");
    }
}

#[test]
fn a_dataset_is_verified_before_it_is_bought() {
    let desk = Desk::complete();
    let ask = "clean.deed --of clean.manifest --trust trust.cbor --events status.cbor --at 2026-11-20 \
               --action train --party did:web:trainer.example";
    desk.ends(0, "verdict: permit", "verify", ask);
    // The claimed subject is not what the buyer holds.
    desk.ends(1, "rejected: subject-mismatch", "verify", &ask.replace("--of clean", "--of raw"));
    let unsaid = ask.replace("--of clean.manifest", "");
    desk.ends(2, "", "verify", &unsaid);
}

/// The model's proof as `logged.deed`: a log took the training on day 4, and two witnesses saw it.
/// They are in `logged.cbor`; `stranger.cbor` has another key under the name of one of them.
fn logged(desk: &Desk) {
    let read = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    let key = |name: &str| SigningKey::from_pkcs8_pem(&read(&format!("{name}.pem"))).unwrap();
    for name in ["log", "court", "press"] {
        desk.done("keygen", &["--out", &format!("{name}.pem")]);
    }
    let model = fs::File::open(desk.path("model.safetensors")).unwrap();
    let proof = safetensors::read(model).unwrap().proof;
    let proof = LineageProof::decode(&proof).unwrap();
    let is_training = |one: &&Statement| {
        one.as_activity().is_some_and(|activity| activity.payload().kind == ActivityKind::Train)
    };
    let train = proof.statements().iter().find(is_training).unwrap();
    let origin = Origin::new("registry.example/log").unwrap();
    let at: Timestamp = "2026-11-04T00:00:00Z".parse().unwrap();
    let keeper = Issuer::new("did:web:registry.example", key("log"));
    let mut log = Log::create(MemoryStore::new(), keeper, &LogPolicy::new(origin), at).unwrap();
    let trainer = key("trainer").public_key();
    log.append(train.envelope(), &|_: &Envelope, _| Ok(trainer), at).unwrap();
    log.publish(at).unwrap();
    let mut seen = log.checkpoint().clone();
    for name in ["court", "press"] {
        let witness = Origin::new(format!("{name}.example/w")).unwrap();
        let cosigned = seen.cosign(&witness, &key(name), at).unwrap();
        let pinned = LogKey::new(seen.log().origin().clone(), *seen.log().key());
        seen = cosigned.verify(&pinned).unwrap();
    }
    let logged = LineageProof::builder(proof.subject())
        .join(&proof)
        .receipt(train.id(), log.receipt(1, at).unwrap())
        .checkpoint(seen.signed().clone())
        .build()
        .unwrap();
    fs::write(desk.path("logged.deed"), logged.to_bytes()).unwrap();
    for (name, press) in [("logged", "press"), ("stranger", "trainer")] {
        let anchors = format!(
            "did:web:registry.example log.pem log registry.example/log\n\
             court.example/w court.pem witness registry.example/log\n\
             press.example/w {press}.pem witness\n"
        );
        fs::write(desk.path(&format!("{name}.txt")), read("anchors.txt") + &anchors).unwrap();
        desk.done("trust", &words(&format!("{name}.txt --out {name}.cbor")));
    }
}

#[test]
fn a_date_is_believed_that_enough_witnesses_saw() {
    let desk = Desk::complete();
    logged(&desk);
    let verify = "logged.deed --of model.safetensors --events status.cbor --at 2026-11-20 \
                  --report r.md --force";
    let report = |options: &str| {
        desk.ends(0, "verdict: permit", "verify", &format!("{verify} {options}"));
        fs::read_to_string(desk.path("r.md")).unwrap().replace('\\', "")
    };
    let (seen, unasked) = ("witnessed since 2026-11-04T00:00:00Z", "no witness asked for");
    let alone = report("--trust logged.cbor");
    assert!(alone.contains(unasked) && !alone.contains(seen), "{alone}");
    for options in ["--trust logged.cbor --witnesses 2", "--trust stranger.cbor --witnesses 1"] {
        let report = report(options);
        assert!(report.contains(seen) && !report.contains(unasked), "{options}: {report}");
    }
    // Another key under the name of a witness has seen nothing, and nobody a third one.
    for options in ["--trust stranger.cbor --witnesses 2", "--trust logged.cbor --witnesses 3"] {
        let report = report(options);
        assert!(report.contains("receipt-not-witnessed") && !report.contains(seen), "{report}");
    }
    desk.ends(2, "", "verify", &format!("{verify} --trust logged.cbor --witnesses all"));
}

#[test]
fn a_pruned_proof_is_the_one_that_was_sold() {
    let desk = Desk::complete();
    for proof in ["clean.deed", "model.safetensors"] {
        let args = format!("{proof} raw.manifest --out pruned-{proof}");
        let pruned = desk.ends(0, "proof of manifest:", "prune", &args);
        assert!(pruned.last().contains(", 3 of "), "{pruned:?}");
        let bytes = fs::read(desk.path(&format!("pruned-{proof}"))).unwrap();
        assert_eq!(bytes, fs::read(desk.path("raw.deed")).unwrap());
    }
    let refused = "raw.deed clean.manifest --out never.deed";
    desk.ends(1, "refused: manifest:", "prune", refused);
    assert!(!desk.path("never.deed").exists());
}

#[test]
fn an_attached_proof_is_the_recorded_one() {
    let desk = Desk::complete();
    let weights =
        desk.done("prune", &words("model.safetensors trained.safetensors --out model.deed"));
    assert!(weights.last().starts_with("proof of manifest:"), "{weights:?}");
    let again = "trained.safetensors --proof model.deed --out again.safetensors";
    desk.ends(0, "manifest:", "attach", again);
    let [one, other] =
        ["model", "again"].map(|name| fs::read(desk.path(&format!("{name}.safetensors"))).unwrap());
    assert_eq!(one, other);
    let other = "trained.safetensors --proof raw.deed --out never.safetensors";
    desk.ends(1, "refused: a proof of manifest:", "attach", other);
    assert!(!desk.path("never.safetensors").exists());
}

#[test]
fn a_run_is_recorded_from_statements_as_from_the_proof_made_of_them() {
    let desk = Desk::complete();
    let run = "trained.safetensors --title Model --started 2026-11-03 --input clean.manifest --with raw.deed \
               --with clean.cose --with cleaned.cose --with registered.cose --with clean-licence.cose";
    desk.sign("trainer", "train", run, "same.safetensors");
    let [one, other] =
        ["model", "same"].map(|name| fs::read(desk.path(&format!("{name}.safetensors"))).unwrap());
    assert_eq!(one, other);
    let missing = run.replace("--with clean.cose", "").replace("trained", "model");
    let args = "--key trainer.pem --iss did:web:trainer.example --at 2026-11-03 --out never";
    desk.ends(1, "refused: statement:", "train", &format!("{missing} {args}"));
    assert!(!desk.path("never").exists());
}

#[test]
fn a_revocation_turns_permit_into_deny() {
    let desk = Desk::complete();
    desk.done("prune", &words("model.safetensors model.safetensors --out model.deed"));
    let event = "raw-licence.cose --reason breach";
    desk.sign("supplier", "revoke", event, "revoked.cose");
    let status = "--event revoked.cose=2026-11-03 --at 2026-11-20 --out revoked.cbor";
    desk.done("status", &words(status));
    let told = VERIFY.replace("status.cbor", "revoked.cbor");
    desk.ends(0, "verdict: deny revoked", "verify", &told);
    desk.ends(1, "verdict: deny revoked", "verify", &format!("{told} --must-permit"));
    // Recorded a day later it comes after the training, if that is proven to have been before.
    let later = status.replace("11-03", "11-04") + " --force";
    desk.done("status", &words(&later));
    desk.ends(0, "verdict: unknown act-time-unproven", "verify", &told);
    desk.done("status", &words(&format!("{later} --seen model.deed=2026-11-03")));
    desk.ends(0, "verdict: permit", "verify", &told);
    // An honest prover carries it, and pruning does not lose it.
    desk.done("join", &words("raw.manifest raw.deed revoked.cose --out admitted.deed"));
    desk.done("prune", &words("admitted.deed raw.manifest --out kept.deed"));
    let [admitted, kept] =
        ["admitted.deed", "kept.deed"].map(|name| fs::read(desk.path(name)).unwrap());
    assert_eq!(admitted, kept);
}

#[test]
fn tampering_between_the_steps_is_found() {
    // A weight.
    let desk = Desk::complete();
    desk.damage("model.safetensors", last_but(1));
    desk.ends(1, "rejected: subject-mismatch at manifest:", "verify", VERIFY);

    // A signature, of a statement that goes into a proof.
    let desk = Desk::complete();
    desk.damage("raw-licence.cose", last_but(1));
    desk.done(
        "join",
        &words("raw.manifest raw.cose collected.cose raw-licence.cose --out raw.deed --force"),
    );
    let ask = "raw.deed --of raw.manifest --trust trust.cbor --at 2026-11-20";
    let told = format!("{ask} --report refused.html");
    desk.ends(1, "rejected: bad-signature at statement:", "verify", &told);
    assert!(fs::read_to_string(desk.path("refused.html")).unwrap().contains("bad-signature"));

    // The terms of a licence.
    desk.damage("raw.deed", |bytes| position(bytes, b"commercial"));
    desk.ends(1, "rejected: ", "verify", ask);

    // A length; the proof is none any longer.
    desk.damage("raw.deed", |_| 5);
    desk.ends(2, "", "show", "raw.deed");

    // A statement that others rest on.
    desk.ends(1, "refused: statement:", "join", "raw.manifest collected.cose --out never.deed");
    // One that has nothing to do with it.
    let beside = "raw.manifest raw.cose clean-licence.cose --out never.deed";
    desk.ends(1, "refused: the subject does not rest on statement:", "join", beside);
    assert!(!desk.path("never.deed").exists());

    // A row of a manifest.
    desk.damage("clean.manifest", last_but(1));
    let read = desk.ends(2, "", "show", "clean.manifest");
    assert!(read.errors.contains("\"clean.manifest\" cannot be used\n  because: "), "{read:?}");
}

#[test]
fn another_key_under_a_known_name_is_rejected() {
    let desk = Desk::complete();
    let forged = "raw.manifest --permit use --key trainer.pem --iss did:web:supplier.example \
                  --at 2026-11-03 --out forged.cose";
    desk.done("grant", &words(forged));
    desk.done("join", &words("raw.manifest raw.deed forged.cose --out forged.deed"));
    let ask = "forged.deed --of raw.manifest --trust trust.cbor --at 2026-11-20";
    desk.ends(1, "rejected: issuer-key-mismatch at statement:", "verify", ask);
}

#[test]
fn a_false_claim_is_not_signed() {
    let desk = Desk::complete();
    let claim = "clean --input clean.manifest --output raw.manifest --relation subset_of \
                 --key curator.pem --iss did:web:curator.example --at 2026-11-03 --out never.cose";
    desk.ends(1, "refused: not manifest:", "derive", claim);
    assert!(!desk.path("never.cose").exists());

    fs::create_dir(desk.path("noise")).unwrap();
    fs::rename(desk.path("raw/noise.bin"), desk.path("noise/noise.bin")).unwrap();
    desk.done("scan", &["noise", "--out", "noise.manifest"]);
    let split = "subset --input raw.manifest --output clean.manifest --output noise.manifest \
                 --relation subset_of --relation disjoint_from:content";
    desk.sign("curator", "derive", split, "split.cose");
}

#[test]
fn show_tells_every_file_by_its_content() {
    let desk = Desk::complete();
    // Begins as a statement does.
    fs::write(desk.path("d2.safetensors"), padded_model(&[1, 2], 0xd2)).unwrap();
    for (name, kind) in [
        ("d2.safetensors", "model"),
        ("raw.manifest", "manifest"),
        ("raw.cose", "dataset"),
        ("registered.cose", "registration"),
        ("raw.deed", "proof"),
        ("model.safetensors", "model"),
        ("trained.safetensors", "model"),
        ("trust.cbor", "trust"),
        ("status.cbor", "status"),
        ("trainer.pem", "key"),
    ] {
        fs::copy(desk.path(name), desk.path("anything")).unwrap();
        let shown = desk.done("show", &["anything", "--json"]);
        let [line] = shown.lines.as_slice() else { panic!("not one line: {shown:?}") };
        let shown: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(shown["type"], kind, "{name}");
    }
    let statement = desk.done("show", &["registered.cose"]).lines.join("\n");
    for part in [
        "\"iat\": \"2026-11-03T00:00:00Z\"",
        "\"valid_until\": \"2029-11-02T00:00:00Z\"",
        "\"manifest\": \"manifest:",
        "\"iss\": \"did:web:registrar.example\"",
    ] {
        assert!(statement.contains(part), "{part} in {statement}");
    }
    // Whatever an issuer chose to add is shown, and ids are spelled as what they are.
    let (data, index) = (ManifestId::from_bytes([1; 32]), IndexId::from_bytes([2; 32]));
    let issuer = Issuer::new("did:web:anybody.example", SigningKey::from_seed(&[1; 32]));
    let mut step = Activity::new(ActivityKind::Collect).output(data, []);
    let bytes = [b"\x58\x20", &[0; 32][..]].concat();
    let added = [("below", &b"\x20"[..]), ("key", &bytes), ("map", b"\xa1\x01\x02")];
    step.params = added.map(|(key, item)| (key.to_owned(), Item::decode(item).unwrap())).into();
    let signed = step.sign(&issuer, Timestamp::MIN).unwrap();
    fs::write(desk.path("step.cose"), signed.as_bytes()).unwrap();
    let shown = desk.done("show", &["step.cose", "--json"]).lines.concat();
    assert!(shown.contains(r#""params":{"below":-1,"key":"32 bytes","map":{"1":2}}"#), "{shown}");
    let mut dataset = Dataset::new(data, "Indexed", ScanMethod::Full);
    dataset.indexes.insert(DatasetIndex::new(index, "sha256"));
    let signed = dataset.sign(&issuer, Timestamp::MIN).unwrap();
    fs::write(desk.path("indexed.cose"), signed.as_bytes()).unwrap();
    let shown = desk.done("show", &["indexed.cose", "--json"]).lines.concat();
    assert!(shown.contains(&index.to_string()), "{shown}");
    // Nothing of the secret.
    let secret = fs::read_to_string(desk.path("trainer.pem")).unwrap();
    let shown = desk.done("show", &["trainer.pem"]).lines.join("\n");
    assert!(!shown.contains(secret.lines().nth(1).unwrap()));
    desk.ends(2, "", "show", "anchors.txt");
}

#[test]
fn a_key_is_its_owners_alone_and_never_replaced() {
    let desk = Desk::new();
    let before = fs::read(desk.path("curator.pem")).unwrap();
    let again = desk.ends(2, "", "keygen", "--out curator.pem");
    assert!(again.errors.contains("\"curator.pem\" cannot be written"), "{again:?}");
    assert_eq!(fs::read(desk.path("curator.pem")).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(desk.path("curator.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let made = desk.done("keygen", &["--out", "other.pem"]);
    let public = made.lines[..made.lines.len() - 1].join("\n");
    fs::write(desk.path("public.pem"), public).unwrap();
    let shown = desk.done("show", &["public.pem", "--json"]);
    assert!(shown.last().contains(made.last()), "{shown:?}");
    let secret = desk.done("show", &["other.pem", "--json"]);
    assert_eq!(secret.lines, shown.lines);
}

#[test]
fn nothing_is_replaced_unless_asked_and_nothing_is_left_half_written() {
    let desk = Desk::new();
    fs::write(desk.path("taken"), "mine").unwrap();
    let args = ["scan", "raw", "--out", "taken"];
    let refused = desk.run(args[0], &args[1..]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.errors.contains("because: "), "{refused:?}");
    assert_eq!(fs::read(desk.path("taken")).unwrap(), b"mine");
    desk.done("scan", &["raw", "--out", "taken", "--force"]);
    assert_ne!(fs::read(desk.path("taken")).unwrap(), b"mine");

    let before = names(&desk.path(""));
    desk.ends(2, "", "scan", "raw --out no/such/directory/x");
    desk.ends(2, "", "describe", "taken --title T --key curator.pem --iss x --at never --out out");
    desk.ends(2, "", "attach", "trained.safetensors --proof taken --out out");
    assert_eq!(names(&desk.path("")), before);
}

fn names(dir: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn several_processes_make_the_manifest_that_one_makes() {
    let desk = Desk::new();
    for i in 0..20 {
        fs::write(desk.path("raw").join(format!("{i}.txt")), i.to_string()).unwrap();
    }
    let scanned = desk.done("scan", &["raw", "--out", "raw.manifest"]);
    let built = desk.done("partials", &["raw", "--workers", "3"]);
    assert_eq!(built.last(), scanned.last());
    assert_eq!(built.lines[0], "worker 0 killed halfway, its result not there");
    assert_eq!(built.lines[1], "4 results of 3 shards");
    let one = desk.run("partials", &["raw", "--workers", "1"]);
    assert_eq!(one.code, Some(2), "{one:?}");
}

#[test]
fn a_registry_that_is_killed_proves_everything_that_it_acknowledged() {
    // A writer that is done before it is killed leaves no lock, and shows nothing.
    let hit = (0..20).find_map(|_| {
        let desk = Desk::new();
        let done = desk.done("registry", &["log", "--count", "300", "--batch", "7"]);
        done.lines.iter().any(|line| line == TAKEN_OVER).then_some((desk, done))
    });
    let (desk, done) = hit.expect("one of 20 writers is at work when it is killed");
    assert_eq!(done.last(), "registered 300, of which everything acknowledged is proven");
    // Another run finds nothing left to do, and the same log.
    let again = desk.done("registry", &["log", "--count", "300", "--batch", "7"]);
    assert_eq!(again.last(), done.last());
    assert_eq!(again.lines[0], "known from the run before: 300 statements");
    // A third one goes on, and holds the log to what it said to the first.
    let grown = desk.done("registry", &["log", "--count", "400", "--batch", "7"]);
    assert_eq!(grown.last(), "registered 400, of which everything acknowledged is proven");
    // Another log under the same name, however sound by itself, is not the one that is known.
    fs::remove_dir_all(desk.path("log")).unwrap();
    let other = desk.run("registry", &["log", "--count", "300", "--batch", "9"]);
    assert_eq!(other.code, Some(1), "{other:?}");
}

#[test]
fn every_tool_has_help_and_refuses_misuse() {
    let desk = Desk::new();
    for tool in TOOLS {
        for help in ["--help", "-h"] {
            let help = desk.done(tool, &[help]);
            let usage = format!("Usage: {tool} ");
            assert!(help.lines.iter().any(|line| line.starts_with(&usage)), "{tool}: {help:?}");
            assert!(help.lines.iter().any(|line| line.starts_with("Exit codes: 0 ")), "{tool}");
            assert!(help.errors.is_empty(), "{tool}: {help:?}");
        }
        let twice = ["--out", "x", "--out", "y"];
        let misuses = [&["--bogus"][..], &["a", "b", "c", "--bogus=1"], &["--at"], &twice, &[]];
        // Without a case `rights` answers those that it has.
        let count = misuses.len() - usize::from(tool == "rights");
        for misuse in &misuses[..count] {
            let run = desk.run(tool, misuse);
            assert_eq!(run.code, Some(2), "{tool} {misuse:?}: {run:?}");
            assert!(run.errors.starts_with("error: "), "{tool} {misuse:?}: {run:?}");
            assert!(run.lines.is_empty(), "{tool} {misuse:?}: {run:?}");
        }
    }
}

#[test]
fn every_example_is_tested_here_or_beside() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let runs = |path: &PathBuf| path.is_file() || path.join("main.rs").is_file();
    let found = names(&examples).into_iter().filter(runs);
    let mut found: Vec<String> =
        found.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    found.sort();
    found.retain(|name| name != "exchange");
    assert_eq!(found, TOOLS);
}
