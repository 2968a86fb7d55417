//! Lineages of any shape under licences of any terms, as they are told.

mod any;

use std::collections::BTreeSet;

use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Consent, ConsentBasis, Event, Licence, Reading, Registrant, RegistrantKind, RegistrantRole,
    Registration, Rule, Territory, Transferee,
};
use datadeed::statement::{Payload, Signed};
use datadeed::trust::{Delegation, Mandate, Role, Status, TrustStore};
use datadeed::verify::{VerifiedLineage, Verifier};
use datadeed::{ManifestId, StatementId};
use proptest::sample::Index;

use crate::story::{anchor, but, day, issuer, key, manifest, observed, revocation};

pub(super) use any::{
    everything, happening, hindrance, plan, prohibition, question, registered, source,
};

/// Everybody who speaks. Some who take steps may also grant rights, so also in what they made.
const NAMES: [(&str, &[Role]); 10] = [
    ("buyer", &[Role::Trainer]),
    ("collector", &[Role::Collector]),
    ("court", &[Role::Court]),
    ("curator", &[Role::Curator, Role::RightsHolder]),
    ("dealer", &[Role::Trainer]),
    ("observer", &[Role::Collector]),
    ("registrar", &[Role::Registrar]),
    ("seller", &[Role::Curator]),
    ("supplier", &[Role::RightsHolder]),
    ("trainer", &[Role::Curator, Role::RightsHolder, Role::Trainer]),
];

const EVERYTHING: [&str; 2] = ["https:", "manifest:"];

/// What the subject is made of, by number of the dataset: each is made of some before it, the last one is the
/// subject.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    steps: Vec<Step>,
    happenings: Vec<Happening>,
    /// Who lets others speak for him in all but the steps that he takes.
    delegators: BTreeSet<&'static str>,
    /// What a law adds: the number of a step, and what was collected for it beside.
    more: Option<(usize, Step)>,
    /// Whether the caller knows all events up to the verification on day 20, or up to day 18 only.
    is_fresh: bool,
}

/// What made one dataset, and what is said of that.
#[derive(Clone, Debug)]
pub(super) struct Step {
    kind: ActivityKind,
    by: &'static str,
    /// None of what was collected.
    parents: BTreeSet<usize>,
    /// Which of them was used as a model, where the kind of step needs one.
    model: usize,
    is_undisclosed: bool,
    place: Option<Territory>,
    on: u64,
    seen: Option<u64>,
    said: Vec<Said>,
}

