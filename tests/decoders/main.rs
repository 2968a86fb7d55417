//! The bodies of the fuzz targets over their seeds and many mutants of them, without a fuzzer.
//!
//! A new decoder gets a body in `targets/`, seeds in `seeds.rs`, a line in
//! [`TARGETS`], and a target in `fuzz/targets/` and `fuzz/Cargo.toml`. Then
//! `DATADEED_WRITE_SEEDS=1 cargo test --test decoders` writes `fuzz/seeds/`.

#[path = "targets/cbor_item.rs"]
mod cbor_item;
#[path = "targets/ids.rs"]
mod ids;
#[path = "targets/manifest_file.rs"]
mod manifest_file;
mod seeds;
#[path = "targets/statement.rs"]
mod statement;
#[path = "targets/timestamp.rs"]
mod timestamp;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use seeds::Seed;

struct Target {
    name: &'static str,
    accepts: fn(&[u8]) -> bool,
    seeds: fn() -> Vec<Seed>,
}

const TARGETS: &[Target] = &[
    Target { name: "cbor_item", accepts: cbor_item::accepts, seeds: seeds::cbor_item },
    Target { name: "ids", accepts: ids::accepts, seeds: seeds::ids },
    Target { name: "manifest_file", accepts: manifest_file::accepts, seeds: seeds::manifest_file },
    Target { name: "statement", accepts: statement::accepts, seeds: seeds::statement },
    Target { name: "timestamp", accepts: timestamp::accepts, seeds: seeds::timestamp },
];

/// Random mutants of each target.
const MUTANTS: usize = 20_000;

/// Reproducible numbers, by `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

#[test]
fn every_seed_is_accepted() {
    for target in TARGETS {
        for (name, seed) in (target.seeds)() {
            assert!((target.accepts)(&seed), "{} {name}", target.name);
        }
    }
}

#[test]
fn every_flipped_bit_keeps_the_properties() {
    for target in TARGETS {
        for (_, seed) in (target.seeds)() {
            for mutant in flipped_bits(&seed) {
                (target.accepts)(&mutant);
            }
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    for target in TARGETS {
        for (name, seed) in (target.seeds)() {
            for len in 0..seed.len() {
                assert!(!(target.accepts)(&seed[..len]), "{} {name} {len}", target.name);
            }
        }
    }
}

#[test]
fn random_mutants_keep_the_properties() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        let mut random = Random(1);
        for _ in 0..MUTANTS {
            let mutant = mutant(&seeds, &mut random);
            (target.accepts)(&mutant);
        }
    }
}

#[test]
fn no_flipped_bit_of_a_manifest_file_is_accepted() {
    for (name, seed) in seeds::manifest_file() {
        for (bit, mutant) in flipped_bits(&seed).enumerate() {
            assert!(!manifest_file::accepts(&mutant), "{name} bit {bit}");
        }
    }
}

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

fn flipped_bits(seed: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..seed.len() * 8).map(|bit| {
        let mut mutant = seed.to_vec();
        mutant[bit / 8] ^= 0x80 >> (bit % 8);
        mutant
    })
}

/// A seed after one to four edits.
fn mutant(seeds: &[Seed], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].1.clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let until = at + random.below(bytes.len() - at + 1).min(8);
        match random.below(6) {
            0 => bytes.insert(at, random.byte()),
            1 => drop(bytes.drain(at..until)),
            2 => bytes[at..until].fill_with(|| random.byte()),
            3 => bytes[at..until].reverse(),
            4 => {
                let copy = bytes[at..until].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            _ => {
                let other = &seeds[random.below(seeds.len())].1;
                bytes.truncate(at);
                bytes.extend(&other[at.min(other.len())..]);
            }
        }
    }
    bytes
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
