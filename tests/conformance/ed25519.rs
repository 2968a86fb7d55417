//! Which Ed25519 keys and signatures are accepted.

use datadeed::key::{PublicKey, Signature};
use ed25519_dalek::VerifyingKey;

use super::{list, suite, text, unhex};

/// A key, a message and a signature, as a suite gives them.
struct Case {
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Case {
    /// Whether the crate accepts it; a key refused at load makes it invalid.
    fn is_accepted(&self) -> bool {
        let Some((key, signature)) = self.sized() else { return false };
        PublicKey::from_bytes(key)
            .is_ok_and(|key| key.verify(&self.message, &Signature::from_bytes(signature)).is_ok())
    }

    /// Whether `verify_strict` alone accepts it, without this crate's checks at load.
    fn is_accepted_raw(&self) -> bool {
        let Some((key, signature)) = self.sized() else { return false };
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        VerifyingKey::from_bytes(&key)
            .is_ok_and(|key| key.verify_strict(&self.message, &signature).is_ok())
    }

    /// Key and signature, where they have the right length.
    fn sized(&self) -> Option<([u8; 32], [u8; 64])> {
        Some((self.key.as_slice().try_into().ok()?, self.signature.as_slice().try_into().ok()?))
    }
}

/// The numbers of the cases that `accepts` accepts.
fn accepted(cases: &[(u64, Case)], accepts: fn(&Case) -> bool) -> Vec<u64> {
    cases.iter().filter(|(_, case)| accepts(case)).map(|(number, _)| *number).collect()
}

fn cctv() -> Vec<(u64, Case)> {
    let suite = suite("cctv-ed25519.json");
    let cases: Vec<(u64, Case)> = list(&suite)
        .iter()
        .map(|case| {
            let parsed = Case {
                key: unhex(text(case, "key")),
                message: text(case, "msg").into(),
                signature: unhex(text(case, "sig")),
            };
            (case["number"].as_u64().unwrap(), parsed)
        })
        .collect();
    assert_eq!(cases.len(), 914);
    cases
}

fn speccheck() -> Vec<(u64, Case)> {
    let suite = suite("speccheck-ed25519.json");
    let cases: Vec<(u64, Case)> = (0..)
        .zip(list(&suite))
        .map(|(number, case)| {
            let parsed = Case {
                key: unhex(text(case, "pub_key")),
                message: unhex(text(case, "message")),
                signature: unhex(text(case, "signature")),
            };
            (number, parsed)
        })
        .collect();
    assert_eq!(cases.len(), 12);
    cases
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_wycheproof_ed25519() {
    let suite = suite("wycheproof-ed25519.json");
    let (mut valid, mut invalid) = (0, 0);
    for group in list(&suite["testGroups"]) {
        let key = unhex(text(&group["publicKey"], "pk"));
        for test in list(&group["tests"]) {
            let case = Case {
                key: key.clone(),
                message: unhex(text(test, "msg")),
                signature: unhex(text(test, "sig")),
            };
            let expected = match text(test, "result") {
                "valid" => true,
                "invalid" => false,
                other => panic!("unknown result {other}"),
            };
            assert_eq!(case.is_accepted(), expected, "{test}");
            *(if expected { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert_eq!((valid, invalid), (88, 63));
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cctv_loader_accepts_exactly_305() {
    assert_eq!(accepted(&cctv(), Case::is_accepted), [305]);
}

/// The strict verifier underneath still has the accept set that the checks at load were chosen for.
#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cctv_raw_strict_accepts_what_its_rule_says() {
    let suite = suite("cctv-ed25519.json");
    let refused = ["low_order_A", "low_order_R", "low_order_residue"];
    let by_rule: Vec<u64> = list(&suite)
        .iter()
        .filter(|case| {
            let flags = case["flags"].as_array().map_or(&[][..], Vec::as_slice);
            !flags.iter().any(|flag| refused.iter().any(|name| flag == name))
        })
        .map(|case| case["number"].as_u64().unwrap())
        .collect();
    assert_eq!(by_rule.len(), 43);
    assert_eq!(accepted(&cctv(), Case::is_accepted_raw), by_rule);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_speccheck_loader_accepts_none() {
    assert_eq!(accepted(&speccheck(), Case::is_accepted), [0_u64; 0]);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_speccheck_raw_strict_accepts_exactly_3() {
    assert_eq!(accepted(&speccheck(), Case::is_accepted_raw), [3]);
}
