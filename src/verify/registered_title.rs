//! The chain of title as a view: what every registration of a dataset comes to at an instant.

use std::collections::{BTreeMap, BTreeSet};

use super::beside_title::{Dispute, Encumbrance, TitleNote};
use super::events::Disputes;
use super::facts::Facts;
use super::title::{Span, Title, Titles, Version};
use super::{ProofOfTime, StaleStatus};
use crate::cbor::codes;
use crate::id::{ManifestId, StatementId};
use crate::proof::{LineageProof, Statement};
use crate::rights::{
    Acts, EventKind, EvidenceDeposit, Missing, Registration, RegistrationKind, RightsClaim,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

codes! {
    /// What a registration comes to at an instant (登记状态).
    ///
    /// That a title passed to others is no state: it is registered still, and theirs.
    pub enum TitleState("title state") in verify {
        /// Its registrar struck it off, as on request of the claimants (注销).
        Cancelled = "cancelled",
        /// Open is a dispute that a registrar or a court accepted, or another live title of the dataset names
        /// other claimants (争议).
        Disputed = "disputed",
        /// Its term has ended, or the source agreement that caps it (届满).
        Expired = "expired",
        /// Not issued yet; it was published for objections (公示).
        Publicised = "publicised",
        /// In force (登记).
        Registered = "registered",
        /// Another record of its registrar took its place (被取代).
        Replaced = "replaced",
        /// Its registrar took it back (撤销).
        Revoked = "revoked",
    }
}

/// What a registration comes to for a dataset at an instant: who its registered claimants are, and what
/// stands beside it.
///
/// Made by [`VerifiedLineage::titles`](super::VerifiedLineage::titles). A registration is prima facie
/// evidence: it says whom a registrar has on record, not whose the data are.
///
/// ```
/// use datadeed::rights::{Event, Transferee};
/// use datadeed::trust::Status;
/// use datadeed::verify::{TitleState, Verifier};
/// # use datadeed::key::SigningKey;
/// # use datadeed::proof::LineageProof;
/// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp};
/// # let (corpus, seller) = (ManifestId::from_bytes([1; 32]), "did:web:seller.example");
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-01T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(registrar.iss(), registrar.public_key(), [Role::Registrar])]);
/// # let seller = Registrant::new(seller, "Seller", RegistrantKind::LegalPerson, RegistrantRole::Processor);
/// # let certificate = Registration::new(corpus, "Court decisions", [seller], then, "2029-11-01T00:00:00Z".parse()?);
/// # let certificate = certificate.sign(&registrar, then)?;
/// # let proof = LineageProof::builder(corpus).statement(certificate.clone()).build()?.to_bytes();
///
/// // A registered dataset is sold to two, one of whom gets three fifths of it.
/// let (mut buyer, mut fund) = (Transferee::new("did:web:buyer.example"), Transferee::new("did:web:fund.example"));
/// (buyer.share, fund.share) = (Some(6_000), Some(4_000));
/// let sold = Event::transfer(certificate.id(), [buyer, fund], now).sign(&registrar, now)?;
/// let status = Status::new(now).event(sold.clone(), now)?;
///
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let [before] = &lineage.titles(corpus, then)[..] else { unreachable!("there is one") };
/// assert_eq!(before.claimants, [("did:web:seller.example", None)].into());
/// assert_eq!((before.state, before.until), (TitleState::Registered, now));
/// let [after] = &lineage.titles(corpus, now)[..] else { unreachable!("there is one") };
/// assert_eq!(after.claimants["did:web:buyer.example"], Some(6_000));
/// assert_eq!((after.from, after.transfer), (now, Some(sold.id())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegisteredTitle<'a> {
    /// The certificate, as it was issued.
    pub registration: &'a Signed<Registration>,
    /// What it comes to.
    pub state: TitleState,
    /// By `iss`, with the share in hundredths of a percent where it is stated; of a title that is over, who had it last.
    ///
    /// Those whom the certificate names, or to whom it passed by the last transfer that counts; nobody
    /// where a transfer took it away whose signer can no longer give it, or is in doubt.
    pub claimants: BTreeMap<&'a str, Option<u64>>,
    /// From when they are, inclusive; never before it is proven, of a transfer.
    pub from: Timestamp,
    /// Until when, exclusive, by everything that is known; may lie ahead.
    pub until: Timestamp,
    /// The transfer by which it is theirs; absent: the certificate names them.
    pub transfer: Option<StatementId>,
    /// The event or record that ended it.
    pub ended_by: Option<StatementId>,
    /// The step that made the dataset from what was registered, or from a version covered before; absent: it is
    /// what was registered.
    pub version_by: Option<StatementId>,
    /// What casts doubt on it, [`Missing::Status`] among it where nobody knows of later events. A
    /// doubtful title stands against others and gives nobody standing.
    pub doubts: BTreeSet<Missing>,
    /// By when the certificate is proven to exist, and how.
    pub proven: ProofOfTime,
    at: Timestamp,
    /// Whether a transfer was claimed by then that is proven only later.
    passing: bool,
    /// Who has it if it stands against others: until it is over beyond doubt.
    stands: Option<&'a Held>,
    disputes: &'a [Dispute],
    pledges: &'a [Encumbrance],
    notes: &'a [TitleNote],
    objections: Vec<&'a [TitleNote]>,
}

