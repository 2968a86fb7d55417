//! What the caller knows of later events, and when he first saw which statements.
//!
//! The party that an event hurts will not put it into a proof, so it has to
//! come from elsewhere.

use crate::cbor::{CborError, CborFault, Codec, Reader, Version1, Writer, decode, encode, record};
use crate::id::StatementId;
use crate::limits::{MAX_STATEMENT, MAX_STATUS};
use crate::rights::Event;
use crate::statement::{Signed, StatementError};
use crate::timestamp::Timestamp;

/// A status that contradicts itself.
///
/// ```
/// use datadeed::StatementId;
/// use datadeed::trust::{Status, StatusError};
///
/// let (as_of, recorded_at) = ("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// let later = Status::new(as_of).seen(StatementId::from_bytes([9; 32]), recorded_at);
/// assert_eq!(later, Err(StatusError::RecordedLater { recorded_at, as_of }));
/// # Ok::<(), datadeed::TimestampError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed status")]
    Cbor(#[from] CborError),
    /// An event cannot be decoded, or has no signature of its own.
    #[error("event {index} is not sound")]
    Event {
        /// Its place, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: StatementError,
    },
    /// Something was recorded after the instant the status is of.
    #[error("recorded at {recorded_at}, after the status of {as_of}")]
    RecordedLater {
        /// When it was recorded.
        recorded_at: Timestamp,
        /// The instant the status is of.
        as_of: Timestamp,
    },
}

record! {
    /// When the caller first saw a statement.
    ///
    /// ```
    /// use datadeed::StatementId;
    /// use datadeed::trust::Status;
    ///
    /// let bought = StatementId::from_bytes([9; 32]);
    /// let (then, now) = ("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
    /// let status = Status::new(now).seen(bought, then)?;
    /// let [seen] = status.sightings() else { unreachable!("one was added") };
    /// assert_eq!((seen.id, seen.recorded_at), (bought, then));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Seen {
        /// The statement.
        "id" => id: StatementId,
        /// When.
        "recorded_at" => recorded_at: Timestamp,
    }
}

/// An event with the instant at which the caller recorded it.
///
/// ```
/// use datadeed::rights::Event;
/// use datadeed::trust::Status;
/// # use datadeed::id::{StatementId, Subject};
/// # use datadeed::key::SigningKey;
/// # use datadeed::statement::{Issuer, Payload};
/// # let issuer = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[6; 32]));
/// # let (then, now) = ("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// # let licence = Subject::Statement(StatementId::from_bytes([9; 32]));
///
/// let revoked = Event::revocation(licence, then).sign(&issuer, then)?;
/// let status = Status::new(now).event(revoked.clone(), then)?;
/// let [recorded] = status.events() else { unreachable!("one was added") };
/// assert_eq!((&recorded.event, recorded.recorded_at), (&revoked, then));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The event, decoded and not verified.
    pub event: Signed<Event>,
    /// When the caller recorded it.
    pub recorded_at: Timestamp,
}

/// An envelope as a byte string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Codec for Bytes {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.bytes(MAX_STATEMENT)?.to_vec()))
    }
}

record! {
    struct RecordedFile {
        "statement" => statement: Bytes,
        "recorded_at" => recorded_at: Timestamp,
    }
}

record! {
    struct StatusFile {
        "v" => v: Version1,
        "seen" => seen: Vec<Seen>,
        "as_of" => as_of: Timestamp,
        "events" => events: Vec<RecordedFile>,
    }
}

/// The caller's assertion that up to `as_of` he knows every event on what a proof names.
///
/// An empty one is a status too.
///
/// ```
/// use datadeed::trust::Status;
///
/// let status = Status::new("2026-11-22T00:00:00Z".parse()?);
/// assert_eq!(Status::decode(&status.to_bytes())?, status);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    as_of: Timestamp,
    events: Vec<Recorded>,
    seen: Vec<Seen>,
}

impl Status {
    /// A status without events.
    pub const fn new(as_of: Timestamp) -> Self {
        Self { as_of, events: Vec::new(), seen: Vec::new() }
    }

    /// Adds an event that the caller recorded.
    ///
    /// # Errors
    ///
    /// [`StatusError::RecordedLater`] when `recorded_at` is after the status, [`StatusError::Event`] for
    /// one that leans on a batch, which no status holds: nothing would come of it.
    pub fn event(
        mut self,
        event: Signed<Event>,
        recorded_at: Timestamp,
    ) -> Result<Self, StatusError> {
        self.not_later(recorded_at)?;
        if !event.is_signed() {
            let (index, source) = (self.events.len(), StatementError::Unsigned);
            return Err(StatusError::Event { index, source });
        }
        self.events.push(Recorded { event, recorded_at });
        Ok(self)
    }

    /// Adds that the caller saw a statement, which proves that it existed by then.
    ///
    /// # Errors
    ///
    /// [`StatusError::RecordedLater`] when `recorded_at` is after the status.
    pub fn seen(mut self, id: StatementId, recorded_at: Timestamp) -> Result<Self, StatusError> {
        self.not_later(recorded_at)?;
        self.seen.push(Seen { id, recorded_at });
        Ok(self)
    }

    fn not_later(&self, recorded_at: Timestamp) -> Result<(), StatusError> {
        if recorded_at > self.as_of {
            return Err(StatusError::RecordedLater { recorded_at, as_of: self.as_of });
        }
        Ok(())
    }

    /// Decodes what [`Status::to_bytes`] writes, and nothing else. Signatures are not looked at.
    ///
    /// # Errors
    ///
    /// [`StatusError::Cbor`] and [`StatusError::Event`] for other bytes, the latter for unsigned events too,
    /// [`StatusError::RecordedLater`] for an entry later than the status.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatusError> {
        if bytes.len() > MAX_STATUS {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            return Err(CborError::new(0, CborFault::TooLong { found, limit: MAX_STATUS }).into());
        }
        let file: StatusFile = decode(bytes)?;
        let mut status = Self::new(file.as_of);
        for (index, recorded) in file.events.iter().enumerate() {
            let event = Signed::decode(&recorded.statement.0)
                .map_err(|source| StatusError::Event { index, source })?;
            status = status.event(event, recorded.recorded_at)?;
        }
        for seen in file.seen {
            status = status.seen(seen.id, seen.recorded_at)?;
        }
        Ok(status)
    }

    /// The encoding; events and sightings stand in the order in which they were added.
    pub fn to_bytes(&self) -> Vec<u8> {
        let events = self.events.iter().map(|recorded| RecordedFile {
            statement: Bytes(recorded.event.as_bytes().to_vec()),
            recorded_at: recorded.recorded_at,
        });
        encode(&StatusFile {
            v: Version1,
            seen: self.seen.clone(),
            as_of: self.as_of,
            events: events.collect(),
        })
    }

    /// The instant up to which the caller knows every event.
    pub const fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// The events, in the order they were added.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// The sightings, in the order they were added.
    pub fn sightings(&self) -> &[Seen] {
        &self.seen
    }
}
