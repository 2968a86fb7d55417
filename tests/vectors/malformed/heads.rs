//! Heads with one fault each.

use super::raw::{Pairs, bytes, map, text, uint};
use super::{Format, Malformed};
use crate::manifests::manifest;

fn new(name: &str, pairs: &Pairs, shows: &'static str) -> Malformed {
    Malformed::new(Format::Head, name, map(pairs), shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let manifest = manifest("files-many");
    let parts = (text("parts"), bytes(&manifest.parts().to_bytes()));
    let content = |root: &[u8]| (text("content"), bytes(root));
    let sound = manifest.content().to_bytes();
    let mut other_count = sound;
    other_count[32] += 1;
    let of = |kind: &str| vec![(text("v"), uint(1)), (text("kind"), text(kind)), parts.clone()];
    let with = |kind: &str, root: &[u8]| [of(kind), vec![content(root)]].concat();
    vec![
        new(
            "composite-content",
            &with("composite", &sound),
            "A composite with a content tree of its own",
        ),
        new("kind", &with("mixed", &sound), "A kind that is not defined"),
        new("no-content", &of("files"), "Files without a content tree"),
        new("totals", &with("files", &other_count), "Trees over different numbers of entries"),
    ]
}
