//! What most names look like, seen in one pass over their bytes.

use super::is_device;
use crate::limits::{MAX_COMPONENT, MAX_NAME};

/// What one look at a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glance {
    /// Whether every rule for a single name is known to hold, those of the profile `portable` included.
    ///
    /// Where it is `false` the rules must be asked one by one.
    pub(super) is_plain: bool,
    /// Whether folding might change the name or a directory of it.
    pub(super) folds: bool,
}

/// Printable ASCII that every file system takes, without `/` and letters in upper case.
const PLAIN: u8 = 0;
const UPPER: u8 = 1;
const OTHER: u8 = 2;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [OTHER; 256];
    let mut rest: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()+,-.;=@[]^_`{}~";
    while let [byte, tail @ ..] = rest {
        set(&mut classes, *byte, PLAIN);
        rest = tail;
    }
    let mut rest: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    while let [byte, tail @ ..] = rest {
        set(&mut classes, *byte, UPPER);
        rest = tail;
    }
    classes
}

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "runs when the crate is compiled; a byte is always below 256"
)]
const fn set(classes: &mut [u8; 256], byte: u8, class: u8) {
    classes[byte as usize] = class;
}

pub(super) fn glance(name: &str) -> Glance {
    let (mut seen, mut is_plain, mut rest) = (PLAIN, name.len() <= MAX_NAME, name.as_bytes());
    // One component each time.
    loop {
        let mut len = 0_usize;
        for byte in rest.iter().take_while(|byte| **byte != b'/') {
            seen |= CLASSES.get(usize::from(*byte)).unwrap_or(&OTHER);
            len = len.saturating_add(1);
        }
        let (component, after) = rest.split_at(len);
        is_plain &= suits(component);
        match after.split_first() {
            Some((_, after)) => rest = after,
            None => break,
        }
    }
    if seen & OTHER != 0 || !is_plain {
        return Glance { is_plain: false, folds: true };
    }
    Glance { is_plain: true, folds: seen & UPPER != 0 }
}

/// Whether a component of plain characters is allowed on every system.
fn suits(component: &[u8]) -> bool {
    let (Some(first), Some(last)) = (component.first(), component.last()) else { return false };
    // `.` and `..` end with a dot.
    component.len() <= MAX_COMPONENT
        && !matches!(last, b'.' | b' ')
        // No device name begins with another letter.
        && !matches!(
            first.to_ascii_lowercase(),
            b'a' | b'c' | b'l' | b'n' | b'p' if std::str::from_utf8(component).is_ok_and(is_device)
        )
}
