//! The anchors of one verifier.

use std::collections::{BTreeMap, BTreeSet};

use super::{Anchor, Known, Role};
use crate::cbor::{CborError, CborFault, Codec, Reader, Version1, Writer, decode, encode, record};
use crate::id::{KeyId, Origin};
use crate::key::{PublicKey, ThresholdError};
use crate::limits::{MAX_ANCHORS, MAX_TRUST};
use crate::log::{Witness, WitnessPolicy};
use crate::timestamp::Timestamp;

record! {
    /// The wire form of a trust store; one that believes nobody has no `anchors`.
    struct TrustFile {
        "v" => v: Version1,
        "anchors" => anchors: Few<Anchor, MAX_ANCHORS>,
    }
}

/// A set whose number is judged before any of it is read, since keys in it take long to check.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Few<T: Ord, const LIMIT: usize>(pub(super) BTreeSet<T>);

impl<T: Codec + Ord, const LIMIT: usize> Codec for Few<T, LIMIT> {
    fn encode(&self, writer: &mut Writer) {
        self.0.encode(writer);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.clone().array(LIMIT)?;
        BTreeSet::decode(reader).map(Self)
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn absent() -> Option<Self> {
        Some(Self(BTreeSet::new()))
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
    ///
    /// Any number of them may be believed, but no more than [`MAX_ANCHORS`] can be read from a file.
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
        Ok(Self::new(file.anchors.0))
    }

    /// The one encoding; beyond [`MAX_ANCHORS`] or [`MAX_TRUST`] one that [`TrustStore::decode`] refuses.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&TrustFile { v: Version1, anchors: Few(self.anchors().cloned().collect()) })
    }

    /// The anchors.
    pub fn anchors(&self) -> impl Iterator<Item = &Anchor> {
        self.by_iss.values().flatten()
    }

    /// At least `needed` of the witnesses that are believed about the log `origin`.
    ///
    /// Those are the anchors of role [`Role::Witness`] whose scope covers the name of the log, but for
    /// whoever keeps it: no key and no `iss` of a [`Role::Log`] of that name. Each
    /// cosigns under its `iss`. A cosignature counts from the start of its anchor's term, and none
    /// does any more when that has ended: nobody but the witness says when it signed.
    ///
    /// ```
    /// use datadeed::key::{Signer, SigningKey};
    /// use datadeed::trust::{Anchor, Role, TrustStore};
    /// # use datadeed::id::Origin;
    /// # use datadeed::log::{Checkpoint, LogKey, leaf_hash};
    /// # let [log, court] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]));
    /// # let (origin, now) = (Origin::new("registry.example/log")?, "2026-11-21T00:00:00Z".parse()?);
    /// # let pinned = LogKey::new(origin.clone(), log.public_key());
    /// # let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?.sign(&log, now)?;
    /// # let checkpoint = checkpoint.verify(&pinned)?;
    ///
    /// let anchor = Anchor::new("court.example/witness", court.public_key(), [Role::Witness]);
    /// let trust = TrustStore::new([anchor.scope(["registry.example/log"])]);
    /// let one = trust.witnesses(&origin, 1)?;
    /// let cosigned = checkpoint.cosign(&Origin::new("court.example/witness")?, &court, now)?;
    /// assert_eq!(one.check(cosigned.verify(&pinned)?, now)?.existed_by(), now);
    /// assert!(trust.witnesses(&Origin::new("other.example/log")?, 1).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ThresholdError`] where `needed` is 0 or more than there are distinct keys or names.
    pub fn witnesses(
        &self,
        origin: &Origin,
        needed: usize,
    ) -> Result<WitnessPolicy, ThresholdError> {
        let keepers = || self.anchors().filter(|one| one.mandate.is_in(Role::Log, origin.as_str()));
        let isses: BTreeSet<&str> = keepers().map(|one| one.iss.as_str()).collect();
        let keys: BTreeSet<PublicKey> = keepers().map(|one| one.key).collect();
        let witnesses = self.anchors().filter_map(|anchor| {
            let mandate = &anchor.mandate;
            let keeps_it = isses.contains(anchor.iss.as_str()) || keys.contains(&anchor.key);
            if keeps_it || !mandate.is_in(Role::Witness, origin.as_str()) {
                return None;
            }
            // A name that no signed note can hold has cosigned none.
            let name = Origin::new(&anchor.iss).ok()?;
            Some(Witness { name, key: anchor.key, from: mandate.from, until: mandate.until })
        });
        WitnessPolicy::of(witnesses.collect(), needed)
    }

    /// The keys of all witnesses, of whatever logs.
    pub(crate) fn witness_keys(&self) -> impl Iterator<Item = KeyId> {
        let of_role = |anchor: &&Anchor| anchor.mandate.roles.contains(&Role::Witness);
        self.anchors().filter(of_role).map(|anchor| anchor.key.id())
    }

    /// The public key with this id, where an anchor holds it.
    pub(crate) fn key(&self, id: KeyId) -> Option<PublicKey> {
        self.by_key.get(&id).map(|(key, _)| *key)
    }

    /// What is known of who calls himself `issuer` and signs with `key`.
    pub(crate) fn known_as(&self, issuer: &str, key: KeyId) -> Known {
        let anchors = self.by_iss.get(issuer);
        let identities = self.by_key.get(&key).map(|(_, identities)| identities);
        match (anchors, identities) {
            (None, None) => Known::Unlisted,
            (Some(_), Some(_)) if self.listed_as(issuer, key).next().is_some() => Known::Listed,
            _ => Known::Conflict,
        }
    }

    /// Whether an anchor has this identity.
    pub(crate) fn lists(&self, iss: &str) -> bool {
        self.by_iss.contains_key(iss)
    }

    /// Whether an anchor has this identity and this key.
    pub(super) fn gives(&self, iss: &str, key: KeyId) -> bool {
        self.by_key.get(&key).is_some_and(|(_, identities)| identities.contains(iss))
    }

    /// Whether an anchor with this identity and key keeps the log of this name at `at`; as below.
    pub(crate) fn believes_log(
        &self,
        issuer: &str,
        key: KeyId,
        origin: &str,
        at: Timestamp,
        proven: Timestamp,
    ) -> bool {
        let mandates = self.listed_as(issuer, key).map(|anchor| &anchor.mandate);
        mandates
            .filter(|mandate| mandate.until.is_none_or(|until| proven < until))
            .any(|mandate| mandate.covers(Role::Log, origin, at))
    }

    fn listed_as(&self, issuer: &str, key: KeyId) -> impl Iterator<Item = &Anchor> {
        let anchors = self.by_iss.get(issuer).into_iter().flatten();
        anchors.filter(move |anchor| anchor.key.id() == key)
    }
}
