//! Verification without rows: what it accepts, and files whose two trees disagree.

use super::*;
use crate::cbor::CborFault;
use crate::manifest::HeadError;
use crate::manifest::{Entries, Index, ManifestError, NameError};

type Fault = ManifestFileError;

fn verify(bytes: &[u8], limit: usize) -> Result<VerifiedFile, Fault> {
    verify::verify(bytes, limit)
}

proptest! {
    #[test]
    fn a_sound_file_is_verified_as_it_is_read(
        entries in file_entries(), limit in 1_usize..9, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let bytes = written(&file, limit);
        let verified = verify(&bytes, limit).unwrap();
        prop_assert_eq!(verified.head(), file.manifest.head());
        prop_assert_eq!(verified.id(), file.manifest.id());
        prop_assert_eq!(verified.contents(), file.manifest.content_rows().len() as u64);
        let index = verified.sha256().map(Index::id);
        prop_assert_eq!(index, file.sha256().map(Sha256Index::id));
        prop_assert_eq!(verify::verify(Stream(Dribble(&bytes, false)), limit).unwrap(), verified);
    }

    #[test]
    fn a_sound_file_of_tensors_is_verified(entries in tensor_entries(), limit in 1_usize..9) {
        let file = ManifestFile::new(Manifest::tensors(entries).unwrap());
        let verified = verify(&written(&file, limit), limit).unwrap();
        prop_assert_eq!(verified.id(), file.manifest.id());
        prop_assert_eq!(verified.names(), NameCheck::Complete);
    }

    #[test]
    fn every_flipped_bit_is_refused_without_rows(
        entries in file_entries(), at in any::<prop::sample::Index>(), bit in 0_u8..8, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let mut bytes = written(&file, 4);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(verify(&bytes, 4).is_err());
    }

    /// Two sound trees: what one of them counts is changed in the other, with the sums kept.
    #[test]
    fn trees_that_disagree_are_refused(
        entries in file_entries(), at in any::<prop::sample::Index>(), limit in 1_usize..9
    ) {
        prop_assume!(!entries.is_empty());
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let mut content = manifest.content.clone();
        let at = at.index(content.len());
        // As the digest of another content, which the parts do not have.
        content[at].digest = Digest::of(&[&content[at].digest.as_bytes()[..], b"other"].concat());
        let file = dishonest(manifest.file_entries().unwrap(), &content);
        prop_assert_eq!(verify(&written(&file, limit), limit), Err(Fault::ContentSet));
    }
}

/// A file of two sound trees over whatever rows.
fn dishonest(entries: &[FileEntry], content: &[ContentRow]) -> ManifestFile {
    let mut rows: Vec<([u8; 32], FileEntry)> = entries
        .iter()
        .map(|entry| (Role::Name.hash(entry.name.as_bytes()), entry.clone()))
        .collect();
    rows.sort_by_key(|(key, _)| *key);
    let leaves = rows.iter().map(|(key, entry)| {
        let value = Role::Entry.hash(&encode(entry));
        tree::Leaf { key: *key, value, count: 1, bytes: entry.size }
    });
    let parts = tree::root(tree::Kind::Parts, leaves).unwrap();
    let mut contents = content.to_vec();
    contents.sort_by_key(|row| row.digest);
    let leaves = contents.iter().map(|row| row.leaf(row.key(), &[]).unwrap());
    let content = tree::root(tree::Kind::Content, leaves).unwrap();
    let head = Head::new(ManifestKind::Files, parts, content);
    let entries = Entries::Files(rows.into_iter().map(|(_, entry)| entry).collect());
    let manifest = Manifest { id: head.id(), head, entries, content: contents };
    ManifestFile::new(manifest)
}

fn file(name: &str, digest: Digest, size: u64) -> FileEntry {
    FileEntry::new(name, size, digest)
}

fn row(digest: Digest, count: u64, size: u64) -> ContentRow {
    ContentRow { digest, count, size }
}

/// What both readers say of a file of these parts whose content tree has these rows.
#[track_caller]
fn both(parts: &[FileEntry], content: &[ContentRow]) -> (Fault, Fault) {
    let bytes = written(&dishonest(parts, content), 2);
    let kept = read(&bytes, 2).expect_err("the trees disagree");
    (verify(&bytes, 2).expect_err("the trees disagree"), kept)
}

#[test]
fn a_content_tree_that_is_not_that_of_the_parts_is_refused() {
    let [x, y, z] = [b"x", b"y", b"z"].map(|content| Digest::of(content));
    let parts = [file("a", x, 1), file("b", y, 1), file("c", y, 1)];
    let honest = [row(x, 1, 1), row(y, 2, 1)];
    assert!(verify(&written(&dishonest(&parts, &honest), 2), 2).is_ok());
    for content in [
        // A work is left out and another counted in its stead.
        &[row(y, 3, 1)][..],
        &[row(x, 3, 1)],
        &[row(x, 1, 1), row(z, 2, 1)],
        // Multiplicities are swapped.
        &[row(x, 2, 1), row(y, 1, 1)],
        // Sizes are shifted from one to another.
        &[row(x, 1, 3), row(y, 2, 0)],
        // A work that is not there is added.
        &[row(x, 1, 1), row(y, 1, 1), row(z, 1, 1)],
    ] {
        let (verified, kept) = both(&parts, content);
        assert_eq!(verified, Fault::ContentSet, "{content:?}");
        assert!(
            matches!(kept, Fault::Content { .. } | Fault::Rows { tree: FileTree::Content, .. }),
            "{kept:?}"
        );
    }
    for content in [
        // Nothing stands in the stead of what is left out or changed.
        &[row(y, 2, 1)][..],
        &[row(x, 1, 1), row(y, 1, 1)],
        &[row(x, 1, 1), row(y, 2, 2)],
        &[row(x, (1 << 63) + 1, 1), row(y, 2, 1)],
        &[row(x, 1 << 63, 0), row(y, (1 << 63) - 1, 0)],
    ] {
        let file = dishonest(&parts, content);
        let by_name = Box::new(*file.manifest.parts());
        let by_digest = Box::new(*file.manifest.content());
        let expected = Fault::Head(HeadError::Totals { parts: by_name, content: by_digest });
        assert_eq!(both(&parts, content), (expected.clone(), expected), "{content:?}");
    }
}

