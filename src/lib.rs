#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(missing_docs, missing_debug_implementations, clippy::exhaustive_enums))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::iter_over_hash_type,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used,
        clippy::wildcard_enum_match_arm
    )
)]
//! Title deeds for datasets.

pub mod attach;
pub mod cbor;
pub mod digest;
pub mod id;
pub mod key;
pub mod limits;
pub mod lineage;
pub mod manifest;
pub mod proof;
pub mod report;
pub mod rights;
#[cfg(feature = "fs")]
pub mod scan;
pub mod statement;
mod text;
pub mod timestamp;
pub mod tree;
pub mod trust;
pub mod verify;

pub use cbor::CborError;
pub use digest::Digest;
pub use id::{IndexId, KeyId, ManifestId, StatementId};
pub use text::TextError;
pub use timestamp::{Timestamp, TimestampError};
