//! The bodies of the fuzz targets over their seeds and many mutants of them, without a fuzzer.
//!
//! A new decoder gets a body in `targets/`, seeds in `seeds.rs`, a line in
//! [`TARGETS`], and a target in `fuzz/targets/` and `fuzz/Cargo.toml`. Then
//! `DATADEED_WRITE_SEEDS=1 cargo test --test decoders` writes `fuzz/seeds/`.

#[path = "targets/cbor_item.rs"]
mod cbor_item;
#[path = "targets/checkpoint.rs"]
mod checkpoint;
#[cfg(feature = "fs")]
mod committed;
#[path = "targets/equivocation.rs"]
mod equivocation;
#[path = "targets/evidence.rs"]
mod evidence;
#[path = "targets/foreign.rs"]
mod foreign;
#[path = "targets/ids.rs"]
mod ids;
#[path = "targets/key_file.rs"]
mod key_file;
#[path = "targets/licence_expression.rs"]
mod licence_expression;
#[path = "targets/lineage_proof.rs"]
mod lineage_proof;
#[path = "targets/manifest_file.rs"]
mod manifest_file;
#[path = "targets/manifest_reader.rs"]
mod manifest_reader;
#[path = "targets/partial_file.rs"]
mod partial_file;
mod peers;
#[path = "targets/preferences.rs"]
mod preferences;
#[path = "targets/pruned_tree.rs"]
mod pruned_tree;
#[path = "targets/receipt.rs"]
mod receipt;
#[path = "targets/record_index.rs"]
mod record_index;
#[path = "targets/records.rs"]
mod records;
#[path = "targets/safetensors.rs"]
mod safetensors;
#[cfg(feature = "fs")]
#[path = "targets/scan_cache.rs"]
mod scan_cache;
mod seeds;
#[path = "targets/statement.rs"]
mod statement;
#[path = "targets/status.rs"]
mod status;
#[path = "targets/timestamp.rs"]
mod timestamp;
#[path = "targets/trust_root.rs"]
mod trust_root;
#[path = "targets/trust_state.rs"]
mod trust_state;
#[path = "targets/trust_store.rs"]
mod trust_store;
#[path = "targets/verify.rs"]
mod verify;

use datadeed::manifest::{NameProfile, Partial};

use seeds::Seed;

struct Target {
    name: &'static str,
    accepts: fn(&[u8]) -> bool,
    seeds: fn() -> Vec<Seed>,
    /// One in how many mutants is tried. Odd, so that every bit of a byte has its turn.
    one_in: usize,
}

impl Target {
    const fn new(
        name: &'static str,
        accepts: fn(&[u8]) -> bool,
        seeds: fn() -> Vec<Seed>,
        one_in: usize,
    ) -> Self {
        Self { name, accepts, seeds, one_in }
    }
}

const TARGETS: &[Target] = &[
    Target::new("cbor_item", cbor_item::accepts, seeds::cbor_item, 1),
    Target::new("checkpoint", checkpoint::accepts, seeds::checkpoint, 3),
    Target::new("equivocation", equivocation::accepts, seeds::equivocation, 7),
    Target::new("evidence", evidence::accepts, seeds::evidence, 7),
    Target::new("foreign", foreign::accepts, seeds::foreign, 3),
    Target::new("ids", ids::accepts, seeds::ids, 1),
    Target::new("key_file", key_file::accepts, seeds::key_file, 1),
    Target::new("licence_expression", licence_expression::accepts, seeds::licence_expression, 41),
    Target::new("lineage_proof", lineage_proof::accepts, seeds::proofs, 23),
    Target::new("manifest_file", manifest_file::accepts, seeds::manifest_file, 1),
    Target::new("manifest_reader", manifest_reader::accepts, seeds::manifest_file, 3),
    Target::new("partial_file", partial_file::accepts, seeds::partial_file, 1),
    Target::new("preferences", preferences::accepts, seeds::preferences, 1),
    Target::new("pruned_tree", pruned_tree::accepts, seeds::pruned_tree, 3),
    Target::new("receipt", receipt::accepts, seeds::receipt, 3),
    Target::new("record_index", record_index::accepts, seeds::record_index, 1),
    Target::new("records", records::accepts, seeds::records, 3),
    Target::new("safetensors", safetensors::accepts, seeds::safetensors, 7),
    #[cfg(feature = "fs")]
    Target::new("scan_cache", scan_cache::accepts, seeds::scan_cache, 1),
    Target::new("statement", statement::accepts, seeds::statements, 7),
    Target::new("status", status::accepts, seeds::status, 3),
    Target::new("timestamp", timestamp::accepts, seeds::timestamp, 1),
    Target::new("trust_root", trust_root::accepts, seeds::trust_root, 29),
    Target::new("trust_state", trust_state::accepts, seeds::trust_state, 23),
    Target::new("trust_store", trust_store::accepts, seeds::trust_store, 3),
    Target::new("verify", verify::accepts, seeds::proofs, 101),
];

/// Random mutants of each target, of which it tries one in `one_in`.
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
    let flip = |target: &Target| {
        for (_, seed) in (target.seeds)() {
            for mutant in flipped_bits(&seed).step_by(target.one_in) {
                (target.accepts)(&mutant);
            }
        }
    };
    // What takes longest of all tests, on every core that there is.
    std::thread::scope(|scope| {
        for target in TARGETS {
            scope.spawn(move || flip(target));
        }
    });
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
        for _ in 0..MUTANTS / target.one_in {
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

/// The id of a shard is the caller's own: any other that stands in order is as good.
#[test]
fn no_flipped_bit_of_what_a_partial_file_says_of_files_is_accepted() {
    for (name, seed) in seeds::partial_file() {
        let sound = Partial::decode(&seed).unwrap();
        let rows = sound.finish(NameProfile::Any, 1);
        for (bit, mutant) in flipped_bits(&seed).enumerate() {
            if let Ok(partial) = Partial::decode(&mutant) {
                assert_eq!(partial.finish(NameProfile::Any, 1), rows, "{name} bit {bit}");
            }
        }
    }
}

#[cfg(feature = "fs")]
#[test]
fn no_flipped_bit_of_a_cache_is_accepted() {
    for (name, seed) in seeds::scan_cache() {
        for (bit, mutant) in flipped_bits(&seed).enumerate() {
            assert!(!scan_cache::accepts(&mutant), "{name} bit {bit}");
        }
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
