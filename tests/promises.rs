//! What guides promise: for every attack a defence, for every task of an exchange a way, and tests of it that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A guide whose tables name tests.
struct Guide {
    path: &'static str,
    /// Rows there must be at least, so that a blind reader of the tables does not pass.
    fewest: usize,
}

const EXCHANGE: Guide = Guide { path: "src/guide/exchange.md", fewest: 18 };
const THREATS: Guide = Guide { path: "src/guide/threats.md", fewest: 53 };

/// A line of a table: an attack or a task, and the tests of what is done about it.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    of: String,
    tests: Vec<Test>,
}

/// `file::function`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    file: String,
    function: String,
}

/// When a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs {
    Always,
    /// It is `#[ignore]`d.
    WhenAsked,
}

#[test]
fn every_defence_is_pinned_by_tests_that_are_there() {
    are_there(&THREATS);
}

#[test]
fn every_task_of_an_exchange_is_done_in_tests_that_are_there() {
    are_there(&EXCHANGE);
}

fn are_there(guide: &Guide) {
    let rows = rows(guide);
    for Row { of, tests } in &rows {
        assert!(!tests.is_empty(), "no test of {of:?}");
        let mut runs = false;
        for Test { file, function } in tests {
            let source = fs::read_to_string(root().join(file))
                .unwrap_or_else(|error| panic!("{of}: {file}: {error}"));
            let found = test(&source, function);
            runs |= found == Some(Runs::Always);
            assert!(found.is_some(), "{of}: no test {function} in {file}");
        }
        assert!(runs, "{of}: all of its tests are ignored");
    }
    let names: BTreeSet<&str> = rows.iter().map(|row| row.of.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "two rows of one name");
    assert!(rows.len() >= guide.fewest, "only {} rows seen", rows.len());
}

#[test]
fn every_attack_that_a_source_names_is_in_the_guide() {
    let rows = rows(&THREATS);
    let mut named = 0;
    for file in all_sources() {
        for line in fs::read_to_string(&file).unwrap().lines() {
            for attack in attacks_named(line) {
                let known = rows.iter().any(|row| row.of == attack);
                assert!(known, "{}: the guide has no {attack:?}", file.display());
                named += 1;
            }
        }
    }
    assert!(named >= 7, "only {named} attacks named in sources");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows(guide: &Guide) -> Vec<Row> {
    let guide = fs::read_to_string(root().join(guide.path)).unwrap();
    guide.lines().filter_map(row).collect()
}

/// A line `| **attack or task**: how | what is done | tests |`.
fn row(line: &str) -> Option<Row> {
    let (of, rest) = line.strip_prefix("| **")?.split_once("**")?;
    let cells: Vec<&str> = rest.split('|').map(str::trim).collect();
    let [how, done, tests, ""] = cells.as_slice() else {
        panic!("{of}: not three columns");
    };
    assert!(how.len() > 2 && !done.is_empty(), "{of}");
    let tests = tests.split_whitespace().map(|test| {
        let path = test.strip_prefix('`').and_then(|test| test.strip_suffix('`'));
        let Some((file, function)) = path.and_then(|path| path.split_once("::")) else {
            panic!("{of}: {test} is not `file::function`");
        };
        Test { file: file.to_owned(), function: function.to_owned() }
    });
    Some(Row { of: of.to_owned(), tests: tests.collect() })
}

/// The test of this name: a function below `#[test]`, with nothing but attributes and comments
/// in between.
fn test(source: &str, function: &str) -> Option<Runs> {
    let head = format!("fn {function}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let mut heads = lines.iter().enumerate().filter(|(_, line)| line.starts_with(&head));
    heads.find_map(|(at, _)| {
        let above = lines[..at].iter().rev();
        let above = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let above: Vec<&str> = above.copied().collect();
        let is_ignored = above.iter().any(|line| line.starts_with("#[ignore"));
        let runs = if is_ignored { Runs::WhenAsked } else { Runs::Always };
        above.contains(&"#[test]").then_some(runs)
    })
}

/// The attacks in a comment such as `/// Guide threats: Rollback, Replay.`
fn attacks_named(line: &str) -> Vec<&str> {
    let comment = line.trim().strip_prefix("///").unwrap_or_default();
    let list = comment.trim().strip_prefix("Guide threats: ");
    let list = list.and_then(|list| list.strip_suffix('.'));
    list.map(|list| list.split(", ").collect()).unwrap_or_default()
}

fn all_sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

// ---- the reader itself --------------------------------------------------------------------

#[cfg(test)]
mod reader {
    use super::*;

    #[test]
    fn only_a_function_under_the_attribute_is_a_test() {
        let source = "#[test]\n#[ignore = \"x\"]\n/// Why.\nfn a() {}\n\nfn b() {}\n    #[test]\n    fn c(x in any()) {}\n";
        assert_eq!(
            ["a", "b", "c", "d"].map(|name| test(source, name)),
            [Some(Runs::WhenAsked), None, Some(Runs::Always), None]
        );
        assert_eq!(test("#[test]\nfn ab() {}\n", "a"), None);
    }

    #[test]
    fn a_row_has_a_name_and_tests() {
        let named =
            |file: &str, function: &str| Test { file: file.into(), function: function.into() };
        let read = row("| **Rollback**: how | what | `src/a.rs::b` `tests/c.rs::d` |").unwrap();
        let tests = vec![named("src/a.rs", "b"), named("tests/c.rs", "d")];
        assert_eq!(read, Row { of: "Rollback".into(), tests });
        assert_eq!(row("| attack | what defends | tests |"), None);
    }

    #[test]
    fn attacks_are_named_in_comments_of_one_form() {
        assert_eq!(
            attacks_named("    /// Guide threats: Rollback, Lying sums."),
            ["Rollback", "Lying sums"]
        );
        assert_eq!(attacks_named("let a = \"Guide threats: Rollback.\";"), [""; 0]);
    }
}
