//! Why no manifest file was written.

use std::io;
use std::path::PathBuf;

use crate::manifest::{ManifestError, PartialError, PartialReadError, ShardId, WriteFault};
use crate::scan::spill::SpillFault;

/// Entries that were not written to a manifest file.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, ManifestError, NameError};
/// use datadeed::scan::{ManifestWriter, ManifestWriterError};
///
/// let spill = tempfile::tempdir()?;
/// let mut writer = ManifestWriter::new(spill.path(), 1 << 20)?;
/// let refused = writer.push(&FileEntry::new("/etc/passwd", 0, Digest::of(b"")));
/// let absolute = ManifestError::Name(NameError::Absolute { name: "/etc/passwd".into() });
/// assert!(matches!(refused, Err(ManifestWriterError::Manifest(error)) if error == absolute));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestWriterError {
    /// The caller's flag was set.
    #[error("writing cancelled")]
    Cancelled,
    /// A file in the directory for runs is not what was written to it.
    #[error("{path:?} changed since it was written")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Some entries of a shard were taken, and the others refused or not read.
    #[error("shard {shard:?} was not taken whole")]
    Incomplete {
        /// The shard.
        shard: ShardId,
    },
    /// The entries make no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The output failed.
    #[error("cannot write the manifest file")]
    Output {
        /// Its answer.
        #[source]
        source: io::Error,
    },
    /// What was given as a partial file is none, or cannot be read.
    #[error(transparent)]
    Partial(#[from] PartialReadError),
    /// A shard came before with different entries.
    #[error(transparent)]
    Shard(#[from] PartialError),
    /// A file in the directory for runs, or a directory there, cannot be made, written or read.
    #[error("{path:?} cannot be made, written or read")]
    Spill {
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
}

impl From<SpillFault> for ManifestWriterError {
    fn from(fault: SpillFault) -> Self {
        match fault {
            SpillFault::Damaged { path } => Self::Damaged { path },
            SpillFault::Io { path, source } => Self::Spill { path, source },
        }
    }
}

impl From<WriteFault<Self>> for ManifestWriterError {
    fn from(fault: WriteFault<Self>) -> Self {
        match fault {
            WriteFault::Out(source) => Self::Output { source },
            WriteFault::Rows(fault) => fault,
            WriteFault::Tree(fault) => Self::Manifest(fault.into()),
        }
    }
}
