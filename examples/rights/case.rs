//! A case: what a file tells, and what is asked of it.

use std::collections::{BTreeMap, BTreeSet};

use datadeed::ManifestId;
use datadeed::Timestamp;
use datadeed::manifest::Manifest;
use datadeed::proof::{Builder, LineageProof, ProofError};
use datadeed::rights::Verdict;
use datadeed::trust::{Status, TrustStore};
use datadeed::verify::{FindingCode, Rejection, VerifiedLineage, Verifier};

use crate::common::{Failure, date};
use crate::reader::{self, Value, Wrong, listed};
use crate::terms::{Question, question};
use crate::world::{World, short};
use crate::{events, statements};

/// The day of verification where a file names none.
const TODAY: &str = "2026-11-20";

/// Everything that a verifier is given, and the questions.
pub(crate) struct Case {
    pub(crate) about: String,
    pub(crate) subject: ManifestId,
    pub(crate) now: Timestamp,
    pub(crate) questions: Vec<Question>,
    proof: Vec<u8>,
    trust: TrustStore,
    status: Option<Status>,
    /// Of every dataset: relations are held against their rows.
    rows: BTreeMap<ManifestId, Manifest>,
    findings: Option<BTreeSet<String>>,
}

impl Case {
    /// Reads a file and signs what it tells.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let json = reader::parse(bytes)?;
        let root = Value::root(&json).object()?;
        let today = date::parse(TODAY)?;
        let now = root.date("now")?.unwrap_or(today);
        let as_of = match root.find("status") {
            None => Some(now),
            Some(value) if value.is_null() => None,
            Some(value) => Some(value.date()?),
        };
        let mut world = World::new(&root)?;
        let subject = world.subject(&root)?;
        statements::tell(&mut world, &root)?;
        events::tell(&mut world, &root, as_of.is_some())?;
        let questions = root.get("uses")?.items();
        let questions: Result<Vec<_>, _> = questions.iter().map(|one| question(one, now)).collect();
        let finding = |value: &Value<'_>| {
            let text = value.text()?;
            FindingCode::from_code(text).map(|_| text.to_owned()).ok_or_else(|| {
                let all = listed(FindingCode::ALL);
                value.wrong(format!("{text:?} is no finding; there are: {all}"))
            })
        };
        let findings = root.map("findings", |value| value.items().iter().map(finding).collect())?;
        let about = root.get("about")?.text()?.to_owned();
        root.close()?;
        Ok(Self {
            about,
            subject,
            now,
            questions: questions?,
            proof: proof(&world, subject)?,
            trust: world.trust(),
            status: as_of.map(|as_of| status(&world, as_of)).transpose()?,
            rows: world
                .datasets
                .into_values()
                .map(|one| (one.manifest.id(), one.manifest))
                .collect(),
            findings,
        })
    }

    /// As any proof is verified.
    pub(crate) fn verify(&self) -> Result<VerifiedLineage, Rejection> {
        let verifier = Verifier::new(&self.trust, self.now).manifests(&self.rows);
        let verifier = match &self.status {
            Some(status) => verifier.known_events(status),
            None => verifier,
        };
        verifier.verify(&self.proof, self.subject)
    }

    /// What was found and what the file expects, if it says so.
    pub(crate) fn findings(&self, lineage: &VerifiedLineage) -> Option<[String; 2]> {
        let expected = self.findings.as_ref()?;
        let found: BTreeSet<String> =
            lineage.findings().iter().map(|finding| finding.code.to_string()).collect();
        Some([listed(&found), listed(expected)])
    }
}

fn proof(world: &World, subject: ManifestId) -> Result<Vec<u8>, Failure> {
    let builder = LineageProof::builder(subject).statements(world.statements.iter().cloned());
    let keys = world.other_keys();
    let proof = keys.fold(builder, Builder::key).build().map_err(|error| match error {
        ProofError::UnreachableStatement { id } => {
            Failure::from(Wrong::at(world.place(id), "what is asked about does not rest on this"))
        }
        error => error.into(),
    });
    Ok(proof?.to_bytes())
}

fn status(world: &World, as_of: Timestamp) -> Result<Status, Failure> {
    let mut status = Status::new(as_of);
    for (id, at) in &world.sightings {
        status = if *at <= as_of { status.seen(*id, *at)? } else { status };
    }
    for (event, at) in &world.events {
        let late = |error: datadeed::trust::StatusError| Wrong::at("events", error.to_string());
        status = status.event(event.clone(), *at).map_err(late)?;
    }
    Ok(status)
}

/// The verdict in one line: the word, then the codes of reasons or of what is missing, or what is owed, and to
/// whom where that is said.
pub(crate) fn answer(verdict: &Verdict) -> String {
    let owed = verdict.duties().iter().map(|due| match &due.duty.payee {
        Some(payee) => format!("{}({})", due.duty.kind, short(payee)),
        None => due.duty.kind.to_string(),
    });
    let owed: BTreeSet<String> = owed.collect();
    let words = [verdict.to_string()].into_iter().chain(owed);
    words.collect::<Vec<_>>().join(" ")
}
