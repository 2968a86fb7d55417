//! Checkpoints (C2SP tlog-checkpoint 1.0.0): what a log was at a size, signed.

use super::note::{self, COSIGNATURE, ED25519, Line};
use crate::digest::Sha256;
use crate::id::Origin;
use crate::key::{BadSignature, PublicKey, Signature, Signer, SignerError};
use crate::limits::{MAX_CHECKPOINT, MAX_SIGNATURES};
use crate::text::{TextError, base64, excerpt, parse_base64};
use crate::timestamp::Timestamp;

/// What a log was when it had `size` entries: a claim, whoever makes it.
///
/// As text, `root` in base64:
///
/// ```text
/// <origin>
/// <size>
/// <root>
/// ```
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::log::{Checkpoint, leaf_hash};
///
/// let origin = Origin::new("registry.example/log")?;
/// let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// assert_eq!((checkpoint.origin(), checkpoint.size()), (&origin, 1));
/// let root = "2cLWa1IsJSJyj1Of+fZ7hdQN7/8JX8ilKMmU9PNbs94=";
/// assert_eq!(checkpoint.to_text(), format!("registry.example/log\n1\n{root}\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    size: u64,
    root: Sha256,
    extensions: Vec<String>,
}

/// Bytes that are no checkpoint.
///
/// ```
/// use datadeed::log::{CheckpointError, SignedCheckpoint};
///
/// let unsigned = SignedCheckpoint::decode(b"registry.example/log\n0\n47DEQpj8HBSa+/TImW+5JA==\n");
/// assert_eq!(unsigned, Err(CheckpointError::NoSignature));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// A control character other than a newline.
    #[error("byte {offset}: control character")]
    Control {
        /// Where it stands, in bytes.
        offset: usize,
    },
    /// A line of the text is empty.
    #[error("line {line} is empty")]
    EmptyLine {
        /// Its number, from 1.
        line: usize,
    },
    /// A log without entries has one root, and this is another.
    #[error("no entries, but root {found}")]
    EmptyLog {
        /// The root given.
        found: Sha256,
    },
    /// Origin, size and root are not all there.
    #[error("text of {found} lines, at least 3 expected")]
    Lines {
        /// How many there are.
        found: usize,
    },
    /// No signature stands under the text.
    #[error("no signature")]
    NoSignature,
    /// The origin is no name of a log.
    #[error("no origin")]
    Origin(#[from] TextError),
    /// The signatures to be joined are under another text.
    #[error("another checkpoint")]
    OtherText,
    /// The root is not 32 bytes in base64.
    #[error("{found:?} is no root")]
    Root {
        /// What stands there, at most 80 bytes of it.
        found: String,
    },
    /// A line under the text that is no signature.
    #[error("{found:?} is no signature line")]
    SignatureLine {
        /// The line, at most 80 bytes of it.
        found: String,
    },
    /// The size is no decimal number of 64 bits, or not written the one way.
    #[error("{found:?} is no size")]
    Size {
        /// What stands there, at most 80 bytes of it.
        found: String,
    },
    /// The note is larger than this crate accepts.
    #[error("checkpoint of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Its size, in bytes.
        found: usize,
        /// [`MAX_CHECKPOINT`].
        limit: usize,
    },
    /// There are more signature lines than this crate accepts.
    #[error("{found} signatures, at most {limit} allowed")]
    TooManySignatures {
        /// How many.
        found: usize,
        /// [`MAX_SIGNATURES`].
        limit: usize,
    },
    /// The last line has no end.
    #[error("no newline at the end")]
    Unterminated,
    /// The bytes are not UTF-8.
    #[error("byte {offset}: invalid UTF-8")]
    Utf8 {
        /// Where the first fault stands, in bytes.
        offset: usize,
    },
}

impl Checkpoint {
    /// What the log `origin` says of itself.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::EmptyLog`] for another root of no entries than the hash of nothing.
    pub fn new(origin: Origin, size: u64, root: Sha256) -> Result<Self, CheckpointError> {
        if size == 0 && root != Sha256::of(b"") {
            return Err(CheckpointError::EmptyLog { found: root });
        }
        Ok(Self { origin, size, root, extensions: Vec::new() })
    }

    /// The name of the log.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many entries it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    pub const fn root(&self) -> Sha256 {
        self.root
    }

    /// Further lines that the log signed, whatever they mean; this crate writes none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed, every line with its newline.
    pub fn to_text(&self) -> String {
        let root = base64(self.root.as_bytes());
        let mut text = format!("{}\n{}\n{root}\n", self.origin, self.size);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let lines: Vec<&str> = text.split('\n').collect();
        if let Some(empty) = lines.iter().position(|line| line.is_empty()) {
            return Err(CheckpointError::EmptyLine { line: empty.saturating_add(1) });
        }
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Lines { found: lines.len() });
        };
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == **size);
        let number = number.ok_or_else(|| CheckpointError::Size { found: excerpt(size) })?;
        let hash = parse_base64(root).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let hash = hash.ok_or_else(|| CheckpointError::Root { found: excerpt(root) })?;
        let checkpoint = Self::new(Origin::new(*origin)?, number, Sha256::from_bytes(hash))?;
        let extensions = extensions.iter().map(|line| (*line).to_owned()).collect();
        Ok(Self { extensions, ..checkpoint })
    }

    /// Signs as the log: once plainly, and once with the time, since a checkpoint has none of its own.
    ///
    /// Whoever signs two checkpoints of which neither extends the other has signed the proof that
    /// he did.
    ///
    /// # Errors
    ///
    /// [`SignerError`] with the signer's reason.
    pub fn sign<S: Signer + ?Sized>(
        &self,
        log: &S,
        now: Timestamp,
    ) -> Result<SignedCheckpoint, SignerError> {
        let text = self.to_text();
        let key = log.public_key();
        let plain = Line::new(&self.origin, ED25519, &key, log.sign(text.as_bytes())?.as_bytes());
        let timed = cosign(&text, &self.origin, log, now)?;
        Ok(SignedCheckpoint { text, checkpoint: self.clone(), lines: vec![plain, timed] })
    }
}

