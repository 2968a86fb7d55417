//! Readers and writers that fail, lie or are large.

use std::io::{Error, ErrorKind};

use super::*;
use crate::digest::Hasher;

/// Shows `first` until the third seek, `later` from then on: the copy of an opened model.
struct Fickle<'a> {
    first: Cursor<&'a [u8]>,
    later: Cursor<&'a [u8]>,
    seeks: u32,
}

impl<'a> Fickle<'a> {
    fn new(first: &'a [u8], later: &'a [u8]) -> Self {
        Self { first: Cursor::new(first), later: Cursor::new(later), seeks: 0 }
    }
}

impl Read for Fickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.seeks < 3 { self.first.read(buffer) } else { self.later.read(buffer) }
    }
}

impl Seek for Fickle<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seeks += 1;
        self.later.seek(to)?;
        self.first.seek(to)
    }
}

#[test]
fn a_model_that_changes_while_it_is_copied_is_refused() {
    let original = two();
    let end = original.len();
    for (index, name) in [(end - DATA.len(), "a"), (end - 2, "a"), (end - 1, "b")] {
        let mut later = original.clone();
        later[index] ^= 0x80;
        let mut model = Model::open(Fickle::new(&original, &later)).unwrap();
        match model.attach(b"p", io::sink()) {
            Err(AttachError::Changed { name: found }) => assert_eq!(found, name),
            other => panic!("{other:?}"),
        }
    }
    let mut model = Model::open(Fickle::new(&original, &original[..end - 1])).unwrap();
    match model.detach(io::sink()) {
        Err(AttachError::Truncated { found, required }) => {
            let end = u64::try_from(end).unwrap();
            assert_eq!((found, required), (end - 1, end));
        }
        other => panic!("{other:?}"),
    }
    // Neither the old header, which is not read again, nor what follows the data reaches the output.
    let later = [&vec![b'!'; end - DATA.len()][..], DATA, b"!"].concat();
    let mut output = Vec::new();
    Model::open(Fickle::new(&original, &later)).unwrap().attach(b"p", &mut output).unwrap();
    assert_eq!(output, attached(&original, b"p"));
}

/// Claims a length that it does not have.
struct Boastful<'a>(Cursor<&'a [u8]>, u64);

impl Read for Boastful<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for Boastful<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::End(_) => Ok(self.1),
            SeekFrom::Start(_) | SeekFrom::Current(_) => self.0.seek(to),
        }
    }
}

#[test]
fn a_reader_that_ends_before_its_length_is_truncated() {
    let whole = two();
    let length = u64::try_from(whole.len()).unwrap();
    for cut in 0..whole.len() {
        match Model::open(Boastful(Cursor::new(&whole[..cut]), length)) {
            Err(AttachError::Truncated { found, .. }) => {
                assert_eq!(found, u64::try_from(cut).unwrap());
            }
            other => panic!("{cut}: {:?}", other.map(|model| model.weights())),
        }
    }
}

/// Fails after so many bytes; interrupts and hands out single bytes before.
struct Flaky<T> {
    inner: T,
    left: usize,
    interrupt: bool,
}

impl<T> Flaky<T> {
    const fn new(inner: T, left: usize) -> Self {
        Self { inner, left, interrupt: true }
    }

    fn next(&mut self) -> io::Result<()> {
        self.interrupt = !self.interrupt;
        if !self.interrupt {
            return Err(ErrorKind::Interrupted.into());
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| Error::other("worn out"))?;
        Ok(())
    }
}

impl<T: Read> Read for Flaky<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.next()?;
        let end = buffer.len().min(1);
        self.inner.read(&mut buffer[..end])
    }
}

