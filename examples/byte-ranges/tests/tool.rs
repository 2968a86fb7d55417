//! The tool, as seller and buyer run it.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::bytes;
use datadeed::ManifestId;
use datadeed::scan::Scan;

/// A directory with a dataset in `data`, its manifest in `m`, and evidence and a slice that were sold.
fn sold() -> (tempfile::TempDir, ManifestId) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    fs::write(dir.path().join("data/large"), bytes(100_000)).unwrap();
    fs::write(dir.path().join("data/other"), b"other").unwrap();
    let manifest = Scan::new(dir.path().join("data")).run().unwrap();
    fs::write(dir.path().join("m"), manifest.to_bytes()).unwrap();
    let sell =
        "cut data/large --range 50000..53000 --out slice --manifest m --name large --evidence e";
    assert_eq!(run(dir.path(), sell).0, 0);
    (dir, manifest.id())
}

/// Exit code and last line.
fn run(dir: &Path, arguments: &str) -> (i32, String) {
    let tool = Command::new(env!("CARGO_BIN_EXE_byte-ranges"))
        .args(arguments.split(' '))
        .current_dir(dir)
        .output()
        .unwrap();
    let lines = String::from_utf8(tool.stdout).unwrap();
    (tool.status.code().unwrap(), lines.lines().last().unwrap_or_default().to_owned())
}

#[test]
fn a_buyer_gets_exactly_his_bytes_whatever_he_believes_them_by() {
    let (dir, id) = sold();
    for by in
        ["--manifest m".to_owned(), format!("--manifest m --id {id}"), "--evidence e".to_owned()]
    {
        let buy =
            format!("check slice --range 50000..53000 {by} --name large --out bought --force");
        let line = format!("bytes 50000..53000 of \"large\" (100000 bytes, stated) in {id}");
        assert_eq!(run(dir.path(), &buy), (0, line), "{by}");
        assert!(fs::read(dir.path().join("bought")).unwrap() == bytes(100_000)[50_000..53_000]);
        fs::remove_file(dir.path().join("bought")).unwrap();
    }
}

#[test]
fn a_buyer_gets_nothing_of_what_is_not_proven() {
    let (dir, id) = sold();
    let refused = |buy: &str, why: &str| {
        assert_eq!(run(dir.path(), &format!("{buy} --out bought")), (1, format!("refused: {why}")));
        assert!(!dir.path().join("bought").exists());
    };
    refused(
        "check slice --range 50000..53000 --manifest m --name x",
        &format!("\"x\" is not in {id}"),
    );
    refused(
        "check slice --range 50000..53000 --evidence e --name x",
        &format!("no evidence of \"x\" in {id}"),
    );
    refused(
        "check slice --range 50000..53000 --manifest m --name other",
        "50000..53000 of a file of 5 bytes",
    );
    refused(
        "check slice --range 0..5 --manifest m --name other",
        "a slice of a file of 100000 bytes, the file has 5",
    );
    refused(
        "check slice --range 99999..100001 --evidence e --name large",
        "99999..100001 of a file of 100000 bytes",
    );
    refused(
        "check slice --range 50000..54000 --evidence e --name large",
        "the slice ends within the hashes over bytes 53248..57344",
    );
    let other = ManifestId::from_bytes([1; 32]);
    refused(
        &format!("check slice --range 50000..53000 --manifest m --id {other} --name large"),
        &format!("file of {id}, not of {other}"),
    );
}

#[test]
fn a_seller_cuts_only_the_file_that_the_manifest_has() {
    let (dir, id) = sold();
    let cut = "cut data/large --range 0..1 --manifest m --name other --out cut";
    let why = format!("refused: data/large is not other in {id}");
    assert_eq!(run(dir.path(), cut), (1, why));
    let past = "cut data/other --range 0..6 --out cut";
    assert_eq!(run(dir.path(), past), (1, "refused: 0..6 of a file of 5 bytes".to_owned()));
    assert!(!dir.path().join("cut").exists());
}
