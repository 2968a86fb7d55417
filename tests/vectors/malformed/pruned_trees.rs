//! Pruned trees with one fault each.

use super::{Format, Malformed};
use crate::pruned_trees;

pub(super) fn all() -> Vec<Malformed> {
    let files = |name, bytes, shows| Malformed::new(Format::PrunedFiles, name, bytes, shows);
    let contents = |name, bytes, shows| Malformed::new(Format::PrunedContents, name, bytes, shows);
    let closed = [&[1][..], &[7; 32], &[1, 5]].concat();
    let stub = |sums: &[u8]| [&[1][..], &[7; 32], sums].concat();
    let node = |sides: [&[u8]; 2]| [&[0x80][..], &sides.concat()].concat();
    // Node at bit 0, a closed subtree of 35 bytes, a leaf.
    let two = pruned_trees::bytes("two");
    let (left, leaf) = two[1..].split_at(35);
    assert_eq!((left[0], leaf[0]), (1, 3));
    // Key, value, 1 entry of 1 byte.
    let keyed = pruned_trees::bytes("leaf-absent");
    let below = |node: &[u8]| [node, &closed, &closed].concat();
    let deep = node([left, &[&[5, 0][..], left, left].concat()]);
    let wide = [&[0xff; 9][..], &[0x01]].concat();
    let most = [&[1][..], &wide].concat();
    vec![
        files(
            "bit-256",
            below(&[4, 255, 0x80]),
            "A node that parts its keys at a bit that none has",
        ),
        files("bit-long", below(&[4, 3]), "A node of two bytes where one is enough"),
        files("depth", deep, "A node below one that parts its keys at the same bit"),
        files("empty-inside", node([&[0], leaf]), "The empty tree as one side of a node"),
        files("hash-0", [&[1][..], &[0; 32], &[1, 5]].concat(), "A subtree of the hash zero"),
        files("count-0", stub(&[0, 5]), "A subtree of no entries"),
        files("leaf-off-path", node([leaf, left]), "A leaf on the side of the other bit"),
        files("number-long", stub(&[0x81, 0x00, 5]), "A count of two bytes where one is enough"),
        files(
            "number-large",
            [&[1][..], &[7; 32], &[0xff; 9], &[0x02, 5]].concat(),
            "A count of 2^64 and more",
        ),
        files(
            "prefix-bits",
            below(&[5, 3, 0b1011_0000]),
            "A prefix of three bits with a fourth one",
        ),
        files(
            "prefix-missing",
            below(&[0x83]),
            "A node over two closed subtrees without its prefix",
        ),
        files(
            "prefix-unneeded",
            [&[5, 3, 0b1000_0000][..], left, leaf].concat(),
            "A prefix where a leaf below tells it",
        ),
        files("row-key", [&two[..37], &[0xa2], &leaf[2..]].concat(), "A row that lacks a field"),
        files(
            "sums",
            [&[5, 3, 0b1010_0000][..], &stub(&most), &stub(&most)].concat(),
            "Sides whose bytes add up to more than 2^64 - 1",
        ),
        files("tag", [&[6][..], &leaf[1..]].concat(), "An item of a kind that there is not"),
        files("trailing-byte", [&two[..], &[0]].concat(), "A byte after the end"),
        files("truncated", two[..two.len() - 1].to_vec(), "The last byte is missing"),
        contents("closed", keyed, "A leaf without its row, where rows are counted"),
    ]
}
