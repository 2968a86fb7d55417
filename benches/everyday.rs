//! What users do every day, by criterion: `cargo bench --bench everyday [-- FILTER]`.

mod common;

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datadeed::cbor::Item;
use datadeed::key::{Signer as _, SigningKey};
use datadeed::manifest::{Dataset, Manifest, NameProfile};
use datadeed::statement::{Payload as _, Signed};
use datadeed::{Digest, Timestamp};

fn statement(c: &mut Criterion) {
    let (issuer, dataset, now): (_, _, Timestamp) =
        (common::issuer(), common::dataset(), common::now());
    let signed = dataset.sign(&issuer, now).expect("a sound statement");
    let key = SigningKey::from_seed(&common::KEY_SEED).public_key();
    let mut group = c.benchmark_group("statement");
    group.bench_function("sign", |b| b.iter(|| black_box(&dataset).sign(&issuer, now)));
    group.bench_function("decode", |b| {
        b.iter(|| Signed::<Dataset>::decode(black_box(signed.as_bytes())));
    });
    group.bench_function("verify", |b| {
        b.iter_batched(|| signed.clone(), |signed| signed.verify(&key), BatchSize::SmallInput);
    });
    group.finish();
}

fn manifest(c: &mut Criterion) {
    let entries = common::file_entries(10_000);
    let file = Manifest::files(entries.clone(), NameProfile::Portable).expect("sound").to_bytes();
    let mut group = c.benchmark_group("manifest_10k");
    group.throughput(Throughput::Elements(10_000)).sample_size(20);
    for profile in [NameProfile::Any, NameProfile::Portable] {
        group.bench_function(BenchmarkId::new("build", format!("{profile:?}")), |b| {
            b.iter_batched(
                || entries.clone(),
                |entries| Manifest::files(entries, profile),
                BatchSize::LargeInput,
            );
        });
    }
    group.bench_function("decode", |b| b.iter(|| Manifest::decode(black_box(&file))));
    group.finish();
}

fn cbor(c: &mut Criterion) {
    // 64 maps {"key": [number, text]}.
    let mut item = vec![0x98, 64];
    for number in 0..64_u8 {
        item.extend([0xa1, 0x63, b'k', b'e', b'y', 0x82, 0x18, 100 + number, 0x6a]);
        item.extend(b"ten bytes!");
    }
    assert!(Item::decode(&item).is_ok());
    let mut group = c.benchmark_group("cbor");
    group.throughput(Throughput::Bytes(u64::try_from(item.len()).expect("small")));
    group.bench_function("item", |b| b.iter(|| Item::decode(black_box(&item))));
    group.finish();
}

/// Reproducible bytes: the extendable output of BLAKE3 over nothing.
fn bytes(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

fn digest(c: &mut Criterion) {
    let mut group = c.benchmark_group("digest");
    for len in [64, 4 << 10, 1 << 20] {
        let content = bytes(len);
        group.throughput(Throughput::Bytes(u64::try_from(len).expect("small")));
        group.bench_function(BenchmarkId::from_parameter(len), |b| {
            b.iter(|| Digest::of(black_box(&content)));
        });
    }
    group.finish();
}

criterion_group!(benches, statement, manifest, cbor, digest);
criterion_main!(benches);
