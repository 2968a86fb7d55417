//! Trust roots and trust states with one fault each.

use datadeed::ManifestId;
use datadeed::key::{Signer as _, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::statement::{Issuer, Payload as _};

use super::maps::{ends, faults};
use super::raw::{
    Pairs, array, bytes, content, items_of, map, pairs_of, text, uint, value, without,
};
use super::{Format, Malformed};
use crate::trust::{self, BOARD};
use crate::{Seed, verify};

pub(super) fn seed(seeds: Vec<Seed>, name: &str) -> Vec<u8> {
    seeds.into_iter().find(|(known, _)| *known == name).unwrap().1
}

pub(super) fn replaced(pairs: &Pairs, key: &str, with: Vec<u8>) -> Pairs {
    let mut pairs = pairs.clone();
    *value(&mut pairs, key) = with;
    pairs
}

pub(super) fn all() -> Vec<Malformed> {
    let mut vectors = roots();
    vectors.extend(states());
    vectors
}

// ---- roots --------------------------------------------------------------------------------

/// A root in pieces; the board that signs stands in the payload.
#[derive(Clone)]
struct Root {
    header: Vec<u8>,
    unprotected: Vec<u8>,
    payload: Vec<u8>,
    signers: Vec<Signed>,
}

/// One signature of a root.
#[derive(Clone)]
struct Signed {
    header: Vec<u8>,
    seed: u8,
}

impl Root {
    fn sound() -> Self {
        let first = seed(trust::trust_root(), "first");
        let [protected, unprotected, payload, _] = items_of(&first).try_into().unwrap();
        let mut signers: Vec<_> = BOARD[..2].iter().map(|seed| Signed::by(*seed)).collect();
        signers.sort_by(|a, b| a.header.cmp(&b.header));
        let (header, payload) = (content(&protected), content(&payload));
        let sound = Self { header, unprotected, payload, signers };
        assert_eq!(sound.bytes(), first);
        sound
    }

    fn but(change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut root = Self::sound();
        change(&mut root);
        root.bytes()
    }

    fn bytes(&self) -> Vec<u8> {
        let signatures: Vec<_> = self.signers.iter().map(|one| self.signature(one)).collect();
        self.with_signatures(&array(&signatures))
    }

    fn with_signatures(&self, signatures: &[u8]) -> Vec<u8> {
        let parts = [
            bytes(&self.header),
            self.unprotected.clone(),
            bytes(&self.payload),
            signatures.to_vec(),
        ];
        [vec![0xd8, 98], array(&parts)].concat()
    }

    fn signature(&self, Signed { header, seed }: &Signed) -> Vec<u8> {
        let message = array(&[
            text("Signature"),
            bytes(&self.header),
            bytes(header),
            bytes(&[]),
            bytes(&self.payload),
        ]);
        let signature = SigningKey::from_seed(&[*seed; 32]).sign(&message).unwrap();
        array(&[bytes(header), vec![0xa0], bytes(signature.as_bytes())])
    }
}

impl Signed {
    fn by(seed: u8) -> Self {
        let key = SigningKey::from_seed(&[seed; 32]).public_key().id();
        Self { header: map(&vec![(uint(1), vec![0x32]), (uint(4), bytes(key.as_bytes()))]), seed }
    }
}

fn roots() -> Vec<Malformed> {
    let new = |name, bytes, shows| Malformed::new(Format::TrustRoot, name, bytes, shows);
    let file = pairs_of(&Root::sound().payload);
    let said = |payload: &[u8]| Root::but(|root| root.payload = payload.to_vec());
    let filed = |key: &str, with: Vec<u8>| said(&map(&replaced(&file, key, with)));
    let keys = items_of(&file[1].1);
    let (mut unordered, mut twice) = (keys.clone(), keys.clone());
    unordered.swap(0, 1);
    twice.insert(0, keys[0].clone());
    let small_order = [&[1][..], &[0; 31]].concat();
    let sound = Root::sound().bytes();
    let mut flipped = sound.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let short = {
        let root = Root::sound();
        let first = array(&[bytes(&root.signers[0].header), vec![0xa0], bytes(&[0; 63])]);
        root.with_signatures(&array(&[first]))
    };
    let of_es256 = |root: &mut Root| root.signers[0].header[2] = 0x26;
    let content_type = |root: &mut Root| {
        root.header = map(&vec![(uint(3), text("application/vnd.datadeed.trust-root.v2+cbor"))]);
    };
    let mut vectors = faults(Format::TrustRoot, "", &file, "expires", said);
    vectors.extend(ends(Format::TrustRoot, "", &sound));
    vectors.extend([
        new("alg-es256", Root::but(of_es256), "Algorithm -7"),
        new("content-type-v2", Root::but(content_type), "A content type of another version"),
        new(
            "expires-late",
            filed("expires", vec![0x1b, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80]),
            "The first second after the year 9999",
        ),
        new("board-duplicate", filed("keys", array(&twice)), "A key of the board stands twice"),
        new("board-order", filed("keys", array(&unordered)), "Keys of the board out of order"),
        new(
            "board-small-order",
            filed("keys", array(&[bytes(&small_order)])),
            "A key of small order in the board",
        ),
        new("no-tag", sound[2..].to_vec(), "COSE_Sign without its tag"),
        new("other-tag", [&[0xd2], &sound[2..]].concat(), "The tag of COSE_Sign1"),
        new("signature-flipped", flipped, "One bit of a signature differs"),
        new(
            "signature-order",
            Root::but(|root| root.signers.swap(0, 1)),
            "Signatures out of the order of their keys",
        ),
        new("signature-short", short, "A signature of 63 bytes"),
        new(
            "signature-twice",
            Root::but(|root| root.signers.insert(0, root.signers[0].clone())),
            "A signature stands twice",
        ),
        new(
            "signatures-few",
            Root::but(|root| drop(root.signers.pop())),
            "Fewer signatures than have to be there",
        ),
        new("signatures-none", Root::sound().with_signatures(&[0x80]), "No signatures"),
        new(
            "threshold-high",
            filed("threshold", uint(4)),
            "A threshold of more keys than there are",
        ),
        new("threshold-zero", filed("threshold", uint(0)), "A threshold that nobody has to meet"),
        new(
            "unprotected",
            Root::but(|root| root.unprotected = map(&vec![(uint(4), bytes(b"key"))])),
            "A key id in the unprotected header",
        ),
        new("version-2", filed("v", uint(2)), "A version that this one does not define"),
        new("version-negative", filed("version", vec![0x20]), "A version below 0"),
    ]);
    vectors
}

// ---- states -------------------------------------------------------------------------------

fn states() -> Vec<Malformed> {
    let new =
        |name, pairs: &Pairs, shows| Malformed::new(Format::TrustState, name, map(pairs), shows);
    let sound = seed(trust::trust_state(), "full");
    let file = pairs_of(&sound);
    let but = |key: &str, with: Vec<u8>| replaced(&file, key, with);
    let logs = items_of(&file[1].1);
    let [other, known] = logs.as_slice() else { panic!() };
    let list = |logs: &[&[u8]]| {
        but("logs", array(&logs.iter().map(|log| log.to_vec()).collect::<Vec<_>>()))
    };
    let log = |of: &[u8], key: &str, with: Vec<u8>| map(&replaced(&pairs_of(of), key, with));
    let note = content(&pairs_of(known)[2].1);
    let forged = String::from_utf8(note.clone()).unwrap().replacen("\n1\n", "\n2\n", 1);
    let unsound = String::from_utf8(note).unwrap().replacen("\n1\n", "\n01\n", 1);
    let noted = |note: String| {
        list(&[other.as_slice(), log(known, "checkpoint", bytes(note.as_bytes())).as_slice()])
    };
    // The same log under the key of the other one; the one with the lesser key stands first.
    let mut keys = [known, other].map(|one| log(one, "origin", text("log.example")));
    keys[0] = map(&without(pairs_of(&keys[0]), "checkpoint"));
    keys.sort_unstable();
    let chain = content(&items_of(value(&mut file.clone(), "chains"))[0]);
    let mut tagless = chain.clone();
    tagless[0] = 0xd3;
    let chains = |chains: &[&[u8]]| {
        but("chains", array(&chains.iter().map(|chain| bytes(chain)).collect::<Vec<_>>()))
    };
    let mut later = chain.clone();
    *later.last_mut().unwrap() ^= 1;
    let mut two = [chain.as_slice(), later.as_slice()];
    two.sort_unstable();
    let [lesser, greater] = two;
    let first = content(value(&mut file.clone(), "root"));
    let mut flipped = first.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let root = |root: &[u8]| but("root", bytes(root));
    let late = vec![0x1b, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80];
    let mut vectors = faults(Format::TrustState, "", &file, "time", <[u8]>::to_vec);
    vectors.truncate(vectors.len() - 1); // the map is the file
    vectors.extend(ends(Format::TrustState, "", &sound));
    vectors.extend([
        new("chain-duplicate", &chains(&[&chain, &chain]), "A statement stands twice"),
        new("chain-of-two", &chains(&[lesser, greater]), "Two last statements of one chain"),
        new(
            "chain-order",
            &chains(&[greater, lesser]),
            "Statements out of the order of their bytes",
        ),
        new("chain-unnumbered", &chains(&[&collected()]), "A statement of a kind without numbers"),
        new("chain-unsound", &chains(&[&tagless]), "A statement that is none"),
        new("checkpoint-forged", &noted(forged), "A checkpoint that its log did not sign"),
        new("checkpoint-unsound", &noted(unsound), "A checkpoint that is none"),
        new("log-duplicate", &list(&[other, other]), "A log stands twice"),
        new(
            "log-key-missing",
            &list(&[&map(&without(pairs_of(other), "key"))]),
            "A log without a key",
        ),
        new(
            "log-key-small-order",
            &list(&[&log(other, "key", bytes(&[&[1][..], &[0; 31]].concat()))]),
            "A log with a key of small order",
        ),
        new("log-order", &list(&[known, other]), "Logs out of order"),
        new(
            "log-origin",
            &list(&[&log(other, "origin", text("other example"))]),
            "An origin with a space",
        ),
        new("log-under-two-keys", &list(&[&keys[0], &keys[1]]), "One log under two keys"),
        new("root-flipped", &root(&flipped), "A trust root that its board did not sign"),
        new("root-unsound", &root(&first[2..]), "A trust root that is none"),
        new("time-late", &but("time", late), "The first second after the year 9999"),
        new("time-negative", &but("time", vec![0x20]), "A second before 1970"),
        new("version-2", &but("v", uint(2)), "A version that this one does not define"),
    ]);
    vectors
}

/// A statement of a kind whose statements have no numbers.
pub(super) fn collected() -> Vec<u8> {
    let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[35; 32]));
    let collect = Activity::new(ActivityKind::Collect).output(ManifestId::from_bytes([1; 32]), []);
    collect.sign(&curator, verify::day(1)).unwrap().as_bytes().to_vec()
}
