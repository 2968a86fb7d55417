mod reader;
mod record_index;
mod refused;
mod trie;
mod verified;

use std::io;
use std::ops::Range;

use proptest::prelude::*;

use super::boundary::Boundaries;
use super::directory::Described;
use super::*;
use crate::cbor::{CborError, Codec, Reader, Writer, encode};
use crate::digest::{Digest, Role};
use crate::manifest::items::Input;
use crate::manifest::{ContentRow, Dtype, FileEntry, NameProfile, Shape, TensorEntry};
use crate::tree::{self, Row as _};

fn entry(name: &str, content: &str) -> FileEntry {
    FileEntry::new(name, content.len() as u64, Digest::of(content.as_bytes()))
}

fn files(pairs: &[(&str, &str)]) -> Manifest {
    let entries = pairs.iter().map(|(name, content)| entry(name, content)).collect();
    Manifest::files(entries, NameProfile::Any).unwrap()
}

/// With the SHA-256 of the names.
fn with_sha256(manifest: Manifest) -> ManifestFile {
    let digests = manifest.file_entries().unwrap().iter();
    let digests = digests.map(|entry| Sha256::of(entry.name.as_bytes())).collect();
    let index = Sha256Index::new(&manifest, digests).unwrap();
    ManifestFile::with_sha256(manifest, index).unwrap()
}

/// Ten files of five contents.
fn ten() -> Manifest {
    let names: Vec<String> = (0..10).map(|i| format!("dir/{i}.txt")).collect();
    let pairs: Vec<(&str, &str)> =
        names.iter().zip(0..).map(|(name, i)| (name.as_str(), &"12345"[..i % 5])).collect();
    files(&pairs)
}

fn written(file: &ManifestFile, limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::write(&file.manifest, file.sha256.as_ref(), limit, &mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8], limit: usize) -> Result<ManifestFile, ManifestFileError> {
    read::read(bytes, limit)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

/// Where the items of a file stand, heads included.
fn items(file: &[u8]) -> Vec<Range<usize>> {
    let mut reader = Reader::new(file);
    let mut items = Vec::new();
    while reader.end().is_err() {
        let start = reader.offset();
        reader.bytes(usize::MAX).unwrap();
        items.push(start..reader.offset());
    }
    items
}

/// What the items hold.
fn contents(file: &[u8]) -> Vec<Vec<u8>> {
    let content = |range| Reader::new(&file[range]).bytes(usize::MAX).unwrap().to_vec();
    items(file).into_iter().map(content).collect()
}

fn joined(contents: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = Writer::new();
    for content in contents {
        writer.bytes(content);
    }
    writer.finish()
}

/// A reader that gives one byte at a time, and now and then asks to be called again.
struct Dribble<'a>(&'a [u8], bool);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = buffer.len().min(1);
        self.0.read(&mut buffer[..len])
    }
}

fn file_entries() -> impl Strategy<Value = Vec<FileEntry>> {
    proptest::collection::btree_map("f-[a-z]{1,6}\\.txt", "[xy]{0,3}", 0..40)
        .prop_map(|map| map.iter().map(|(name, content)| entry(name, content)).collect())
}

fn tensor_entries() -> impl Strategy<Value = Vec<TensorEntry>> {
    let shape = proptest::collection::vec(0_u64..3, 0..4);
    proptest::collection::btree_map("[a-z./]{1,6}", shape, 0..30).prop_map(|map| {
        let entry = |(name, shape): (String, Vec<u64>)| {
            let size = TensorEntry::required_size(Dtype::F32, &shape).unwrap();
            TensorEntry::new(name, Dtype::F32, shape, size, Digest::of(&size.to_le_bytes()))
        };
        map.into_iter().map(entry).collect()
    })
}

