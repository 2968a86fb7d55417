//! What may be wrong with any map of this crate.

use super::raw::{Pairs, map, text, uint, with};
use super::{Format, Malformed};

/// A map with one fault each, within what `around` puts around it.
///
/// Names begin with `of`; `required` is a key that must be there.
pub(super) fn faults(
    format: Format,
    of: &str,
    pairs: &Pairs,
    required: &str,
    around: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<Malformed> {
    let new = |name: &str, content: &[u8], shows| {
        Malformed::new(format, &format!("{of}{name}"), around(content), shows)
    };
    let sound = map(pairs);
    assert!(sound[0] < 0xb7, "a head of one byte");
    let long = [&[0xb8, sound[0] & 0x1f], &sound[1..]].concat();
    let indefinite = [&[0xbf], &sound[1..], &[0xff]].concat();
    let last = pairs.len() - 1;
    let mut unordered = pairs.clone();
    unordered.swap(last - 1, last);
    let twice = with(pairs.clone(), 1, pairs[0].clone());
    let unknown = with(pairs.clone(), pairs.len(), (text("zzzzzzzzzzzzzzz"), uint(0)));
    let missing = super::raw::without(pairs.clone(), required);
    vec![
        new("head-long", &long, "A head longer than its map needs"),
        new("indefinite", &indefinite, "A map of indefinite length"),
        new("key-duplicate", &map(&twice), "A key stands twice"),
        new("key-missing", &map(&missing), "A required key is missing"),
        new("key-order", &map(&unordered), "Keys out of order"),
        new("key-unknown", &map(&unknown), "A key that this version does not define"),
        new("trailing-inside", &[&sound[..], &[0]].concat(), "A byte after the map"),
    ]
}

/// The whole with a byte too many, and with one too few.
pub(super) fn ends(format: Format, of: &str, sound: &[u8]) -> [Malformed; 2] {
    let new = |name: &str, bytes: Vec<u8>, shows| {
        Malformed::new(format, &format!("{of}{name}"), bytes, shows)
    };
    [
        new("trailing-byte", [sound, &[0]].concat(), "A byte after the end"),
        new("truncated", sound[..sound.len() - 1].to_vec(), "The last byte is missing"),
    ]
}