impl<T: Seek> Seek for Flaky<T> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<T: Write> Write for Flaky<T> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.next()?;
        self.inner.write(&buffer[..buffer.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[test]
fn faults_of_either_side_are_told_apart() {
    let input = two();
    for limit in 0..input.len() {
        match Model::open(Flaky::new(Cursor::new(&input), limit)) {
            Err(AttachError::Read(fault)) => assert_eq!(fault.to_string(), "worn out"),
            other => panic!("{limit}: {:?}", other.map(|model| model.weights())),
        }
    }
    let expected = attached(&input, b"p");
    let mut model = Model::open(Flaky::new(Cursor::new(&input), usize::MAX)).unwrap();
    for limit in 0..expected.len() {
        match model.attach(b"p", Flaky::new(io::sink(), limit)) {
            Err(AttachError::Write(fault)) => assert_eq!(fault.to_string(), "worn out"),
            other => panic!("{limit}: {other:?}"),
        }
    }
    let mut output = Vec::new();
    model.attach(b"p", Flaky::new(&mut output, usize::MAX)).unwrap();
    assert_eq!(output, expected);
}

/// A file whose data nobody stores: byte `i` of the data is `i % 251`.
struct Vast {
    header: Vec<u8>,
    length: u64,
    position: u64,
}

impl Read for Vast {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(self.position).unwrap();
        let length = if start < self.header.len() {
            (&self.header[start..]).read(buffer)?
        } else {
            let data = u64::try_from(start - self.header.len()).unwrap();
            let left = usize::try_from(self.length - self.position).unwrap();
            let length = buffer.len().min(left);
            for (byte, i) in buffer[..length].iter_mut().zip(data..) {
                *byte = u8::try_from(i % 251).unwrap();
            }
            length
        };
        self.position += u64::try_from(length).unwrap();
        Ok(length)
    }
}

impl Seek for Vast {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(offset) => offset,
            SeekFrom::End(0) => self.length,
            SeekFrom::End(_) | SeekFrom::Current(_) => return Err(ErrorKind::Unsupported.into()),
        };
        Ok(self.position)
    }
}

#[test]
fn data_larger_than_any_buffer_are_streamed() {
    const SPLIT: u64 = 77_777_777;
    const SIZE: u64 = 200_000_000;
    let rest = SIZE - SPLIT;
    let header = file(
        &format!(
            r#"{{"a":{{"dtype":"U8","shape":[{SPLIT}],"data_offsets":[0,{SPLIT}]}},
                "b":{{"dtype":"U8","shape":[{rest}],"data_offsets":[{SPLIT},{SIZE}]}}}}"#
        ),
        b"",
    );
    let length = u64::try_from(header.len()).unwrap() + SIZE;
    let mut model = Model::open(Vast { header, length, position: 0 }).unwrap();
    let mut bytes = (0..SIZE).map(|i| u8::try_from(i % 251).unwrap());
    let mut digest = |size: u64| {
        let mut hasher = Hasher::new();
        let mut left = usize::try_from(size).unwrap();
        while left > 0 {
            let piece: Vec<u8> = bytes.by_ref().take(left.min(1 << 20)).collect();
            left -= piece.len();
            hasher.update(&piece);
        }
        hasher.finish()
    };
    assert_eq!(model.digests, [digest(SPLIT), digest(rest)]);
    model.attach(b"p", io::sink()).unwrap();
}

#[test]
fn tensors_end_anywhere_in_a_block() {
    const BLOCK: usize = 256 << 10;
    let sizes = [0, 1, BLOCK - 1, 0, 0, BLOCK, BLOCK + 1, 2 * BLOCK - 2, 0, 1, 3 * BLOCK + 5, 0];
    let data: Vec<u8> =
        (0..sizes.iter().sum()).map(|i: usize| u8::try_from(i % 251).unwrap()).collect();
    let (mut entries, mut digests, mut begin) = (Vec::new(), Vec::new(), 0);
    for (number, size) in sizes.into_iter().enumerate() {
        let end = begin + size;
        entries.push(format!(
            r#""t{number}":{{"dtype":"U8","shape":[{size}],"data_offsets":[{begin},{end}]}}"#
        ));
        digests.push(Digest::of(&data[begin..end]));
        begin = end;
    }
    let input = file(&format!("{{{}}}", entries.join(",")), &data);
    assert_eq!(open(&input).digests, digests);
    assert!(attached(&input, b"p").ends_with(&data));
}

#[test]
fn headers_end_at_their_limit() {
    let input = two();
    let bare = header_of(&attached(&input, b"")).len();
    let limit = usize::try_from(MAX_SAFETENSORS_HEADER).unwrap();
    let longest = (limit - bare) / 4 * 3;
    let proof = vec![0xa5; longest + 3];
    let output = attached(&input, &proof[..longest]);
    assert_eq!(output.len(), 8 + limit + DATA.len());
    assert_eq!(read(Cursor::new(&output)).unwrap().proof, proof[..longest]);
    let mut nothing = Vec::new();
    match open(&input).attach(&proof, &mut nothing) {
        Err(AttachError::TooLarge { found, limit: MAX_SAFETENSORS_HEADER }) => {
            assert_eq!(found, MAX_SAFETENSORS_HEADER + 8);
        }
        other => panic!("{other:?}"),
    }
    assert!(nothing.is_empty());
}
