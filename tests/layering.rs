//! The layers of `src/`: who may import whom, and which module owns which dependency.
//!
//! A module imports from modules of lower rank and from its own children,
//! never upward and never sideways. To add a module, give it a line in
//! [`RANKS`]; to add a dependency, give it a line in [`OWNERS`].

#[path = "common/sources.rs"]
mod sources;

use std::fmt;
use std::fs;
use std::path::Path;

use sources::{module_path, root, source_files};

/// Every module with its rank: the row, and the place inside the row.
///
/// Modules of one rank never import each other. Within row 1 `text` comes
/// before `digest` and `timestamp`, within row 2 the order is `id`, `cbor`, `key`, within row 5
/// `trust` comes before `proof`, which carries delegations.
const RANKS: &[(&str, (u8, u8))] = &[
    ("limits", (0, 0)),
    ("parallel", (0, 0)),
    ("text", (1, 0)),
    ("digest", (1, 1)),
    ("timestamp", (1, 1)),
    ("id", (2, 0)),
    ("cbor", (2, 1)),
    ("key", (2, 2)),
    ("statement", (3, 0)),
    ("tree", (3, 0)),
    ("batch", (4, 0)),
    ("lineage", (4, 0)),
    ("log", (4, 0)),
    ("manifest", (4, 0)),
    ("rights", (4, 0)),
    ("trust", (5, 0)),
    ("proof", (5, 1)),
    ("attach", (6, 0)),
    ("scan", (6, 0)),
    ("verify", (7, 0)),
    ("report", (8, 0)),
    ("guide", (9, 0)),
];

/// Every dependency with the modules that may name it; `&["*"]` for all.
const OWNERS: &[(&str, &[&str])] = &[
    ("blake3", &["digest"]),
    ("data_encoding", &["text"]),
    ("ed25519_dalek", &["key"]),
    ("memchr", &["manifest"]),
    ("roxmltree", &["rights"]),
    ("serde", &["*"]),
    ("serde_json", &["attach", "report", "rights"]),
    ("sha2", &["digest"]),
    ("spdx", &["rights"]),
    ("thiserror", &["*"]),
    ("time", &["timestamp"]),
    ("unicase", &["manifest"]),
    ("unicode_normalization", &["manifest"]),
    ("unicode_properties", &["manifest"]),
];

/// What of `std` reaches outside the process, with the modules that may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("env", &[]),
    ("fs", &["log::directory", "manifest::file::range", "scan"]),
    ("net", &[]),
    ("os", &["manifest::file::range", "scan"]),
    ("process", &[]),
    ("time::Instant", &[]),
    ("time::SystemTime", &["scan"]),
];

/// Imports between modules there must be at least, so that a blind scanner does not pass.
const FEWEST_IMPORTS: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Violation {
    /// `lib` holds anything but attributes, modules and re-exports by name.
    Logic { token: String },
    /// A dependency is named outside its module.
    Foreign { dependency: String, module: String },
    /// A dependency that [`OWNERS`] does not list.
    UnknownDependency { dependency: String },
    /// A module that [`RANKS`] does not list, or an item of the crate root.
    UnknownModule { name: String },
    /// What reaches outside the process is named where that is nobody's task.
    Outside { path: String, module: String },
    /// An import from the same rank or a higher one.
    Upward { module: String, import: String },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logic { token } => {
                write!(f, "`{token}` in lib.rs, which holds modules and re-exports by name only")
            }
            Self::Foreign { dependency, module } => {
                write!(
                    f,
                    "`{module}` names the dependency `{dependency}`, which belongs to another module"
                )
            }
            Self::Outside { path, module } => {
                write!(f, "`{module}` names `std::{path}`, which reaches outside the process")
            }
            Self::UnknownDependency { dependency } => {
                write!(f, "dependency `{dependency}` has no owner in tests/layering.rs")
            }
            Self::UnknownModule { name } => {
                write!(
                    f,
                    "`crate::{name}` is no module that tests/layering.rs knows; name items by their module"
                )
            }
            Self::Upward { module, import } => {
                write!(f, "`{module}` imports `{import}`, which is not below it")
            }
        }
    }
}

