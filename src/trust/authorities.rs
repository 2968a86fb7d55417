//! Who may do what: anchors, and whoever they delegated to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::{Authority, Delegation, DelegationFault, ProvenDelegation, Role, TrustStore};
use crate::id::{KeyId, StatementId};
use crate::key::PublicKey;
use crate::rights::Registration;
use crate::statement::{Header, Signed};
use crate::timestamp::Timestamp;

/// What trust store and delegations say of the issuer of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The identity is known with another key, or the key under another identity.
    Conflict,
    /// The identity is known with this key.
    Listed,
    /// Neither is known.
    Unlisted,
}

/// More ways of delegation than allowed.
///
/// ```
/// use datadeed::trust::{Anchor, Authorities, Role, TooManyAuthorities, TrustStore};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Delegation, Mandate, ProvenDelegation};
/// # let now = "2026-11-22T00:00:00Z".parse()?;
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let branch = SigningKey::from_seed(&[8; 32]).public_key();
/// # let trust = TrustStore::new([Anchor::new(registry.iss(), registry.public_key(), [Role::Registrar])]);
/// # let delegation = Delegation::new("did:web:branch.example", branch, Mandate::new([Role::Registrar]));
/// # let verified = delegation.sign(&registry, now)?.verify(&registry.public_key())?;
/// # let proven = ProvenDelegation::new(&verified, now);
///
/// let refused = Authorities::resolve(&trust, [proven], 0);
/// assert_eq!(refused.unwrap_err(), TooManyAuthorities { limit: 0 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} ways of delegation")]
#[expect(clippy::exhaustive_structs, reason = "the bound is all there is to say")]
pub struct TooManyAuthorities {
    /// The bound.
    pub limit: usize,
}

/// Whom a verifier believes: the anchors of his trust store, and their delegates.
///
/// A delegation counts from its date while nothing speaks against it; once it or a delegation that it
/// rests on was taken back, only from when it is proven to exist. What a
/// delegate says after the end of his term, or after a delegation that he rests on was taken back,
/// counts if it is proven to be from before.
///
/// ```
/// use datadeed::trust::{Authorities, Mandate, ProvenDelegation, Role, TrustStore};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Delegation};
/// # let now = "2026-11-22T00:00:00Z".parse()?;
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let branch = SigningKey::from_seed(&[8; 32]).public_key();
/// # let trust = TrustStore::new([Anchor::new(registry.iss(), registry.public_key(), [Role::Registrar])]);
///
/// let mandate = Mandate::new([Role::Registrar]).scope(["manifest:"]);
/// let delegation = Delegation::new("did:web:branch.example", branch, mandate).sign(&registry, now)?;
/// let delegation = delegation.verify(&registry.public_key())?;
/// let proven = ProvenDelegation::new(&delegation, now);
/// let authorities = Authorities::resolve(&trust, [proven], 100)?;
/// let [_, branch] = authorities.as_slice() else { unreachable!("an anchor and its delegate") };
/// assert_eq!((branch.iss(), branch.rests_on()), ("did:web:branch.example", &[delegation.id()][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Authorities<'a> {
    /// Anchors first, then delegates by the length of their chains.
    list: Vec<Authority<'a>>,
    /// Of each identity, with each of its keys.
    ways: BTreeMap<&'a str, BTreeMap<KeyId, Ways>>,
    /// Identities that an anchor has.
    listed: BTreeSet<&'a str>,
    keys: BTreeMap<KeyId, PublicKey>,
    refused: BTreeMap<StatementId, DelegationFault>,
    /// The same with all delegations, where some do not count otherwise.
    adverse: Option<Box<Self>>,
}

/// How one identity has one key.
#[derive(Clone, Debug, Default)]
struct Ways {
    /// In the list of all.
    places: Vec<usize>,
    /// How many of them rest on delegations.
    delegated: usize,
    /// In any of them.
    roles: BTreeSet<Role>,
}

impl<'a> Authorities<'a> {
    /// Everything that follows from the anchors by these delegations, in whatever order they are given.
    ///
    /// One by a key that was revoked is the caller's to leave out, unless it is proven to be from before.
    ///
    /// # Errors
    ///
    /// [`TooManyAuthorities`] where there are more than `limit` ways from an anchor over delegations,
    /// whether the last delegation of one gives something or not.
    pub fn resolve(
        trust: &'a TrustStore,
        delegations: impl IntoIterator<Item = ProvenDelegation<'a>>,
        limit: usize,
    ) -> Result<Self, TooManyAuthorities> {
        Self::resolve_with(trust, delegations, [], limit)
    }

