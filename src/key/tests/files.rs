use ed25519_dalek::pkcs8::spki::der::zeroize::ZeroizeOnDrop;

use super::*;

/// RFC 8410 section 10.3, version 1.
const V1: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";

/// RFC 8410 section 10.3, version 2: with an attribute and the public key.
const V2: &str = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";

/// RFC 8410 section 10.1.
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

/// Written by `openssl pkey -aes256` 3.0 of the key above.
const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj50dWbRDDizgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEILfXLJAD80n9d0ECMXYjZYEQOgu
ievVMAXIlpUjp1I5J9wW6yXrwspyRNmVS1pqpN64+HrY/yo8TKNPblpBdwIWDSsO
yAc9Fna9N7eGHwX2JRA=
-----END ENCRYPTED PRIVATE KEY-----
";

/// Written by `openssl genpkey -algorithm X25519` 3.0.
const X25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIOCTE05qWgZ44e/Aa5Kn7MZ+kLWNRY22sDOUya4Eqd5I
-----END PRIVATE KEY-----
";

/// Written by `openssl pkey -pubout` 3.0 of an Ed448 key.
const ED448_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MEMwBQYDK2VxAzoAY+QGAS+qzeo+hqANWeyUPQk4JoYk6zNj32ozzBmynHr+zKer
OeAo2pihQKfpsw03G+uf15002IaA
-----END PUBLIC KEY-----
";

fn key() -> SigningKey {
    SigningKey::from_seed(&hex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"))
}

/// The DER of a PEM block, by another implementation of base64.
fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(body.as_bytes()).unwrap()
}

#[track_caller]
fn refused(result: Result<SigningKey, KeyFileError>) -> KeyFileError {
    result.map(|key| key.public_key()).expect_err("no private key of this crate")
}

#[test]
fn the_keys_of_rfc_8410_are_read_and_belong_together() {
    let public = hex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    assert_eq!(key().public_key().as_bytes(), &public);
    for pem in [V1, V2] {
        assert_eq!(SigningKey::from_pkcs8_pem(pem).unwrap().public_key(), key().public_key());
        let by_der = SigningKey::from_pkcs8_der(&der(pem)).unwrap();
        assert_eq!(by_der.public_key(), key().public_key());
    }
    assert_eq!(PublicKey::from_spki_pem(PUBLIC), Ok(key().public_key()));
    assert_eq!(PublicKey::from_spki_der(&der(PUBLIC)), Ok(key().public_key()));
}

#[test]
fn files_are_written_as_openssl_writes_them() {
    assert_eq!(key().to_pkcs8_pem().as_bytes(), V1.as_bytes());
    assert_eq!(key().to_pkcs8_der().as_bytes(), der(V1));
    assert_eq!(key().public_key().to_spki_pem(), PUBLIC);
    assert_eq!(key().public_key().to_spki_der(), der(PUBLIC));
}

#[test]
fn a_file_with_the_line_ends_of_windows_and_words_around_it_is_read() {
    let text = format!("Bag Attributes\r\n{}", V1.replace('\n', "\r\n"));
    assert_eq!(SigningKey::from_pkcs8_pem(&text).unwrap().public_key(), key().public_key());
}

#[test]
fn another_public_key_than_that_of_the_secret_is_refused() {
    let mut mismatched = der(V2);
    let last = mismatched.len() - 1;
    mismatched[last] ^= 1;
    let fault = refused(SigningKey::from_pkcs8_der(&mismatched));
    assert_eq!(fault, KeyFileError::PublicKeyMismatch);
    // A sound key, but another's.
    let at = mismatched.len() - 32;
    mismatched[at..].copy_from_slice(SigningKey::from_seed(&[1; 32]).public_key().as_bytes());
    let fault = refused(SigningKey::from_pkcs8_der(&mismatched));
    assert_eq!(fault, KeyFileError::PublicKeyMismatch);
    // A bit string with an unused bit is no key at all, and must not pass for an absent one.
    let mut unused_bit = der(V2);
    unused_bit[at - 1] = 1;
    unused_bit[last] &= 0xfe;
    let fault = refused(SigningKey::from_pkcs8_der(&unused_bit));
    assert_eq!(fault, KeyFileError::PublicKeyMismatch);
}

#[test]
fn a_passphrase_is_asked_of_nobody() {
    assert_eq!(refused(SigningKey::from_pkcs8_pem(ENCRYPTED)), KeyFileError::Encrypted);
    let encrypted = der(ENCRYPTED);
    assert_eq!(refused(SigningKey::from_pkcs8_der(&encrypted)), KeyFileError::Encrypted);
    // The same structure with lengths of one, two and three bytes.
    for head in [&[0x30, 0x04][..], &[0x30, 0x81, 0x04], &[0x30, 0x82, 0x00, 0x04]] {
        let short = [head, &[0x30, 0x00, 0x04, 0x00]].concat();
        assert_eq!(refused(SigningKey::from_pkcs8_der(&short)), KeyFileError::Encrypted);
    }
    for cut in [&[0x30, 0x00][..], &[0x30, 0x02, 0x30, 0x00], &[0x30, 0x04, 0x30, 0x02, 0x04, 0x00]]
    {
        let fault = refused(SigningKey::from_pkcs8_der(cut));
        assert!(matches!(fault, KeyFileError::Der { .. }), "{fault:?}");
    }
    // A public key begins with an algorithm as well.
    let fault = refused(SigningKey::from_pkcs8_der(&der(PUBLIC)));
    assert!(matches!(fault, KeyFileError::Der { .. }), "{fault:?}");
    // Under the label of a key in clear.
    let mislabelled = ENCRYPTED.replace("ENCRYPTED PRIVATE", "PRIVATE");
    assert_eq!(refused(SigningKey::from_pkcs8_pem(&mislabelled)), KeyFileError::Encrypted);
}

