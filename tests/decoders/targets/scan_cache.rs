//! Caches of scans.

use datadeed::scan::Cache;

/// Whether `data` is a cache of a root; such a file is the one it writes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(cache) = Cache::decode(data) else { return false };
    assert_eq!(cache.to_bytes(), data);
    // No bytes are a cache of nothing, for a first scan.
    !data.is_empty()
}
