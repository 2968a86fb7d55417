//! Every public type shows its use: an example in its documentation that is compiled and run.
//!
//! A macro that declares public types under names of its caller's writes the
//! example itself. What cannot have one stands in [`EXEMPT`].

#[path = "common/sources.rs"]
mod sources;

use std::fs;

use sources::{module_path, source_files};

/// Types without an example, as `module::Type`, with the reason.
const EXEMPT: &[(&str, &str)] =
    &[("report::Sealed", SEALED), ("statement::payload::Sealed", SEALED)];

const SEALED: &str = "no code outside the crate can name it, and an example is such code";

/// Types there must be at least, so that a blind scanner does not pass.
const FEWEST_TYPES: usize = 90;

/// A public type, or a macro that declares some, as it stands in the source.
#[derive(Debug, PartialEq, Eq)]
struct Declared {
    name: String,
    has_example: bool,
}

#[test]
fn every_public_type_has_an_example_that_runs() {
    let mut seen = Vec::new();
    for file in source_files() {
        let module = module_path(&file);
        for declared in declared(&fs::read_to_string(&file).unwrap()) {
            let parts = module.iter().map(String::as_str).chain([declared.name.as_str()]);
            let name = parts.collect::<Vec<_>>().join("::");
            seen.push(Declared { name, ..declared });
        }
    }
    let is_exempt = |name: &str| EXEMPT.iter().any(|(exempt, _)| *exempt == name);
    let missing = seen.iter().filter(|seen| !seen.has_example && !is_exempt(&seen.name));
    let missing: Vec<&str> = missing.map(|seen| seen.name.as_str()).collect();
    assert_eq!(missing, [""; 0], "public types without an example");
    assert!(seen.len() >= FEWEST_TYPES, "only {} types seen", seen.len());
}

#[test]
fn every_exempt_type_exists_and_has_no_example() {
    let sources = source_files();
    for (name, _) in EXEMPT {
        let found = sources.iter().any(|file| {
            let module = module_path(file).join("::");
            let local = name.strip_prefix(&module).and_then(|rest| rest.strip_prefix("::"));
            local.is_some_and(|local| {
                declared(&fs::read_to_string(file).unwrap())
                    .contains(&Declared { name: local.to_owned(), has_example: false })
            })
        });
        assert!(found, "{name} is exempt for nothing");
    }
}

/// The public types of a source as rustfmt leaves it, and the macros that declare some.
fn declared(source: &str) -> Vec<Declared> {
    let mut found = Vec::new();
    let mut docs = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let code = line.trim();
        if let Some(doc) = code.strip_prefix("///") {
            docs.push(doc.strip_prefix(' ').unwrap_or(doc));
            continue;
        }
        if code.starts_with("#[") {
            // An attribute between the documentation and the type, of however many lines.
            let mut depth = depth(code);
            while depth > 0 {
                depth += lines.next().map_or(-depth, self::depth);
            }
            continue;
        }
        let head = line.strip_suffix(" {").unwrap_or_default();
        if let Some(name) = head.strip_prefix("macro_rules! ") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "}").collect();
            if body.iter().any(|line| type_name(line.trim()) == Some("$name")) {
                let docs: Vec<&str> = body
                    .iter()
                    .filter_map(|line| line.trim().strip_prefix("///"))
                    .map(str::trim_start)
                    .collect();
                found.push(Declared { name: format!("{name}!"), has_example: has_example(&docs) });
            }
        } else if head == "codes!" {
            // The macro writes the example, and was looked at where it is defined.
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "}").collect();
            let names = body.iter().filter_map(|line| type_name(line.trim()));
            found.extend(names.map(|name| Declared { name: name.to_owned(), has_example: true }));
        } else if let Some(name) = type_name(code) {
            found.push(Declared { name: name.to_owned(), has_example: has_example(&docs) });
        }
        docs.clear();
    }
    found
}

/// Brackets that a line opens and does not close.
fn depth(line: &str) -> isize {
    line.chars().map(|c| isize::from(c == '[') - isize::from(c == ']')).sum()
}

/// The name of the public type that a line declares.
fn type_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let rest = ["struct ", "enum ", "trait ", "union ", "type "]
        .iter()
        .find_map(|keyword| rest.strip_prefix(keyword))?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    rest.split(|c| !is_name(c)).next()
}

/// Whether a code block opens that is compiled and run.
fn has_example(docs: &[&str]) -> bool {
    let mut fences = docs.iter().filter(|line| line.starts_with("```"));
    while let Some(opening) = fences.next() {
        if *opening == "```" {
            return true;
        }
        // The end of a block of text, or of code that does not run.
        fences.next();
    }
    false
}

// ---- the scanner itself -------------------------------------------------------------------

#[cfg(test)]
mod scanner {
    use super::*;

    #[track_caller]
    fn assert_declares(source: &str, expected: &[(&str, bool)]) {
        let found = declared(source);
        let found: Vec<(&str, bool)> =
            found.iter().map(|found| (found.name.as_str(), found.has_example)).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn an_example_counts_for_the_type_it_stands_above() {
        assert_declares(
            "/// A.\n///\n/// ```\n/// f();\n/// ```\n#[derive(Debug)]\npub struct A;\n\n/// B.\npub enum B<T> {}\n",
            &[("A", true), ("B", false)],
        );
        assert_declares(
            "/// ```\n/// ```\npub fn f() {}\n\npub trait T: Sized {}\n",
            &[("T", false)],
        );
    }

    #[test]
    fn an_attribute_of_many_lines_separates_nothing() {
        let source =
            "/// ```\n/// ```\n#[expect(\n    lint,\n    reason = \"[a]\"\n)]\npub struct A;\n";
        assert_declares(source, &[("A", true)]);
    }

    #[test]
    fn a_block_that_does_not_run_is_no_example() {
        for info in ["text", "compile_fail", "no_run", "ignore"] {
            assert_declares(
                &format!("/// ```{info}\n/// x\n/// ```\npub struct A;\n"),
                &[("A", false)],
            );
            assert_declares(
                &format!("/// ```{info}\n/// ```\n///\n/// ```\n/// ```\npub struct A;\n"),
                &[("A", true)],
            );
        }
    }

    #[test]
    fn only_what_is_public_is_looked_at() {
        assert_declares(
            "pub(crate) struct A;\nstruct B;\nmod m {\n    pub trait C {}\n}\n",
            &[("C", false)],
        );
    }

    #[test]
    fn a_macro_that_names_types_for_its_caller_has_the_example() {
        let without = "macro_rules! codes {\n    () => {\n        pub enum $name {}\n    };\n}\n";
        assert_declares(without, &[("codes!", false)]);
        let with = "macro_rules! codes {\n    () => {\n        /// ```\n        /// ```\n        pub enum $name {}\n    };\n}\n";
        assert_declares(with, &[("codes!", true)]);
        assert_declares("macro_rules! helper {\n    () => {};\n}\n", &[]);
        assert_declares("codes! {\n    /// A.\n    pub enum A(\"a\") in m {}\n}\n", &[("A", true)]);
        assert_declares("record! {\n    /// A.\n    pub struct A {}\n}\n", &[("A", false)]);
    }
}