/// What somebody says of a dataset.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Consented,
    Described { by: &'static str, personal: Option<bool> },
    Granted(Box<Grant>),
    Observed { by: &'static str, spdx: &'static str },
    Registered { claimant: &'static str },
    Stated(&'static str),
}

/// A licence that somebody grants, and what the dealer grants under it.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    by: &'static str,
    /// All but the dataset that it is about.
    terms: Licence,
    on: u64,
    seen: Option<u64>,
    /// The terms of the dealer's sublicence.
    resold: Option<Licence>,
}

/// An event about one of the statements.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    kind: Kind,
    target: Index,
    /// Absent: whoever issued what it is about.
    by: Option<&'static str>,
    on: u64,
    known: u64,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// By one party.
    Breach(&'static str),
    Dispute,
    Revocation,
}

/// A lineage as it was told, before it is verified.
pub(super) struct Told {
    subject: ManifestId,
    pub(super) statements: Vec<Statement>,
    status: Status,
    delegators: BTreeSet<&'static str>,
}

impl Plan {
    /// The datasets that the last one is made from, and the last one: others belong in no proof.
    fn reachable(&self) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = [self.steps.len() - 1].into();
        for number in (0..self.steps.len()).rev() {
            if found.contains(&number) {
                found.extend(self.steps[number].parents.iter());
            }
        }
        found
    }

    /// One of the steps that have inputs.
    fn made(&self, which: Index) -> usize {
        let is_made = |number: &usize| !self.steps[*number].parents.is_empty();
        let made: Vec<usize> = self.reachable().into_iter().filter(is_made).collect();
        *which.get(&made)
    }

    /// The same, where a step used something beside that nothing else used.
    pub(super) fn with_source(&self, which: Index, source: Step) -> Self {
        Self { more: Some((self.made(which), source)), ..self.clone() }
    }

    /// The same, where a step used something beside that was there before; absent where it used all of that.
    pub(super) fn with_known(&self, which: Index, input: Index) -> Option<Self> {
        let of = self.made(which);
        let mut known = self.reachable();
        known.retain(|number| *number < of && !self.steps[of].parents.contains(number));
        let known: Vec<usize> = known.into_iter().collect();
        let input = *known.get(input.index(known.len().max(1)))?;
        Some(but(self.clone(), |plan| {
            plan.steps[of].parents.insert(input);
        }))
    }

    /// The same, where a licence has one rule more; absent where nobody grants any by rules of his own.
    pub(super) fn with_rule(&self, which: Index, rule: Rule) -> Option<Self> {
        let mut plan = self.clone();
        let reachable = self.reachable();
        let steps = (0..).zip(&mut plan.steps).filter(|(number, _)| reachable.contains(number));
        let mut terms: Vec<&mut Licence> = steps
            .flat_map(|(_, step)| &mut step.said)
            .filter_map(|said| match said {
                Said::Granted(grant) => Some(&mut grant.terms),
                _ => None,
            })
            .collect();
        let number = which.index(terms.len().max(1));
        terms.get_mut(number)?.rules.insert(rule);
        Some(plan)
    }

    /// The same, as whoever knows all events up to the verification.
    pub(super) fn fresh(&self) -> Self {
        Self { is_fresh: true, ..self.clone() }
    }

    /// As it is told where one thing more is said of some dataset.
    pub(super) fn tell_besides(&self, which: Index, said: &Said) -> Told {
        let reachable: Vec<usize> = self.reachable().into_iter().collect();
        self.tell_said(*which.get(&reachable), said)
    }

    /// As it is told where somebody saw one licence more; absent where nobody saw any.
    pub(super) fn tell_observed(
        &self,
        which: Index,
        by: &'static str,
        spdx: &'static str,
    ) -> Option<Told> {
        let is_seen = |of: &usize| {
            self.steps[*of].said.iter().any(|said| matches!(said, Said::Observed { .. }))
        };
        let seen: Vec<usize> = self.reachable().into_iter().filter(is_seen).collect();
        let of = *seen.get(which.index(seen.len().max(1)))?;
        Some(self.tell_said(of, &Said::Observed { by, spdx }))
    }

    fn tell_said(&self, of: usize, said: &Said) -> Told {
        let mut told = self.tell();
        said.tell(dataset(of), &mut told);
        told
    }

    pub(super) fn tell(&self) -> Told {
        let as_of = day(if self.is_fresh { 20 } else { 18 });
        let subject = dataset(self.steps.len() - 1);
        let (statements, delegators) = (Vec::new(), self.delegators.clone());
        let mut told = Told { subject, statements, status: Status::new(as_of), delegators };
        for number in self.reachable() {
            let more = self.more.as_ref().filter(|(of, _)| *of == number);
            self.steps[number].tell(number, more.map(|_| self.steps.len()), &mut told);
        }
        for happening in &self.happenings {
            told.happens(happening);
        }
        if let Some((_, source)) = &self.more {
            source.tell(self.steps.len(), None, &mut told);
        }
        told
    }
}

impl Step {
    fn tell(&self, number: usize, more: Option<usize>, told: &mut Told) {
        let learns_from_model = matches!(self.kind, ActivityKind::FineTune | ActivityKind::Distil);
        let mut step = Activity::new(self.kind).output(dataset(number), []);
        for parent in self.parents.iter().chain(&more) {
            step = if *parent == self.model && learns_from_model {
                step.base_model(dataset(*parent), [])
            } else {
                step.input(dataset(*parent), [])
            };
        }
        step = step.between(day(self.on), day(self.on));
        step.processed_in.extend(self.place);
        if self.is_undisclosed {
            step = step.undisclosed_inputs();
        }
        let id = told.say(self.by, &step, 10);
        told.sees(id, self.seen);
        for said in &self.said {
            said.tell(dataset(number), told);
        }
    }
}