#[test]
fn keys_of_other_algorithms_are_refused_by_name() {
    assert_eq!(
        refused(SigningKey::from_pkcs8_pem(X25519)),
        KeyFileError::OtherAlgorithm { found: "1.3.101.110".into() }
    );
    assert_eq!(
        PublicKey::from_spki_pem(ED448_PUBLIC),
        Err(KeyFileError::OtherAlgorithm { found: "1.3.101.113".into() })
    );
}

#[test]
fn a_public_key_file_passes_the_checks_at_load() {
    let mut identity = der(PUBLIC);
    let at = identity.len() - 32;
    identity[at..].fill(0);
    identity[at] = 1;
    let fault = PublicKey::from_spki_der(&identity);
    assert_eq!(fault, Err(KeyFileError::PublicKey(KeyError::SmallOrder)));
    let mixed = hex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d");
    identity[at..].copy_from_slice(&mixed);
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        data_encoding::BASE64.encode(&identity)
    );
    let fault = PublicKey::from_spki_pem(&pem);
    assert_eq!(fault, Err(KeyFileError::PublicKey(KeyError::Torsion)));
}

#[test]
fn a_block_of_another_kind_is_refused_by_its_label() {
    assert_eq!(
        refused(SigningKey::from_pkcs8_pem(PUBLIC)),
        KeyFileError::Label { found: "PUBLIC KEY".into(), expected: "PRIVATE KEY" }
    );
    assert_eq!(
        PublicKey::from_spki_pem(V1),
        Err(KeyFileError::Label { found: "PRIVATE KEY".into(), expected: "PUBLIC KEY" })
    );
}

#[test]
fn malformed_files_are_refused() {
    let is_der = |fault| matches!(fault, KeyFileError::Der { .. });
    let is_pem = |fault| matches!(fault, KeyFileError::Pem { .. });
    let (v1, v2) = (der(V1), der(V2));
    for len in 0..v2.len() {
        assert!(is_der(refused(SigningKey::from_pkcs8_der(&v2[..len]))), "{len}");
    }
    for len in 0..der(PUBLIC).len() {
        assert!(is_der(PublicKey::from_spki_der(&der(PUBLIC)[..len]).unwrap_err()), "{len}");
    }
    assert!(is_der(refused(SigningKey::from_pkcs8_der(&[&v1[..], &[0]].concat()))));
    // Version 2 without a public key, and version 1 with one.
    let mut version = v1;
    version[4] = 1;
    assert!(is_der(refused(SigningKey::from_pkcs8_der(&version))));
    let mut version = v2;
    version[4] = 0;
    assert!(is_der(refused(SigningKey::from_pkcs8_der(&version))));
    assert!(is_pem(refused(SigningKey::from_pkcs8_pem(""))));
    assert!(is_pem(refused(SigningKey::from_pkcs8_pem(&V1.replace("MC4C", "MC4*")))));
    assert!(is_pem(refused(SigningKey::from_pkcs8_pem(&V1.replace("END PRIVATE", "END PUBLIC")))));
    assert!(is_pem(refused(SigningKey::from_pkcs8_pem(&[V1, V1].concat()))), "two keys");
}

#[test]
fn a_file_larger_than_any_key_is_not_parsed() {
    let padded = format!("{}\n{V1}", "x".repeat(1 << 14));
    let expected = |found| KeyFileError::TooLarge { found, limit: 1 << 14 };
    assert_eq!(refused(SigningKey::from_pkcs8_pem(&padded)), expected(padded.len()));
    let der = vec![0x30; (1 << 14) + 1];
    assert_eq!(refused(SigningKey::from_pkcs8_der(&der)), expected(der.len()));
    assert_eq!(PublicKey::from_spki_der(&der), Err(expected(der.len())));
    let padded = format!("{}\n{PUBLIC}", "x".repeat((1 << 14) - PUBLIC.len() - 1));
    assert_eq!(PublicKey::from_spki_pem(&padded), Ok(key().public_key()), "exactly the limit");
}

/// Holds while every place of a secret is a type that wipes itself.
#[test]
fn secrets_are_wiped_and_never_printed() {
    fn wipes_itself<T: ZeroizeOnDrop>(_: &T) {}
    let secret = key().to_pkcs8_pem();
    wipes_itself(&secret.0);
    wipes_itself(&key().key);
    assert_eq!(format!("{secret:?}"), "Secret(..)");
    // Errors quote no content either.
    let broken = V1.replace("MC4C", "MC4*");
    let fault = format!("{:?}", refused(SigningKey::from_pkcs8_pem(&broken)));
    assert!(!fault.contains("NTuctv5"), "{fault}");
    let mistaken = V1.parse::<PublicKey>();
    let fault = TextError::Prefix { found: String::new(), expected: "ed25519" };
    assert_eq!(mistaken, Err(KeyError::Text(fault)));
}