proptest! {
    #[test]
    fn a_file_reads_back_from_memory_and_from_a_stream(
        entries in file_entries(), limit in 1_usize..9, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let bytes = written(&file, limit);
        prop_assert_eq!(read(&bytes, limit), Ok(file.clone()));
        prop_assert_eq!(read::read(Stream(Dribble(&bytes, false)), limit).unwrap(), file);
    }

    #[test]
    fn a_file_of_tensors_reads_back(entries in tensor_entries(), limit in 1_usize..9) {
        let file = ManifestFile::new(Manifest::tensors(entries).unwrap());
        prop_assert_eq!(read(&written(&file, limit), limit), Ok(file));
    }

    #[test]
    fn a_set_has_one_file_in_whatever_order_it_comes(
        (entries, shuffled) in file_entries().prop_flat_map(|entries| {
            (Just(entries.clone()), Just(entries).prop_shuffle())
        })
    ) {
        let one = with_sha256(Manifest::files(entries, NameProfile::Any).unwrap());
        let other = with_sha256(Manifest::files(shuffled, NameProfile::Any).unwrap());
        prop_assert_eq!(written(&one, 3), written(&other, 3));
    }

    #[test]
    fn every_flipped_bit_is_refused(
        entries in file_entries(), at in any::<prop::sample::Index>(), bit in 0_u8..8, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let mut bytes = written(&file, 4);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(read(&bytes, 4).is_err());
    }

    /// The blocks are subtrees: the definition of the boundaries is checked beside them.
    #[test]
    fn blocks_hold_the_rows_that_the_rule_gives_them(entries in file_entries(), limit in 1_usize..9) {
        let file = ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap());
        let contents = contents(&written(&file, limit));
        let found: Vec<usize> = contents[1..contents.len() - 2].iter().map(|block| {
            let mut reader = Reader::new(block);
            reader.exact_array(3).unwrap();
            reader.uint().unwrap();
            Summary::decode(&mut reader).unwrap();
            reader.array(limit).unwrap()
        }).collect();
        let rule = |keys: Vec<[u8; 32]>| {
            let mut boundaries = Boundaries::new(limit);
            let mut rows: Vec<_> = keys.iter().filter_map(|key| boundaries.push(key)).collect();
            rows.extend(boundaries.finish());
            rows
        };
        let entries = file.manifest.file_entries().unwrap();
        let parts = entries.iter().map(|entry| Role::Name.hash(entry.name.as_bytes())).collect();
        let content = file.manifest.content_rows().iter();
        let content = content.map(|row| *row.digest.as_bytes()).collect();
        prop_assert_eq!(found, [rule(parts), rule(content)].concat());
    }
}

/// Header, directory and one block are all that is needed to hold a row against the head.
#[test]
fn one_block_and_the_directory_prove_a_row() {
    let file = with_sha256(ten());
    let bytes = written(&file, 3);
    // First read: the trailer tells where the directory begins.
    let end = bytes.len() - 9;
    let start = index(u64::from_le_bytes(bytes[end + 1..].try_into().unwrap()));
    // Second read: header and directory.
    let header = &bytes[..items(&bytes)[0].end];
    let header: Header = decode(Reader::new(header).bytes(usize::MAX).unwrap()).unwrap();
    let blocks = described(Reader::new(&bytes[start..end]).bytes(usize::MAX).unwrap());
    assert!(blocks.len() > 4, "{} blocks", blocks.len());
    let mut roots = directory::Roots::new();
    blocks.iter().try_for_each(|block| roots.push(block)).unwrap();
    assert_eq!(roots.check(FileTree::Parts, &header.head.parts), Ok(()));
    assert_eq!(roots.check(FileTree::Content, header.content().unwrap()), Ok(()));
    assert_eq!(roots.check(FileTree::Sha256, &header.sha256.unwrap()), Ok(()));
    assert_eq!(header.head.id(), file.manifest.id());
    for wanted in file.manifest.file_entries().unwrap() {
        // Third read: the last block whose first key is not greater.
        let key = Role::Name.hash(wanted.name.as_bytes());
        let parts = blocks.iter().filter(|block| block.tree == FileTree::Parts);
        let number = parts.filter(|block| block.key <= key).count() - 1;
        let before: u64 = blocks[number..].iter().map(|block| block.length).sum();
        let at = start - index(before);
        let item = &bytes[at..at + index(blocks[number].length)];
        let (rows, digests) = rows(Reader::new(item).bytes(usize::MAX).unwrap());
        let at = rows.iter().position(|row| row == wanted).expect("the row is in the block");
        assert_eq!(digests[at], Sha256::of(wanted.name.as_bytes()));
        let leaves = rows.iter().map(|row| {
            let key = Role::Name.hash(row.name.as_bytes());
            tree::Leaf { key, value: Role::Entry.hash(&encode(row)), count: 1, bytes: row.size }
        });
        assert_eq!(tree::root(tree::Kind::Parts, leaves), Ok(blocks[number].summary));
        let keys: Vec<_> = rows.iter().map(|row| Role::Name.hash(row.name.as_bytes())).collect();
        let root = crate::manifest::index::root(&keys, &rows, &digests);
        assert_eq!(root.ok(), blocks[number].sha256);
    }
}

