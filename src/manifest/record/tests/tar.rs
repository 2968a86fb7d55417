use proptest::prelude::*;

use super::*;
use crate::limits::{MAX_NAME, MAX_TAR_HEADER};

/// An archive that is being written.
#[derive(Clone, Default)]
pub(super) struct Tar(Vec<u8>);

/// The fields of a header.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) kind: u8,
    pub(super) size: &'a [u8],
    pub(super) magic: &'a [u8; 8],
    pub(super) prefix: &'a str,
}

pub(super) const POSIX: &[u8; 8] = b"ustar\x0000";
pub(super) const GNU: &[u8; 8] = b"ustar  \0";

impl Head<'_> {
    /// 512 bytes with a sound checksum.
    pub(super) fn block(&self) -> [u8; 512] {
        let mut block = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, self.name.as_bytes());
        put(100, b"0000644\0");
        put(124, self.size);
        put(148, b"        ");
        put(156, &[self.kind]);
        put(257, self.magic);
        put(345, self.prefix.as_bytes());
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

pub(super) fn head<'a>(name: &'a str, kind: u8, size: &'a [u8]) -> Head<'a> {
    Head { name, kind, size, magic: POSIX, prefix: "" }
}

pub(super) fn digits(size: usize) -> Vec<u8> {
    format!("{size:011o}\0").into_bytes()
}

impl Tar {
    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(super) fn entry(self, name: &str, kind: u8, content: &[u8]) -> Self {
        let size = digits(content.len());
        self.raw(&head(name, kind, &size).block()).raw(content)
    }

    pub(super) fn file(self, name: &str, content: &[u8]) -> Self {
        self.entry(name, b'0', content)
    }

    pub(super) fn pax(self, records: &[u8]) -> Self {
        self.entry("pax", b'x', records)
    }

    /// With its end.
    pub(super) fn end(self) -> Vec<u8> {
        self.raw(&[0; 1024]).0
    }
}

fn tar(archive: &[u8]) -> Result<Vec<(Digest, u64)>, RecordError> {
    let rule = RecordRule::TarMember;
    let found = records(&rule, archive);
    assert_eq!(in_pieces(&rule, archive, &[1]), found);
    assert_eq!(in_pieces(&rule, archive, &[512, 7]), found);
    found
}

#[track_caller]
fn refused(archive: &[u8], offset: u64, fault: TarFault) {
    assert_eq!(tar(archive), Err(RecordError { offset, fault: RecordFault::Tar(fault) }));
}

#[test]
fn every_regular_file_is_a_record_and_directories_are_not() {
    let archive = Tar::default()
        .entry("d/", b'5', b"")
        .file("d/a", b"one")
        .entry("d/old", 0, &[0x5a; 513])
        .file("d/empty", b"")
        .file("d/b", &[0x5a; 512])
        .end();
    let expected = vec![record("one"), record([0x5a; 513]), record(""), record([0x5a; 512])];
    assert_eq!(tar(&archive), Ok(expected));
}

#[test]
fn an_archive_without_members_is_sound() {
    assert_eq!(tar(&Tar::default().end()), Ok(vec![]));
    let padded = Tar::default().file("a", b"1").raw(&[0; 10_240]).0;
    assert_eq!(tar(&padded), Ok(vec![record("1")]));
}

#[test]
fn an_archive_ends_with_two_zero_blocks() {
    let archive = Tar::default().file("a", b"one").end();
    for cut in [0, 1, 511, 512, 514, 1024, 1536, 2047] {
        refused(&archive[..cut], u64::try_from(cut).unwrap(), TarFault::Truncated);
    }
    assert_eq!(archive.len(), 2048);
}

#[test]
fn nothing_but_zeros_follows_the_end() {
    let twice = [Tar::default().end(), Tar::default().file("a", b"1").end()].concat();
    refused(&twice, 1024, TarFault::Trailing);
    let after_one_block = Tar::default().raw(&[0; 512]).file("a", b"1").end();
    refused(&after_one_block, 512, TarFault::Trailing);
}

#[test]
fn what_has_no_header_is_no_archive() {
    refused(&[0x1f; 512], 0, TarFault::Magic);
    let v7 = Head { magic: &[0; 8], ..head("a", b'0', b"00000000000\0") };
    refused(&Tar::default().file("b", b"").raw(&v7.block()).end(), 512, TarFault::Magic);
}

