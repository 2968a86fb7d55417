//! Whom a verifier believes, and what it knows of later events.
//!
//! ```
//! use datadeed::trust::{Anchor, Role, Status, TrustStore};
//! # use datadeed::StatementId;
//! # use datadeed::key::{Signer, SigningKey};
//! # let key = SigningKey::from_seed(&[7; 32]).public_key();
//! # let (bought, now) = (StatementId::from_bytes([9; 32]), "2026-11-22T00:00:00Z".parse()?);
//!
//! let registrar = Anchor::new("did:web:registry.example", key, [Role::Registrar]);
//! let trust = TrustStore::new([registrar]);
//! let status = Status::new(now).seen(bought, now)?;
//! assert_eq!(TrustStore::decode(&trust.to_bytes())?, trust);
//! assert_eq!(Status::decode(&status.to_bytes())?, status);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod status;

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{CborError, CborFault, Version1, codes, decode, encode, record};
use crate::id::KeyId;
use crate::key::PublicKey;
use crate::limits::MAX_TRUST;
use crate::statement::Header;
use crate::timestamp::Timestamp;

pub use status::{Recorded, Seen, Status, StatusError};

codes! {
    /// What an anchor is believed in.
    pub enum Role("role") in trust {
        /// Collecting data and observing public licences at the source.
        Collector = "collector",
        /// Processing data: merge, clean, deduplicate, select.
        Curator = "curator",
        /// Registering data IP.
        Registrar = "registrar",
        /// Granting rights in the datasets of its scope.
        RightsHolder = "rights_holder",
        /// Training models.
        Trainer = "trainer",
    }
}

record! {
    /// An identity with a key, believed in some roles, for some subjects, for some time.
    ///
    /// ```
    /// use datadeed::key::{Signer, SigningKey};
    /// use datadeed::trust::{Anchor, Role};
    ///
    /// let key = SigningKey::from_seed(&[7; 32]).public_key();
    /// let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
    /// let collector = Anchor::new("did:web:collector.example", key, [Role::Collector])
    ///     .scope(["https://data.example/"])
    ///     .between(from, until);
    /// assert!(collector.covers(Role::Collector, "https://data.example/corpus", from));
    /// assert!(!collector.covers(Role::Collector, "https://data.example/corpus", until));
    /// assert!(!collector.covers(Role::Trainer, "https://data.example/corpus", from));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Anchor {
        /// The identity, as it stands in statements.
        "iss" => iss: String,
        /// Its key.
        "key" => key: PublicKey,
        /// Start, inclusive; absent: no start.
        "from" => from: Option<Timestamp>,
        /// What it is believed in.
        "roles" => roles: BTreeSet<Role>,
        /// `any`, or prefixes of what its statements are about.
        "scope" => scope: BTreeSet<String>,
        /// End, exclusive; absent: no end.
        "until" => until: Option<Timestamp>,
    }
}

impl Anchor {
    /// An anchor for any subject, without start or end.
    pub fn new(
        iss: impl Into<String>,
        key: PublicKey,
        roles: impl IntoIterator<Item = Role>,
    ) -> Self {
        Self {
            iss: iss.into(),
            key,
            from: None,
            roles: roles.into_iter().collect(),
            scope: ["any".to_owned()].into(),
            until: None,
        }
    }

    /// Restricts the anchor to subjects with one of these prefixes.
    ///
    /// What is compared is the `sub` of a statement (`manifest:...`) or, for an
    /// observed licence, the source. A prefix covers what equals it, what
    /// continues it after one of `/`, `:`, `#`, `?` or `@`, and anything that
    /// begins with it if it ends with one of these. A prefix that ends in the
    /// host of a URL is continued by `/`, `#` and `?` alone; write its port with it.
    #[must_use]
    pub fn scope<T: Into<String>>(mut self, prefixes: impl IntoIterator<Item = T>) -> Self {
        self.scope = prefixes.into_iter().map(Into::into).collect();
        self
    }

    /// Restricts the anchor to statements from `from` (inclusive) to `until` (exclusive).
    ///
    /// A statement's date is a claim, and whoever still has the key can date it back. After
    /// `until` only those count that a [`Status`] says were seen before.
    #[must_use]
    pub const fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }

    /// Whether it is believed in `role` about `subject` at `at`.
    pub fn covers(&self, role: Role, subject: &str, at: Timestamp) -> bool {
        self.roles.contains(&role) && self.is_valid_at(at) && self.covers_subject(subject)
    }

    /// Whether it is valid at `at`.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    fn covers_subject(&self, subject: &str) -> bool {
        const BOUNDARIES: [char; 5] = ['/', ':', '#', '?', '@'];
        self.scope.iter().any(|prefix| {
            // In a host, `:` and `@` may end a user name with another host after it.
            let in_host = prefix
                .split_once("://")
                .is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains(['/', '#', '?']));
            let boundaries: &[char] = if in_host { &['/', '#', '?'] } else { &BOUNDARIES };
            prefix == "any"
                || subject.strip_prefix(prefix.as_str()).is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with(boundaries) || prefix.ends_with(BOUNDARIES)
                })
        })
    }
}