impl<'a> RegisteredTitle<'a> {
    /// The disputes about it that are open.
    pub fn disputes(&self) -> impl Iterator<Item = &'a Dispute> {
        let at = self.at;
        self.disputes.iter().filter(move |one| one.is_open_at(at))
    }

    /// The pledges of it that are open.
    pub fn pledges(&self) -> impl Iterator<Item = &'a Encumbrance> {
        let at = self.at;
        self.pledges.iter().filter(move |one| one.is_open_at(at))
    }

    /// The asset entries and filed licences noted by then; by whoever may and whose key is beyond doubt.
    pub fn notes(&self) -> impl Iterator<Item = &'a TitleNote> {
        let at = self.at;
        self.notes.iter().filter(move |one| one.from <= at)
    }

    /// The objections known by then, whoever objects: they bind nobody.
    pub fn objections(&self) -> impl Iterator<Item = &'a TitleNote> {
        let at = self.at;
        self.objections.iter().copied().flatten().filter(move |one| one.from <= at)
    }

    /// The rights claimed (三权), in the vocabulary of the rules of 2022 or of the draft of 2026, as they stand there.
    pub fn rights(&self) -> &'a BTreeSet<RightsClaim> {
        &self.registration.payload().rights
    }

    /// The deposit of evidence before registration.
    ///
    /// Its `anchored_at` is when a platform says that it took the hash; from then on nobody could alter
    /// what was deposited. It shows nothing of the time before, nor that what was deposited is true.
    pub fn deposit(&self) -> Option<&'a EvidenceDeposit> {
        self.registration.payload().evidence_deposit.as_ref()
    }

    /// Whether it is not over beyond doubt, and not beyond doubt that this one has it.
    pub(super) fn stands_against(&self, iss: Option<&str>) -> bool {
        self.stands.is_some_and(|held| !held.is_of(iss))
    }

    /// Whether this one has it, alone or with others, and nothing casts doubt on that but what nobody may know of yet.
    pub(super) fn is_his(&self, iss: &str) -> bool {
        let is_sure = self.doubts.iter().all(|doubt| *doubt == Missing::Status);
        self.state == TitleState::Registered && is_sure && self.claimants.contains_key(iss)
    }

    /// Whether nothing stands against paying the claimants.
    fn is_sure(&self) -> bool {
        self.state == TitleState::Registered && self.doubts.is_empty() && !self.passing
    }
}

/// Everything about titles that outlives the judgement of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Register {
    holdings: BTreeMap<StatementId, Holding>,
    /// Of each dataset, in the order of the proof.
    covering: BTreeMap<ManifestId, Vec<Covering>>,
}

