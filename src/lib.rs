//! Title deeds for datasets.
//!
//! With datadeed a service can say of a dataset or a model, in its own
//! process: this is exactly that content; this is where it came from, step by
//! step; these parties hold and granted these rights; therefore this use is
//! permitted, denied or unknown, and here is the evidence. No network, no
//! clock, no global state, no trust in anything that was not proven.
//!
//! Begin with a guide: [quick start](guide::quick_start),
//! [verify a model you were given](guide::verify),
//! [attach a proof to your model](guide::attach), [sell a dataset](guide::sell),
//! [run a registry](guide::run_a_registry),
//! [what an exchange does, and where](guide::exchange),
//! [how a verdict comes about](guide::rights),
//! [what publishers state for machines](guide::preferences),
//! [what is in a dataset and what is not](guide::evidence),
//! [what is proven and what is not](guide::proven),
//! [what is defended against](guide::threats),
//! [size and time](guide::size_and_time),
//! [design questions and answers](guide::design),
//! [every format byte by byte](guide::format).
//!
//! # What is in it
//!
//! One stack; a module imports only from those below it.
//!
//! | module | owns |
//! |---|---|
//! | [`guide`] | pages for readers: how it is used, what it proves, what its bytes are |
//! | [`report`] | verified results and refusals for people and programs: text, Markdown, HTML, JSON, Mermaid, DOT |
//! | [`verify`] | the only judge: a lineage against trust, status, a given time and a budget |
//! | [`attach`], `scan` | a proof inside a model file; directories and streams of entries to manifests (feature `fs`) |
//! | [`proof`], [`trust`] | the lineage proof; anchors, roles, status |
//! | [`manifest`] | what a dataset is: manifests and their files, records, partials, composites, evidence |
//! | [`rights`], [`lineage`], [`log`] | who may do what; which step made what of what; lists that only grow |
//! | [`statement`], [`tree`] | COSE statements; the authenticated trie, its pruned trees and relations |
//! | [`id`], [`cbor`], [`key`] | typed identities; strict CBOR; Ed25519 |
//! | [`digest`], [`timestamp`], `text` | hashing; instants; spellings |
//! | [`limits`] | every bound, with its unit and reason |
//!
//! **Where does a change go?** Bytes on the wire differ: the record, its
//! documentation and a vector; `cbor` only if every record differs. A lineage
//! is accepted or refused: `verify`. What a signature covers: `statement`.
//! Something may be larger: `limits`. An id reads differently: `id`, `text`.
//! A primitive changes: `digest`, `key`.
//!
//! # Features
//!
//! | feature | default | meaning |
//! |---|---|---|
//! | `fs` | yes | `scan`: directories to manifests, and manifest and record index files of more than memory holds; `log::DirectoryStore`. Without it the crate does no file access of its own and builds for `wasm32-unknown-unknown`. |
// The examples of the README are compiled with those above.
#![cfg_attr(doctest, doc = include_str!("../README.md"))]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        missing_docs,
        missing_debug_implementations,
        clippy::exhaustive_enums,
        clippy::exhaustive_structs
    )
)]
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

pub mod attach;
pub mod batch;
pub mod cbor;
pub mod digest;
pub mod guide;
pub mod id;
pub mod key;
pub mod limits;
pub mod lineage;
pub mod log;
pub mod manifest;
mod parallel;
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
pub use id::{IndexId, KeyId, ManifestId, StatementId, Subject};
pub use text::TextError;
pub use timestamp::{Timestamp, TimestampError};
