//! Who signs, and when: `--key FILE`, `--iss TEXT`, `--at DATE`.

use std::path::Path;

use datadeed::Timestamp;
use datadeed::key::{PublicKey, SigningKey};
use datadeed::statement::{Issuer, Payload, Signed};

use super::file::{self, Content};
use super::{Args, Failure, output};

/// The issuer that the command line names, and the time.
pub(crate) fn issuer(args: &Args) -> Result<(Issuer<SigningKey>, Timestamp), Failure> {
    let path = args.path("key")?;
    let Content::SecretKey(key) = Content::of(path)? else {
        return Err(file::unusable(path, "it is no secret key").into());
    };
    Ok((Issuer::new(args.text("iss")?, *key), args.at()?))
}

/// Signs what a tool has to say, and writes the statement; its id is the last line.
pub(crate) fn statement<P: Payload>(args: &Args, payload: &P) -> Result<(), Failure> {
    let (issuer, at) = issuer(args)?;
    let signed: Signed<P> = payload.sign(&issuer, at)?;
    output::given(args, signed.as_bytes())?;
    println!("{} by {} on {at}", P::KIND, issuer.iss());
    println!("{}", signed.id());
    Ok(())
}

/// A public key: its text, or a file that holds it or its secret half.
pub(crate) fn public_key(text_or_path: &Path) -> Result<PublicKey, Failure> {
    use datadeed::key::Signer;

    if let Some(text) = text_or_path.to_str().filter(|text| text.starts_with("ed25519:")) {
        return Ok(text.parse()?);
    }
    match Content::of(text_or_path)? {
        Content::PublicKey(key) => Ok(key),
        Content::SecretKey(key) => Ok(key.public_key()),
        _ => Err(file::unusable(text_or_path, "it is no key").into()),
    }
}
