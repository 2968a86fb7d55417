//! Bytes that are no pruned tree, each with its fault.

use super::*;
use crate::cbor::CborFault;
use crate::tree::pruned::decode::{EMPTY, FAR_NODE, KEYED, NODE, NODE_OVER_STUBS, OPEN, STUB};

/// A subtree of one entry and one byte.
fn stub() -> Vec<u8> {
    [&[STUB][..], &[7; 32], &[1, 1]].concat()
}

fn open(first: u8) -> Vec<u8> {
    let mut key = [0; 32];
    key[0] = first;
    [vec![OPEN], encoded(&Named { key, size: 1 })].concat()
}

fn keyed(first: u8) -> Vec<u8> {
    let mut key = [0; 32];
    key[0] = first;
    [&[KEYED][..], &key, &[9; 32], &[1, 1]].concat()
}

#[track_caller]
fn refused(pieces: &[&[u8]], error: PrunedTreeError) {
    assert_eq!(PrunedTree::<Named>::decode(&pieces.concat(), 100), Err(error));
}

#[track_caller]
fn accepted(pieces: &[&[u8]]) {
    let bytes = pieces.concat();
    let tree = PrunedTree::<Named>::decode(&bytes, 100).unwrap();
    assert_eq!(tree.to_bytes(), bytes);
}

#[test]
fn what_the_faults_below_are_made_from_is_sound() {
    accepted(&[&[EMPTY]]);
    accepted(&[&stub()]);
    accepted(&[&open(0)]);
    accepted(&[&keyed(0)]);
    accepted(&[&[NODE], &open(0), &keyed(0x80)]);
    accepted(&[&[NODE], &stub(), &keyed(0x80)]);
    accepted(&[&[NODE_OVER_STUBS, 0], &stub(), &stub()]);
    accepted(&[&[NODE_OVER_STUBS, 9, 0xaa, 0x80], &stub(), &stub()]);
    accepted(&[&[NODE], &stub(), &[NODE], &open(0x80), &stub()]);
    accepted(&[&[NODE, NODE + 1], &open(0), &open(0x20), &stub()]);
}

#[test]
fn bytes_end_too_early_or_too_late() {
    refused(&[], PrunedTreeError::Truncated { offset: 0 });
    refused(&[&[STUB], &[7; 31]], PrunedTreeError::Truncated { offset: 32 });
    refused(&[&[NODE], &open(0)], PrunedTreeError::Truncated { offset: 1 + open(0).len() });
    refused(&[&stub(), &[0]], PrunedTreeError::TrailingBytes { count: 1 });
    refused(&[&[EMPTY, EMPTY]], PrunedTreeError::Empty { offset: 0 });
}

#[test]
fn nothing_empty_stands_inside() {
    refused(&[&[NODE], &open(0), &[EMPTY]], PrunedTreeError::Empty { offset: 1 + open(0).len() });
    let without_entries = [&[STUB][..], &[7; 32], &[0, 1]].concat();
    refused(&[&without_entries], PrunedTreeError::Empty { offset: 0 });
    let without_hash = [&[STUB][..], &[0; 32], &[1, 1]].concat();
    refused(
        &[&[NODE], &open(0), &without_hash],
        PrunedTreeError::Empty { offset: 1 + open(0).len() },
    );
    let leaf = [&[KEYED][..], &[0; 32], &[9; 32], &[0, 1]].concat();
    refused(&[&leaf], PrunedTreeError::Empty { offset: 0 });
    let tally = [vec![OPEN], encoded(&Tally { key: [0; 32], count: 0 })].concat();
    let error = PrunedTreeError::Empty { offset: 0 };
    assert_eq!(PrunedTree::<Tally>::decode(&tally, 9), Err(error));
}

#[test]
fn numbers_have_one_form() {
    let with = |count: &[u8]| [&[STUB][..], &[7; 32], count, &[1]].concat();
    refused(&[&with(&[0x81, 0])], PrunedTreeError::Number { offset: 33 });
    let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
    refused(&[&with(&too_large)], PrunedTreeError::Number { offset: 33 });
    refused(&[&with(&[0x80; 10])], PrunedTreeError::Number { offset: 33 });
    accepted(&[&with(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])]);
}