/// A checkpoint with signatures under it: decoded, and not to be trusted.
///
/// Lines of unknown keys and kinds are kept and count for nothing.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::{Checkpoint, LogKey, SignedCheckpoint, leaf_hash};
///
/// let origin = Origin::new("registry.example/log")?;
/// let (key, now) = (SigningKey::from_seed(&[7; 32]), "2026-11-21T00:00:00Z".parse()?);
/// let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// let sent = checkpoint.sign(&key, now)?.to_bytes();
///
/// let received = SignedCheckpoint::decode(&sent)?;
/// let pinned = LogKey::new(origin, key.public_key());
/// assert_eq!(received.verify(&pinned)?.size(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// The text as received.
    text: String,
    checkpoint: Checkpoint,
    lines: Vec<Line>,
}

impl SignedCheckpoint {
    /// Decodes a signed note whose text is a checkpoint. Signatures are not looked at.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] naming the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let (text, lines) = note::parse(bytes)?;
        Ok(Self { text: text.to_owned(), checkpoint: Checkpoint::parse(text)?, lines })
    }

    /// The note; of what was decoded the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut note = self.text.clone();
        note.push('\n');
        for line in &self.lines {
            note.push_str(&line.to_text());
        }
        note.into_bytes()
    }

    /// What whoever wrote it claims.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The names under which there are signatures, sound or not, in their order.
    pub fn signers(&self) -> impl Iterator<Item = &Origin> {
        self.lines.iter().map(|line| &line.name)
    }

    /// Adds the signature lines of `other` that are not here yet, for a log that collects those of
    /// several witnesses.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::OtherText`] where `other` is about something else,
    /// [`CheckpointError::TooManySignatures`] and [`CheckpointError::TooLarge`] beyond what a decoder takes.
    pub fn join(mut self, other: &Self) -> Result<Self, CheckpointError> {
        if self.text != other.text {
            return Err(CheckpointError::OtherText);
        }
        for line in &other.lines {
            if !self.lines.contains(line) {
                self.lines.push(line.clone());
            }
        }
        self.check_size()?;
        Ok(self)
    }

    /// Whether a decoder takes it.
    pub(super) fn check_size(&self) -> Result<(), CheckpointError> {
        let (found, limit) = (self.lines.len(), MAX_SIGNATURES);
        if found > limit {
            return Err(CheckpointError::TooManySignatures { found, limit });
        }
        let (found, limit) = (self.to_bytes().len(), MAX_CHECKPOINT);
        if found > limit { Err(CheckpointError::TooLarge { found, limit }) } else { Ok(()) }
    }

    pub(super) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether `key` signed plainly under `name`; every line that says so must be sound.
    pub(super) fn is_signed_by(
        &self,
        name: &Origin,
        key: &PublicKey,
    ) -> Result<bool, BadSignature> {
        let mut lines = self.lines.iter().filter(|line| line.is_of(name, ED25519, key)).peekable();
        let is_signed = lines.peek().is_some();
        for line in lines {
            let signature = line.signature.as_slice().try_into().map_err(|_| BadSignature)?;
            key.verify(self.text.as_bytes(), &Signature::from_bytes(signature))?;
        }
        Ok(is_signed)
    }

    /// When `key` cosigned under `name`, in the order of the lines; every one that says so must be sound.
    pub(super) fn cosigned_at(
        &self,
        name: &Origin,
        key: &PublicKey,
    ) -> Result<Vec<Timestamp>, BadSignature> {
        let mut times = Vec::new();
        for line in self.lines.iter().filter(|line| line.is_of(name, COSIGNATURE, key)) {
            let (time, signature) = line.signature.split_first_chunk::<8>().ok_or(BadSignature)?;
            let seconds = u64::from_be_bytes(*time);
            let signature = signature.try_into().map_err(|_| BadSignature)?;
            let message = cosigned_text(seconds, &self.text);
            key.verify(message.as_bytes(), &Signature::from_bytes(signature))?;
            // No clock shows a time that this crate cannot hold.
            times.push(Timestamp::from_seconds(seconds).map_err(|_| BadSignature)?);
        }
        Ok(times)
    }
}

/// The line by which `signer` says that at `now` it knew of no later checkpoint than `text`.
pub(super) fn cosign<S: Signer + ?Sized>(
    text: &str,
    name: &Origin,
    signer: &S,
    now: Timestamp,
) -> Result<Line, SignerError> {
    let signature = signer.sign(cosigned_text(now.seconds(), text).as_bytes())?;
    let timed = [&now.seconds().to_be_bytes()[..], signature.as_bytes()].concat();
    Ok(Line::new(name, COSIGNATURE, &signer.public_key(), &timed))
}

fn cosigned_text(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

#[cfg(test)]
mod tests;