/// Who holds the title of one registration when.
#[derive(Clone, Debug)]
struct Holding {
    /// The latest first; never empty.
    spans: Vec<Held>,
    /// What ended it, its term apart.
    ends: Vec<End>,
}

#[derive(Clone, Debug)]
struct Held {
    claimants: BTreeMap<String, Option<u64>>,
    claimed: Timestamp,
    since: Timestamp,
    by: Option<StatementId>,
    favoured: bool,
}

impl Held {
    /// Whether this one has it, alone or with others, by what counts in his favour.
    fn is_of(&self, iss: Option<&str>) -> bool {
        self.favoured && iss.is_some_and(|iss| self.claimants.contains_key(iss))
    }
}

#[derive(Clone, Copy, Debug)]
struct End {
    from: Timestamp,
    state: TitleState,
    by: StatementId,
    sure: bool,
}

#[derive(Clone, Copy, Debug)]
struct Covering {
    registration: StatementId,
    version: Option<Version>,
    doubt: Option<Missing>,
}

impl Register {
    pub(super) fn new(proof: &LineageProof, titles: &Titles<'_>) -> Self {
        let mut register = Self::default();
        for (manifest, titles) in titles {
            let covering = register.covering.entry(*manifest).or_default();
            let mut places: BTreeMap<StatementId, usize> = BTreeMap::new();
            for title in titles {
                let one =
                    Covering { registration: title.id, version: title.version, doubt: title.doubt };
                // Reached in two ways, it is in doubt only if both are.
                let place = *places.entry(title.id).or_insert(covering.len());
                match covering.get_mut(place) {
                    Some(known) if known.doubt.is_some() && one.doubt.is_none() => *known = one,
                    Some(_) => {}
                    None => covering.push(one),
                }
                let holding = || Holding::new(proof, title);
                register.holdings.entry(title.id).or_insert_with(holding);
            }
        }
        register
    }
}

impl Holding {
    fn new(proof: &LineageProof, title: &Title<'_>) -> Self {
        let held = |span: &Span<'_>| Held {
            claimants: span.claimants.iter().map(|(iss, share)| ((*iss).into(), *share)).collect(),
            claimed: span.from,
            since: span.since,
            by: span.by,
            favoured: span.favoured,
        };
        let ends = title.changes.iter().filter_map(|change| {
            let state = match change.event.payload().kind {
                EventKind::Cancellation => TitleState::Cancelled,
                EventKind::Revocation => TitleState::Revoked,
                EventKind::AssetEntry
                | EventKind::Breach
                | EventKind::CrossBorder
                | EventKind::Cure
                | EventKind::Dispute
                | EventKind::Fulfilment
                | EventKind::KeyRevocation
                | EventKind::LicenceFiling
                | EventKind::Objection
                | EventKind::Pledge
                | EventKind::Release
                | EventKind::Settlement
                | EventKind::Transfer => return None,
            };
            Some(End { from: change.from, state, by: change.event.id(), sure: change.sure })
        });
        let records = title.superseded.iter().map(|one| {
            let record = proof.statement(one.by).and_then(Statement::as_registration);
            let state = match record.map(|record| record.payload().kind) {
                Some(RegistrationKind::Cancellation) => TitleState::Cancelled,
                Some(RegistrationKind::Revocation) => TitleState::Revoked,
                Some(
                    RegistrationKind::Change
                    | RegistrationKind::Correction
                    | RegistrationKind::Initial
                    | RegistrationKind::Renewal
                    | RegistrationKind::Transfer,
                )
                | None => TitleState::Replaced,
            };
            End { from: one.from, state, by: one.by, sure: one.sure }
        });
        Self { spans: title.spans.iter().map(held).collect(), ends: ends.chain(records).collect() }
    }

    /// From when it is over, how and by what: the first of its ends, its term among them.
    fn end(
        &self,
        term: Timestamp,
        of: impl Fn(&End) -> bool,
    ) -> (Timestamp, TitleState, Option<StatementId>) {
        let ends = self.ends.iter().filter(|end| of(end));
        // Of one instant the gravest: revoked, cancelled, replaced, and last that the term was over.
        let first = ends.min_by_key(|end| {
            let rank = match end.state {
                TitleState::Revoked => 0,
                TitleState::Cancelled => 1,
                TitleState::Disputed
                | TitleState::Expired
                | TitleState::Publicised
                | TitleState::Registered
                | TitleState::Replaced => 2,
            };
            (end.from, rank, end.by)
        });
        match first.filter(|end| end.from <= term) {
            Some(end) => (end.from, end.state, Some(end.by)),
            None => (term, TitleState::Expired, None),
        }
    }

    /// Whether its registrar took it back by `at`, beyond doubt.
    fn is_revoked_by(&self, at: Timestamp) -> bool {
        let mut sure = self.ends.iter().filter(|end| end.sure && end.from <= at);
        sure.any(|end| end.state == TitleState::Revoked)
    }

    /// Who has it at `at`, and from when those after them do; of a title that is over, who had it last.
    fn held_at(&self, at: Timestamp, end: Timestamp) -> Option<(&Held, Timestamp)> {
        let held = self.times(end).find(|(_, from, _)| *from <= at);
        held.map(|(held, _, until)| (held, until))
    }

    /// Who has it from when, inclusive, until when, exclusive, the latest first; some may for no time.
    fn times(&self, end: Timestamp) -> impl Iterator<Item = (&Held, Timestamp, Timestamp)> {
        let mut until = end;
        self.spans.iter().filter_map(move |held| {
            let from = if held.by.is_none() { Timestamp::MIN } else { held.since };
            // What passed on when it was over already is nobody's, but for the first claimants.
            let one = (held.by.is_none() || from < end).then_some((held, from, until));
            until = until.min(from);
            one
        })
    }
}