#[test]
fn a_leaf_stands_on_its_path() {
    let offset = 0;
    refused(&[&[NODE], &open(0x80), &open(0)], PrunedTreeError::OffPath { offset, depth: 0 });
    refused(&[&[NODE], &open(0), &open(0)], PrunedTreeError::OffPath { offset, depth: 0 });
    // The two part at bit 0 already.
    refused(&[&[NODE + 1], &open(0), &open(0xc0)], PrunedTreeError::OffPath { offset, depth: 1 });
    // A prefix that does not extend the one above: 0101.. on the side of 1.
    let node = [&[NODE_OVER_STUBS, 4, 0x50][..], &stub(), &stub()].concat();
    refused(&[&[NODE], &open(0), &node], PrunedTreeError::OffPath { offset, depth: 0 });
}

#[test]
fn a_node_parts_its_keys_after_the_node_above() {
    let (found, above) = (1, 1);
    let error = PrunedTreeError::Depth { offset: 1, found, above };
    for tag in [FAR_NODE, NODE_OVER_STUBS] {
        refused(&[&[NODE + 1], &[tag, 1], &open(0), &open(0x40), &stub()], error.clone());
    }
    let (found, above) = (255, 255);
    let error = PrunedTreeError::Depth { offset: 2, found, above };
    refused(&[&[FAR_NODE, 255], &[FAR_NODE, 255]], error);
}

#[test]
fn the_bit_of_a_node_has_one_form() {
    let key = |bit: usize| {
        let mut key = [0; 32];
        key[bit / 8] = 0x80 >> (bit % 8);
        [vec![OPEN], encoded(&Named { key, size: 1 })].concat()
    };
    accepted(&[&[NODE + 127], &open(0), &key(127)]);
    accepted(&[&[FAR_NODE, 128], &open(0), &key(128)]);
    accepted(&[&[FAR_NODE, 255], &open(0), &key(255)]);
    accepted(&[&[NODE, FAR_NODE, 129], &open(0), &key(129), &stub()]);
    accepted(&[&[NODE, NODE + 127], &open(0), &key(128), &stub()]);
    let bit = |offset| PrunedTreeError::Bit { offset };
    refused(&[&[FAR_NODE, 127], &open(0), &key(127)], bit(0));
    refused(&[&[NODE, FAR_NODE, 128], &open(0), &key(128), &stub()], bit(1));
    // No key has a bit 256.
    refused(&[&[FAR_NODE, 129, NODE + 126]], bit(2));
    refused(&[&[FAR_NODE, 255, NODE]], bit(2));
}

#[test]
fn a_prefix_is_written_where_no_key_tells_it_and_nowhere_else() {
    let offset = 0;
    refused(&[&[NODE + 9], &stub(), &stub()], PrunedTreeError::Prefix { offset });
    let open = open(0);
    refused(&[&[NODE_OVER_STUBS, 8, 0], &open, &stub()], PrunedTreeError::Prefix { offset });
    // Bits after the first nine.
    refused(
        &[&[NODE_OVER_STUBS, 9, 0xaa, 0xc0], &stub(), &stub()],
        PrunedTreeError::Prefix { offset },
    );
    refused(
        &[&[NODE_OVER_STUBS, 9, 0xaa, 0x81], &stub(), &stub()],
        PrunedTreeError::Prefix { offset },
    );
}

#[test]
fn leaves_that_are_counted_have_their_rows() {
    let error = PrunedTreeError::Closed { offset: 0 };
    assert_eq!(PrunedTree::<Tally>::decode(&keyed(0), 9), Err(error));
}

#[test]
fn sums_do_not_overflow() {
    let full = [&[STUB][..], &[7; 32], &[1], &[0xff; 9], &[1]].concat();
    let error = PrunedTreeError::Sums { offset: 0, source: TreeError::SumOverflow };
    refused(&[&[NODE], &full, &open(0x80)], error);
    let error = PrunedTreeError::Sums { offset: 0, source: TreeError::SumOverflow };
    let counts = [&[STUB][..], &[7; 32], &[0xff; 9], &[1, 0]].concat();
    refused(&[&[NODE], &counts, &open(0x80)], error);
}

#[test]
fn an_item_has_a_known_first_byte_and_a_sound_row() {
    refused(&[&[6]], PrunedTreeError::Tag { offset: 0, found: 6 });
    let fault = CborFault::UnexpectedType { found: "unsigned integer", expected: "array" };
    refused(&[&[NODE], &open(0), &[OPEN, 0]], CborError::new(2 + open(0).len(), fault).into());
}

#[test]
fn more_items_than_allowed_are_refused_before_they_are_read() {
    let bytes = [&[NODE][..], &open(0), &[9]].concat();
    let error = PrunedTreeError::TooManyItems { limit: 2 };
    assert_eq!(PrunedTree::<Named>::decode(&bytes, 2), Err(error));
}
