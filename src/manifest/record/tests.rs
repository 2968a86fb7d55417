//! What every rule makes of its input.

mod index;
mod json;
mod lines;
mod number;
mod rule;
mod tar;
mod text;
mod webdataset;

use super::*;
use crate::digest::Digest;
use crate::manifest::record::fault::RecordError;

/// The records of a file, or the first fault.
fn records(rule: &RecordRule, file: &[u8]) -> Result<Vec<(Digest, u64)>, RecordError> {
    let mut found = Vec::new();
    rule.split(file, &mut |digest, size| found.push((digest, size)))?;
    Ok(found)
}

/// The same of a file that arrives in pieces of these lengths in turn.
fn in_pieces(
    rule: &RecordRule,
    mut file: &[u8],
    lengths: &[usize],
) -> Result<Vec<(Digest, u64)>, RecordError> {
    let mut found = Vec::new();
    let mut splitter = rule.splitter()?;
    for length in lengths.iter().cycle() {
        if file.is_empty() {
            break;
        }
        let (piece, rest) = file.split_at((*length).clamp(1, file.len()));
        file = rest;
        splitter.push(piece, &mut |digest, size| found.push((digest, size)))?;
    }
    splitter.finish(&mut |digest, size| found.push((digest, size)))?;
    Ok(found)
}

/// A record of these canonical bytes.
fn record(canonical: impl AsRef<[u8]>) -> (Digest, u64) {
    let canonical = canonical.as_ref();
    (Digest::of(canonical), u64::try_from(canonical.len()).unwrap())
}

fn text_rule(pointer: &str) -> RecordRule {
    RecordRule::Text(pointer.parse().unwrap())
}

#[track_caller]
fn assert_fault(rule: &RecordRule, file: &[u8], offset: u64, fault: impl Into<RecordFault>) {
    let expected = Err(RecordError { offset, fault: fault.into() });
    assert_eq!(records(rule, file), expected);
    assert_eq!(in_pieces(rule, file, &[1]), expected, "byte by byte");
}
