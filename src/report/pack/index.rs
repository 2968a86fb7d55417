//! What each file of a pack is, for programs.

use super::{EvidencePack, PackFile};
use crate::digest::{Digest, Sha256};
use crate::report::json::{Fields, Json, written};
use crate::text::hex;

pub(super) fn json(pack: &EvidencePack<'_>, files: &[PackFile<'_>]) -> String {
    let lineage = pack.report.lineage;
    let fields = Fields::default()
        .text("format", "datadeed-evidence-pack")
        .number("version", Some(1))
        .show("subject", Some(lineage.subject()))
        .show("verified_at", Some(lineage.now()))
        .show("status_as_of", lineage.status_as_of())
        .list("files", files, file);
    written(&fields.object())
}

fn file<'a>(file: &'a PackFile<'_>) -> Json<'a> {
    let (code, shows) = file.kind;
    let signed = file.signed.as_ref();
    let statement = signed.and_then(|signed| signed.statement);
    Fields::default()
        .text("path", file.path.as_str())
        .number("size", u64::try_from(file.bytes.len()).ok())
        .show("sha256", Some(hex(Sha256::of(&file.bytes).as_bytes())))
        .show("blake3", Some(hex(Digest::of(&file.bytes).as_bytes())))
        .text("kind", code)
        .text("shows", shows.en)
        .text("shows_zh", shows.zh)
        .text("of", file.of.as_deref())
        .text("statement", statement.map(|header| header.kind.code()))
        .text("issuer", signed.map(|signed| signed.issuer))
        .show("key", signed.map(|signed| signed.key))
        .json("believed", signed.and_then(|signed| signed.believed).map(Json::Flag))
        .object()
}
