//! The grammar in `src/guide/datadeed.cddl` against the declarations in `src/`.
//!
//! Records and codes are declared once, by `record!` and `codes!`, so their
//! text is the code's side. The grammar's side are its rules of the same names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::oracle::role_key;

/// Members that the grammar holds more strictly than their types: by rules between fields, or by bounds.
const STRICTER: &[(&str, &str)] = &[
    ("Activity", r#""outputs" => [+ Entity]"#),
    ("Delegation", r#""depth" => 0..15"#),
    ("Duty", r#"? "basis_points" => 0..10000"#),
    ("Assessment", r#"? "currency" => Currency"#),
    ("Event", r#"? "currency" => Currency"#),
    ("Event", r#""target" => tstr .regexp "(key|statement):[0-9a-f]{64}""#),
    ("FileEntry", r#""name" => tstr .size (1..4096)"#),
    ("Licence", r#"? "spdx" => tstr .size (1..1024)"#),
    ("RecordedFile", r#""statement" => bytes .cbor EventStatement"#),
    ("Mount", r#""name" => tstr .size (1..4096)"#),
    ("MountEntry", r#""name" => tstr .size (1..4096)"#),
    ("Registrant", r#"? "share" => 1..10000"#),
    ("Registration", r#""registrants" => [+ Registrant]"#),
    ("Registration", r#"? "jurisdiction" => tstr .regexp "[A-Z]{2}(-[A-Z0-9]{1,3})?""#),
    ("Relation", r#""with" => [+ ManifestId]"#),
    ("RootFile", r#""keys" => [1*64 PublicKey]"#),
    ("RootFile", r#""threshold" => 1..64"#),
    ("RootFile", r#"? "anchors" => [1*16384 Anchor]"#),
    ("TrustFile", r#"? "anchors" => [1*16384 Anchor]"#),
    ("Rule", r#""actions" => [+ Action]"#),
    ("Sha256Entry", r#""name" => tstr .size (1..4096)"#),
    ("TensorEntry", r#""name" => tstr .size (1..4096)"#),
    ("Transaction", r#""currency" => Currency"#),
    ("Transferee", r#"? "share" => 1..10000"#),
];

/// Codes that stand in no format.
const NOT_ON_THE_WIRE: &[&str] = &[
    "Bound",
    "Code",
    "Dimension",
    "FindingCode",
    "Missing",
    "Reason",
    "Rounding",
    "SublicenceDimension",
    "TimeSource",
    "TitleState",
    "WithheldReason",
];

/// Records of files that stay on the machine that wrote them: a scan's cache.
const LOCAL: &[&str] = &["Body", "Sealed"];

#[test]
fn the_grammar_has_every_record_with_its_members_in_order() {
    let rules = rules();
    let mut compared = 0;
    for (name, fields) in records() {
        if LOCAL.contains(&name.as_str()) {
            continue;
        }
        let found = rules.get(&name).unwrap_or_else(|| panic!("the grammar has no {name}"));
        let found = members(found);
        assert_eq!(found.len(), fields.len(), "{name}");
        for ((key, of), found) in fields.iter().zip(&found) {
            let stricter = STRICTER.contains(&(name.as_str(), found));
            assert!(
                stricter && found.contains(key) || *found == member(key, of),
                "{name}: {found}"
            );
            compared += 1;
        }
    }
    assert!(compared >= 150, "only {compared} members compared");
}

#[test]
fn the_grammar_has_every_code() {
    let rules = rules();
    let mut compared = 0;
    for (name, codes) in codes() {
        if NOT_ON_THE_WIRE.contains(&name.as_str()) {
            continue;
        }
        let found: Vec<String> = if name == "Kind" {
            let prefix = "application/vnd.datadeed.";
            let kinds = rules.values().flat_map(|rule| quoted(rule));
            kinds
                .filter_map(|text| Some(text.strip_prefix(prefix)?.replace(".v1+cbor", "")))
                .filter(|kind| kind != "trust-root")
                .collect()
        } else {
            quoted(rules.get(&name).unwrap_or_else(|| panic!("the grammar has no {name}")))
        };
        let sorted = |mut codes: Vec<String>| {
            codes.sort_unstable();
            codes
        };
        assert_eq!(sorted(found), sorted(codes), "{name}");
        compared += 1;
    }
    assert!(compared >= 20, "only {compared} codes compared");
}

#[test]
fn every_member_of_the_grammar_is_in_a_vector() {
    let mut seen = String::new();
    for vector in crate::catalogue::all() {
        seen.push_str(&vector.annotated);
    }
    for (name, rule) in rules() {
        for member in members(&rule).iter().filter(|member| member.contains("\" =>")) {
            let key = &quoted(member)[0];
            assert!(seen.contains(&format!("# {key:?}\n")), "no vector has {key:?} of {name}");
        }
    }
}

#[test]
fn the_index_lists_every_role_with_its_key() {
    let text = fs::read_to_string(root().join("src/digest.rs")).unwrap();
    let found: Vec<Vec<u8>> = text
        .split(": [u8; 32] = [")
        .skip(1)
        .map(|rest| {
            let digits = rest.split(']').next().unwrap().split("0x").skip(1);
            digits.map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap()).collect()
        })
        .collect();
    let expected: Vec<Vec<u8>> = crate::ROLES.iter().map(|role| role_key(role).into()).collect();
    assert_eq!(found, expected);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// ---- the grammar ----------------------------------------------------------------------------

/// The right sides by name, without comments.
fn rules() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("src/guide/datadeed.cddl")).unwrap();
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().map(|line| line.split(';').next().unwrap_or_default()) {
        let begins = line.starts_with(char::is_alphabetic);
        let rest = match line.split_once(" = ") {
            Some((name, rest)) if begins => {
                name.clone_into(&mut current);
                rest
            }
            _ => line,
        };
        let rule = rules.entry(current.clone()).or_default();
        rule.push_str(rest.trim());
        rule.push('\n');
    }
    rules
}

/// The lines between the braces of a map, without their commas.
fn members(rule: &str) -> Vec<String> {
    let lines = rule.lines().skip_while(|line| *line != "{").skip(1);
    lines
        .take_while(|line| *line != "}")
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect()
}

/// Every text in quotation marks.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn member(key: &str, of: &str) -> String {
    let inside = |outer: &str| of.strip_prefix(outer)?.strip_suffix('>');
    if let Some(of) = inside("Option<") {
        return format!("? {}", member(key, of));
    }
    if let Some(of) = inside("BTreeSet<").or_else(|| inside("Vec<")) {
        return format!("? {key:?} => [+ {}]", value(of));
    }
    match of {
        "BTreeMap<String, Item>" => format!("? {key:?} => {{ + tstr => Item }}"),
        _ => format!("{key:?} => {}", value(of)),
    }
}

fn value(of: &str) -> &str {
    match of {
        "String" => "Text",
        "ByteString" | "Bytes" | "Whole" => "bytes",
        "u64" => "uint",
        "Version1" => "1",
        other => other,
    }
}

// ---- the code -------------------------------------------------------------------------------

/// Every record with its keys and the types of their values.
fn records() -> Vec<(String, Vec<(String, String)>)> {
    declarations("record! {", |line| {
        let (key, field) = line.strip_prefix('"')?.split_once("\" => ")?;
        let (_, of) = field.split_once(": ")?;
        Some((key.to_owned(), of.trim_end_matches(',').to_owned()))
    })
}

/// Every enumeration with its codes.
fn codes() -> Vec<(String, Vec<String>)> {
    declarations("codes! {", |line| Some(line.split_once(" = \"")?.1.split('"').next()?.to_owned()))
}

/// The names that `macro_name` declares, each with what `entry` reads from its lines.
///
/// A manifest file's header stands with its module: statements have headers too.
fn declarations<T>(macro_name: &str, entry: impl Fn(&str) -> Option<T>) -> Vec<(String, Vec<T>)> {
    let mut found: Vec<(String, Vec<T>)> = Vec::new();
    for file in sources() {
        let module = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut inside = false;
        for line in fs::read_to_string(&file).unwrap().lines() {
            inside = match line {
                _ if line == macro_name => true,
                "}" => false,
                _ => inside,
            };
            let line = line.trim();
            if !inside || line.starts_with("//") {
                continue;
            }
            if let Some((_, name)) = line.split_once("struct ").or_else(|| line.split_once("enum "))
            {
                let name = name.split([' ', '(']).next().unwrap();
                let name = match name {
                    "Header" => format!("{module}.{name}"),
                    _ => name.to_owned(),
                };
                found.push((name, Vec::new()));
            } else if let (Some(entry), Some((_, entries))) = (entry(line), found.last_mut()) {
                entries.push(entry);
            }
        }
    }
    found
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.file_stem().unwrap() == "tests" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}
