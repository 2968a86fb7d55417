//! Record index files, as a whole, in a stream and by single rows.

use datadeed::manifest::{Document, ManifestReadError, RecordIndex, RecordIndexReader, RecordRow};
use datadeed::{Digest, IndexId};

/// Whether `data` is a record index file; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let verified = RecordIndex::verify(data);
    let Ok(index) = RecordIndex::decode(data) else {
        assert!(verified.is_err() && RecordIndex::read_from(data).is_err());
        // Whose file it claims to be, the refusal tells.
        if let Err(ManifestReadError::OtherIndex { found, .. }) =
            RecordIndexReader::open(data, IndexId::from_bytes([0; 32]))
            && let Ok(reader) = RecordIndexReader::open(data, found)
        {
            ask(&reader, data);
        }
        return false;
    };
    assert_eq!(index.to_bytes(), data);
    assert_eq!(RecordIndex::read_from(data).ok().as_ref(), Some(&index));
    let verified = verified.expect("what reads is verified");
    assert_eq!((verified.id(), verified.distinct()), (index.id(), index.distinct()));
    assert_eq!(index.rows().iter().map(|row| row.count).sum::<u64>(), index.records());
    let reader = RecordIndexReader::open(data, index.id()).expect("what reads opens");
    for RecordRow { digest, count, .. } in index.rows() {
        assert_eq!(reader.count_of(*digest).unwrap(), *count);
        assert_eq!(reader.count_of(Digest::of(digest.as_bytes())).unwrap(), 0);
    }
    for document in [Document::Text("one"), Document::Record(b"four"), Document::Text("a\nb")] {
        assert_eq!(reader.look_up(document).unwrap(), index.look_up(document));
    }
    true
}

/// Asks for whatever may be there: an error or an answer.
fn ask(reader: &RecordIndexReader<&[u8]>, data: &[u8]) {
    for window in data.windows(34).filter(|window| window[..2] == [0x58, 32]) {
        drop(reader.count_of(Digest::from_bytes(window[2..].try_into().unwrap())));
    }
    drop(reader.look_up(Document::Text("one")));
}
