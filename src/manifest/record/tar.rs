//! Tar archives that arrive in pieces, read strictly.
//!
//! POSIX `ustar` with pax headers, and GNU tar's long names and large sizes.
//! Regular files are members and directories are passed over. What readers of
//! tar take differently is refused: links, sparse files and devices, two sizes
//! for one member, one extended header on top of another, anything but zeros
//! after the end, no end.

mod header;
mod pax;

use super::lines::Partial;
use super::{RecordError, RecordFault, TarFault};
use crate::digest::Digest;
use crate::limits::{MAX_NAME, MAX_TAR_HEADER};
use header::{BLOCK, Header, Kind};
use pax::{Pax, Scope};

/// What an [`Archive`] is read for.
pub(super) trait Members {
    /// A regular file of this name begins.
    fn begin(&mut self, name: &[u8], sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordFault>;

    /// The next piece of its content.
    fn content(&mut self, piece: &[u8]);

    /// It has ended.
    fn end(&mut self, sink: &mut dyn FnMut(Digest, u64));

    /// So has the archive.
    fn finish(&mut self, sink: &mut dyn FnMut(Digest, u64));
}

/// Every member is a record.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents(Partial);

impl Members for Contents {
    fn begin(&mut self, _: &[u8], _: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordFault> {
        self.0 = Partial::default();
        Ok(())
    }

    fn content(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    fn end(&mut self, sink: &mut dyn FnMut(Digest, u64)) {
        let (digest, size) = self.0.finish();
        sink(digest, size);
    }

    fn finish(&mut self, _: &mut dyn FnMut(Digest, u64)) {}
}

/// An archive of which a part has arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct Archive<M> {
    members: M,
    place: Place,
    /// Bytes that have arrived.
    offset: u64,
    /// What has arrived of a header, of a long name or of an extended header.
    held: Vec<u8>,
    /// Said of the member that follows.
    next: Next,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Header,
    /// The content after a header, then what fills its last block.
    Content {
        of: Kind,
        /// Where the header begins.
        start: u64,
        left: u64,
        padding: u64,
    },
    /// The zeros at the end, so many of them.
    End { zeros: u64 },
}

/// What headers before a member say of it.
#[derive(Clone, Debug, Default)]
struct Next {
    pax: Option<Pax>,
    long_name: Option<Vec<u8>>,
}

impl Next {
    fn is_empty(&self) -> bool {
        self.pax.is_none() && self.long_name.is_none()
    }
}

impl<M: Members> Archive<M> {
    pub(super) fn push(
        &mut self,
        mut piece: &[u8],
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<(), RecordError> {
        while !piece.is_empty() {
            let room = match self.place {
                Place::Header => len(BLOCK.saturating_sub(self.held.len())),
                Place::Content { left: 0, padding, .. } => padding,
                Place::Content { left, .. } => left,
                Place::End { .. } => u64::MAX,
            };
            let split = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
            let (part, rest) = piece.split_at_checked(split).unwrap_or((piece, &[]));
            piece = rest;
            self.part(part, sink)?;
            self.offset = self.offset.saturating_add(len(part.len()));
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        match self.place {
            Place::End { zeros } if zeros >= len(BLOCK.saturating_mul(2)) => {
                self.members.finish(sink);
                Ok(())
            }
            Place::Header | Place::Content { .. } | Place::End { .. } => {
                Err(at(self.offset, TarFault::Truncated))
            }
        }
    }

    /// Takes bytes that all belong to the same.
    fn part(&mut self, part: &[u8], sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        let taken = len(part.len());
        match &mut self.place {
            Place::Header => {
                self.held.extend_from_slice(part);
                if self.held.len() >= BLOCK {
                    let after = self.offset.saturating_add(taken);
                    self.header(after.saturating_sub(len(BLOCK)), sink)?;
                }
            }
            Place::Content { left: left @ 1.., of, start, .. } => {
                *left = left.saturating_sub(taken);
                if *of == Kind::File {
                    self.members.content(part);
                } else {
                    self.held.extend_from_slice(part);
                }
                if *left == 0 {
                    let (of, start) = (*of, *start);
                    self.ended(of, start, sink)?;
                }
            }
            Place::Content { padding, .. } => {
                *padding = padding.saturating_sub(taken);
                if *padding == 0 {
                    self.place = Place::Header;
                }
            }
            Place::End { zeros } => {
                if let Some(other) = part.iter().position(|byte| *byte != 0) {
                    return Err(at(self.offset.saturating_add(len(other)), TarFault::Trailing));
                }
                *zeros = zeros.saturating_add(taken);
            }
        }
        Ok(())
    }

    /// Takes the header that is held, which begins at byte `start`.
    fn header(&mut self, start: u64, sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        let held = std::mem::take(&mut self.held);
        if held.iter().all(|byte| *byte == 0) {
            // What was said of a member must be followed by one.
            if !self.next.is_empty() {
                return Err(at(start, TarFault::Pax));
            }
            self.place = Place::End { zeros: len(BLOCK) };
            return Ok(());
        }
        let header = Header::read(&held).map_err(|fault| at(start, fault))?;
        let left = self.begin(&header, sink).map_err(|fault| at(start, fault))?;
        let past = left.checked_rem(len(BLOCK)).unwrap_or(0);
        let padding = if past == 0 { 0 } else { len(BLOCK).saturating_sub(past) };
        self.place = Place::Content { of: header.kind, start, left, padding };
        if left == 0 {
            self.ended(header.kind, start, sink)?;
        }
        Ok(())
    }

    /// Begins what a header is of; the length of its content.
    fn begin(
        &mut self,
        header: &Header,
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<u64, RecordFault> {
        match header.kind {
            Kind::File | Kind::Directory => {}
            Kind::Global | Kind::LongName | Kind::Pax => {
                // Readers differ on which of two applies, and to what.
                if !self.next.is_empty() {
                    return Err(TarFault::Pax.into());
                }
                if header.size > MAX_TAR_HEADER {
                    let fault = TarFault::TooLong { found: header.size, limit: MAX_TAR_HEADER };
                    return Err(fault.into());
                }
                return Ok(header.size);
            }
        }
        let Next { pax, long_name } = std::mem::take(&mut self.next);
        let pax = pax.unwrap_or_default();
        let size = match pax.size {
            Some(other) if other != header.size && header::fits_octal(other) => {
                return Err(TarFault::Size { one: header.size, other }.into());
            }
            Some(size) => size,
            None => header.size,
        };
        if header.kind == Kind::Directory {
            let fault = TarFault::Size { one: size, other: 0 };
            return if size == 0 { Ok(0) } else { Err(fault.into()) };
        }
        let name = pax.path.or(long_name);
        let name = name.as_deref().unwrap_or(&header.name);
        let is_name = (1..=MAX_NAME).contains(&name.len());
        if !is_name || name.ends_with(b"/") || name.contains(&0) {
            return Err(TarFault::Name { name: shown(name) }.into());
        }
        self.members.begin(name, sink)?;
        Ok(size)
    }

    /// The content of what began at byte `start` is complete.
    fn ended(
        &mut self,
        of: Kind,
        start: u64,
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<(), RecordError> {
        let held = std::mem::take(&mut self.held);
        let read = |scope| Pax::read(&held, scope).map_err(|fault| at(start, fault));
        match of {
            Kind::Directory => {}
            Kind::File => self.members.end(sink),
            Kind::Global => drop(read(Scope::Archive)?),
            Kind::LongName => {
                let name = held.strip_suffix(&[0]).unwrap_or(&held);
                self.next.long_name = Some(name.to_vec());
            }
            Kind::Pax => self.next.pax = Some(read(Scope::Member)?),
        }
        if let Place::Content { padding: 0, .. } = self.place {
            self.place = Place::Header;
        }
        Ok(())
    }
}

/// A length as sizes are counted.
fn len(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn at(offset: u64, fault: impl Into<RecordFault>) -> RecordError {
    RecordError { offset, fault: fault.into() }
}

/// A name for an error message.
pub(super) fn shown(name: &[u8]) -> String {
    crate::text::excerpt(&String::from_utf8_lossy(name))
}