/// What a trust store knows of the issuer of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The identity is known with another key, or the key under another identity.
    Conflict,
    /// The identity is known with this key.
    Listed,
    /// Neither is known.
    Unlisted,
}

record! {
    /// The wire form of a trust store; one that believes nobody has no `anchors`.
    struct TrustFile {
        "v" => v: Version1,
        "anchors" => anchors: BTreeSet<Anchor>,
    }
}

/// The anchors a verifier believes.
///
/// ```
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::trust::{Anchor, Role, TrustStore};
///
/// let key = SigningKey::from_seed(&[7; 32]).public_key();
/// let trust = TrustStore::new([Anchor::new("did:web:registry.example", key, [Role::Registrar])]);
/// assert_eq!(TrustStore::decode(&trust.to_bytes())?, trust);
/// # Ok::<(), datadeed::CborError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    by_iss: BTreeMap<String, BTreeSet<Anchor>>,
    by_key: BTreeMap<KeyId, (PublicKey, BTreeSet<String>)>,
}

impl TrustStore {
    /// A store of these anchors. One identity may have several keys, one key several roles.
    pub fn new(anchors: impl IntoIterator<Item = Anchor>) -> Self {
        let mut store = Self::default();
        for anchor in anchors {
            let key = anchor.key;
            let (_, identities) =
                store.by_key.entry(key.id()).or_insert_with(|| (key, BTreeSet::new()));
            identities.insert(anchor.iss.clone());
            store.by_iss.entry(anchor.iss.clone()).or_default().insert(anchor);
        }
        store
    }

    /// Decodes what [`TrustStore::to_bytes`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`CborError`] with the offset of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() > MAX_TRUST {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            return Err(CborError::new(0, CborFault::TooLong { found, limit: MAX_TRUST }));
        }
        let file: TrustFile = decode(bytes)?;
        Ok(Self::new(file.anchors))
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&TrustFile { v: Version1, anchors: self.anchors().cloned().collect() })
    }

    /// The anchors.
    pub fn anchors(&self) -> impl Iterator<Item = &Anchor> {
        self.by_iss.values().flatten()
    }

    /// The public key with this id, where an anchor holds it.
    pub(crate) fn key(&self, id: KeyId) -> Option<PublicKey> {
        self.by_key.get(&id).map(|(key, _)| *key)
    }

    /// What is known of the issuer of a statement.
    pub(crate) fn known(&self, header: &Header) -> Known {
        let anchors = self.by_iss.get(&header.issuer);
        let identities = self.by_key.get(&header.key).map(|(_, identities)| identities);
        match (anchors, identities) {
            (None, None) => Known::Unlisted,
            (Some(_), Some(_)) if self.listed(header).next().is_some() => Known::Listed,
            _ => Known::Conflict,
        }
    }

    /// Whether an anchor with this identity and key is believed in one of `roles` about `subject` at `at`.
    ///
    /// `at` is a claim; that it lies before the anchor's end is shown by `proven` alone.
    pub(crate) fn believes(
        &self,
        header: &Header,
        roles: &[Role],
        subject: &str,
        at: Timestamp,
        proven: Timestamp,
    ) -> bool {
        self.listed(header).any(|anchor| {
            anchor.until.is_none_or(|until| proven < until)
                && roles.iter().any(|role| anchor.covers(*role, subject, at))
        })
    }

    /// Whether this identity has this key at `at`, in whatever role; `proven` as above.
    pub(crate) fn identifies(&self, header: &Header, at: Timestamp, proven: Timestamp) -> bool {
        self.listed(header)
            .any(|anchor| anchor.is_valid_at(at) && anchor.until.is_none_or(|until| proven < until))
    }

    fn listed(&self, header: &Header) -> impl Iterator<Item = &Anchor> {
        let anchors = self.by_iss.get(&header.issuer).into_iter().flatten();
        anchors.filter(|anchor| anchor.key.id() == header.key)
    }
}

#[cfg(test)]
mod tests;
