//! Status files.

use datadeed::trust::Status;

/// Whether `data` is a status; such a file is the one its status writes, and its parts make it up.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(status) = Status::decode(data) else { return false };
    assert_eq!(status.to_bytes(), data);
    let mut again = Status::new(status.as_of());
    for recorded in status.events() {
        again = again.event(recorded.event.clone(), recorded.recorded_at).expect("decoded before");
    }
    for seen in status.sightings() {
        again = again.seen(seen.id, seen.recorded_at).expect("decoded before");
    }
    assert_eq!(again, status);
    true
}
