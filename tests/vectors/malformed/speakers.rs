//! Statements that let others speak, with one fault each: batches and delegations.

use super::maps::faults;
use super::pieces::Pieces;
use super::raw::{Pairs, array, bytes, content, map, pairs_of, text, uint, value, with, without};
use super::{Format, Malformed};
use crate::verify;

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Statement, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let mut vectors = batches();
    vectors.extend(delegations());
    vectors
}

fn batches() -> Vec<Malformed> {
    let batch = Pieces::of("batch-least");
    let sound = content(&batch.payload[0].1);
    let tree = |tree: &[u8]| batch.but("tree", bytes(tree));
    let (mut of_bytes, mut counted) = (sound.clone(), sound.clone());
    of_bytes[40] = 1;
    counted[32..40].copy_from_slice(&[0; 8]);
    let mut another = sound.clone();
    another[0] ^= 1;
    let mut vectors = faults_of_one(&batch);
    vectors.extend([
        new("batch-tree-bytes", tree(&of_bytes), "A batch whose members have bytes"),
        new("batch-tree-empty", tree(&[0; 48]), "A batch without members"),
        new(
            "batch-tree-other",
            tree(&another),
            "A batch about another index than that of its tree",
        ),
        new("batch-tree-short", tree(&sound[..47]), "A tree of 47 bytes"),
        new("batch-tree-uncounted", tree(&counted), "A tree with a hash that counts nothing"),
        new("batch-unsigned", batch.unsigned(), "A batch without a signature of its own"),
    ]);
    vectors
}

/// The map of a batch has one key, which has no order.
fn faults_of_one(batch: &Pieces) -> Vec<Malformed> {
    let sound = map(&batch.payload);
    let unknown = with(batch.payload.clone(), 1, (text("zzzzzzzzz"), uint(0)));
    let twice = with(batch.payload.clone(), 1, batch.payload[0].clone());
    let renamed = vec![(text("root"), batch.payload[0].1.clone())];
    vec![
        new(
            "batch-head-long",
            batch.around(&[&[0xb8, 1], &sound[1..]].concat()),
            "A head longer than its map needs",
        ),
        new("batch-empty", batch.around(&[0xa0]), "A map without its key"),
        new("batch-key-duplicate", batch.said(&twice), "A key stands twice"),
        new("batch-key-other", batch.said(&renamed), "Another key than the required one"),
        new("batch-key-unknown", batch.said(&unknown), "A key that this version does not define"),
        new(
            "batch-trailing-inside",
            batch.around(&[&sound[..], &[0]].concat()),
            "A byte after the map",
        ),
    ]
}

fn delegations() -> Vec<Malformed> {
    let delegation = Pieces::of("delegation-full");
    let mandate = pairs_of(&delegation.payload.last().unwrap().1);
    let mandated = |mandate: &Pairs| delegation.but("mandate", map(mandate));
    let bound = |key: &str, with: Vec<u8>| {
        let mut mandate = mandate.clone();
        *value(&mut mandate, key) = with;
        mandated(&mandate)
    };
    let small_order = [&[1][..], &[0; 31]].concat();
    let other = *verify::public_key("stranger").as_bytes();
    let first = || without(delegation.payload.clone(), "prev");
    let (registrar, holder) = (text("registrar"), text("rights_holder"));
    let mut vectors =
        faults(Format::Statement, "delegation-", &delegation.payload, "mandate", |payload| {
            delegation.around(payload)
        });
    vectors.extend([
        new(
            "delegation-depth-16",
            delegation.but("depth", uint(16)),
            "More delegates below than allowed",
        ),
        new(
            "delegation-depth-long",
            delegation.but("depth", vec![0x18, 2]),
            "A depth with a head longer than it needs",
        ),
        new("delegation-depth-negative", delegation.but("depth", vec![0x20]), "A depth below 0"),
        new("delegation-iss-empty", delegation.but("iss", text("")), "A delegate without a name"),
        new(
            "delegation-key-other",
            delegation.but("key", bytes(&other)),
            "A delegation about another key than it names",
        ),
        new(
            "delegation-key-small-order",
            delegation.but("key", bytes(&small_order)),
            "A delegate's key of small order, for which anybody can sign",
        ),
        new(
            "delegation-prev-missing",
            delegation.said(&first()),
            "Number 1 that does not name its predecessor",
        ),
        new(
            "delegation-role-duplicate",
            bound("roles", array(&[registrar.clone(), registrar.clone()])),
            "A role stands twice",
        ),
        new(
            "delegation-role-order",
            bound("roles", array(&[holder, registrar])),
            "Roles out of order",
        ),
        new(
            "delegation-role-unknown",
            bound("roles", array(&[text("owner")])),
            "A role that this version does not define",
        ),
        new(
            "delegation-roles-none",
            mandated(&without(mandate.clone(), "roles")),
            "A mandate without roles",
        ),
        new(
            "delegation-scope-none",
            mandated(&without(mandate.clone(), "scope")),
            "A mandate about nothing",
        ),
        new("delegation-term-empty", bound("until", uint(0)), "A term that ends when it begins"),
        new(
            "delegation-unsigned",
            delegation.unsigned(),
            "A delegation without a signature of its own",
        ),
        new(
            "delegation-territory",
            bound("jurisdictions", array(&[text("China")])),
            "A place that is no code of ISO 3166",
        ),
    ]);
    vectors
}
