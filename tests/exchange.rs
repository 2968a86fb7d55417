//! The main job, as its users run it: `cargo run --example exchange` and `verify`, on real data.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Run, example};
use tempfile::TempDir;

const AT: &str = "2026-11-20";

impl Run {
    fn exchange(out: &Path, args: &[&str]) -> Self {
        Self::of(example("exchange").args(args).arg("--out").arg(out))
    }

    fn verify(out: &Path, args: &[&str]) -> Self {
        Self::of(
            example("verify")
                .arg(out.join("model.safetensors"))
                .arg("--trust")
                .arg(out.join("trust.cbor"))
                .args(args),
        )
    }

    /// The answers to one question, without its number.
    fn answers(&self, number: u8) -> Vec<&str> {
        let prefix = format!("{number}: ");
        self.lines.iter().filter_map(|line| line.strip_prefix(&prefix)).collect()
    }

    #[track_caller]
    fn assert_answer(&self, number: u8, begins: &str) -> &str {
        let [answer] = self.answers(number)[..] else { panic!("not one answer to {number}") };
        assert!(answer.starts_with(begins), "{number}: {answer}");
        answer
    }
}

/// Thirty texts and one file that is no text.
fn data() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..30 {
        fs::write(dir.path().join(format!("{number}.txt")), format!("text {number}\n")).unwrap();
    }
    fs::write(dir.path().join("bytes.bin"), [0xff, 0xfe]).unwrap();
    dir
}

fn on_data(out: &Path, dir: &TempDir, licence: &str, more: &[&str]) -> Run {
    let dataset = ["--dataset", dir.path().to_str().unwrap(), "--license", licence];
    Run::exchange(out, &[&dataset, more].concat())
}

/// Every file below a directory with its bytes.
fn tree(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            files.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

const WAY: &str =
    "Byte bigram model < Training set < Distinct corpus < Clean corpus < Merged corpus < ";

#[test]
fn real_dependencies_get_the_verdicts_of_the_main_job() {
    let out = tempfile::tempdir().unwrap();
    let run = Run::exchange(out.path(), &[]);
    assert_eq!((run.last(), run.code), ("verdict: permit", Some(0)));
    run.assert_answer(1, "permit attribute notice pay report revenue_share (");
    run.assert_answer(2, "permit attribute notice pay report revenue_share (");
    let non_commercial = run.assert_answer(3, "deny purpose (");
    assert!(non_commercial.contains(WAY), "{non_commercial}");
    let [in_both, on_list, no_list] = run.answers(4)[..] else { panic!("not three answers to 4") };
    for revoked in [in_both, on_list] {
        assert!(revoked.starts_with("deny revoked ("), "{revoked}");
        assert!(revoked.ends_with(&format!("{WAY}Field notes)")), "{revoked}");
    }
    assert!(no_list.starts_with("unknown status ("), "{no_list}");
    let withdrawn = run.assert_answer(5, "permit attribute notice pay report revenue_share (");
    assert!(withdrawn.contains("withdrawal-ignored"), "{withdrawn}");

    let owed = |payee: &str, duty: &str| {
        run.lines.iter().any(|line| line.contains(payee) && line.contains(duty))
    };
    assert!(owed("did:web:supplier.example", "2.50 % of revenue"));
    assert!(owed("did:web:curator.example", "5.00 % of revenue"));
    assert!(owed("holders under MIT", "attribute"));
    // The deal was paid for and filed; what the use earns is shared.
    assert!(run.lines.iter().any(|line| line.trim().starts_with("1 x duty-fulfilled")));
    assert!(run.lines.iter().any(|line| line.trim().starts_with("1 x title-noted")));
    let shared = "of 1000000 CNY minor units: 50000 to did:web:curator.example, \
                  25000 to did:web:supplier.example, 925000 kept";
    assert!(run.lines.iter().any(|line| line.trim() == shared));
    // What the trainer says of the time beside what a witness saw in the log.
    let train = run.lines.iter().find(|line| line.contains("  train  ")).unwrap();
    assert!(train.contains(" 2026-10-31T00:00:00Z to 2026-11-01T00:00:00Z "), "{train}");
    assert!(train.ends_with(" 2026-11-01T06:00:00Z"), "{train}");
    assert!(!run.lines.iter().any(|line| line.contains("receipt-not-")));
    // Nothing is merely asserted while the manifests are at hand.
    assert!(run.lines.iter().any(|line| line.trim().starts_with("8 x relation-proven")));
    assert!(!run.lines.iter().any(|line| line.contains("relation-asserted")));
    for (name, begins) in [
        ("lineage.mmd", "flowchart TD\n"),
        ("report.html", "<!DOCTYPE html>\n"),
        ("report.json", "{\n  \"format\": \"datadeed-report\","),
        ("report.md", "# Lineage and rights report\n"),
        ("shares.html", "<!DOCTYPE html>\n"),
    ] {
        let written = fs::read_to_string(out.path().join(name)).unwrap();
        assert!(written.starts_with(begins), "{name}");
    }

    // The same files in the hands of anybody else.
    let events = out.path().join("events.cbor");
    let listed = ["--events", events.to_str().unwrap(), "--at", AT];
    let verified = Run::verify(out.path(), &listed);
    assert_eq!((verified.last(), verified.code), ("verdict: permit", Some(0)));
    let unlisted = Run::verify(out.path(), &["--at", AT]);
    assert_eq!((unlisted.last(), unlisted.code), ("verdict: unknown status", Some(0)));
    let early = Run::verify(out.path(), &["--at", "2026-11-01T07:59:59+08:00"]);
    assert!(early.last().starts_with("rejected: future-statement at statement:"));
    assert_eq!(early.code, Some(1));
}

#[test]
fn the_same_sources_give_the_same_files() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = data();
    for out in [&first, &second] {
        assert_eq!(on_data(out.path(), &data, "MIT", &[]).code, Some(0));
    }
    let names = |dir: &TempDir| -> Vec<(PathBuf, Vec<u8>)> {
        let files = tree(dir.path()).into_iter();
        files.map(|(path, bytes)| (path.strip_prefix(dir).unwrap().to_owned(), bytes)).collect()
    };
    assert_eq!(names(&first), names(&second));
}