#[test]
fn a_header_with_a_changed_byte_is_refused() {
    let mut archive = Tar::default().file("a", b"one").end();
    archive[1] = b'b';
    let found: u64 = archive[..512].iter().map(|byte| u64::from(*byte)).sum::<u64>()
        - archive[148..156].iter().map(|byte| u64::from(*byte)).sum::<u64>()
        + 8 * 0x20;
    refused(&archive, 0, TarFault::Checksum { found, expected: found - u64::from(b'b') });
}

#[test]
fn what_is_neither_file_nor_directory_is_refused() {
    for kind in *b"123467AKSVNDM" {
        let archive = Tar::default().entry("a", kind, b"").end();
        refused(&archive, 0, TarFault::Type { found: char::from(kind) });
    }
    // A long name is GNU tar's alone.
    refused(&Tar::default().entry("a", b'L', b"n\0").end(), 0, TarFault::Type { found: 'L' });
}

#[test]
fn a_size_is_octal_digits() {
    for size in
        [&b"0000000003 \0"[..], b"          3\0", b"000000000003", b"3\0\0\0\0\0\0\0\0\0\0\0"]
    {
        let archive = Tar::default().raw(&head("a", b'0', size).block()).raw(b"one").end();
        assert_eq!(tar(&archive), Ok(vec![record("one")]), "{size:?}");
    }
    for size in [
        &b"0000000008\0\0"[..],
        &[0; 12],
        &[b' '; 12],
        b"-0000000001\0",
        b"3\x003\0\0\0\0\0\0\0\0\0",
    ] {
        let archive = Tar::default().raw(&head("a", b'0', size).block()).end();
        refused(&archive, 0, TarFault::Number { field: "size" });
    }
}

