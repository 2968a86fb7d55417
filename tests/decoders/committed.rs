//! What is committed for fuzzing: with `fs` alone there are all targets.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::TARGETS;

#[test]
fn committed_seeds_and_targets_are_these() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    if !fuzz.exists() {
        // A packaged crate holds no nested package.
        return;
    }
    let sources: Vec<String> = files(&fuzz.join("targets")).into_keys().collect();
    let names: Vec<String> = TARGETS.iter().map(|target| format!("{}.rs", target.name)).collect();
    assert_eq!(sources, names);
    for target in TARGETS {
        let folder = fuzz.join("seeds").join(target.name);
        let expected: BTreeMap<String, Vec<u8>> =
            (target.seeds)().into_iter().map(|(name, seed)| (name.to_owned(), seed)).collect();
        if env::var_os("DATADEED_WRITE_SEEDS").is_some() {
            write_all(&folder, &expected);
        }
        let hint = "DATADEED_WRITE_SEEDS=1 writes them anew";
        assert!(files(&folder) == expected, "{} differs; {hint}", folder.display());
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths
        .iter()
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
        })
        .collect()
}

fn write_all(folder: &Path, seeds: &BTreeMap<String, Vec<u8>>) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(folder).unwrap();
    for (name, seed) in seeds {
        fs::write(folder.join(name), seed).unwrap();
    }
}