    /// The same, with delegations that count for [`Authorities::adverse`] alone.
    pub(crate) fn resolve_with(
        trust: &'a TrustStore,
        delegations: impl IntoIterator<Item = ProvenDelegation<'a>>,
        adverse: impl IntoIterator<Item = ProvenDelegation<'a>>,
        limit: usize,
    ) -> Result<Self, TooManyAuthorities> {
        let mut refused = BTreeMap::new();
        let mut open = BTreeMap::new();
        for delegation in delegations {
            let id = delegation.signed.id();
            match against_listed(trust, delegation.signed) {
                Ok(()) => drop(open.insert(id, delegation)),
                Err(fault) => drop(refused.insert(id, fault)),
            }
        }
        let mut all = open.clone();
        for delegation in adverse {
            if against_listed(trust, delegation.signed).is_ok() {
                all.entry(delegation.signed.id()).or_insert(delegation);
            }
        }
        let mut found = Self::expand(trust, &open, limit)?;
        let contested = found.contested(&open);
        if !contested.is_empty() {
            open.retain(|id, _| !contested.contains(id));
            found = Self::expand(trust, &open, limit)?;
        }
        if open.len() < all.len() {
            found.adverse = Some(Box::new(Self::expand(trust, &all, limit)?));
        }
        found.refused.extend(contested.into_iter().map(|id| (id, DelegationFault::Contested)));
        found.refused.append(&mut refused);
        Ok(found)
    }

    /// Follows delegations from the anchors. Depths decrease on every way, so every way ends.
    fn expand(
        trust: &'a TrustStore,
        delegations: &BTreeMap<StatementId, ProvenDelegation<'a>>,
        limit: usize,
    ) -> Result<Self, TooManyAuthorities> {
        let mut by_signer: BTreeMap<(&str, KeyId), Vec<&ProvenDelegation<'a>>> = BTreeMap::new();
        for delegation in delegations.values() {
            let header = delegation.signed.header();
            by_signer.entry((&header.issuer, header.key)).or_default().push(delegation);
        }
        let no_authority = |id: &StatementId| (*id, DelegationFault::NoAuthority);
        let mut refused: BTreeMap<_, _> = delegations.keys().map(no_authority).collect();
        let mut list: Vec<Authority<'a>> = trust.anchors().map(Authority::of_anchor).collect();
        let mut counted: BTreeSet<StatementId> = BTreeSet::new();
        let mut left = limit;
        let mut next = 0_usize;
        while let Some(authority) = list.get(next).cloned() {
            let signed = by_signer.get(&(authority.iss(), authority.key().id()));
            for delegation in signed.into_iter().flatten() {
                let id = delegation.signed.id();
                // One that gives nothing is as much work.
                left = left.checked_sub(1).ok_or(TooManyAuthorities { limit })?;
                match authority.delegate(delegation) {
                    Ok(delegate) => {
                        list.push(delegate);
                        counted.insert(id);
                    }
                    Err(fault) => drop(refused.insert(id, fault)),
                }
            }
            next = next.saturating_add(1);
        }
        refused.retain(|id, _| !counted.contains(id));
        Ok(Self::new(list, refused))
    }

    fn new(list: Vec<Authority<'a>>, refused: BTreeMap<StatementId, DelegationFault>) -> Self {
        let mut ways: BTreeMap<&str, BTreeMap<KeyId, Ways>> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let anchors = list.iter().filter(|one| one.rests_on().is_empty());
        let listed = anchors.map(Authority::iss).collect();
        for (place, authority) in list.iter().enumerate() {
            let (iss, key) = (authority.iss(), authority.key());
            let of_key = ways.entry(iss).or_default().entry(key.id()).or_default();
            of_key.places.push(place);
            of_key.delegated =
                of_key.delegated.saturating_add(usize::from(!authority.rests_on().is_empty()));
            of_key.roles.extend(&authority.mandate().roles);
            keys.insert(key.id(), key);
        }
        Self { list, ways, listed, keys, refused, adverse: None }
    }