#[test]
fn a_size_in_binary_is_gnu_tars_alone() {
    let size = b"\x80\0\0\0\0\0\0\0\0\0\0\x03";
    let gnu = Head { magic: GNU, ..head("a", b'0', size) };
    let archive = Tar::default().raw(&gnu.block()).raw(b"one").end();
    assert_eq!(tar(&archive), Ok(vec![record("one")]));
    let posix = Tar::default().raw(&head("a", b'0', size).block()).end();
    refused(&posix, 0, TarFault::Number { field: "size" });
    for size in
        [b"\x80\0\0\x01\0\0\0\0\0\0\0\0", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"]
    {
        let gnu = Head { magic: GNU, ..head("a", b'0', size) };
        refused(&Tar::default().raw(&gnu.block()).end(), 0, TarFault::Number { field: "size" });
    }
}

#[test]
fn a_huge_size_is_not_believed_but_awaited() {
    let gnu = Head { magic: GNU, ..head("a", b'0', b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff") };
    refused(&Tar::default().raw(&gnu.block()).raw(b"one").0, 1024, TarFault::Truncated);
}

#[test]
fn a_directory_has_no_content() {
    let archive = Tar::default().entry("d", b'5', b"x").end();
    refused(&archive, 0, TarFault::Size { one: 1, other: 0 });
}

#[test]
fn a_file_has_the_name_of_one() {
    for name in ["", "d/"] {
        refused(&Tar::default().file(name, b"").end(), 0, TarFault::Name { name: name.into() });
    }
    let long = |length: usize| {
        let path = format!("{} path={}\n", length + 11, "a".repeat(length));
        Tar::default().pax(path.as_bytes()).file("c", b"").end()
    };
    assert_eq!(tar(&long(MAX_NAME)), Ok(vec![record("")]));
    let name = "a".repeat(80);
    refused(&long(MAX_NAME + 1), 512 + 4_608, TarFault::Name { name });
    let nul = Tar::default().pax(b"12 path=a\0b\n").file("c", b"").end();
    refused(&nul, 1024, TarFault::Name { name: "a\0b".into() });
}

#[test]
fn an_extended_header_may_say_a_name_and_whatever_does_not_matter() {
    let archive = Tar::default()
        .entry("g", b'g', b"16 comment=hello\n")
        .pax(b"10 path=b\n20 mtime=1700000000.5\n")
        .file("a", b"one")
        .end();
    // The lengths count themselves: both are wrong by one here.
    refused(&archive, 0, TarFault::Pax);
    let archive = Tar::default()
        .entry("g", b'g', b"17 comment=hello\n")
        .pax(b"10 path=b\n22 mtime=1700000000.5\n")
        .file("a", b"one")
        .end();
    assert_eq!(tar(&archive), Ok(vec![record("one")]));
}

#[test]
fn an_extended_header_is_well_formed() {
    for records in [
        &b"8 path=b\n"[..],
        b"10 path=b",
        b"10 path=b\n\0",
        b"010 path=b\n",
        b"10\tpath=b\n",
        b"7 path\n",
        b"99 path=b\n",
        b" path=b\n",
        b"3 \n",
        b"2\n",
    ] {
        let archive = Tar::default().pax(records).file("a", b"").end();
        refused(&archive, 0, TarFault::Pax);
    }
}

#[test]
fn a_size_that_the_header_can_say_is_said_in_one_way() {
    let of = |size: &str| format!("{} size={size}\n", size.len() + 9).into_bytes();
    let same = Tar::default().pax(b"10 size=3\n").file("a", b"one").end();
    assert_eq!(tar(&same), Ok(vec![record("one")]));
    let other = Tar::default().pax(b"10 size=0\n").file("a", b"one").end();
    refused(&other, 1024, TarFault::Size { one: 3, other: 0 });
    // From 8 GiB on only the extended header can say it.
    let huge = of("8589934592");
    let archive = Tar::default().pax(&huge).file("a", b"").end();
    let end = u64::try_from(archive.len()).unwrap();
    refused(&archive, end, TarFault::Truncated);
    for size in ["", "-1", "03", "99999999999999999999", "0x3"] {
        let records = format!("{} size={size}\n", size.len() + if size.len() > 1 { 9 } else { 8 });
        let records = match size.len() {
            0 => "8 size=\n".to_owned(),
            _ => records,
        };
        let found = tar(&Tar::default().pax(records.as_bytes()).file("a", b"").end());
        let fault = found.unwrap_err().fault;
        assert!(
            matches!(fault, RecordFault::Tar(TarFault::PaxKey { .. } | TarFault::Pax)),
            "{size:?}: {fault}"
        );
    }
}

#[test]
fn where_readers_differ_on_an_extended_header_it_is_refused() {
    let key = |key: &str| TarFault::PaxKey { key: key.into() };
    for (records, fault) in [
        (&b"10 path=a\n10 path=b\n"[..], key("path")),
        (b"10 size=0\n10 size=0\n", key("size")),
        (b"8 path=\n", key("path")),
        (b"22 GNU.sparse.major=1\n", key("GNU.sparse.major")),
    ] {
        refused(&Tar::default().pax(records).file("a", b"").end(), 0, fault);
    }
    for (records, name) in [(b"10 path=a\n", "path"), (b"10 size=0\n", "size")] {
        refused(&Tar::default().entry("g", b'g', records).end(), 0, key(name));
    }
    let twice = Tar::default().pax(b"10 path=a\n").pax(b"10 path=b\n").file("c", b"").end();
    refused(&twice, 1024, TarFault::Pax);
    let last = Tar::default().pax(b"10 path=a\n").end();
    refused(&last, 1024, TarFault::Pax);
}

#[test]
fn an_extended_header_has_a_limit() {
    let found = MAX_TAR_HEADER + 1;
    let size = digits(usize::try_from(found).unwrap());
    let archive = Tar::default().raw(&head("x", b'x', &size).block()).end();
    refused(&archive, 0, TarFault::TooLong { found, limit: MAX_TAR_HEADER });
}

#[test]
fn a_long_name_of_gnu_tar_is_of_the_file_that_follows() {
    let long = |name: &[u8]| {
        let size = digits(name.len());
        let block = Head { magic: GNU, ..head("././@LongLink", b'L', &size) }.block();
        Tar::default().raw(&block).raw(name)
    };
    assert_eq!(tar(&long(b"a.txt\0").file("b", b"1").end()), Ok(vec![record("1")]));
    refused(&long(b"d/\0").file("b", b"1").end(), 1024, TarFault::Name { name: "d/".into() });
    refused(&long(b"a\0b\0").file("b", b"").end(), 1024, TarFault::Name { name: "a\0b".into() });
    refused(&long(b"a\0").pax(b"10 path=b\n").file("b", b"").end(), 1024, TarFault::Pax);
}

proptest! {
    #[test]
    fn the_members_are_the_records_wherever_pieces_are_cut(
        files in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1_200), 0..5),
        lengths in prop::collection::vec(1_usize..700, 1..4),
    ) {
        let mut archive = Tar::default();
        for (number, content) in files.iter().enumerate() {
            archive = archive.file(&format!("f{number}"), content);
        }
        let expected: Vec<_> = files.iter().map(record).collect();
        let found = in_pieces(&RecordRule::TarMember, &archive.end(), &lengths);
        prop_assert_eq!(found, Ok(expected));
    }
}
