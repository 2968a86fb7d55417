//! Records: what the files of a dataset are made of, and indexes over them.
//!
//! A [`RecordRule`] says what a record is and which canonical bytes stand for
//! it; a [`RecordIndex`] commits to the records of all files, each as often as
//! it occurs, under an [`IndexId`](crate::IndexId) beside the manifest.

mod build;
mod fault;
mod index;
mod json;
mod lines;
mod look_up;
mod row;
mod rule;
mod split;
mod tar;
mod text;
mod webdataset;

pub use build::RecordIndexBuilder;
pub use fault::{RecordError, RecordFault, RecordReadError, TarFault};
pub use index::{RecordIndex, RecordIndexError};
pub use json::pointer::JsonPointer;
pub use look_up::{Document, RecordAnswer, RecordPresence};
pub use row::RecordRow;
pub use rule::{OwnRule, RecordRule, RuleError};
pub use split::RecordSplitter;

#[cfg(test)]
mod tests;
