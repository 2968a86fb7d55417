//! Key files: PKCS#8 and SPKI, as DER and as PEM.

use datadeed::key::{KeyFileError, PublicKey, Signer as _, SigningKey};

/// Whether `data` is a file with one key.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let der = [accepts_secret(SigningKey::from_pkcs8_der(data), data), accepts_public(data)];
    let pem = str::from_utf8(data).is_ok_and(accepts_pem);
    // A file is of one kind.
    let kinds = der.into_iter().chain([pem]).filter(|accepted| *accepted).count();
    assert!(kinds <= 1);
    kinds == 1
}

/// What was read is written so that it reads as the same key.
fn accepts_secret(read: Result<SigningKey, KeyFileError>, data: &[u8]) -> bool {
    let Ok(key) = read else { return false };
    let written = key.to_pkcs8_der();
    // Without a public key and attributes there is one encoding.
    assert!(written.as_bytes() == data || written.as_bytes().len() != data.len());
    let again = SigningKey::from_pkcs8_der(written.as_bytes()).expect("written");
    assert_eq!(again.public_key(), key.public_key());
    true
}

fn accepts_public(data: &[u8]) -> bool {
    let Ok(key) = PublicKey::from_spki_der(data) else { return false };
    assert_eq!(key.to_spki_der(), data);
    true
}

fn accepts_pem(text: &str) -> bool {
    if let Ok(key) = PublicKey::from_spki_pem(text) {
        assert!(SigningKey::from_pkcs8_pem(text).is_err());
        assert_eq!(PublicKey::from_spki_pem(&key.to_spki_pem()), Ok(key));
        return true;
    }
    let read = SigningKey::from_pkcs8_pem(text);
    let Ok(key) = &read else { return false };
    let written = key.to_pkcs8_pem();
    let again = str::from_utf8(written.as_bytes()).expect("PEM is ASCII");
    let again = SigningKey::from_pkcs8_pem(again).expect("written");
    assert_eq!(again.public_key(), key.public_key());
    accepts_secret(read, &[])
}
