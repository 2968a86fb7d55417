//! A split into training and test data that anybody repeats and that proves itself.

use super::{FileEntry, Manifest, ManifestBuilder, ManifestError, NameProfile};
use crate::digest::Digest;

/// Holds out for testing whatever has a digest that begins with so many zero bits.
///
/// The same content is on the same side whatever its name, in whatever dataset and
/// on whatever day, so no later version of a training set has swallowed test data.
/// Digests of contents or of records are as good as random, so 1 of 2^`bits` is held
/// out, if nobody chose the contents to that end.
///
/// On the `content` tree the test part is one subtree. So that the parts are a
/// partition ([`RelationKind::PartitionOf`](crate::tree::RelationKind::PartitionOf)) is
/// proven by the path to it, some 100 bytes for each bit, however large the dataset. Records that
/// are split one by one ([`Split::holds_out`] of their digests) are such a partition on the tree
/// of their index.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::lineage::{RelationKind, TreeName};
/// use datadeed::tree::Judgement;
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover, Split};
///
/// let entry = |i: u32| FileEntry::new(format!("{i}.txt"), 4, Digest::of(&i.to_le_bytes()));
/// let all = Manifest::files((0..1_000).map(entry).collect(), NameProfile::Portable)?;
/// let split = Split::default(); // 1 of 16
/// let (train, test) = split.files(&all)?.ok_or("not files")?;
/// assert_eq!(train.parts().count() + test.parts().count(), 1_000);
/// assert!((30..100).contains(&test.parts().count()));
///
/// let (whole, train, test) = (Prover::new(&all), Prover::new(&train), Prover::new(&test));
/// let mut evidence = EvidenceBuilder::new();
/// let (kind, tree) = (RelationKind::PartitionOf, TreeName::Content);
/// let Ok(holds) = evidence.relation(kind, &tree, &whole, &[&train, &test]);
/// let Ok(evidence) = evidence.build();
/// assert_eq!(holds, Judgement::Holds);
/// assert!(evidence.to_bytes().len() < 2_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    bits: u8,
}

impl Split {
    /// Holds out 1 of 2^`bits`; with 0 bits everything.
    pub const fn new(bits: u8) -> Self {
        Self { bits }
    }

    /// How many leading zero bits a digest that is held out has.
    pub const fn bits(self) -> u8 {
        self.bits
    }

    /// Whether the content or record with this digest is for testing.
    ///
    /// ```
    /// use datadeed::manifest::{RecordRule, Split};
    ///
    /// let rule: RecordRule = "text/1#/text".parse()?;
    /// let (mut train, mut test) = (vec![], vec![]);
    /// for line in [r#"{"text": "To be"}"#, r#"{"text": "or not"}"#] {
    ///     let held_out = Split::default().holds_out(rule.digest_of(line.as_bytes())?);
    ///     if held_out { test.push(line) } else { train.push(line) }
    /// }
    /// // However often a text stands in a file, it is on one side.
    /// assert_eq!((train.len(), test.len()), (2, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn holds_out(self, digest: Digest) -> bool {
        let mut zeros = 0_u32;
        for byte in digest.as_bytes() {
            zeros = zeros.saturating_add(byte.leading_zeros());
            if *byte != 0 {
                break;
            }
        }
        zeros >= u32::from(self.bits)
    }

    /// The files for training and those for testing, by their contents; `None` for tensors.
    ///
    /// # Errors
    ///
    /// None that the whole manifest has not had: parts of it hold no more.
    pub fn files(self, all: &Manifest) -> Result<Option<(Manifest, Manifest)>, ManifestError> {
        let Some(entries) = all.file_entries() else { return Ok(None) };
        let (test, train): (Vec<FileEntry>, Vec<FileEntry>) =
            entries.iter().cloned().partition(|entry| self.holds_out(entry.digest));
        // The whole has its names already, so no policy is asked again.
        let build = |entries| ManifestBuilder::new().profile(NameProfile::Any).files(entries);
        Ok(Some((build(train)?, build(test)?)))
    }
}

