//! Files split into records, under every rule.

use datadeed::manifest::{RecordError, RecordIndexBuilder, RecordRule};
use datadeed::{Digest, ManifestId};

/// The rules of the crate, by the first byte of an input.
///
/// The last byte is 255, which tells an input from its beginning: any part of a file is a file.
const RULES: [&str; 5] =
    ["json-jcs/1", "line-raw/1", "tar-member/1", "text/1#/a/0", "webdataset/1"];

/// Whether `data` is the number of a rule, a file that has records under it, and the last byte.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Some(([first], [file @ .., 255])) = data.split_first_chunk() else { return false };
    let Some(rule) = RULES.get(usize::from(*first)) else { return false };
    let rule: RecordRule = rule.parse().unwrap();
    let found = in_pieces(&rule, file, file.len());
    // Where pieces are cut makes no difference, to the fault neither.
    for length in [1, 7, 512] {
        assert_eq!(in_pieces(&rule, file, length), found, "in pieces of {length}");
    }
    let mut builder = RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), rule.clone());
    assert_eq!(builder.file(file).err(), found.as_ref().err().cloned());
    let index = builder.finish();
    let Ok(records) = found else {
        assert!(index.is_err());
        return false;
    };
    let index = index.unwrap();
    assert_eq!(index.records(), u64::try_from(records.len()).unwrap());
    for (digest, _) in &records {
        assert!(index.count_of(*digest) > 0);
    }
    alone(&rule, file, &records);
    true
}

fn in_pieces(
    rule: &RecordRule,
    file: &[u8],
    length: usize,
) -> Result<Vec<(Digest, u64)>, RecordError> {
    let mut found = Vec::new();
    let mut splitter = rule.splitter()?;
    for piece in file.chunks(length.max(1)) {
        splitter.push(piece, &mut |digest, size| found.push((digest, size)))?;
    }
    splitter.finish(&mut |digest, size| found.push((digest, size)))?;
    Ok(found)
}

/// Every line asked for alone is the record that it is in the file.
fn alone(rule: &RecordRule, file: &[u8], records: &[(Digest, u64)]) {
    if matches!(rule, RecordRule::TarMember | RecordRule::WebDataset) {
        return;
    }
    let is_blank = |line: &[u8]| line.iter().all(|byte| b" \t\r\n".contains(byte));
    let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    if lines.last() == Some(&&b""[..]) {
        lines.pop();
    }
    if *rule != RecordRule::LineRaw {
        lines.retain(|line| !is_blank(line));
    }
    let digests: Vec<Digest> = lines.iter().map(|line| rule.digest_of(line).unwrap()).collect();
    assert_eq!(digests, records.iter().map(|(digest, _)| *digest).collect::<Vec<_>>());
}
