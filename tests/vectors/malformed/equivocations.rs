//! Proofs of equivocation with one fault each.

use super::maps::{ends, faults};
use super::raw::{
    Pairs, array, bytes, content, items_of, map, pairs_of, text, uint, with, without,
};
use super::trust::{collected, replaced, seed};
use super::{Format, Malformed};
use crate::{logs, trust};

pub(super) fn all() -> Vec<Malformed> {
    let mut vectors = issuers();
    vectors.extend(boards());
    vectors.extend(histories());
    vectors
}

fn new(name: &str, pairs: &Pairs, shows: &'static str) -> Malformed {
    Malformed::new(Format::Equivocation, name, map(pairs), shows)
}

/// The proof of this name.
fn sound(name: &str) -> Pairs {
    pairs_of(&seed(trust::equivocation(), name))
}

/// What is held against each other.
fn both(of: &Pairs) -> [Vec<u8>; 2] {
    let [.., (_, first), (_, second)] = of.as_slice() else { panic!("no pair") };
    [content(first), content(second)]
}

fn pair(of: &Pairs, first: &[u8], second: &[u8]) -> Pairs {
    replaced(&replaced(of, "first", bytes(first)), "second", bytes(second))
}

fn sorted(mut pair: [Vec<u8>; 2]) -> [Vec<u8>; 2] {
    pair.sort_unstable();
    pair
}

fn issuers() -> Vec<Malformed> {
    let whole = seed(trust::equivocation(), "issuer");
    let (file, of_log) = (sound("issuer"), sound("log"));
    let ([first, second], [one, another]) = (both(&file), both(&of_log));
    let of_other_size = seed(logs::checkpoint(), "alone");
    let mut tagless = first.clone();
    tagless[0] = 0xd3;
    let mut twin = first.clone();
    *twin.last_mut().unwrap() ^= 1;
    let of_two_kinds = sorted([first.clone(), collected()]);
    // The second of the proof about a predecessor follows one of those of the other proof.
    let after =
        both(&sound("predecessor")).into_iter().find(|one| ![&first, &second].contains(&one));
    let followed = sorted([second.clone(), after.unwrap()]);
    let beside = with(file.clone(), 2, (text("root"), bytes(&[1; 32])));
    let unsigned = [&first[..first.len() - 66], &[0x40]].concat();
    let mut vectors = faults(Format::Equivocation, "", &file, "second", <[u8]>::to_vec);
    vectors.truncate(vectors.len() - 1); // the map is the file
    vectors.extend(ends(Format::Equivocation, "", &whole));
    vectors.extend([
        new(
            "by-log-of-statements",
            &replaced(&file, "by", text("log")),
            "Statements that are said to be a log's",
        ),
        new(
            "by-unknown",
            &replaced(&file, "by", text("witness")),
            "A code that this version does not define",
        ),
        new("first-unsound", &pair(&file, &tagless, &second), "A statement that is none"),
        new(
            "kinds-differ",
            &pair(&file, &of_two_kinds[0], &of_two_kinds[1]),
            "Statements of two kinds",
        ),
        new("order", &pair(&file, &second, &first), "The greater statement first"),
        new("order-of-checkpoints", &pair(&of_log, &another, &one), "The greater checkpoint first"),
        new("same", &pair(&file, &first, &first), "One statement twice"),
        new("same-checkpoint", &pair(&of_log, &one, &one), "One checkpoint twice"),
        new("twin", &pair(&file, &first, &twin), "One statement with two signatures"),
        new(
            "unsigned",
            &pair(&file, &unsigned, &second),
            "A statement without a signature of its own",
        ),
        new(
            "predecessor-followed",
            &pair(&file, &followed[0], &followed[1]),
            "A statement and the one that follows it",
        ),
        new("root-of-statements", &beside, "Statements with the root of a log beside them"),
        new("origins-differ", &pair(&of_log, &one, &of_other_size), "Checkpoints of two logs"),
        new(
            "version-2",
            &with(without(file.clone(), "v"), 0, (text("v"), uint(2))),
            "A version that this one does not define",
        ),
    ]);
    vectors
}

fn boards() -> Vec<Malformed> {
    let file = sound("board");
    let [first, second] = both(&file);
    let [before, after] = ["first", "second"].map(|name| seed(trust::trust_root(), name));
    let followed = sorted([before, after]);
    let mut tagless = first.clone();
    tagless[1] = 99;
    vec![
        new(
            "board-followed",
            &pair(&file, &followed[0], &followed[1]),
            "A trust root and the one that follows it",
        ),
        new("board-order", &pair(&file, &second, &first), "The greater trust root first"),
        new("board-same", &pair(&file, &first, &first), "One trust root twice"),
        new("board-unsound", &pair(&file, &tagless, &second), "A trust root that is none"),
    ]
}

fn histories() -> Vec<Malformed> {
    let file = sound("histories");
    let [path, root] = [2, 3].map(|index| file[index].1.clone());
    let hashes = items_of(&path);
    let longer = array(&[hashes.clone(), vec![bytes(&[9; 32])]].concat());
    let mut short = hashes;
    short[0] = bytes(&[9; 31]);
    let of_one_size = with(sound("log"), 2, (text("root"), root));
    vec![
        new(
            "histories-hash-short",
            &replaced(&file, "path", array(&short)),
            "A hash of 31 bytes in a path",
        ),
        new("histories-of-one-size", &of_one_size, "A root between logs of one size"),
        new(
            "histories-path-empty",
            &replaced(&file, "path", vec![0x80]),
            "A path that is there and has no hashes",
        ),
        new(
            "histories-path-longer",
            &replaced(&file, "path", longer),
            "A path with a hash too many",
        ),
        new(
            "histories-path-missing",
            &without(file.clone(), "path"),
            "A root to which no path leads",
        ),
        new(
            "histories-root-missing",
            &without(file.clone(), "root"),
            "A path that leads to no root",
        ),
        new(
            "histories-root-other",
            &replaced(&file, "root", bytes(&[9; 32])),
            "A root to which the path does not lead",
        ),
    ]
}