#[test]
fn every_module_imports_only_from_below() {
    let mut imports = 0;
    let mut faults = Vec::new();
    for file in source_files() {
        let module = module_path(&file);
        let code = production_code(&file);
        imports += crate_imports(&module, &code).len();
        for fault in layer_violations(&module, &code) {
            faults.push(format!("{}: {fault}", file.display()));
        }
    }
    assert_no_faults(&faults);
    assert!(imports >= FEWEST_IMPORTS, "only {imports} imports seen");
}

#[test]
fn every_dependency_is_named_in_its_own_module_only() {
    let dependencies = dependencies(&fs::read_to_string(root().join("Cargo.toml")).unwrap());
    let mut faults: Vec<String> = dependencies
        .iter()
        .filter(|name| !OWNERS.iter().any(|(known, _)| known == name))
        .map(|name| Violation::UnknownDependency { dependency: name.clone() }.to_string())
        .collect();
    let mut named = 0;
    for file in source_files() {
        let (seen, violations) = dependency_use(&module_path(&file), &production_code(&file));
        named += seen;
        faults.extend(violations.iter().map(|fault| format!("{}: {fault}", file.display())));
    }
    assert_no_faults(&faults);
    assert!(dependencies.len() >= 8, "only {dependencies:?} read from Cargo.toml");
    assert!(named >= 10, "only {named} uses of dependencies seen");
}

/// Whatever a statement says, verifying it asks nobody and changes nothing.
#[test]
fn nothing_reaches_outside_but_what_keeps_files() {
    let mut paths = 0;
    let mut faults = Vec::new();
    for file in source_files() {
        let (seen, violations) = outside(&module_path(&file), &production_code(&file));
        paths += seen;
        faults.extend(violations.iter().map(|fault| format!("{}: {fault}", file.display())));
    }
    assert_no_faults(&faults);
    assert!(paths >= 10, "only {paths} such paths seen");
}

/// Batch verification accepts signatures that strict verification refuses.
#[test]
fn no_signature_is_verified_in_a_batch() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dalek = manifest.lines().find(|line| line.starts_with("ed25519-dalek")).unwrap();
    assert!(!dalek.contains("batch"), "{dalek}");
    let mut strict = 0;
    for file in source_files() {
        let code = production_code(&file);
        let calls = |name: &str| code.iter().filter(|token| *token == name).count();
        assert_eq!(calls("verify_batch"), 0, "{}", file.display());
        strict += calls("verify_strict");
    }
    assert_eq!(strict, 1, "one place verifies");
}

#[test]
fn the_crate_root_only_declares_and_re_exports() {
    let code = production_code(&root().join("src/lib.rs"));
    assert!(code.iter().filter(|token| *token == "mod").count() >= 8);
    let faults: Vec<String> = root_logic(&code).iter().map(Violation::to_string).collect();
    assert_no_faults(&faults);
}

#[track_caller]
fn assert_no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn production_code(file: &Path) -> Vec<String> {
    without_tests(&tokens(&blank(&fs::read_to_string(file).unwrap())))
}

// ---- reading Rust -------------------------------------------------------------------------

