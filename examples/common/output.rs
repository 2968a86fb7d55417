//! Writing files, each as a whole or not at all: `--out FILE`, `--force`.
//!
//! Whatever ends a tool, the file that it was to write is either complete or
//! untouched. Nothing waits for the disk but a new key.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::file::cannot;
use super::{Args, Failure};

/// Whether a file that exists may be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Keep,
    Replace,
}

/// Writes to `--out`.
pub(crate) fn given(args: &Args, bytes: &[u8]) -> Result<(), Failure> {
    write(args.path("out")?, bytes, existing(args))
}

/// Whether `--force` was given.
pub(crate) fn existing(args: &Args) -> Existing {
    if args.has("force") { Existing::Replace } else { Existing::Keep }
}

/// Writes a file that either is there as a whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), Failure> {
    write_with(path, existing, |file| Ok(file.write_all(bytes)?))
}

/// As [`write`], of a secret: for its owner alone, in the place of no other file.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let file =
        NamedTempFile::new_in(directory(path)).map_err(|error| cannot("written", path, error))?;
    // A key that signed something must not be lost with the machine's memory.
    finish(file, path, Existing::Keep, |file| {
        file.write_all(bytes)?;
        Ok(file.sync_all()?)
    })
}

/// Writes beside, then renames.
pub(crate) fn write_with(
    path: &Path,
    existing: Existing,
    content: impl FnOnce(&mut File) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask
    let file =
        builder.tempfile_in(directory(path)).map_err(|error| cannot("written", path, error))?;
    finish(file, path, existing, content)
}

fn finish(
    mut file: NamedTempFile,
    path: &Path,
    existing: Existing,
    content: impl FnOnce(&mut File) -> Result<(), Failure>,
) -> Result<(), Failure> {
    content(file.as_file_mut())?;
    let done = match existing {
        Existing::Keep => file.persist_noclobber(path),
        Existing::Replace => file.persist(path),
    };
    done.map_err(|error| cannot("written", path, error.error))?;
    Ok(())
}

/// Where a file is.
pub(crate) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
