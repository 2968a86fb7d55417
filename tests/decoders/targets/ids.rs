//! Digests, ids and keys as text.

use std::fmt::Display;
use std::str::FromStr;

use datadeed::id::{Origin, Subject};
use datadeed::key::PublicKey;
use datadeed::{Digest, IndexId, KeyId, ManifestId, StatementId};

/// Whether `data` is an id of any kind; there is one spelling of each.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let as_id = [
        accepts_as::<IndexId>(text),
        accepts_as::<KeyId>(text),
        accepts_as::<ManifestId>(text),
        accepts_as::<StatementId>(text),
        text.strip_prefix("origin:").is_some_and(|name| Origin::new(name).is_ok()),
    ];
    let as_other = [accepts_as::<Digest>(text), accepts_as::<PublicKey>(text)];
    // Prefixes tell the kinds apart, and a subject is exactly an id of these five.
    let kinds = as_id.iter().chain(&as_other).filter(|accepted| **accepted).count();
    assert!(kinds <= 1, "{text:?}");
    assert_eq!(accepts_as::<Subject>(text), as_id.contains(&true), "{text:?}");
    kinds == 1
}

fn accepts_as<T: FromStr + Display>(text: &str) -> bool {
    let Ok(id) = text.parse::<T>() else { return false };
    assert_eq!(id.to_string(), text);
    true
}
