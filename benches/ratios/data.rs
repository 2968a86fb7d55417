//! Files of seeded bytes in a directory of their own.

use std::env;
use std::io::{self, Write};

use tempfile::TempDir;

const PIECE: u64 = 1 << 20;

/// A new directory that is removed when dropped.
pub(crate) fn directory() -> TempDir {
    let root = env::var_os("DATADEED_BENCH_DIR").map_or_else(env::temp_dir, Into::into);
    tempfile::Builder::new()
        .prefix("datadeed-ratios-")
        .tempdir_in(&root)
        .unwrap_or_else(|error| panic!("{}: {error}", root.display()))
}

/// Writes `size` bytes, others for every seed.
pub(crate) fn write(output: &mut impl Write, seed: u64, size: u64) -> io::Result<()> {
    let mut stream = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    let mut left = size;
    let mut piece = Vec::new();
    while left > 0 {
        let len = left.min(PIECE);
        piece.resize(usize::try_from(len).expect("a piece fits memory"), 0);
        stream.fill(&mut piece);
        output.write_all(&piece)?;
        left -= len;
    }
    Ok(())
}
