//! One large content hashed in parts, on any thread and in any order.

use blake3::hazmat::{self, HasherExt as _, Mode};

use super::Digest;

/// Length of one [`Segment`] of a large content, in bytes: 16 MiB.
///
/// A power of two of chunks, so that a segment is one subtree of BLAKE3's
/// tree; large enough that joining segments costs nothing, small enough that
/// one large file keeps every thread busy.
pub(crate) const SEGMENT: u64 = 16 << 20;

/// The digest of one segment of a content of at least two segments.
///
/// Segments are hashed in any order and on any thread; [`join_segments`]
/// gives the digest of the whole.
#[derive(Debug)]
pub(crate) struct Segment(blake3::Hasher);

impl Segment {
    /// A hasher for segment `index`, which begins at byte `index * SEGMENT`.
    pub(crate) fn new(index: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.set_input_offset(index.saturating_mul(SEGMENT));
        Self(hasher)
    }

    /// Takes the next piece; at most [`SEGMENT`] bytes in all, and at least one.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The chaining value of this subtree.
    pub(crate) fn finish(&self) -> [u8; 32] {
        self.0.finalize_non_root()
    }
}

/// The digest of a content from the chaining values of its segments, in order.
///
/// `None` for fewer than two segments: a single one is not below a root.
pub(crate) fn join_segments(segments: &[[u8; 32]]) -> Option<Digest> {
    if segments.len() < 2 {
        return None;
    }
    // Equal halves collapse as in a binary counter, so every left subtree is
    // the largest full one, as BLAKE3 section 2.1 requires; the last level is
    // the root and is merged apart.
    let mut stack: Vec<([u8; 32], usize)> = Vec::new();
    for segment in segments {
        let mut right = (*segment, 1_usize);
        while let Some(left) = stack.pop_if(|left| left.1 == right.1) {
            // The topmost join of all is the root; it waits until the end.
            if left.1.saturating_add(right.1) == segments.len() {
                return Some(root(&left.0, &right.0));
            }
            let joined = hazmat::merge_subtrees_non_root(&left.0, &right.0, Mode::Hash);
            right = (joined, left.1.saturating_add(right.1));
        }
        stack.push(right);
    }
    let mut right = stack.pop()?.0;
    while let Some((left, _)) = stack.pop() {
        if stack.is_empty() {
            return Some(root(&left, &right));
        }
        right = hazmat::merge_subtrees_non_root(&left, &right, Mode::Hash);
    }
    None
}

fn root(left: &[u8; 32], right: &[u8; 32]) -> Digest {
    Digest(*hazmat::merge_subtrees_root(left, right, Mode::Hash).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_join_to_the_digest_of_the_whole() {
        let segment = usize::try_from(SEGMENT).unwrap();
        let content: Vec<u8> =
            (0..segment * 7 + 12_345).map(|i| u8::try_from(i % 251).unwrap()).collect();
        for length in [
            segment + 1,
            2 * segment,
            3 * segment,
            4 * segment,
            5 * segment + 7,
            6 * segment,
            content.len(),
        ] {
            let content = &content[..length];
            let segments: Vec<_> = content
                .chunks(segment)
                .zip(0..)
                .map(|(piece, index)| {
                    let mut hasher = Segment::new(index);
                    piece.chunks(100_000).for_each(|part| hasher.update(part));
                    hasher.finish()
                })
                .collect();
            assert_eq!(join_segments(&segments), Some(Digest::of(content)), "{length}");
        }
        assert_eq!(join_segments(&[[0; 32]]), None);
        assert_eq!(join_segments(&[]), None);
    }
}
