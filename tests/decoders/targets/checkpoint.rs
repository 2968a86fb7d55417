//! Checkpoints of logs.

use datadeed::key::{Signer as _, SigningKey};
use datadeed::log::{LogKey, SignedCheckpoint};

/// Whether `data` is a checkpoint of the log of the seeds that says when it was signed; any note
/// that decodes is the one it writes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(signed) = SignedCheckpoint::decode(data) else { return false };
    assert_eq!(signed.to_bytes(), data);
    assert_eq!(signed.clone().join(&signed), Ok(signed.clone()));
    let checkpoint = signed.checkpoint();
    let key = SigningKey::from_seed(&[7; 32]).public_key();
    let pinned = LogKey::new(checkpoint.origin().clone(), key);
    let Ok(verified) = signed.clone().verify(&pinned) else { return false };
    assert!(signed.signers().any(|name| name == checkpoint.origin()));
    assert!(data.starts_with(verified.checkpoint().to_text().as_bytes()));
    verified.claimed_at().is_some()
}
