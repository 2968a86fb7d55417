//! Trust states.

use datadeed::trust::TrustState;

/// Whether `data` is a trust state; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(state) = TrustState::decode(data) else { return false };
    assert_eq!(state.to_bytes(), data);
    for log in state.logs() {
        if let Some(last) = state.last_checkpoint(log.origin()) {
            assert_eq!(last.log(), &log);
        }
    }
    true
}