/// 1 of 16.
impl Default for Split {
    fn default() -> Self {
        Self::new(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{EvidenceBuilder, Prover, RecordIndexBuilder, RecordRule};
    use crate::tree::{Judgement, RelationKind, TreeName};

    #[test]
    fn digests_are_held_out_by_their_leading_zeros() {
        let mut digest = [0xff; 32];
        for (bits, byte, bit) in [(0, 0, 0x80), (1, 0, 0x40), (7, 0, 1), (8, 1, 0x80), (255, 31, 1)]
        {
            digest[..byte].fill(0);
            digest[byte] = bit;
            let digest = Digest::from_bytes(digest);
            assert!(Split::new(bits).holds_out(digest), "{bits}");
            assert!(bits == 255 || !Split::new(bits + 1).holds_out(digest), "{bits}");
        }
        assert!(Split::new(255).holds_out(Digest::from_bytes([0; 32])));
    }

    #[test]
    fn the_proof_of_a_split_does_not_grow_with_the_dataset() {
        let size = |files: u32, bits: u8| {
            let entry = |i: u32| FileEntry::new(format!("{i}"), 4, Digest::of(&i.to_le_bytes()));
            let all = Manifest::files((0..files).map(entry).collect(), NameProfile::Any).unwrap();
            let (train, test) = Split::new(bits).files(&all).unwrap().unwrap();
            let provers = [&all, &train, &test].map(Prover::new);
            let mut builder = EvidenceBuilder::new();
            let [whole, train, test] = &provers;
            let kind = RelationKind::PartitionOf;
            let Ok(holds) = builder.relation(kind, &TreeName::Content, whole, &[train, test]);
            assert_eq!(holds, Judgement::Holds);
            let Ok(evidence) = builder.build();
            evidence.to_bytes().len()
        };
        let (few, many) = (size(500, 3), size(8_000, 3));
        // Sums take a byte more here and there.
        assert!(many < few + 40, "{few} {many}");
        assert!(size(8_000, 6) > many);
    }

    /// The proof that lines are split, and its size.
    fn of_lines(lines: u32) -> usize {
        let all: Vec<String> = (0..lines).map(|line| format!("{}", line / 2)).collect();
        let held_out = |line: &&String| {
            Split::new(3).holds_out(RecordRule::LineRaw.digest_of(line.as_bytes()).unwrap())
        };
        let (test, train): (Vec<&String>, Vec<&String>) = all.iter().partition(held_out);
        let sets = [all.iter().collect(), train, test].map(|lines| {
            let content = lines.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n");
            let digest = Digest::of(content.as_bytes());
            let file = FileEntry::new("lines", content.len() as u64, digest);
            let manifest = Manifest::files(vec![file], NameProfile::Any).unwrap();
            let mut builder = RecordIndexBuilder::new(manifest.id(), RecordRule::LineRaw);
            builder.file(content.as_bytes()).unwrap();
            (manifest, builder.finish().unwrap())
        });
        assert!(sets.iter().all(|(_, index)| index.records() > 0));
        let provers = [&sets[0], &sets[1], &sets[2]]
            .map(|(manifest, index)| Prover::new(manifest).with_records(index).unwrap());
        let mut builder = EvidenceBuilder::new();
        let [whole, train, test] = &provers;
        let tree = TreeName::Index("line-raw/1".into());
        let Ok(holds) = builder.relation(RelationKind::PartitionOf, &tree, whole, &[train, test]);
        assert_eq!(holds, Judgement::Holds);
        let Ok(evidence) = builder.build();
        evidence.to_bytes().len()
    }

    #[test]
    fn the_proof_of_a_split_by_records_does_not_grow_either() {
        let (few, many) = (of_lines(500), of_lines(8_000));
        assert!(many < few + 40, "{few} {many}");
    }
}
