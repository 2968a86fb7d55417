//! The parts of a COSE_Sign1 that was decoded before, and the way from a statement to a log's root.

use crate::cbor::Reader;
use crate::digest::Sha256;
use crate::limits::MAX_STATEMENT;
use crate::log::{InclusionProof, entry_of, leaf_of};
use crate::statement::Envelope;
use crate::text::hex;

/// Of `18([protected, {...}, payload, signature])`.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// With the head of its byte string.
    pub(super) protected: &'a [u8],
    /// Empty where it is nil.
    pub(super) payload: &'a [u8],
    /// Empty where there is none.
    pub(super) signature: &'a [u8],
}

impl<'a> Parts<'a> {
    /// What decoded as one before does so again; of anything else nothing.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let parts = || {
            let mut reader = Reader::new(bytes);
            reader.tag(18).ok()?;
            reader.exact_array(4).ok()?;
            let start = reader.offset();
            reader.skip().ok()?;
            let protected = reader.since(start);
            reader.skip().ok()?;
            let payload =
                if reader.null().ok()? { &[][..] } else { reader.bytes(MAX_STATEMENT).ok()? };
            Some(Self { protected, payload, signature: reader.bytes(MAX_STATEMENT).ok()? })
        };
        parts().unwrap_or_default()
    }
}

/// The way, a line a hash, and the root (RFC 9162 section 2.1.3.2).
pub(super) fn path_of(statement: &Envelope, proof: &InclusionProof) -> (String, Sha256) {
    let leaf = leaf_of(statement);
    // One that was verified has a path of the right length.
    let root = proof.root(leaf).unwrap_or(leaf);
    let line = |word: &str, hash: &Sha256| format!("{word} {}\n", hex(hash.as_bytes()));
    let mut text = line("entry", &entry_of(statement)) + &line("leaf", &leaf);
    for (beside, is_left) in proof.path.iter().zip(are_left(proof)) {
        text += &line(if is_left { "left" } else { "right" }, beside);
    }
    (text + &line("root", &root), root)
}

/// Of each hash of a path, from the leaf up, whether it stands on the left.
fn are_left(proof: &InclusionProof) -> impl Iterator<Item = bool> + use<> {
    let (mut node, mut last) = (proof.leaf_index, proof.tree_size.saturating_sub(1));
    std::iter::repeat_with(move || {
        let is_left = node & 1 == 1 || node == last;
        // On the right border levels without a neighbour are passed over.
        while is_left && node & 1 == 0 && node > 0 {
            (node, last) = (node >> 1, last >> 1);
        }
        (node, last) = (node >> 1, last >> 1);
        is_left
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{MerkleTree, leaf_hash};

    #[test]
    fn every_path_of_every_small_log_leads_to_its_root() {
        let mut tree = MerkleTree::new();
        for size in 1..=33_u8 {
            tree.push(leaf_hash(&[size - 1]));
            for index in 0..size {
                let proof = tree.prove_inclusion(index.into(), size.into()).unwrap();
                let mut node = leaf_hash(&[index]);
                for (beside, is_left) in proof.path.iter().zip(are_left(&proof)) {
                    let (left, right) = if is_left { (beside, &node) } else { (&node, beside) };
                    let both = [&[1], &left.as_bytes()[..], &right.as_bytes()[..]].concat();
                    node = Sha256::of(&both);
                }
                assert_eq!(node, tree.root(), "{index} of {size}");
            }
        }
    }
}
