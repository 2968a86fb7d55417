//! Datasets as directories: scanned, delivered, looked up.

use super::*;

#[test]
fn what_was_scanned_twice_is_one_dataset() {
    let desk = Desk::new();
    let first = desk.done("scan", &["raw", "--out", "1.manifest"]);
    let second = desk.done("scan", &words("raw --threads 3 --links --any-names --out 2.manifest"));
    assert_eq!(first.lines, second.lines);
    assert!(first.last().starts_with("manifest:"), "{first:?}");
    let files = ["1.manifest", "2.manifest"].map(|name| fs::read(desk.path(name)).unwrap());
    assert_eq!(files[0], files[1]);
}

#[test]
fn a_cached_scan_gives_the_same_manifest() {
    let desk = Desk::new();
    let full = desk.done("scan", &["raw", "--out", "full.manifest"]);
    for _ in 0..2 {
        let cached = desk.done("scan", &words("raw --cache cache --out raw.manifest --force"));
        assert_eq!(cached.last(), full.last());
        assert!(cached.lines[0].ends_with(" of 3 files read"), "{cached:?}");
    }
    fs::write(desk.path("cache"), "no cache").unwrap();
    let damaged = desk.done("scan", &words("raw --cache cache --out raw.manifest --force"));
    assert_eq!(damaged.last(), full.last());
    let notice = ["cache not used: malformed cache", "3 of 3 files read"];
    assert_eq!(damaged.lines[..2], notice);
}

#[test]
fn sha_256_goes_from_the_scan_into_the_statement() {
    let desk = Desk::new();
    let plain = desk.done("scan", &["raw", "--out", "plain.manifest"]);
    let scanned = desk.done("scan", &["raw", "--out", "raw.manifest", "--sha256"]);
    assert_eq!(scanned.last(), plain.last());
    let index = scanned.lines[0].strip_prefix("sha256 ").unwrap();
    assert!(index.starts_with("index:"), "{scanned:?}");

    let shown = desk.done("show", &["raw.manifest"]).lines.join("\n");
    // As `sha256sum` gives it of "a\n".
    let digest = "sha256:87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
    assert!(shown.contains(digest) && shown.contains(index), "{shown}");
    let shown = desk.done("show", &["plain.manifest"]).lines.join("\n");
    assert!(!shown.contains("sha256"), "{shown}");

    desk.sign("supplier", "describe", "raw.manifest --title Raw", "raw.cose");
    let shown = desk.done("show", &["raw.cose"]).lines.join("\n");
    assert!(shown.contains(index.strip_prefix("index:").unwrap()), "{shown}");
    desk.ends(2, "", "scan", "raw --out cached.manifest --sha256 --cache cache");
}

#[test]
fn a_delivery_is_held_against_its_manifest() {
    let desk = Desk::new();
    desk.done("scan", &["raw", "--out", "raw.manifest"]);
    desk.ends(0, "complete: manifest:", "check", "raw raw.manifest");
    desk.ends(0, "complete: manifest:", "check", "clean raw.manifest --only a.txt --only b.txt");
    desk.ends(1, "refused: 1 differences", "check", "clean raw.manifest");
    desk.ends(2, "", "check", "clean raw.manifest --only c.txt");

    fs::write(desk.path("clean/a.txt"), "other").unwrap();
    fs::write(desk.path("clean/c.txt"), "strange").unwrap();
    fs::rename(desk.path("clean/b.txt"), desk.path("clean/d.txt")).unwrap();
    let differs = desk.ends(1, "refused: 4 differences", "check", "clean raw.manifest");
    for line in ["missing \"noise.bin\"", "extra   \"c.txt\"", "renamed \"b.txt\": \"d.txt\""] {
        assert!(differs.lines.iter().any(|found| found == line), "{line} in {differs:?}");
    }
    assert!(differs.lines.iter().any(|line| line.starts_with("changed \"a.txt\": blake3:")));
}