impl Said {
    fn tell(&self, of: ManifestId, told: &mut Told) {
        match self {
            Self::Consented => {
                told.say("collector", &Consent::new(of, ConsentBasis::Consent), 1);
            }
            Self::Described { by, personal } => {
                let described = Dataset::new(of, "Dataset", ScanMethod::Full);
                let described = but(described, |one| one.personal_information = *personal);
                told.say(by, &described, 1);
            }
            Self::Granted(grant) => grant.tell(of, told),
            Self::Observed { by, spdx } => {
                told.say(by, &observed(of, spdx), 1);
            }
            Self::Registered { claimant } => {
                let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
                let who = Registrant::new(iss(claimant), *claimant, kind, role);
                told.say(
                    "registrar",
                    &Registration::new(of, "Dataset", [who], day(0), day(300)),
                    0,
                );
            }
            Self::Stated(usage) => {
                let Licence { observation, .. } = observed(of, "CC0-1.0");
                let reading = Reading::content_usage(usage.as_bytes()).unwrap();
                told.say("collector", &reading.preference(of, observation.unwrap()), 1);
            }
        }
    }
}

impl Grant {
    fn tell(&self, of: ManifestId, told: &mut Told) {
        let above = told.say(self.by, &but(self.terms.clone(), |one| one.manifest = of), self.on);
        told.sees(above, self.seen);
        if let Some(below) = &self.resold {
            let below = but(below.clone(), |one| {
                (one.manifest, one.parent) = (of, Some(above));
            });
            let below = told.say("dealer", &below, self.on + 1);
            told.sees(below, self.seen);
        }
    }
}

impl Told {
    fn say<T: Payload>(&mut self, by: &str, payload: &T, on: u64) -> StatementId
    where
        Statement: From<Signed<T>>,
    {
        let is_delegated =
            self.delegators.contains(by) && T::KIND != datadeed::statement::Kind::Activity;
        let by = if is_delegated { self.delegates(by) } else { by.to_owned() };
        let said = payload.sign(&issuer(&by), day(on)).unwrap();
        let id = said.id();
        // The same said twice is said once.
        if self.statements.iter().all(|one| one.id() != id) {
            self.statements.push(said.into());
        }
        id
    }

    /// The name of whom somebody lets speak for him, which he says once.
    fn delegates(&mut self, by: &str) -> String {
        let delegation = delegation(by);
        if self.statements.iter().all(|one| one.id() != delegation.id()) {
            self.sees(delegation.id(), Some(0));
            self.statements.push(delegation.into());
        }
        delegate(by)
    }

    fn sees(&mut self, id: StatementId, on: Option<u64>) {
        if let Some(on) = on {
            self.status = self.status.clone().seen(id, day(on)).unwrap();
        }
    }

    /// Adds it to what the caller knows, as the next event of its issuer about the same; nobody revokes a
    /// registration.
    pub(super) fn happens(&mut self, happening: &Happening) {
        let &Happening { kind, by, on, known, .. } = happening;
        let said = self.statements.iter().filter(|one| one.as_delegation().is_none());
        let said: Vec<&Statement> = said.collect();
        let target = *happening.target.get(&said);
        let event = match (kind, target) {
            (Kind::Breach(party), _) => Event::breach(target.id(), [iss(party)], day(on)),
            (Kind::Revocation, Statement::Registration(_)) | (Kind::Dispute, _) => {
                Event::dispute(target.id(), day(on))
            }
            (Kind::Revocation, _) => revocation(target.id(), day(on)),
        };
        let by = by.map_or_else(|| target.header().issuer.clone(), iss);
        self.record(&by, event, known);
    }

