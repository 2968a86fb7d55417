use proptest::prelude::*;

use super::*;
use crate::key::SigningKey;
use crate::log::{LogKey, UnverifiedCheckpoint, VerifiedCheckpoint};

/// The example of C2SP tlog-cosignature.
const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(origin(), 12, Sha256::from_bytes([3; 32])).unwrap()
}

fn signed() -> SignedCheckpoint {
    checkpoint().sign(&key(1), now()).unwrap()
}

fn pinned() -> LogKey {
    LogKey::new(origin(), key(1).public_key())
}

fn verify(bytes: &[u8]) -> Result<VerifiedCheckpoint, UnverifiedCheckpoint> {
    SignedCheckpoint::decode(bytes).unwrap().verify(&pinned())
}

#[test]
fn the_example_of_the_specification_reads_back() {
    let signed = SignedCheckpoint::decode(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(signed.to_bytes(), EXAMPLE.as_bytes());
    assert_eq!(signed.checkpoint().origin().as_str(), "example.com/behind-the-sofa");
    assert_eq!(signed.checkpoint().size(), 20_852_163);
    assert_eq!(signed.checkpoint().to_text(), signed.text());
    let names: Vec<&str> = signed.signers().map(Origin::as_str).collect();
    assert_eq!(names, ["example.com/behind-the-sofa", "witness.example.com/w1"]);
    let (time, _) = signed.lines[1].signature.split_first_chunk().unwrap();
    assert_eq!(
        cosigned_text(u64::from_be_bytes(*time), "").lines().nth(1),
        Some("time 1679315147")
    );
}

#[test]
fn a_checkpoint_that_was_signed_verifies_and_says_when() {
    let verified = verify(&signed().to_bytes()).unwrap();
    assert_eq!(verified.checkpoint(), &checkpoint());
    assert_eq!((verified.claimed_at(), verified.log()), (Some(now()), &pinned()));
    assert_eq!(verified.signed(), &signed());
}

#[test]
fn what_is_signed_is_the_documented_text() {
    let text = "registry.example/log\n12\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n";
    assert_eq!(checkpoint().to_text(), text);
    let [plain, timed] = signed().lines.try_into().unwrap();
    assert_eq!(plain.signature, key(1).sign(text.as_bytes()).unwrap().as_bytes());
    let message = format!("cosignature/v1\ntime 1800000000\n{text}");
    let (time, signature) = timed.signature.split_at(8);
    assert_eq!(time, 1_800_000_000_u64.to_be_bytes());
    assert_eq!(signature, key(1).sign(message.as_bytes()).unwrap().as_bytes());
    let public = key(1).public_key();
    let id = |kind: u8| {
        let bytes = [b"registry.example/log\n", &[kind][..], public.as_bytes()];
        Sha256::of(&bytes.concat()).as_bytes()[..4].to_vec()
    };
    assert_eq!((plain.key.to_vec(), timed.key.to_vec()), (id(1), id(4)));
}

#[test]
fn bytes_that_are_no_checkpoint_are_named() {
    use CheckpointError as E;
    let root = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
    let line = "\u{2014} a AAAAAAE=";
    let note = |text: &str| format!("{text}\n\n{line}\n");
    let good = note(&format!("a\n1\n{root}"));
    assert!(SignedCheckpoint::decode(good.as_bytes()).is_ok());
    let size = |found: &str| E::Size { found: found.into() };
    let of_size = |size: &str| note(&format!("a\n{size}\n{root}"));
    let of_root = |root: &str| (note(&format!("a\n1\n{root}")), E::Root { found: root.into() });
    let signed_by =
        |line: &str| (format!("a\n1\n{root}\n\n{line}\n"), E::SignatureLine { found: line.into() });
    let found = Sha256::from_bytes([3; 32]);
    let cases = [
        (String::new(), E::NoSignature),
        (format!("a\n1\n{root}\n"), E::NoSignature),
        (format!("a\n1\n{root}\n\n"), E::NoSignature),
        (format!("a\n1\n{root}\n\n{line}"), E::Unterminated),
        (good.replace('a', "a\r"), E::Control { offset: 1 }),
        (note("a"), E::Lines { found: 1 }),
        (note("a\n1"), E::Lines { found: 2 }),
        (note(&format!("\n1\n{root}")), E::EmptyLine { line: 1 }),
        (note(&format!("a\n1\n{root}\n\nb")), E::EmptyLine { line: 4 }),
        (note(&format!("a b\n1\n{root}")), E::Origin(TextError::Name { found: "a b".into() })),
        (of_size("01"), size("01")),
        (of_size("+1"), size("+1")),
        (of_size("-1"), size("-1")),
        (of_size("18446744073709551616"), size("18446744073709551616")),
        (of_size("0"), E::EmptyLog { found }),
        of_root("AwMD"),
        of_root("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwN="),
        of_root("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"),
        signed_by("- a AAAAAAE="),
        signed_by("\u{2014} a"),
        signed_by("\u{2014}  AAAAAAE="),
        signed_by("\u{2014} a+b AAAAAAE="),
        signed_by("\u{2014} a AAAAAA=="),
        signed_by("\u{2014} a AAAAAAF="),
        signed_by("\u{2014} a b AAAAAAE="),
    ];
    for (note, error) in cases {
        assert_eq!(SignedCheckpoint::decode(note.as_bytes()), Err(error), "{note}");
    }
    assert_eq!(SignedCheckpoint::decode(b"a\xff"), Err(E::Utf8 { offset: 1 }));
    let limit = MAX_CHECKPOINT;
    let large = vec![b'a'; limit + 1];
    assert_eq!(SignedCheckpoint::decode(&large), Err(E::TooLarge { found: limit + 1, limit }));
}

#[test]
fn an_empty_log_has_the_root_of_nothing() {
    let empty = Checkpoint::new(origin(), 0, Sha256::of(b"")).unwrap();
    assert_eq!((empty.size(), empty.root()), (0, Sha256::of(b"")));
    let found = Sha256::of(b"something");
    assert_eq!(Checkpoint::new(origin(), 0, found), Err(CheckpointError::EmptyLog { found }));
}

#[test]
fn extension_lines_are_kept_and_signed() {
    let text = format!("{}more\nand more\n", checkpoint().to_text());
    let signature = key(1).sign(text.as_bytes()).unwrap();
    let line = Line::new(&origin(), ED25519, &key(1).public_key(), signature.as_bytes()).to_text();
    let verified = verify(format!("{text}\n{line}").as_bytes()).unwrap();
    assert_eq!(verified.checkpoint().extensions(), ["more", "and more"]);
    assert_eq!(verified.checkpoint().to_text(), text);
    assert_eq!(verified.claimed_at(), None);
    assert_eq!(verified.age(now()), Err(crate::log::AgeError::Untimed));
    let less = format!("{}more\n\n{line}", checkpoint().to_text());
    assert_eq!(verify(less.as_bytes()), Err(UnverifiedCheckpoint::BadSignature { name: origin() }));
}

#[test]
fn a_checkpoint_of_another_log_or_key_is_refused() {
    let other = Origin::new("registry.example/other").unwrap();
    let theirs = Checkpoint::new(other.clone(), 12, checkpoint().root()).unwrap();
    let theirs = theirs.sign(&key(1), now()).unwrap();
    assert_eq!(
        theirs.verify(&pinned()),
        Err(UnverifiedCheckpoint::OtherLog { found: other, expected: origin() })
    );
    assert_eq!(
        checkpoint().sign(&key(2), now()).unwrap().verify(&pinned()),
        Err(UnverifiedCheckpoint::NotSigned { name: origin() })
    );
}

/// The name and the four bytes say whose a line is, so a line that lies is no unknown one.
#[test]
fn a_line_that_only_says_it_is_of_the_log_is_refused() {
    let bad = Err(UnverifiedCheckpoint::BadSignature { name: origin() });
    let with = |kind, signature: &[u8]| {
        let mut signed = signed();
        signed.push(Line::new(&origin(), kind, &key(1).public_key(), signature));
        signed.verify(&pinned())
    };
    assert_eq!(with(ED25519, &[0; 64]), bad);
    assert_eq!(with(ED25519, &[0; 63]), bad);
    assert_eq!(with(COSIGNATURE, &[0; 72]), bad);
    assert_eq!(with(COSIGNATURE, &[0; 7]), bad);
    // Sound, of a time that this crate cannot hold.
    let seconds = Timestamp::MAX.seconds() + 1;
    let message = cosigned_text(seconds, &checkpoint().to_text());
    let signature = key(1).sign(message.as_bytes()).unwrap();
    let late = [&seconds.to_be_bytes()[..], signature.as_bytes()].concat();
    assert_eq!(with(COSIGNATURE, &late), bad);
}

#[test]
fn lines_of_unknown_keys_and_kinds_are_kept_and_count_for_nothing() {
    let mut signed = signed();
    signed.push(Line::new(&origin(), 0x06, &key(1).public_key(), &[0; 72]));
    signed.push(Line::new(&origin(), ED25519, &key(2).public_key(), &[0; 64]));
    let elsewhere = Origin::new("registry.example/elsewhere").unwrap();
    signed.push(Line::new(&elsewhere, ED25519, &key(1).public_key(), &[0; 64]));
    let verified = verify(&signed.to_bytes()).unwrap();
    assert_eq!(verified.signed(), &signed);
    for unknown in 2..5 {
        let mut alone = signed.clone();
        alone.lines = vec![signed.lines[unknown].clone()];
        assert_eq!(
            verify(&alone.to_bytes()),
            Err(UnverifiedCheckpoint::NotSigned { name: origin() })
        );
    }
}

/// It says that the key saw this, not that the log states it.
#[test]
fn a_cosignature_of_the_log_is_not_its_signature() {
    let mut signed = signed();
    signed.lines.remove(0);
    assert_eq!(signed.verify(&pinned()), Err(UnverifiedCheckpoint::NotSigned { name: origin() }));
}

#[test]
fn the_latest_time_that_the_log_signed_counts() {
    let earlier = Timestamp::from_seconds(now().seconds() - 60).unwrap();
    let refreshed = checkpoint().sign(&key(1), earlier).unwrap().join(&signed()).unwrap();
    assert_eq!(refreshed.signers().count(), 3);
    assert_eq!(refreshed.verify(&pinned()).unwrap().claimed_at(), Some(now()));
}

#[test]
fn only_signatures_of_the_same_text_are_joined() {
    assert_eq!(signed().join(&signed()), Ok(signed()));
    let other = Checkpoint::new(origin(), 13, checkpoint().root()).unwrap();
    let other = other.sign(&key(1), now()).unwrap();
    assert_eq!(signed().join(&other), Err(CheckpointError::OtherText));
    let mut large = signed();
    large.push(Line::new(&origin(), 0xff, &key(3).public_key(), &vec![0; 99_000]));
    let found = large.to_bytes().len();
    let limit = MAX_CHECKPOINT;
    assert!(found > limit);
    assert_eq!(signed().join(&large), Err(CheckpointError::TooLarge { found, limit }));
}

#[test]
fn an_age_is_counted_from_the_past_alone() {
    let verified = verify(&signed().to_bytes()).unwrap();
    let later = Timestamp::from_seconds(now().seconds() + 90).unwrap();
    assert_eq!(verified.age(later), Ok(std::time::Duration::from_secs(90)));
    assert_eq!(verified.age(now()), Ok(std::time::Duration::ZERO));
    let earlier = Timestamp::from_seconds(now().seconds() - 1).unwrap();
    let error = crate::log::AgeError::Future { time: now(), now: earlier };
    assert_eq!(verified.age(earlier), Err(error));
}

proptest! {
    #[test]
    fn every_flipped_bit_is_refused_or_hides_the_time(
        at in any::<prop::sample::Index>(), bit in 0_u8..8
    ) {
        let mut bytes = signed().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let Ok(changed) = SignedCheckpoint::decode(&bytes) else { return Ok(()) };
        prop_assert_eq!(changed.to_bytes(), bytes);
        // A line whose name or key id is another is one of an unknown key.
        if let Ok(verified) = changed.verify(&pinned()) {
            prop_assert_eq!(verified.checkpoint(), &checkpoint());
            prop_assert_eq!(verified.claimed_at(), None);
        }
    }

    #[test]
    fn a_checkpoint_reads_back(
        name in "[a-z0-9./-]{1,60}", size in 1_u64.., root: [u8; 32], seconds in 0_u64..4_000_000_000,
    ) {
        let (origin, now) = (Origin::new(name).unwrap(), Timestamp::from_seconds(seconds).unwrap());
        let checkpoint = Checkpoint::new(origin.clone(), size, Sha256::from_bytes(root)).unwrap();
        let signed = checkpoint.sign(&key(1), now).unwrap();
        let decoded = SignedCheckpoint::decode(&signed.to_bytes());
        prop_assert_eq!(decoded.as_ref(), Ok(&signed));
        let verified = signed.verify(&LogKey::new(origin, key(1).public_key())).unwrap();
        prop_assert_eq!((verified.checkpoint(), verified.claimed_at()), (&checkpoint, Some(now)));
    }
}

/// Each line of a known key is verified, so there are not many.
#[test]
fn signatures_under_a_checkpoint_are_few() {
    let text = String::from_utf8(signed().to_bytes()).unwrap();
    let line = text.lines().last().unwrap();
    let with = |count: usize| format!("{text}{}", format!("{line}\n").repeat(count)).into_bytes();
    let lines = signed().signers().count();
    assert!(SignedCheckpoint::decode(&with(MAX_SIGNATURES - lines)).is_ok());
    let found = MAX_SIGNATURES + 1;
    let error = CheckpointError::TooManySignatures { found, limit: MAX_SIGNATURES };
    assert_eq!(SignedCheckpoint::decode(&with(found - lines)), Err(error));
}

/// Nor are more written.
#[test]
fn a_checkpoint_is_cosigned_only_as_often_as_it_is_read() {
    let mut full = signed().verify(&LogKey::new(origin(), key(1).public_key())).unwrap();
    let witness = |number: usize| Origin::new(format!("{number}.example")).unwrap();
    let now = Timestamp::from_seconds(0).unwrap();
    for number in full.signed().signers().count()..MAX_SIGNATURES {
        let cosigned = full.cosign(&witness(number), &key(2), now).unwrap();
        full = cosigned.verify(&LogKey::new(origin(), key(1).public_key())).unwrap();
    }
    let error = full.cosign(&witness(MAX_SIGNATURES), &key(2), now).unwrap_err();
    let reason = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(reason, "65 signatures, at most 64 allowed");
}