    /// The delegations that give an identity a key while another delegator gives it another one.
    ///
    /// What an identity delegates to itself follows the key that it has, and is not counted here.
    fn contested(
        &self,
        delegations: &BTreeMap<StatementId, ProvenDelegation<'a>>,
    ) -> BTreeSet<StatementId> {
        let mut named: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<KeyId>)> = BTreeMap::new();
        let by_others = || {
            let counted = delegations.iter().filter(|(id, _)| !self.refused.contains_key(id));
            counted
                .map(|(id, one)| (*id, one.signed.header(), one.signed.payload()))
                .filter(|(_, header, payload)| header.issuer != payload.iss)
        };
        for (_, header, payload) in by_others() {
            let (delegators, keys) = named.entry(&payload.iss).or_default();
            delegators.insert(&header.issuer);
            keys.insert(payload.key.id());
        }
        // With more than one of each, two differ in both.
        let is_contested = |iss: &str| {
            named.get(iss).is_some_and(|(delegators, keys)| delegators.len() > 1 && keys.len() > 1)
        };
        by_others().filter(|(_, _, one)| is_contested(&one.iss)).map(|(id, _, _)| id).collect()
    }

    /// All of them: anchors first, then delegates by the length of their chains.
    pub fn as_slice(&self) -> &[Authority<'a>] {
        &self.list
    }

    /// The delegations that give nothing, and why, by id.
    pub fn refused(&self) -> impl Iterator<Item = (StatementId, &DelegationFault)> {
        self.refused.iter().map(|(id, fault)| (*id, fault))
    }

    /// The public key with this id, where an anchor or a delegate holds it.
    pub fn key(&self, id: KeyId) -> Option<PublicKey> {
        self.keys.get(&id).copied()
    }

    /// Who may say what hurts others: those with contested delegations, too, and with those that count for
    /// nothing else.
    ///
    /// Whoever may delegate can contest what another delegated, and would silence by that whoever speaks
    /// against him. Whose key is whose is not to be asked here.
    pub(crate) fn adverse(&self) -> &Self {
        self.adverse.as_deref().unwrap_or(self)
    }

    /// In how many ways delegations give this identity this key.
    pub(crate) fn delegated_ways(&self, header: &Header) -> usize {
        self.ways(header).map_or(0, |ways| ways.delegated)
    }

    /// Whether this identity with this key has one of `roles`, about whatever and whenever.
    pub(crate) fn has_any(&self, header: &Header, roles: &[Role]) -> bool {
        self.ways(header).is_some_and(|ways| roles.iter().any(|role| ways.roles.contains(role)))
    }

    /// Whether an anchor has this identity, whoever lends it beside.
    pub(crate) fn has_anchor(&self, iss: &str) -> bool {
        self.listed.contains(iss)
    }

    /// What is known of the issuer of a statement, whenever he signed it.
    pub(crate) fn known(&self, header: &Header) -> Known {
        match self.ways.get(header.issuer.as_str()) {
            Some(keys) if keys.contains_key(&header.key) => Known::Listed,
            None if !self.keys.contains_key(&header.key) => Known::Unlisted,
            Some(_) | None => Known::Conflict,
        }
    }

    /// By what authority this identity and key are believed in one of `roles` about `subject`, in a
    /// statement dated `at` that is proven to exist by `proven_by`; one that rests on fewest delegations.
    pub fn believes(
        &self,
        header: &Header,
        roles: &[Role],
        subject: &(impl Display + ?Sized),
        at: Timestamp,
        proven_by: Timestamp,
    ) -> Option<&Authority<'a>> {
        let covers = |role: &Role, one: &Authority<'_>| one.mandate().covers(*role, subject, at);
        self.standing(header, at, proven_by).find(|one| roles.iter().any(|role| covers(role, one)))
    }

    /// By what authority the issuer is believed in this registration; as above.
    pub fn believes_registration(
        &self,
        header: &Header,
        registration: &Registration,
        proven_by: Timestamp,
    ) -> Option<&Authority<'a>> {
        let at = header.issued_at;
        self.standing(header, at, proven_by)
            .find(|one| one.mandate().covers_registration(registration, at))
    }

    /// By what authority this identity has this key at `at`, in whatever role; as above.
    pub fn identifies(
        &self,
        header: &Header,
        at: Timestamp,
        proven_by: Timestamp,
    ) -> Option<&Authority<'a>> {
        self.standing(header, at, proven_by).next()
    }

    /// By what authority this identity has this key at `at` where it is compared with a claimant to `subject`.
    ///
    /// Anybody who may delegate anything could give a claimant's name to a key of his own. So a name
    /// counts only where an anchor has it, or whoever gave it speaks for rights in `subject`.
    pub(crate) fn identifies_claimant(
        &self,
        header: &Header,
        subject: &(impl Display + ?Sized),
        at: Timestamp,
        proven_by: Timestamp,
    ) -> Option<&Authority<'a>> {
        let is_listed = self.listed.contains(header.issuer.as_str());
        let roles = [Role::RightsHolder, Role::Registrar];
        self.standing(header, at, proven_by).find(|one| {
            let covers = |role| one.mandate().covers_but_registers(role, subject, at);
            is_listed || roles.into_iter().any(covers)
        })
    }

    fn standing(
        &self,
        header: &Header,
        at: Timestamp,
        proven_by: Timestamp,
    ) -> impl Iterator<Item = &Authority<'a>> {
        let places = self.ways(header).into_iter().flat_map(|ways| &ways.places);
        let authorities = places.filter_map(|place| self.list.get(*place));
        authorities.filter(move |authority| authority.stands_at(at, proven_by))
    }

    fn ways(&self, header: &Header) -> Option<&Ways> {
        self.ways.get(header.issuer.as_str())?.get(&header.key)
    }
}

/// Whether the trust store leaves the identity and the key for this delegation to give.
fn against_listed(
    trust: &TrustStore,
    delegation: &Signed<Delegation>,
) -> Result<(), DelegationFault> {
    let (header, payload) = (delegation.header(), delegation.payload());
    if trust.lists(&payload.iss) && header.issuer != payload.iss {
        return Err(DelegationFault::IssuerListed);
    }
    if trust.key(payload.key.id()).is_some() && !trust.gives(&payload.iss, payload.key.id()) {
        return Err(DelegationFault::KeyListed);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
