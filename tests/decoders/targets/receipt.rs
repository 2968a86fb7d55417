//! Receipts of logs.

use datadeed::cbor::Item;
use datadeed::log::Receipt;

/// Whether `data` is a receipt, which is then kept byte for byte; its path leads to a root.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(receipt) = Receipt::decode(data) else { return false };
    assert_eq!(receipt.as_bytes(), data);
    let proof = receipt.proof();
    assert!(proof.leaf_index < proof.tree_size && (1..=63).contains(&proof.path.len()));
    assert!(proof.root(proof.path[0]).is_ok());
    // A tagged item is none of the profile: no receipt can pass for anything else.
    assert!(Item::decode(data).is_err());
    true
}