#[track_caller]
fn assert_rejected(kind: &str, expected: &str) {
    let (out, data) = (tempfile::tempdir().unwrap(), data());
    let run = on_data(out.path(), &data, "CC-BY-NC-4.0", &["--tamper", kind]);
    let rejected = format!("rejected: {expected}");
    assert!(run.last().starts_with(&rejected), "{}", run.last());
    assert_eq!(run.code, Some(1));
    let code = expected.split(' ').next().unwrap();
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains(code) && page.contains("核验不通过"), "{page}");
    // The fault is in the files, not in who looks at them.
    let verified = Run::verify(out.path(), &["--at", AT]);
    assert_eq!((verified.last(), verified.code), (run.last(), Some(1)));
}

#[test]
fn tamper_weight_is_a_proof_of_other_weights() {
    assert_rejected("weight", "subject-mismatch at manifest:");
}

#[test]
fn tamper_statement_byte_is_malformed() {
    assert_rejected("statement-byte", "malformed-statement at position:");
}

#[test]
fn tamper_signature_is_a_bad_signature() {
    assert_rejected("signature", "bad-signature at statement:");
}

#[test]
fn tamper_swapped_parent_is_a_voucher_for_something_else() {
    assert_rejected("swapped-parent", "voucher-mismatch at statement:");
}

#[test]
fn tamper_edited_licence_is_a_bad_signature() {
    assert_rejected("edited-licence", "bad-signature at statement:");
}

#[test]
fn tamper_removed_parent_is_a_missing_statement() {
    assert_rejected("removed-parent", "missing-statement at statement:");
}

#[test]
fn tamper_other_key_is_not_the_issuers() {
    assert_rejected("other-key", "issuer-key-mismatch at statement:");
}

#[test]
fn tamper_other_receipt_is_a_bad_receipt() {
    assert_rejected("other-receipt", "bad-receipt at statement:");
}

#[test]
fn tamper_checkpoint_is_a_bad_checkpoint() {
    assert_rejected("checkpoint", "bad-checkpoint at checkpoint:");
}

#[test]
fn tamper_replayed_proof_is_about_another_model() {
    assert_rejected("replayed-proof", "subject-mismatch at manifest:");
}

#[test]
fn a_negotiated_licence_cannot_be_edited_either() {
    let out = tempfile::tempdir().unwrap();
    let run = Run::exchange(out.path(), &["--tamper", "edited-licence"]);
    assert!(run.last().starts_with("rejected: bad-signature at statement:"), "{}", run.last());
    assert_eq!(run.code, Some(1));
}

#[test]
fn own_data_under_a_non_commercial_licence_is_denied() {
    let (out, data) = (tempfile::tempdir().unwrap(), data());
    let run = on_data(out.path(), &data, "CC-BY-NC-4.0", &[]);
    assert_eq!((run.last(), run.code), ("verdict: deny", Some(0)));
    run.assert_answer(1, "deny purpose (");
    assert!(run.answers(4).is_empty());
    assert!(run.lines.iter().any(|line| line.starts_with("Left out: question 4, ")));
}

#[test]
fn own_data_under_an_unknown_licence_stays_unknown() {
    let (out, data) = (tempfile::tempdir().unwrap(), data());
    let run = on_data(out.path(), &data, "LicenseRef-own", &[]);
    assert_eq!((run.last(), run.code), ("verdict: unknown", Some(0)));
    run.assert_answer(1, "unknown licence (");
}

#[test]
fn a_model_without_datasets_has_undisclosed_inputs() {
    let (out, own, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), data());
    on_data(own.path(), &data, "MIT", &[]);
    let model = own.path().join("model.safetensors");
    let before = fs::read(&model).unwrap();
    let given = ["--model", model.to_str().unwrap()];
    let run = Run::exchange(out.path(), &given);
    assert_eq!((run.last(), run.code), ("verdict: unknown", Some(0)));
    run.assert_answer(1, "unknown inputs-undisclosed (");
    assert_eq!(fs::read(&model).unwrap(), before, "the user's model is not touched");

    let disclosed = on_data(out.path(), &data, "MIT", &given);
    assert_eq!((disclosed.last(), disclosed.code), ("verdict: permit", Some(0)));
}

#[test]
fn misuse_exits_with_2() {
    let out = tempfile::tempdir().unwrap();
    for args in [
        &["--bogus"][..],
        &["--tamper", "everything"],
        &["--at", "tomorrow"],
        &["--license", "MIT"],
        &["--dataset", "."],
        &["--dataset", "does/not/exist", "--license", "MIT"],
        &["--model", "does/not/exist"],
    ] {
        let run = Run::exchange(out.path(), args);
        assert_eq!(run.code, Some(2), "{args:?}");
        assert!(run.errors.starts_with("error: "), "{run:?}");
    }
    assert_eq!(Run::of(&mut example("verify")).code, Some(2));
    assert_eq!(Run::verify(out.path(), &[]).code, Some(2));
    for name in ["exchange", "verify"] {
        let help = Run::of(example(name).arg("--help"));
        assert_eq!(help.code, Some(0));
        assert!(help.lines.iter().any(|line| line.starts_with("Usage: ")));
    }
}