/// `source` without comments and without what stands in literals.
fn blank(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut code = String::new();
    let mut i = 0;
    while i < chars.len() {
        let after_word = i > 0 && is_word(at(i - 1));
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => i = end_of_block_comment(&chars, i),
            'r' if !after_word || at(i - 1) == 'b' || at(i - 1) == 'c' => {
                let end = end_of_raw_string(&chars, i);
                if end.is_none() {
                    code.push('r');
                }
                i = end.unwrap_or(i + 1);
            }
            '"' => {
                code.push_str("\"\"");
                i = end_of_quoted(&chars, i, '"');
            }
            // A character literal; otherwise a lifetime.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => i = end_of_quoted(&chars, i, '\''),
            other => {
                code.push(other);
                i += 1;
            }
        }
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Block comments nest.
fn end_of_block_comment(chars: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = start;
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

/// The end of `r"..."` or `r#"..."#`; `None` where no raw string begins, as in `r#type`.
fn end_of_raw_string(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let mut i = start + 1 + hashes;
    if chars.get(i) != Some(&'"') {
        return None;
    }
    loop {
        i += 1;
        let closing = chars.get(i + 1..i + 1 + hashes);
        match (chars.get(i), closing) {
            (None, _) => return Some(i),
            (Some('"'), Some(closing)) if closing.iter().all(|c| *c == '#') => {
                return Some(i + 1 + hashes);
            }
            _ => {}
        }
    }
}

fn end_of_quoted(chars: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// Words, `::` and single other characters.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut token = c.to_string();
        while let Some(next) = chars.next_if(|next| is_word(c) && is_word(*next)) {
            token.push(next);
        }
        if c == ':' && chars.next_if_eq(&':').is_some() {
            token.push(':');
        }
        tokens.push(token);
    }
    tokens
}

fn is_at(tokens: &[String], start: usize, pattern: &[&str]) -> bool {
    tokens.get(start..start + pattern.len()).is_some_and(|found| found == pattern)
}

/// Leaves out every item under `#[cfg(test)]` or `#[cfg(all(test, ..))]`.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let is_test = is_at(tokens, i, &["#", "[", "cfg", "(", "test", ")", "]"])
            || is_at(tokens, i, &["#", "[", "cfg", "(", "all", "(", "test", ","]);
        if is_test {
            i = end_of_item(tokens, i);
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    kept
}

/// The end of an item: its first `;` or the end of its first `{..}` outside other brackets.
fn end_of_item(tokens: &[String], start: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            ";" if depth == 0 => return i + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Every path into the crate that stands in the code of `module`, from the crate's root.
///
/// An empty path is the root itself, by a glob or another name.
fn crate_imports(module: &[String], code: &[String]) -> Vec<Vec<String>> {
    let mut imports = Vec::new();
    // Inline modules, each with the depth of braces it stands at.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut i = 0;
    while i < code.len() {
        match code[i].as_str() {
            "{" => {
                if i >= 2 && code[i - 2] == "mod" {
                    inside.push((code[i - 1].clone(), depth));
                }
                depth += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                if inside.last().is_some_and(|(_, at)| *at == depth) {
                    inside.pop();
                }
            }
            "crate" | "super" | "self" if !is_inner_segment(code, i) => {
                let here = module.iter().chain(inside.iter().map(|(name, _)| name));
                let mut base: Vec<String> = here.cloned().collect();
                let mut next = i;
                match code[i].as_str() {
                    "crate" => base.clear(),
                    "super" => drop(base.pop()),
                    _ => {}
                }
                while is_at(code, next + 1, &["::", "super"]) {
                    base.pop();
                    next += 2;
                }
                let is_path = is_at(code, next + 1, &["::"]);
                if is_path {
                    (imports, next) = expand(imports, &base, code, next + 2);
                } else if is_at(code, i, &["crate", "as"]) || next > i {
                    imports.push(base);
                }
                i = next.max(i);
                if is_path {
                    continue;
                }
            }
            _ => {}
        }
        i += 1;
    }
    imports
}

/// Whether the word at `i` continues a path, as `super` in `self::super`.
fn is_inner_segment(code: &[String], i: usize) -> bool {
    i >= 2 && code[i - 1] == "::" && (is_word(code[i - 2].chars().next_back().unwrap_or(' ')))
}

/// Adds what the path or use tree at `i` names below `base`; also where it ends.
fn expand(
    mut found: Vec<Vec<String>>,
    base: &[String],
    code: &[String],
    mut i: usize,
) -> (Vec<Vec<String>>, usize) {
    let mut path = base.to_vec();
    loop {
        match code.get(i).map_or("", String::as_str) {
            "{" => {
                i += 1;
                while i < code.len() && code[i] != "}" {
                    (found, i) = expand(found, &path, code, i);
                    // What `as` renames to, and the comma.
                    while i < code.len() && !matches!(code[i].as_str(), "," | "}") {
                        i += 1;
                    }
                    i += usize::from(is_at(code, i, &[","]));
                }
                return (found, i + 1);
            }
            "super" => drop(path.pop()),
            "self" | "*" => {}
            word if word.chars().all(is_word) && !word.is_empty() => path.push(word.to_owned()),
            // Generic arguments: the path has said all it says of modules.
            _ => break,
        }
        i += 1;
        if !is_at(code, i, &["::"]) {
            break;
        }
        i += 1;
    }
    found.push(path);
    (found, i)
}

// ---- the rules ----------------------------------------------------------------------------

fn rank(module: &str) -> Option<(u8, u8)> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

/// What the code of the module at `path` imports although it may not.
fn layer_violations(path: &[String], code: &[String]) -> Vec<Violation> {
    // The crate root may import everything.
    let Some(module) = path.first() else { return Vec::new() };
    let Some(own) = rank(module) else {
        return vec![Violation::UnknownModule { name: module.clone() }];
    };
    let mut violations = Vec::new();
    for import in crate_imports(path, code) {
        let target = import.first().map_or("*", String::as_str);
        if target == module {
            continue;
        }
        match rank(target) {
            Some(other) if other < own => {}
            Some(_) => violations
                .push(Violation::Upward { module: module.clone(), import: import.join("::") }),
            None => violations.push(Violation::UnknownModule { name: target.to_owned() }),
        }
    }
    violations
}

/// How often the code names dependencies, and which of them it may not name.
fn dependency_use(path: &[String], code: &[String]) -> (usize, Vec<Violation>) {
    let module = path.first().map_or("lib", String::as_str);
    let mut seen = 0;
    let mut violations = Vec::new();
    for (i, token) in code.iter().enumerate() {
        let Some((dependency, owners)) = OWNERS.iter().find(|(name, _)| name == token) else {
            continue;
        };
        let begins_path = !is_inner_segment(code, i) && is_at(code, i + 1, &["::"]);
        let imported = i >= 1 && matches!(code[i - 1].as_str(), "use" | "crate");
        if begins_path || imported {
            seen += 1;
            if !owners.contains(&"*") && !owners.contains(&module) {
                violations.push(Violation::Foreign {
                    dependency: (*dependency).to_owned(),
                    module: module.to_owned(),
                });
            }
        }
    }
    (seen, violations)
}

/// How often the code names what reaches outside, and where it may not.
fn outside(path: &[String], code: &[String]) -> (usize, Vec<Violation>) {
    let module = path.join("::");
    let within = |owner: &str| {
        module.strip_prefix(owner).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let mut seen = 0;
    let mut violations = Vec::new();
    let begins = |i: usize| code[i] == "std" && !is_inner_segment(code, i);
    for i in (0..code.len()).filter(|i| begins(*i) && is_at(code, i + 1, &["::"])) {
        for named in expand(Vec::new(), &[], code, i + 2).0 {
            let named = named.join("::");
            let reaches = |outer: &str| {
                named
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            let Some((_, owners)) = OUTSIDE.iter().find(|(outer, _)| reaches(outer)) else {
                continue;
            };
            seen += 1;
            if !owners.iter().any(|owner| within(owner)) {
                violations.push(Violation::Outside { path: named, module: module.clone() });
            }
        }
    }
    (seen, violations)
}

/// The names below `[dependencies]`, or of `[dependencies.<name>]`, as code spells them.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if let Some(header) = line.strip_prefix('[') {
            inside = header == "dependencies]";
            if let Some(name) = header.strip_prefix("dependencies.") {
                names.push(name.trim_end_matches(']').replace('-', "_"));
            }
        } else if inside && line.starts_with(char::is_alphabetic) {
            let name = line.split(['=', ' ', '.']).next().unwrap_or_default();
            names.push(name.replace('-', "_"));
        }
    }
    names
}

fn root_logic(code: &[String]) -> Vec<Violation> {
    const LOGIC: &[&str] =
        &["*", "const", "enum", "fn", "impl", "macro_rules", "static", "struct", "trait", "type"];
    code.iter()
        .filter(|token| LOGIC.contains(&token.as_str()))
        .map(|token| Violation::Logic { token: token.clone() })
        .collect()
}

// ---- the scanner itself -------------------------------------------------------------------

#[cfg(test)]
mod scanner {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn code(source: &str) -> Vec<String> {
        without_tests(&tokens(&blank(source)))
    }

    fn imports(module: &str, source: &str) -> Vec<String> {
        crate_imports(&path(module), &code(source)).iter().map(|path| path.join("::")).collect()
    }

    #[track_caller]
    fn violation(module: &str, source: &str) -> Violation {
        let violations = layer_violations(&path(module), &code(source));
        assert_eq!(violations.len(), 1, "{violations:?}");
        violations[0].clone()
    }

    fn upward(module: &str, import: &str) -> Violation {
        Violation::Upward { module: module.to_owned(), import: import.to_owned() }
    }

    #[test]
    fn an_upward_import_is_found_wherever_it_hides() {
        for (source, import) in [
            ("use crate::verify::Verifier;", "verify::Verifier"),
            (
                "use crate::{digest::Digest, verify::{Verifier, Budget as B}, id};",
                "verify::Verifier",
            ),
            ("use {crate::verify as judge};", "verify"),
            ("fn f(v: &crate::verify::Verifier<'_>) {}", "verify::Verifier"),
            ("macro_rules! m { () => { $crate::verify::go() }; }", "verify::go"),
            ("use super::verify;", "verify"),
            ("mod inner { use super::super::verify::Verifier; }", "verify::Verifier"),
            ("mod a { mod b {} use self::super::super::verify; }", "verify"),
        ] {
            let violations = layer_violations(&path("manifest"), &code(source));
            assert!(violations.contains(&upward("manifest", import)), "{source}: {violations:?}");
        }
        assert_eq!(
            violation("manifest::file", "use super::super::proof::LineageProof;"),
            upward("manifest", "proof::LineageProof")
        );
        assert_eq!(
            violation("manifest::file", "use super::{Head, super::proof};"),
            upward("manifest", "proof")
        );
    }

    #[test]
    fn a_sideways_import_is_found() {
        assert_eq!(
            violation("tree", "use crate::statement::Signed;"),
            upward("tree", "statement::Signed")
        );
        assert_eq!(violation("rights", "use crate::manifest;"), upward("rights", "manifest"));
        assert_eq!(violation("trust", "use crate::proof;"), upward("trust", "proof"));
        assert_eq!(violation("id", "use crate::cbor::Codec;"), upward("id", "cbor::Codec"));
        assert_eq!(
            violation("text", "use crate::digest::Digest;"),
            upward("text", "digest::Digest")
        );
    }

    #[test]
    fn the_crate_root_is_no_source_of_imports() {
        let unknown = |name: &str| Violation::UnknownModule { name: name.to_owned() };
        assert_eq!(violation("tree", "use crate::Digest;"), unknown("Digest"));
        assert_eq!(violation("tree", "use crate::*;"), unknown("*"));
        assert_eq!(violation("tree", "use crate as root;"), unknown("*"));
        assert_eq!(violation("tree::node", "use super::super::*;"), unknown("*"));
    }

    #[test]
    fn a_module_without_a_rank_is_found() {
        let unknown = Violation::UnknownModule { name: "helpers".to_owned() };
        assert_eq!(violation("helpers", ""), unknown);
        assert_eq!(violation("verify", "use crate::helpers::go;"), unknown);
    }

    #[test]
    fn imports_from_below_and_from_children_pass() {
        let source = "use crate::cbor::{self, Reader, codec::{Codec as _, decode}};\n\
                      use super::{Head, *};\n use self::row::Row; use entry::Entry; mod x { use super::*; }";
        assert_eq!(
            imports("manifest::file", source),
            [
                "cbor",
                "cbor::Reader",
                "cbor::codec::Codec",
                "cbor::codec::decode",
                "manifest::Head",
                "manifest",
                "manifest::file::row::Row",
                "manifest::file"
            ]
        );
        assert_eq!(layer_violations(&path("manifest::file"), &code(source)), []);
    }

    #[test]
    fn the_end_of_an_inline_module_ends_its_path() {
        assert_eq!(imports("key", "mod a { fn f() { if x {} } } use super::id;"), ["id"]);
    }

    #[test]
    fn comments_literals_and_tests_are_not_imports() {
        let source = r##"
            //! [`Verifier`](crate::verify::Verifier)
            /// crate::verify /* not open
            /* crate::verify /* nested */ crate::proof */
            const A: &str = "crate::verify \" crate::proof";
            const B: &[u8] = br#"crate::verify " crate::proof"#;
            const C: (char, char) = ('"', '\'');
            fn f<'a>(r#type: &'a str) {}
            #[cfg(test)]
            mod tests { use crate::verify; fn f() { g(); } }
            #[cfg(all(test, feature = "fs"))]
            use crate::verify;
            #[cfg(test)]
            pub(crate) mod oracle;
            use crate::id::KeyId;
        "##;
        assert_eq!(imports("key", source), ["id::KeyId"]);
    }

    #[test]
    fn a_dependency_outside_its_module_is_found() {
        let foreign = |dependency: &str, module: &str| Violation::Foreign {
            dependency: dependency.to_owned(),
            module: module.to_owned(),
        };
        let used = |module: &str, source: &str| dependency_use(&path(module), &code(source));
        for source in [
            "use blake3::Hasher;",
            "let h = ::blake3::hash(b);",
            "use {blake3::hash};",
            "use blake3;",
            "extern crate blake3;",
        ] {
            assert_eq!(used("scan::fs", source), (1, vec![foreign("blake3", "scan")]), "{source}");
            assert_eq!(used("digest", source), (1, vec![]), "{source}");
        }
        assert_eq!(used("lib", "pub use time::OffsetDateTime;").1, [foreign("time", "lib")]);
        assert_eq!(used("tree", "#[derive(thiserror::Error)] struct E;"), (1, vec![]));
        // Neither a field, nor a variable, nor the module of that name in another crate.
        assert_eq!(
            used("tree", "self.time.now(); let time = std::time::Duration::ZERO;"),
            (0, vec![])
        );
    }

    #[test]
    fn what_reaches_outside_is_found_wherever_it_hides() {
        let outside = |module: &str, source: &str| outside(&path(module), &code(source));
        let found = |path: &str, module: &str| Violation::Outside {
            path: path.to_owned(),
            module: module.to_owned(),
        };
        for (source, named) in [
            ("use std::net::TcpStream;", "net::TcpStream"),
            ("use std::{fmt, process::{self, Command}};", "process::Command"),
            ("use std::{fs as files, io};", "fs"),
            ("let now = ::std::time::Instant::now();", "time::Instant::now"),
        ] {
            let (_, violations) = outside("verify", source);
            assert!(violations.contains(&found(named, "verify")), "{source}: {violations:?}");
        }
        assert_eq!(outside("scan::walk", "use std::fs::File;"), (1, vec![]));
        assert_eq!(outside("scanner", "use std::fs;").1, [found("fs", "scanner")]);
        assert_eq!(
            outside("verify", "use std::time::Duration; let fs = std::fmt::f;"),
            (0, vec![])
        );
    }

    #[test]
    fn dependencies_are_read_in_both_spellings() {
        let written = "[dependencies]\nserde_json = \"1\"\ned25519-dalek = { version = \"3\" }\n\n[features]\nfs = []\n";
        assert_eq!(dependencies(written), ["serde_json", "ed25519_dalek"]);
        let packaged = "[dependencies.data-encoding]\nversion = \"2\"\n\n[dev-dependencies.ciborium]\nversion = \"0.2\"\n";
        assert_eq!(dependencies(packaged), ["data_encoding"]);
    }

    #[test]
    fn logic_in_the_crate_root_is_found() {
        let logic = |token: &str| Violation::Logic { token: token.to_owned() };
        assert_eq!(root_logic(&code("pub mod a; pub use a::{A, B};")), []);
        assert_eq!(root_logic(&code("pub use a::*;")), [logic("*")]);
        assert_eq!(root_logic(&code("pub fn f() {}")), [logic("fn")]);
    }
}
