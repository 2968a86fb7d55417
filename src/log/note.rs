//! Signed notes (C2SP signed-note 1.0.0): a text and lines of signatures under it.

use super::checkpoint::CheckpointError;
use crate::digest::Sha256;
use crate::id::Origin;
use crate::key::PublicKey;
use crate::limits::{MAX_CHECKPOINT, MAX_SIGNATURES};
use crate::text::{base64, excerpt, parse_base64};

/// A plain Ed25519 signature over the text.
pub(super) const ED25519: u8 = 0x01;
/// An Ed25519 signature over a time and the text (C2SP tlog-cosignature 1.0.1).
pub(super) const COSIGNATURE: u8 = 0x04;

const DASH: &str = "\u{2014} ";

/// One signature line; what it is worth depends on whose key it is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: Origin,
    pub(super) key: [u8; 4],
    pub(super) signature: Vec<u8>,
}

impl Line {
    pub(super) fn new(name: &Origin, kind: u8, key: &PublicKey, signature: &[u8]) -> Self {
        Self { name: name.clone(), key: key_id(name, kind, key), signature: signature.to_vec() }
    }

    /// Whether the line says that it was made with this key, in this way.
    pub(super) fn is_of(&self, name: &Origin, kind: u8, key: &PublicKey) -> bool {
        self.name == *name && self.key == key_id(name, kind, key)
    }

    /// `— <name> base64(key id | signature)` with its newline.
    pub(super) fn to_text(&self) -> String {
        let signature = base64(&[&self.key[..], &self.signature].concat());
        format!("{DASH}{} {signature}\n", self.name)
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, signature) = text.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = parse_base64(signature)?;
        let (key, signature) = bytes.split_first_chunk::<4>()?;
        let name = Origin::new(name).ok()?;
        (!signature.is_empty()).then(|| Self { name, key: *key, signature: signature.to_vec() })
    }
}

/// A text, with its last newline, and the lines under it.
pub(super) fn parse(bytes: &[u8]) -> Result<(&str, Vec<Line>), CheckpointError> {
    if bytes.len() > MAX_CHECKPOINT {
        return Err(CheckpointError::TooLarge { found: bytes.len(), limit: MAX_CHECKPOINT });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|fault| CheckpointError::Utf8 { offset: fault.valid_up_to() })?;
    if let Some(offset) = text.find(|character| character < ' ' && character != '\n') {
        return Err(CheckpointError::Control { offset });
    }
    // The last empty line, since a note's text may have others.
    let (last, rest) = text.rsplit_once("\n\n").ok_or(CheckpointError::NoSignature)?;
    let body = text.get(..last.len().saturating_add(1)).unwrap_or_default();
    if rest.is_empty() {
        return Err(CheckpointError::NoSignature);
    }
    let rest = rest.strip_suffix('\n').ok_or(CheckpointError::Unterminated)?;
    let (found, limit) = (rest.split('\n').count(), MAX_SIGNATURES);
    if found > limit {
        return Err(CheckpointError::TooManySignatures { found, limit });
    }
    let lines = rest.split('\n').map(|line| {
        Line::parse(line).ok_or_else(|| CheckpointError::SignatureLine { found: excerpt(line) })
    });
    Ok((body, lines.collect::<Result<_, _>>()?))
}

/// The first four bytes of `SHA-256(name | newline | kind | key)`.
fn key_id(name: &Origin, kind: u8, key: &PublicKey) -> [u8; 4] {
    let hashed = Sha256::of(&[name.as_str().as_bytes(), b"\n", &[kind], key.as_bytes()].concat());
    hashed.as_bytes().first_chunk().copied().unwrap_or_default()
}
