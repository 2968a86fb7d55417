//! Title deeds for datasets.
//!
//! With datadeed a service can say of a dataset or a model, in its own
//! process: this is exactly that content; this is where it came from, step by
//! step; these parties hold and granted these rights; therefore this use is
//! permitted, denied or unknown, and here is the evidence. No network, no
//! clock, no global state, no trust in anything that was not proven.
//!
//! # Verify a model you were given
//!
//! ```
//! use std::io::{Read, Seek};
//!
//! use datadeed::attach::safetensors;
//! use datadeed::rights::{Action, Purpose, Use, Verdict};
//! use datadeed::trust::{Status, TrustStore};
//! use datadeed::verify::{Budget, Verifier};
//! use datadeed::{Timestamp, manifest::ManifestSource};
//!
//! fn may_be_sold(
//!     model: impl Read + Seek,
//!     trust: &[u8],
//!     our_events: &Status,                                 // what a prover may have left out
//!     source: &dyn ManifestSource,                         // optional: full manifests for relations
//!     now: Timestamp,
//! ) -> Result<bool, Box<dyn std::error::Error>> {
//!     let trust = TrustStore::decode(trust)?;
//!     let found = safetensors::read(model)?;               // weights id recomputed from the tensors
//!     let lineage = Verifier::new(&trust, now)
//!         .budget(Budget::default())
//!         .known_events(our_events)
//!         .manifests(source)
//!         .verify(&found.proof, found.weights)?;           // Err(Rejection { code, node, .. })
//!     let ask = Use::new(Action::DistributeModel)
//!         .purpose(Purpose::Commercial)
//!         .territory("CN".parse()?)
//!         .at(now);
//!     Ok(match lineage.rights(&ask) {
//!         Verdict::Permit { duties, .. } => {
//!             duties.iter().for_each(|due| println!("{} for {}", due.duty.kind, due.manifest));
//!             true
//!         }
//!         Verdict::Deny { reasons } => {
//!             reasons.iter().for_each(|ground| println!("{}", ground.code));
//!             false
//!         }
//!         Verdict::Unknown { .. } | _ => false,            // only Permit authorises
//!     })
//! }
//! ```
//!
//! # Attach a proof to your model
//!
//! ```
//! use std::io::{Read, Seek, Write};
//!
//! use datadeed::attach::safetensors::Model;
//! use datadeed::key::Signer;
//! use datadeed::lineage::Activity;
//! use datadeed::proof::LineageProof;
//! use datadeed::statement::{Issuer, Payload};
//! use datadeed::{ManifestId, StatementId, Timestamp};
//!
//! fn publish<S: Signer>(
//!     trained: impl Read + Seek,
//!     output: impl Write,
//!     (corpus, voucher): (ManifestId, StatementId),        // what it was trained on, and who says so
//!     bought: &LineageProof,                               // came with the corpus
//!     issuer: &Issuer<S>,
//!     (started, ended): (Timestamp, Timestamp),
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut model = Model::open(trained)?;
//!     let weights = model.weights();
//!     let train = Activity::train()
//!         .input(corpus, [voucher])
//!         .output(weights, [])
//!         .between(started, ended)
//!         .sign(issuer, ended)?;
//!     let proof = LineageProof::builder(weights).join(bought).statement(train).build()?;
//!     Ok(model.attach(&proof.to_bytes(), output)?)
//! }
//! ```
//!
//! # What is in it
//!
//! One stack; a module imports only from those below it.
//!
//! | module | owns |
//! |---|---|
//! | [`report`] | verified results for people: text, Mermaid, DOT |
//! | [`verify`] | the only judge: a lineage against trust, status, a given time and a budget |
//! | [`attach`], `scan` | a proof inside a model file; directories to manifests (feature `fs`) |
//! | [`proof`], [`trust`] | the lineage proof; anchors, roles, status |
//! | [`manifest`], [`rights`], [`lineage`] | the domains |
//! | [`statement`], [`tree`] | COSE statements; the authenticated trie |
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
//! # What is proven, and what is not
//!
//! Proven: that the weights or files are those of the [`ManifestId`]; that the
//! holders of the keys signed exactly these statements; that nothing a
//! statement refers to is missing; that structural claims hold, where the rows
//! were at hand. Not proven: that a statement is true. That weights were
//! *really* trained on a dataset is what the trainer says, and the verdict is
//! what follows if it is so. Dates are claims unless the caller recorded the
//! statement himself; where a verdict depends on an unproven date, it is
//! Unknown. Share-alike terms are returned as duties; licences granted further
//! down are not held against them. Reports speak of weights, not of configuration, tokenizer or code.
//!
//! # Features
//!
//! | feature | default | meaning |
//! |---|---|---|
//! | `fs` | yes | `scan`: directories to manifests. Without it the crate does no file access of its own and builds for `wasm32-unknown-unknown`. |
//!
//! # Design questions and answers
//!
//! **Why an own CBOR codec, and not serde with ciborium?** A decoder must
//! refuse whatever the encoder would not have written, with the offset, before
//! any meaning is taken from it, and decoding must be cheap beside a signature
//! check of 40 microseconds. General decoders accept duplicate keys,
//! non-minimal heads and unknown tags, so they need a second walk before and a
//! re-encoding after. `ciborium` is the oracle of the codec's tests.
//!
//! **Why are proofs given as bytes to the verifier?** So that there is one
//! path: whatever is wrong, from the first byte to the last claim, is one
//! [`Rejection`](verify::Rejection) with one code.
//!
//! **Why does a dataset that changes hands need a licence of its maker?** A
//! licence is a closed world. Whoever processed a dataset may hold rights in
//! the result; that nobody says so is no permission.
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
pub use id::{IndexId, KeyId, ManifestId, StatementId, Subject};
pub use text::TextError;
pub use timestamp::{Timestamp, TimestampError};