#[test]
fn one_digest_with_two_sizes_is_refused() {
    let digest = Digest::of(b"x");
    let parts = [file("a", digest, 1), file("b", digest, 3)];
    // Both together have the bytes of two of size 2.
    let (verified, kept) = both(&parts, &[row(digest, 2, 2)]);
    assert_eq!(verified, Fault::ContentSet);
    assert!(matches!(kept, Fault::Entries(ManifestError::SizeConflict { .. })), "{kept:?}");
}

/// Sizes of 0 keep the bytes equal whatever the counts, and the same digest cannot stand twice.
#[test]
fn a_repeated_content_row_is_refused() {
    let x = Digest::of(b"x");
    let parts = [file("a", x, 0), file("b", x, 0)];
    let bytes = written(&dishonest(&parts, &[row(x, 2, 0)]), 2);
    let mut contents = contents(&bytes);
    let content = contents.iter().position(|item| item[..2] == [0x83, 1]).unwrap();
    let block = contents[content].clone();
    contents.insert(content, block);
    let expected = Fault::Unordered { block: 2, row: 0 };
    assert_eq!(verify(&joined(&contents), 2), Err(expected));
}

#[test]
fn a_file_that_is_a_directory_is_left_to_who_keeps_the_names() {
    let [x, y] = [b"x", b"y"].map(|content| Digest::of(content));
    let parts = [file("a", x, 1), file("a/b", y, 1)];
    let bytes = written(&dishonest(&parts, &[row(x, 1, 1), row(y, 1, 1)]), 2);
    assert_eq!(verify(&bytes, 2).map(|verified| verified.names()), Ok(NameCheck::OneByOne));
    let directory = NameError::FileAndDirectory { name: "a".into() };
    assert_eq!(read(&bytes, 2), Err(Fault::Entries(directory.into())));
    assert_eq!(
        verify(&files(&[("a", "x"), ("b", "y")]).to_bytes(), BLOCK_ROWS).unwrap().names(),
        NameCheck::Complete
    );
}

#[test]
fn a_second_look_at_the_names_finds_a_file_that_is_a_directory() {
    let empty = Digest::of(b"");
    let check = |names: &[&str], most: usize| {
        let parts: Vec<FileEntry> = names.iter().map(|name| file(name, empty, 0)).collect();
        let file = dishonest(&parts, &[row(empty, names.len() as u64, 0)]);
        let reader = ManifestReader::open_blocks(written(&file, 2), file.manifest.id(), 2).unwrap();
        match reader.check_names(most) {
            Ok(names) => Ok(names),
            Err(ManifestReadError::File(fault)) => Err(fault),
            Err(other) => panic!("{other:?}"),
        }
    };
    let both = |name: &str| {
        let fault = NameError::FileAndDirectory { name: name.into() };
        Err(Fault::Entries(fault.into()))
    };
    for (names, most, expected) in [
        (&["a", "b", "c"][..], 0, Ok(NameCheck::Complete)),
        (&["a/x", "a/y", "b/c/d", "e"], 3, Ok(NameCheck::Complete)),
        (&["a/x", "a/y", "b/c/d", "e"], 2, Ok(NameCheck::OneByOne)),
        (&["a", "a/b"], 1, both("a")),
        (&["a", "a/b"], 0, Ok(NameCheck::OneByOne)),
        (&["p/q/r", "p/q", "s", "t", "u"], 2, both("p/q")),
        (&["p/q/r", "p", "s", "t", "u"], 2, both("p")),
        // Only a whole component is a directory.
        (&["a", "ab/c", "a-/b", "a.b"], 9, Ok(NameCheck::Complete)),
    ] {
        assert_eq!(check(names, most), expected, "{names:?}");
    }
    let source = NameError::DotComponent { name: "../a".into() };
    let unsound = check(&["../a", "b"], 0);
    assert!(
        matches!(&unsound, Err(Fault::Entry { block: 0, source: found, .. }) if *found == source.into()),
        "{unsound:?}"
    );
}

#[test]
fn a_long_item_is_read_in_pieces_that_fit_little_memory() {
    let mut writer = Writer::new();
    writer.bytes(&vec![7; 1 << 20]);
    let bytes = writer.finish();
    let mut input = Input::new(Stream(bytes.as_slice()));
    input.open(1 << 20).unwrap();
    for _ in 0..1 << 14 {
        assert!(input.peek(145).unwrap().bytes.starts_with(&[7; 64]));
        input.skip(64);
    }
    input.end_item().unwrap();
    assert!(input.capacity() < 1 << 18, "{}", input.capacity());
}

#[test]
fn an_item_may_be_longer_than_what_it_turns_out_to_be() {
    let mut writer = Writer::new();
    writer.bytes(&[7; 100]);
    let bytes = writer.finish();
    let mut input = Input::new(bytes.as_slice());
    input.open(100).unwrap();
    input.peek(18).unwrap();
    let fault = CborError::new(0, CborFault::TooLong { found: 100, limit: 99 });
    assert_eq!(input.rest(99).unwrap_err(), fault.into());
    assert_eq!(input.rest(100).unwrap().bytes, [7; 100]);
}