    /// Adds an event of somebody by its `iss` to what the caller knows from a day on, as his next one about the same.
    fn record(&mut self, by: &str, event: Event, known: u64) {
        let names = NAMES.into_iter().flat_map(|(name, _)| [name.to_owned(), delegate(name)]);
        let by = names.map(|name| issuer(&name)).find(|one| one.iss() == by).unwrap();
        let events = self.status.events().iter().map(|one| &one.event);
        let mut before = events
            .filter(|one| one.header().issuer == by.iss() && one.payload().target == event.target);
        let event = match before.next_back() {
            Some(before) => event.after(before),
            None => event,
        };
        let signed = event.sign(&by, day(known)).unwrap();
        self.status = self.status.clone().event(signed, day(known)).unwrap();
    }

    /// A registered title goes to somebody who grants nothing, as its registrar says; nothing where there is none.
    pub(super) fn transfers(&mut self, which: Index, on: u64, known: u64) {
        let is_one = |one: &&Statement| one.as_registration().is_some();
        let all: Vec<&Statement> = self.statements.iter().filter(is_one).collect();
        let Some(title) = all.get(which.index(all.len().max(1))) else { return };
        let to = Transferee::new(iss("court"));
        let event = Event::transfer(title.id(), [to], day(on));
        self.record(&title.header().issuer.clone(), event, known);
    }

    /// Somebody loses his key on a day, as he says himself.
    pub(super) fn loses_key(&mut self, whose: Index, on: u64) {
        let (name, _) = *whose.get(&NAMES);
        let lost = Event::key_revocation(key(name).id(), day(on)).sign(&issuer(name), day(on));
        self.status = self.status.clone().event(lost.unwrap(), day(on)).unwrap();
    }

    /// Somebody lets another speak for him no longer; nobody who lets none.
    pub(super) fn revokes(&mut self, whose: Index, on: u64) {
        let names: Vec<&str> = self.delegators.iter().copied().collect();
        let Some(name) = names.get(whose.index(names.len().max(1))) else { return };
        let id = delegation(name).id();
        if self.statements.iter().any(|one| one.id() == id) {
            let revoked = revocation(id, day(on)).sign(&issuer(name), day(on)).unwrap();
            self.status = self.status.clone().event(revoked, day(on)).unwrap();
        }
    }

    pub(super) fn proof(&self) -> Vec<u8> {
        let builder = LineageProof::builder(self.subject);
        let builder = builder.statements(self.statements.iter().cloned());
        builder.build().unwrap().to_bytes()
    }

    pub(super) fn verify(&self) -> VerifiedLineage {
        let anchors = NAMES.map(|(name, roles)| {
            anchor(name, roles).scope(EVERYTHING).between(day(0), day(900)).depth(1)
        });
        let trust = TrustStore::new(anchors);
        let verifier = Verifier::new(&trust, day(20)).known_events(&self.status);
        verifier.verify(&self.proof(), self.subject).expect("it is sound")
    }

    /// The same, with its statements swapped about and what the caller knows in reverse.
    pub(super) fn reordered(&self, swaps: &[Index]) -> Self {
        let mut statements = self.statements.clone();
        for (place, other) in swaps.iter().enumerate() {
            let other = other.index(statements.len());
            let place = place % statements.len();
            statements.swap(place, other);
        }
        let mut status = Status::new(self.status.as_of());
        for one in self.status.events().iter().rev() {
            status = status.event(one.event.clone(), one.recorded_at).unwrap();
        }
        for one in self.status.sightings().iter().rev() {
            status = status.seen(one.id, one.recorded_at).unwrap();
        }
        Self { subject: self.subject, statements, status, delegators: self.delegators.clone() }
    }
}

fn delegate(name: &str) -> String {
    format!("delegate-of-{name}")
}

/// On day 0, of all that somebody may say himself.
fn delegation(name: &str) -> Signed<Delegation> {
    let (_, roles) = NAMES.into_iter().find(|(other, _)| *other == name).unwrap();
    let mandate = Mandate::new(roles.iter().copied()).scope(EVERYTHING).between(day(0), day(900));
    let to = delegate(name);
    Delegation::new(iss(&to), key(&to), mandate).sign(&issuer(name), day(0)).unwrap()
}

fn dataset(number: usize) -> ManifestId {
    manifest(&format!("dataset {number}"))
}

fn iss(name: &str) -> String {
    issuer(name).iss().to_owned()
}