/// Every title of a dataset at an instant, in the order of the proof.
pub(super) fn titles<'a>(
    proof: &'a LineageProof,
    facts: &'a Facts,
    manifest: ManifestId,
    at: Timestamp,
) -> Vec<RegisteredTitle<'a>> {
    let covering = facts.register.covering.get(&manifest).map_or(&[][..], Vec::as_slice);
    let covers = |one: &&Covering| one.version.is_none_or(|version| version.since <= at);
    let all = covering.iter().filter(covers).filter_map(|one| title(proof, facts, one, at));
    let mut titles: Vec<RegisteredTitle<'_>> = all.collect();
    let rivals: BTreeSet<Vec<&str>> = titles
        .iter()
        .filter_map(|title| title.stands)
        .map(|held| held.claimants.keys().map(String::as_str).collect())
        .collect();
    // Two live titles with different claimants stand against each other.
    let in_force = titles.iter_mut().filter(|title| title.state == TitleState::Registered);
    for title in in_force.filter(|_| rivals.len() > 1) {
        title.state = TitleState::Disputed;
    }
    titles
}

/// One title, whatever others there are.
fn title<'a>(
    proof: &'a LineageProof,
    facts: &'a Facts,
    covering: &Covering,
    at: Timestamp,
) -> Option<RegisteredTitle<'a>> {
    let Covering { registration: id, version, doubt } = *covering;
    let registration = proof.statement(id).and_then(Statement::as_registration)?;
    let holding = facts.register.holdings.get(&id)?;
    let payload = registration.payload();
    let (end, over, ended_by) = holding.end(payload.ends_at(), |_| true);
    let (sure_end, ..) = holding.end(payload.ends_at(), |end| end.sure);
    let (held, until) = holding.held_at(at, end)?;
    let disputes = facts.disputes.get(&id).map_or(&[][..], Disputes::all);
    let issued = payload.issued_at <= at;
    let state = if end <= at {
        over
    } else if !issued && payload.publicity_from.is_none_or(|from| at < from) {
        return None;
    } else if disputes.iter().any(|one| one.is_open_at(at)) {
        TitleState::Disputed
    } else if issued {
        TitleState::Registered
    } else {
        TitleState::Publicised
    };
    let mut doubts: BTreeSet<Missing> = doubt.into_iter().collect();
    let known = facts.is_fresh_at(Some(at)) && !facts.lacks_status(id, Some(at));
    if !known && facts.stale_status == StaleStatus::Refuse {
        doubts.insert(Missing::Status);
    }
    let about = std::iter::once(id).chain(proof.batches_of(id));
    let claimants = held.claimants.iter().filter(|_| held.favoured);
    let is_live = issued && at < sure_end;
    Some(RegisteredTitle {
        registration,
        state,
        claimants: claimants.map(|(iss, share)| (iss.as_str(), *share)).collect(),
        from: held.since,
        until,
        transfer: held.by,
        ended_by: ended_by.filter(|_| end <= at),
        version_by: version.map(|version| version.step),
        doubts,
        proven: facts.proof_of_time(id),
        at,
        passing: holding.spans.iter().any(|one| one.claimed <= at && at < one.since),
        stands: is_live.then(|| holding.held_at(at, sure_end)).flatten().map(|(held, _)| held),
        disputes,
        pledges: facts.encumbrances.get(&id).map_or(&[], Vec::as_slice),
        notes: facts.notes.get(&id).map_or(&[], Vec::as_slice),
        objections: about.filter_map(|id| facts.objections.get(&id).map(Vec::as_slice)).collect(),
    })
}

