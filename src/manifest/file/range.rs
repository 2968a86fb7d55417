//! Reading parts of a file: from memory, from the file system, from an object store.

use std::io;

/// Bytes of which any range can be read, such as an object in a store.
///
/// The bytes must stay as they are while they are read. Where they do not, a
/// [`ManifestReader`](super::ManifestReader) finds out before it answers.
///
/// ```
/// use std::cell::Cell;
/// use std::io;
///
/// use datadeed::manifest::{Manifest, ManifestReader, NameProfile, ReadAt};
///
/// /// Counts what a store would charge for.
/// struct Counted<'a>(&'a [u8], Cell<usize>);
///
/// impl ReadAt for Counted<'_> {
///     fn size(&self) -> io::Result<u64> {
///         self.0.size()
///     }
///
///     fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
///         self.1.set(self.1.get() + 1);
///         self.0.read_range(offset, buffer)
///     }
/// }
///
/// let manifest = Manifest::files(vec![], NameProfile::Any)?;
/// let file = manifest.to_bytes();
/// let source = Counted(&file, Cell::new(0));
/// ManifestReader::open(&source, manifest.id())?;
/// // A small file is read at once.
/// assert_eq!(source.1.get(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ReadAt {
    /// The length of the file, in bytes.
    ///
    /// # Errors
    ///
    /// Those of the source.
    fn size(&self) -> io::Result<u64>;

    /// Fills all of `buffer` with the bytes from byte `offset` on.
    ///
    /// What `buffer` holds after an error is of no meaning. No reading depends
    /// on where another one ended.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::UnexpectedEof`] where the file ends before `buffer`
    /// does; those of the source.
    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(u64::try_from(self.len()).unwrap_or(u64::MAX))
    }

    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).ok();
        let bytes = start.and_then(|start| self.get(start..start.checked_add(buffer.len())?));
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }

    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_range(offset, buffer)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_range(offset, buffer)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for Box<T> {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_range(offset, buffer)
    }
}

/// Where the position of the file is does not matter; on Windows it moves.
#[cfg(all(feature = "fs", any(unix, windows)))]
impl ReadAt for std::fs::File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buffer, offset)
    }

    #[cfg(windows)]
    fn read_range(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(self, buffer, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    buffer = buffer.get_mut(read..).unwrap_or_default();
                    offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `read_range` of every range of `source`, whose bytes are these.
    #[track_caller]
    fn reads_every_range(source: &impl ReadAt, bytes: &[u8]) {
        assert_eq!(source.size().unwrap(), bytes.len() as u64);
        for start in 0..bytes.len() + 2 {
            for len in 0..bytes.len() + 2 {
                let mut buffer = vec![0xff; len];
                let read = source.read_range(start as u64, &mut buffer);
                match bytes.get(start..start + len) {
                    Some(expected) => {
                        read.unwrap();
                        assert_eq!(buffer, expected);
                    }
                    // Where nothing is asked for, a file may grant it anywhere.
                    None if len == 0 => {}
                    None => assert_eq!(read.unwrap_err().kind(), io::ErrorKind::UnexpectedEof),
                }
            }
        }
        let far = source.read_range(u64::MAX, &mut [0]).unwrap_err();
        assert!(matches!(far.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput));
    }

    #[test]
    fn memory_is_read_anywhere() {
        reads_every_range(&b"0123456789".as_slice(), b"0123456789");
        reads_every_range(&b"0123456789".to_vec(), b"0123456789");
        reads_every_range(&&b"".as_slice(), b"");
    }

    #[cfg(feature = "fs")]
    #[test]
    fn a_file_is_read_anywhere() {
        use std::io::Write as _;

        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        reads_every_range(&file, b"0123456789");
    }
}
