//! Which bytes of a file.

use std::fmt;
use std::num::ParseIntError;
use std::ops::Range;
use std::str::FromStr;

use bao_tree::{ChunkNum, ChunkRanges};

/// A range of bytes: `1000..5000`, the end exclusive, or `1000..`, to the end of the file.
///
/// ```
/// use datadeed_byte_ranges::Span;
///
/// let span: Span = "1000..".parse()?;
/// assert_eq!(span.within(3000), 1000..3000);
/// assert_eq!(Span::new(1000, 5000)?.within(3000), 1000..3000);
/// assert_eq!(Span::new(4000, 5000)?.within(3000), 3000..3000);
/// # Ok::<(), datadeed_byte_ranges::SpanError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u64,
    end: Option<u64>,
}

/// Text or numbers that are no [`Span`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpanError {
    /// There is no `..` in it.
    #[error("{0:?} is no range such as 1000..5000 or 1000..")]
    Form(String),
    /// What stands beside `..` is no number of bytes.
    #[error("{found:?} is no number of bytes")]
    Number {
        /// What stands there.
        found: String,
        /// What is wrong with it.
        #[source]
        source: ParseIntError,
    },
    /// It ends before it begins.
    #[error("the range {start}..{end} ends before it begins")]
    Reversed {
        /// Its first byte.
        start: u64,
        /// The byte after its last.
        end: u64,
    },
}

impl Span {
    /// The whole file.
    pub const ALL: Self = Self { start: 0, end: None };

    /// The bytes from `start` on, before `end`; none where both are the same.
    ///
    /// # Errors
    ///
    /// [`SpanError::Reversed`] where `end < start`.
    pub const fn new(start: u64, end: u64) -> Result<Self, SpanError> {
        if end < start {
            return Err(SpanError::Reversed { start, end });
        }
        Ok(Self { start, end: Some(end) })
    }

    /// The bytes from `start` to the end of the file.
    pub const fn starting(start: u64) -> Self {
        Self { start, end: None }
    }

    /// Those of its bytes that a file of `size` bytes has; an empty range at
    /// the end of the file where it has none.
    pub fn within(self, size: u64) -> Range<u64> {
        self.start.min(size)..self.end.unwrap_or(size).min(size)
    }

    /// Whether it names bytes that a file of `size` bytes does not have.
    pub fn exceeds(self, size: u64) -> bool {
        self.start > size || self.end.is_some_and(|end| end > size)
    }

    /// The chunks of its slice of a file of `size` bytes, one at least.
    ///
    /// As the format has it: for no byte the chunk where it would stand, past the end the last one.
    pub(crate) fn chunks(self, size: u64) -> ChunkRanges {
        let last = ChunkNum(ChunkNum::chunks(size).0.saturating_sub(1));
        let first = ChunkNum::full_chunks(self.start).min(last);
        let end = ChunkNum::chunks(self.end.unwrap_or(size)).max(first + 1).min(last + 1);
        ChunkRanges::from(first..end)
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (start, end) = text.split_once("..").ok_or_else(|| SpanError::Form(text.to_owned()))?;
        let start = number(start)?;
        if end.is_empty() { Ok(Self::starting(start)) } else { Self::new(start, number(end)?) }
    }
}

fn number(text: &str) -> Result<u64, SpanError> {
    text.parse().map_err(|source| SpanError::Number { found: text.to_owned(), source })
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..", self.start)?;
        self.end.map_or(Ok(()), |end| write!(f, "{end}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn chunks(span: &str, size: u64) -> Range<u64> {
        let span: Span = span.parse().unwrap();
        let chunks = span.chunks(size);
        let [start, end] = chunks.boundaries() else { panic!("{chunks:?} is not one range") };
        start.0..end.0
    }

    #[test]
    fn a_span_reads_as_it_is_written() {
        for text in ["0..", "0..0", "1000..5000", "18446744073709551615..18446744073709551615"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("0..".parse(), Ok(Span::ALL));
    }

    #[test]
    fn what_is_no_span_says_why() {
        assert_eq!("1000".parse::<Span>(), Err(SpanError::Form("1000".to_owned())));
        assert_eq!("2..1".parse::<Span>(), Err(SpanError::Reversed { start: 2, end: 1 }));
        for (text, found) in [("..5", ""), ("1..=5", "=5"), ("-1..5", "-1"), ("1...5", ".5")] {
            let error = text.parse::<Span>().unwrap_err();
            assert!(matches!(error, SpanError::Number { found: f, .. } if f == found), "{text}");
        }
    }

    #[test]
    fn a_slice_has_one_chunk_at_least() {
        assert_eq!(chunks("0..0", 0), 0..1);
        assert_eq!(chunks("0..", 0), 0..1);
        assert_eq!(chunks("1024..1024", 4096), 1..2);
        assert_eq!(chunks("4096..", 4096), 3..4);
        assert_eq!(chunks("9999..10000", 4096), 3..4);
    }

    #[test]
    fn a_slice_has_the_chunks_of_its_bytes_and_no_more() {
        assert_eq!(chunks("0..1024", 4097), 0..1);
        assert_eq!(chunks("0..1025", 4097), 0..2);
        assert_eq!(chunks("1023..1025", 4097), 0..2);
        assert_eq!(chunks("1024..2048", 4097), 1..2);
        assert_eq!(chunks("4096..", 4097), 4..5);
        assert_eq!(chunks("0..18446744073709551615", 4097), 0..5);
    }

    #[test]
    fn bytes_past_the_end_are_told_from_none() {
        let exceeds = |span: &str| span.parse::<Span>().unwrap().exceeds(10);
        assert!(!exceeds("10..") && !exceeds("10..10") && !exceeds("0..10"));
        assert!(exceeds("11..") && exceeds("11..11") && exceeds("0..11"));
    }
}