/// The titles that somebody else than `iss` had, beyond doubt or not, while acts in question took place or may
/// have, each with the first instant at which he did.
///
/// One that its registrar took back (撤销) for certain was none to begin with, whenever that was.
pub(super) fn had_by_others(
    proof: &LineageProof,
    facts: &Facts,
    manifest: ManifestId,
    iss: Option<&str>,
    acts: Acts,
) -> Vec<(Timestamp, StatementId)> {
    let last = acts.latest.max(acts.proven);
    let mut had = Vec::new();
    for covering in facts.register.covering.get(&manifest).into_iter().flatten() {
        let Covering { registration: id, version, .. } = *covering;
        let registration = proof.statement(id).and_then(Statement::as_registration);
        let Some((registration, holding)) = registration.zip(facts.register.holdings.get(&id))
        else {
            continue;
        };
        if holding.is_revoked_by(facts.now()) {
            continue;
        }
        let payload = registration.payload();
        let (sure_end, ..) = holding.end(payload.ends_at(), |end| end.sure);
        let since = version.map_or(payload.issued_at, |one| one.since.max(payload.issued_at));
        let first = since.max(acts.earliest);
        let theirs = holding.times(sure_end).filter(|(held, ..)| !held.is_of(iss));
        let theirs = theirs.map(|(_, from, until)| (from.max(first), until));
        let theirs = theirs.filter(|(from, until)| from < until && *from <= last);
        had.extend(theirs.min().map(|(from, _)| (from, id)));
    }
    had
}

/// To whom receipts go that are due to a registration (`statement:...`) at an instant, as far as that is beyond doubt.
///
/// Where a record took the place of another, to its claimants.
pub(super) fn payees<'a>(
    proof: &'a LineageProof,
    facts: &'a Facts,
    at: Timestamp,
) -> Vec<(StatementId, BTreeMap<&'a str, Option<u64>>)> {
    let mut payees = Vec::new();
    for manifest in facts.register.covering.keys() {
        let titles = titles(proof, facts, *manifest, at);
        let mut known: BTreeMap<StatementId, &BTreeMap<&'a str, Option<u64>>> = BTreeMap::new();
        // Whatever takes the place of a record refers to it, so it stands after it.
        for title in titles.iter().rev().filter(|title| title.version_by.is_none()) {
            let next = title.ended_by.filter(|_| title.state == TitleState::Replaced);
            let claimants = match next {
                Some(next) => known.get(&next).copied(),
                None => Some(&title.claimants).filter(|_| title.is_sure()),
            };
            known.extend(claimants.map(|claimants| (title.registration.id(), claimants)));
        }
        let found = known.into_iter().filter(|(_, claimants)| !claimants.is_empty());
        payees.extend(found.map(|(id, claimants)| (id, claimants.clone())));
    }
    payees
}
