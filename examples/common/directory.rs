//! Reading a directory as the options say.

use std::path::Path;

use datadeed::scan::{Links, Progress, Scan};
use indicatif::ProgressBar;

use crate::common::{Args, Failure};

/// A scan with `--threads` and `--links`.
pub(crate) fn scan<'a>(args: &Args, root: &Path) -> Result<Scan<'a>, Failure> {
    let mut scan = Scan::new(root);
    if let Some(threads) = args.find("threads")? {
        scan = scan.threads(threads);
    }
    if args.has("links") {
        scan = scan.links(Links::FollowInside);
    }
    Ok(scan)
}

/// What moves a bar on.
pub(crate) fn moves(bar: &ProgressBar) -> impl Fn(Progress) + Sync + '_ {
    |progress| {
        bar.set_length(progress.bytes);
        bar.set_position(progress.bytes_done);
    }
}
