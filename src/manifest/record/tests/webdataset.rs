use super::tar::{GNU, Head, POSIX, Tar, digits, head};
use super::*;
use crate::cbor::{Codec as _, Writer};
use crate::limits::MAX_SAMPLE;

/// The record of a sample with these members, in bytewise order of extensions.
fn sample(members: &[(&str, &[u8])]) -> (Digest, u64) {
    let mut canonical = Writer::new();
    canonical.array(members.len());
    for (extension, content) in members {
        let (digest, size) = record(content);
        canonical.array(3);
        canonical.text(extension);
        canonical.uint(size);
        digest.encode(&mut canonical);
    }
    record(canonical.as_bytes())
}

fn samples(archive: &[u8]) -> Result<Vec<(Digest, u64)>, RecordError> {
    let found = records(&RecordRule::WebDataset, archive);
    assert_eq!(in_pieces(&RecordRule::WebDataset, archive, &[1]), found);
    found
}

fn fault(offset: u64, fault: RecordFault) -> Result<Vec<(Digest, u64)>, RecordError> {
    Err(RecordError { offset, fault })
}

#[test]
fn members_with_one_key_that_follow_each_other_are_a_sample() {
    let archive = Tar::default()
        .entry("d.x/", b'5', b"")
        .file("d.x/1.seg.png", b"mask")
        .file("d.x/1.JPG", b"picture")
        .entry("d.x/inner/", b'5', b"")
        .file("d.x/1.cls", b"3")
        .file("d.x/2.cls", b"3")
        .file("e/2.cls", b"3")
        .end();
    let first = sample(&[("cls", b"3"), ("jpg", b"picture"), ("seg.png", b"mask")]);
    let other = sample(&[("cls", b"3")]);
    assert_eq!(samples(&archive), Ok(vec![first, other, other]));
}

#[test]
fn neither_the_order_of_members_nor_the_key_is_in_the_record() {
    let one = Tar::default().file("1.a", b"x").file("1.b", b"y").end();
    let other = Tar::default().file("k/2.b", b"y").file("k/2.a", b"x").end();
    assert_eq!(samples(&one), samples(&other));
    assert_eq!(RecordRule::WebDataset.digest_of(&one), RecordRule::WebDataset.digest_of(&other));
}

#[test]
fn two_members_with_one_extension_are_refused() {
    let duplicate = RecordFault::DuplicateExtension { extension: "jpg".into() };
    let archive = Tar::default().file("1.jpg", b"").file("1.JPG", b"").end();
    assert_eq!(samples(&archive), fault(512, duplicate));
}

#[test]
fn a_member_without_key_or_extension_is_refused() {
    for name in ["README", "d.x/README", ".hidden", "d/.a.b", "a.", "d/a.", "a.b c", "a.é"] {
        let archive = Tar::default().file(name, b"").end();
        assert_eq!(samples(&archive), fault(0, RecordFault::NoSample { name: name.into() }));
    }
}

#[test]
fn a_name_may_be_long_in_every_way_tar_knows() {
    let long = format!("{}/1.txt", "d".repeat(150));
    let expected = Ok(vec![sample(&[("json", b"{}"), ("txt", b"t")])]);
    let second = |tar: Tar| {
        let prefix = "d".repeat(150);
        let size = digits(2);
        let block = Head { magic: POSIX, prefix: &prefix, ..head("1.json", b'0', &size) }.block();
        tar.raw(&block).raw(b"{}").end()
    };
    let pax = format!("{} path={long}\n", long.len() + 10);
    assert_eq!(samples(&second(Tar::default().pax(pax.as_bytes()).file("x.y", b"t"))), expected);
    let size = digits(long.len() + 1);
    let block = Head { magic: GNU, ..head("././@LongLink", b'L', &size) }.block();
    let gnu = Tar::default().raw(&block).raw(format!("{long}\0").as_bytes()).file("x.y", b"t");
    assert_eq!(samples(&second(gnu)), expected);
}

#[test]
fn gnu_tar_has_no_beginning_of_a_name_where_posix_has() {
    let size = digits(0);
    let block = Head { magic: GNU, prefix: "14000000000", ..head("1.a", b'0', &size) }.block();
    let archive = Tar::default().raw(&block).file("1.b", b"").end();
    assert_eq!(samples(&archive).unwrap().len(), 1);
}

#[test]
fn a_document_is_one_sample() {
    let rule = RecordRule::WebDataset;
    let refused = |found| Err(RecordError { offset: 0, fault: RecordFault::Samples { found } });
    assert_eq!(rule.digest_of(&Tar::default().end()), refused(0));
    let two = Tar::default().file("1.a", b"").file("2.a", b"").end();
    assert_eq!(rule.digest_of(&two), refused(2));
    let one = Tar::default().file("1.a", b"x").end();
    assert_eq!(rule.digest_of(&one), Ok(sample(&[("a", b"x")]).0));
}

#[test]
fn a_sample_has_a_limit() {
    let mut archive = Tar::default();
    for number in 0..=MAX_SAMPLE {
        archive = archive.file(&format!("1.{number}"), b"");
    }
    let archive = archive.end();
    let too_many = RecordFault::TooManyMembers { limit: MAX_SAMPLE };
    let offset = u64::try_from(MAX_SAMPLE * 512).unwrap();
    assert_eq!(records(&RecordRule::WebDataset, &archive), fault(offset, too_many));
}