#[test]
fn a_work_is_looked_up_in_the_records_of_a_delivery() {
    let desk = Desk::new();
    let lines = "{\"text\": \"To be\"}\n{\"text\": \"or  not\"}\n{\"text\":\"To be\"}\n";
    fs::write(desk.path("raw/plays.jsonl"), lines).unwrap();
    fs::write(desk.path("line.json"), "{ \"text\" : \"To be\" }").unwrap();
    desk.done("scan", &["raw", "--out", "raw.manifest"]);
    let json = "raw raw.manifest --ending .jsonl --rule json-jcs/1";
    let indexed = desk.ends(0, "index:", "records", json);
    assert!(indexed.lines.contains(&"3 records, 1 of them duplicates".to_owned()), "{indexed:?}");
    desk.ends(0, "present: all 1", "records", &format!("{json} --find line.json"));
    desk.ends(1, "absent: 1 of 2", "records", &format!("{json} --find line.json --text {{}}"));
    // The same from a file of the index, of which only a few ranges are read.
    let filed = format!("{json} --out index --memory 0");
    let written = desk.ends(0, "index:", "records", &filed);
    assert_eq!(written.lines.last(), indexed.lines.last());
    let shown = desk.done("show", &["index", "--json"]).lines.concat();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown["type"], &shown["count"]), (&"records".into(), &3.into()));
    assert_eq!(shown["id"], indexed.last());
    let asked = format!("{filed} --force --find line.json --text {{}}");
    desk.ends(1, "absent: 1 of 2", "records", &asked);
    desk.ends(2, "", "records", &filed);
    let unfit =
        desk.ends(1, "absent: 0 of 1, not asked: 1", "records", &format!("{json} --text x"));
    assert!(unfit.lines.iter().any(|line| line.starts_with("unknown \"x\"")), "{unfit:?}");

    // Whoever answers for the index says so.
    desk.sign("supplier", "describe", "raw.manifest --title Raw --records index", "raw.cose");
    let shown = desk.done("show", &["raw.cose"]).lines.join("\n");
    assert!(shown.contains(indexed.last().strip_prefix("index:").unwrap()), "{shown}");
    desk.done("scan", &["clean", "--out", "clean.manifest"]);
    let other = "clean.manifest --title Clean --records index --key supplier.pem --iss x --out no";
    desk.ends(2, "", "describe", other);

    let by_text = ["raw", "raw.manifest", "--ending", ".jsonl", "--rule", "text/1#/text"];
    let ask = |text: &str| desk.run("records", &[&by_text[..], &["--text", text]].concat());
    let there = ask("or not\n");
    assert_eq!((there.code, there.last()), (Some(0), "present: all 1"), "{there:?}");
    assert_eq!(ask("that is the question").code, Some(1));

    // What is no JSON makes no records, and other bytes make no index of the manifest.
    desk.ends(2, "", "records", "raw raw.manifest --rule json-jcs/1");
    fs::write(desk.path("raw/plays.jsonl"), "{}\n").unwrap();
    desk.ends(2, "", "records", json);
}

#[test]
fn a_publisher_is_told_which_of_his_works_are_in_a_dataset() {
    let desk = Desk::new();
    let scanned = desk.done("scan", &["raw", "--out", "raw.manifest"]);
    let id = scanned.last();
    // Digests as `b3sum` gives them, of "a\n" and of what is nowhere.
    let others = (1..5_000).map(|number| Digest::of(format!("work {number}").as_bytes()));
    let works = std::iter::once(Digest::of(b"a\n")).chain(others);
    let works: Vec<String> = works.map(|digest| digest.to_string()).collect();
    let works = format!("# works\n{}\n", works.join("\n"));
    fs::write(desk.path("works.txt"), works).unwrap();
    fs::write(desk.path("mine.txt"), "b\n").unwrap();
    let asked = "--name a.txt --name c.txt --works works.txt --content mine.txt";
    let made =
        desk.ends(0, "answered: all 5,003", "prove", &format!("raw.manifest {asked} --out e.cbor"));
    assert!(made.lines.contains(&"5,001 works: 2 present, 4,999 absent".to_owned()), "{made:?}");

    // Who checks it needs the id alone, and is told the same.
    let checked = desk.ends(0, "answered: all", "prove", &format!("{id} {asked} --check e.cbor"));
    assert_eq!(checked.lines, made.lines);
    assert!(checked.lines.iter().any(|line| line == "\"c.txt\": absent"), "{checked:?}");
    assert!(checked.lines.iter().any(|line| line.starts_with("not audited: ")), "{checked:?}");

    let other = "raw.manifest --name b.txt --check e.cbor";
    desk.ends(1, "refused: 1 of 1 not told", "prove", other);
    desk.damage("e.cbor", last_but(1));
    desk.ends(1, "refused: ", "prove", &format!("{id} {asked} --check e.cbor"));
    desk.ends(2, "", "prove", "raw.manifest --check no.cbor");
    desk.ends(2, "", "prove", "raw.manifest --out never.cbor");
    assert!(!desk.path("never.cbor").exists());
}

#[test]
fn a_test_set_is_shown_to_share_nothing_with_a_dataset() {
    let desk = Desk::new();
    fs::create_dir(desk.path("test")).unwrap();
    fs::write(desk.path("test/t.txt"), "held out").unwrap();
    for name in ["raw", "clean", "test"] {
        desk.done("scan", &[name, "--out", &format!("{name}.manifest")]);
    }
    let made = "raw.manifest --disjoint-from test.manifest --out e.cbor";
    desk.ends(0, "answered: all 1", "prove", made);
    let check = "raw.manifest --disjoint-from test.manifest --check e.cbor";
    let told = desk.ends(0, "answered: all 1", "prove", check);
    assert!(told.lines[0].starts_with("no content in common with manifest:"), "{told:?}");
    let shown = desk.done("show", &["e.cbor"]).lines.join("\n");
    let held_out = Digest::of(b"held out").to_string();
    assert!(shown.contains("opened_contents") && shown.contains(&held_out), "{shown}");
    let shared = "raw.manifest --disjoint-from clean.manifest --out shared.cbor";
    desk.ends(1, "refused: contents in common with manifest:", "prove", shared);
    assert!(!desk.path("shared.cbor").exists());
}
