//! How much work one verification may be.

use crate::limits::{
    BUDGET_BYTES, BUDGET_DELEGATIONS, BUDGET_DEPTH, BUDGET_EDGES, BUDGET_NODES, BUDGET_RECEIPTS,
    BUDGET_ROWS, BUDGET_SIGNATURES, BUDGET_STATEMENTS, BUDGET_TERMS,
};

/// Upper bounds, each inclusive; what exceeds one is rejected as `budget-exceeded`.
///
/// ```
/// use datadeed::verify::Budget;
///
/// let small = Budget { bytes: 1 << 20, statements: 1_000, ..Budget::default() };
/// ```
#[expect(clippy::exhaustive_structs, reason = "made to be written as a literal over the default")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the proof.
    pub bytes: usize,
    /// Statements in the proof.
    pub statements: usize,
    /// Inputs, outputs, vouchers and relations of all activities, and the outputs again for each event about one.
    pub edges: usize,
    /// References on the longest path.
    pub depth: usize,
    /// Receipts and checkpoints in the proof.
    pub receipts: usize,
    /// Signatures to verify, in the proof and in the status.
    pub signatures: usize,
    /// Rules, actions, conditions and their values, duties, licensees and SPDX ids of all licences.
    pub terms: usize,
    /// Delegations in the proof, and the ways over them from anchors to delegates.
    pub delegations: usize,
    /// Nodes, leaves and closed subtrees of all evidence.
    pub nodes: usize,
    /// Rows of the caller's manifests and indexes, opened items of evidence, and mounts of composites,
    /// to compare for all relations together.
    pub rows: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: BUDGET_BYTES,
            statements: BUDGET_STATEMENTS,
            edges: BUDGET_EDGES,
            depth: BUDGET_DEPTH,
            receipts: BUDGET_RECEIPTS,
            signatures: BUDGET_SIGNATURES,
            terms: BUDGET_TERMS,
            delegations: BUDGET_DELEGATIONS,
            nodes: BUDGET_NODES,
            rows: BUDGET_ROWS,
        }
    }
}