fn described(directory: &[u8]) -> Vec<Described> {
    let mut reader = Reader::new(directory);
    let len = reader.array(usize::MAX).unwrap();
    reader.exactly(2).unwrap();
    let described = |_| {
        let len = reader.array(5).unwrap();
        let tree = [FileTree::Parts, FileTree::Content][index(reader.uint().unwrap())];
        Described {
            tree,
            key: reader.fixed().unwrap(),
            summary: Codec::decode(&mut reader).unwrap(),
            length: reader.uint().unwrap(),
            sha256: (len == 5).then(|| Codec::decode(&mut reader).unwrap()),
        }
    };
    (1..len).map(described).collect()
}

/// Entries and SHA-256 of a block.
fn rows(block: &[u8]) -> (Vec<FileEntry>, Vec<Sha256>) {
    let mut reader = Reader::new(block);
    reader.exact_array(5).unwrap();
    reader.exactly(0).unwrap();
    Summary::decode(&mut reader).unwrap();
    let len = reader.array(usize::MAX).unwrap();
    let rows = (0..len).map(|_| FileEntry::decode(&mut reader).unwrap()).collect();
    let (digests, _) = reader.bytes(usize::MAX).unwrap().as_chunks::<32>();
    (rows, digests.iter().copied().map(Sha256::from_bytes).collect())
}

#[test]
fn an_empty_manifest_has_a_file_without_blocks() {
    let manifest = files(&[]);
    let header = [b"\xa2\x61v\x01\x64head", &encode(manifest.head())[..]].concat();
    // h'..' header, << [2] >>, h'<offset of the directory>'
    let mut expected = vec![0x58, u8::try_from(header.len()).unwrap()];
    expected.extend(&header);
    let offset = u64::try_from(expected.len()).unwrap();
    expected.extend([0x42, 0x81, 0x02, 0x48]);
    expected.extend(offset.to_le_bytes());
    assert_eq!(manifest.to_bytes(), expected);
    assert_eq!(Manifest::decode(&expected), Ok(manifest.clone()));
    let hashed = with_sha256(manifest);
    assert_eq!(ManifestFile::decode(&hashed.to_bytes()), Ok(hashed));
}

#[test]
fn a_manifest_reads_from_a_file_with_sha256_and_leaves_it_out() {
    let file = with_sha256(ten());
    let bytes = file.to_bytes();
    assert_eq!(Manifest::decode(&bytes).as_ref(), Ok(&file.manifest));
    let read = Manifest::read_from(bytes.as_slice()).unwrap();
    assert_eq!(read, file.manifest);
    assert_ne!(read.to_bytes(), bytes);
    assert_eq!(ManifestFile::new(read).to_bytes(), file.manifest.to_bytes());
}

#[test]
fn more_rows_than_one_block_holds_read_back() {
    let entries: Vec<FileEntry> =
        (0..3 * BLOCK_ROWS).map(|i| entry(&format!("{i}"), &format!("{}", i / 2))).collect();
    let file = with_sha256(Manifest::files(entries, NameProfile::Any).unwrap());
    let bytes = file.to_bytes();
    let blocks = items(&bytes).len() - 3;
    assert!((6..20).contains(&blocks), "{blocks} blocks");
    assert_eq!(ManifestFile::decode(&bytes), Ok(file));
}

#[test]
fn the_largest_block_is_allowed() {
    let longest = TensorEntry {
        name: "n".repeat(crate::limits::MAX_NAME),
        size: u64::MAX,
        dtype: Dtype::F8E5M2Fnuz,
        shape: decode::<Shape>(
            &[&[0x98, 64][..], &[[0x1b, 255, 255, 255, 255, 255, 255, 255, 255]; 64].concat()]
                .concat(),
        )
        .unwrap(),
        digest: Digest::of(b""),
    };
    let row = encode(&longest).len() + 32;
    assert!(row * BLOCK_ROWS + 256 < crate::limits::MAX_BLOCK, "{row} bytes a row");
    assert!((row + 350) * BLOCK_ROWS > crate::limits::MAX_BLOCK, "{row} bytes a row");
}

#[test]
fn an_index_of_another_manifest_is_refused() {
    let (_, index) = with_sha256(ten()).into_parts();
    let other = files(&[("a", "x")]);
    let (found, expected) = (ten().id(), other.id());
    assert_eq!(
        ManifestFile::with_sha256(other, index.unwrap()),
        Err(IndexError::OtherManifest { found, expected })
    );
}

#[test]
fn a_claimed_length_allocates_nothing() {
    // A byte string of 2^24 bytes, of which three arrive.
    let mut input = Input::new(Stream(&b"\x5a\x01\x00\x00\x00abc"[..]));
    let fault = input.item(usize::MAX).unwrap_err();
    assert!(matches!(
        fault,
        ManifestReadError::File(ManifestFileError::Truncated { start: 0, offset: 8 })
    ));
    assert!(input.capacity() < 1 << 10, "{}", input.capacity());
}
