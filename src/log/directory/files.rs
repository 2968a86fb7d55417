//! What a store asks of files, one operation each, so that a test can stop at every single one.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub(super) trait Files: fmt::Debug {
    type File;

    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The paths of whatever stands in a directory.
    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>>;

    /// A directory, with all above it.
    fn make_path(&self, directory: &Path) -> io::Result<()>;

    fn make_directory(&self, directory: &Path) -> io::Result<()>;

    /// An empty file, in place of any of this name.
    fn create(&self, path: &Path) -> io::Result<Self::File>;

    /// An empty file of a name that nothing has.
    fn claim(&self, path: &Path) -> io::Result<Self::File>;

    fn write(&self, file: &mut Self::File, bytes: &[u8]) -> io::Result<()>;

    /// Puts the content of a file on the disk.
    fn flush(&self, file: &Self::File) -> io::Result<()>;

    /// Puts the entries of a directory on the disk, where the system lets one ask for it.
    fn flush_directory(&self, directory: &Path) -> io::Result<()>;

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// Those of the system.
#[derive(Debug)]
pub(super) struct Disk;

impl Files for Disk {
    type File = File;

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect()
    }

    fn make_path(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)
    }

    fn make_directory(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir(directory)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        File::create(path)
    }

    fn claim(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    #[cfg(unix)]
    fn flush_directory(&self, directory: &Path) -> io::Result<()> {
        File::open(directory)?.sync_all()
    }

    #[cfg(not(unix))]
    fn flush_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
