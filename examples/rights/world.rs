//! Who there is, what there is, and what was signed.

use std::collections::{BTreeMap, BTreeSet};

use datadeed::key::SigningKey;
use datadeed::manifest::{FileEntry, Manifest, NameProfile};
use datadeed::proof::Statement;
use datadeed::rights::Event;
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Role, TrustStore};
use datadeed::{Digest, ManifestId, StatementId, Timestamp};

use crate::reader::{Object, Value, Wrong, listed};

/// Whom a file believes in what, unless it says otherwise.
const EVERYBODY: [(&str, &[Role]); 11] = [
    ("buyer", &[Role::Trainer]),
    ("collector", &[Role::Collector]),
    ("court", &[Role::Court]),
    ("curator", &[Role::Curator]),
    ("dealer", &[Role::Trainer]),
    ("exchange", &[Role::Exchange]),
    ("observer", &[Role::Collector]),
    ("registrar", &[Role::Registrar]),
    ("seller", &[Role::Curator]),
    ("supplier", &[Role::RightsHolder]),
    ("trainer", &[Role::Trainer]),
];

/// The name of the one dataset of a file that names none.
const DATA: &str = "data";

/// A party, as an `iss`: one with a colon is one, any other stands for a `did:web` under `.example`.
pub(crate) fn party(value: &Value<'_>) -> Result<String, Wrong> {
    value.text().map(iss)
}

pub(crate) fn iss(name: &str) -> String {
    if name.contains(':') { name.to_owned() } else { format!("did:web:{name}.example") }
}

/// A party as a file names it.
pub(crate) fn short(iss: &str) -> &str {
    let name = iss.strip_prefix("did:web:").and_then(|name| name.strip_suffix(".example"));
    name.unwrap_or(iss)
}

/// The party with its key, which anybody can compute from the name: it is for trying out, and worthless.
fn issuer(iss: &str) -> Issuer<SigningKey> {
    Issuer::new(iss, SigningKey::from_seed(Digest::of(iss.as_bytes()).as_bytes()))
}

/// The id of a party's key.
pub(crate) fn key_of(iss: &str) -> datadeed::KeyId {
    issuer(iss).public_key().id()
}

/// Everything that the file tells, signed.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) datasets: BTreeMap<String, Dataset>,
    pub(crate) statements: Vec<Statement>,
    /// Events, and when the status has them from.
    pub(crate) events: Vec<(Signed<Event>, Timestamp)>,
    pub(crate) sightings: Vec<(StatementId, Timestamp)>,
    roles: BTreeMap<String, (Vec<Role>, Vec<String>)>,
    named: BTreeMap<String, StatementId>,
    last: BTreeMap<(&'static str, String, String), (u64, StatementId)>,
    signers: BTreeSet<String>,
    places: BTreeMap<StatementId, String>,
}

/// A dataset or model, by the names of its files.
pub(crate) struct Dataset {
    pub(crate) manifest: Manifest,
    pub(crate) is_personal: Option<bool>,
    /// Who made it in a step, once that is told.
    pub(crate) maker: Option<String>,
    /// Whether a step names it, or it is what is asked about.
    pub(crate) is_in_lineage: bool,
}

/// Who signs, when, and from when that is proven.
pub(crate) struct Signing {
    pub(crate) by: String,
    pub(crate) on: Timestamp,
    seen: Option<Timestamp>,
    name: Option<String>,
    place: String,
}

impl Signing {
    /// As the object says: `by`, `signed`, `seen` and `name`.
    pub(crate) fn of(object: &Object<'_>, by: &str, on: Timestamp) -> Result<Self, Wrong> {
        let by = object.map("by", party)?.unwrap_or_else(|| iss(by));
        let on = object.date("signed")?.unwrap_or(on);
        let seen = match object.find("seen") {
            None => Some(on),
            Some(value) if value.is_null() => None,
            Some(value) => Some(value.date()?),
        };
        Ok(Self { by, on, seen, name: object.owned("name")?, place: object.place().to_owned() })
    }

    /// Of what the tool adds: by whoever made a dataset, or a collector.
    pub(crate) fn new(place: &str, by: Option<&str>, on: Timestamp) -> Self {
        let by = by.map_or_else(|| iss("collector"), str::to_owned);
        Self { by, on, seen: Some(on), name: None, place: place.to_owned() }
    }

    /// The same, as another party signs it and with its name.
    pub(crate) fn named_by(&self, by: &str) -> Self {
        Self { name: self.name.clone(), ..self.by(by) }
    }

    /// The same, as another party signs it.
    pub(crate) fn by(&self, by: &str) -> Self {
        let place = self.place.clone();
        Self { by: by.to_owned(), on: self.on, seen: self.seen, name: None, place }
    }
}

impl World {
    /// With the datasets that are listed and those that steps name, and whom to believe.
    pub(crate) fn new(root: &Object<'_>) -> Result<Self, Wrong> {
        let mut world = Self::default();
        for (name, roles) in EVERYBODY {
            world.roles.insert(iss(name), (roles.to_vec(), Vec::new()));
        }
        for (name, value) in root.map("trust", Value::pairs)?.unwrap_or_default() {
            let believed = if value.is_object() {
                let object = value.object()?;
                let scope = object.collect("scope", |one| one.text().map(str::to_owned))?;
                let roles = object.collect("roles", Value::code)?;
                object.close()?;
                (roles, scope)
            } else {
                let roles: Result<_, _> = value.items().iter().map(Value::code).collect();
                (roles?, Vec::new())
            };
            world.roles.insert(iss(name), believed);
        }
        for (name, value) in root.map("datasets", Value::pairs)?.unwrap_or_default() {
            let object = value.object()?;
            let files: Vec<&str> = object.collect("files", Value::text)?;
            let files = if files.is_empty() { vec![name] } else { files };
            let is_personal = object.map("personal_information", Value::boolean)?;
            object.close()?;
            let manifest = manifest(&files).map_err(|error| value.wrong(error))?;
            let (maker, is_in_lineage) = (None, false);
            let dataset = Dataset { manifest, is_personal, maker, is_in_lineage };
            world.datasets.insert(name.into(), dataset);
        }
        for step in root.all("steps") {
            let step = step.object()?;
            for key in ["inputs", "base_models", "teacher_models", "outputs"] {
                for value in step.all(key) {
                    world.declare(value.text()?).map_err(|error| value.wrong(error))?;
                }
            }
        }
        if world.datasets.is_empty() {
            world.declare(DATA).map_err(|error| Wrong::at("datasets", error))?;
        }
        Ok(world)
    }

    /// A dataset of the lineage; of one file if nothing else is known of it.
    fn declare(&mut self, name: &str) -> Result<(), String> {
        if let Some(known) = self.datasets.get_mut(name) {
            known.is_in_lineage = true;
            return Ok(());
        }
        let (manifest, is_personal, maker) = (manifest(&[name])?, None, None);
        let dataset = Dataset { manifest, is_personal, maker, is_in_lineage: true };
        self.datasets.insert(name.into(), dataset);
        Ok(())
    }

    /// What is asked about: `subject`, or else what the last step makes, or the only dataset.
    pub(crate) fn subject(&mut self, root: &Object<'_>) -> Result<ManifestId, Wrong> {
        let steps = root.all("steps");
        let outputs = steps.last().map(|last| Ok(last.object()?.all("outputs"))).transpose()?;
        let named = root.find("subject").map(|one| vec![one]).or(outputs);
        let id = match named.as_deref() {
            Some([only]) => self.dataset(only)?,
            None if self.datasets.len() == 1 => self.about(root)?,
            _ => {
                return Err(
                    root.wrong("\"subject\" is missing, and may be one of several datasets")
                );
            }
        };
        let subject = self.datasets.values_mut().filter(|one| one.manifest.id() == id);
        subject.for_each(|one| one.is_in_lineage = true);
        Ok(id)
    }

    /// The dataset that a value names.
    pub(crate) fn dataset(&self, value: &Value<'_>) -> Result<ManifestId, Wrong> {
        let name = value.text()?;
        self.datasets.get(name).map(|one| one.manifest.id()).ok_or_else(|| {
            let all = listed(self.datasets.keys());
            value.wrong(format!(
                "{name:?} is no dataset of \"datasets\" or \"steps\"; there are: {all}"
            ))
        })
    }

    /// The dataset that a statement is about: `of`, or the only one that no step makes.
    pub(crate) fn about(&self, object: &Object<'_>) -> Result<ManifestId, Wrong> {
        if let Some(value) = object.find("of") {
            return self.dataset(&value);
        }
        let mut sources = self.datasets.values().filter(|one| one.maker.is_none());
        match (sources.next(), sources.next()) {
            (Some(only), None) => Ok(only.manifest.id()),
            _ => Err(object.wrong("\"of\" is missing, and several datasets are made by no step")),
        }
    }

    /// The statement that a value names.
    pub(crate) fn statement(&self, value: &Value<'_>) -> Result<StatementId, Wrong> {
        let name = value.text()?;
        self.named.get(name).copied().ok_or_else(|| {
            let all = listed(self.named.keys());
            value.wrong(format!(
                "no statement before this one has the \"name\" {name:?}; there are: {all}"
            ))
        })
    }

    /// The number of what this issuer says next about a subject, and the statement before it.
    pub(crate) fn next(
        &self,
        kind: &'static str,
        by: &str,
        about: &impl ToString,
    ) -> (u64, Option<StatementId>) {
        let last = self.last.get(&(kind, by.to_owned(), about.to_string()));
        last.map_or((0, None), |(seq, id)| (seq + 1, Some(*id)))
    }

    /// Signs a payload.
    pub(crate) fn sign<P: Payload>(
        &mut self,
        by: &Signing,
        payload: &P,
    ) -> Result<Signed<P>, Wrong> {
        let wrong = |error: &dyn std::fmt::Display| Wrong::at(&by.place, error.to_string());
        let signed = payload.sign(&issuer(&by.by), by.on).map_err(|error| wrong(&error))?;
        let (kind, about) = (P::KIND.code(), payload.subject());
        let number = self.next(kind, &by.by, &about).0;
        self.last.insert((kind, by.by.clone(), about.to_string()), (number, signed.id()));
        self.sightings.extend(by.seen.map(|at| (signed.id(), at)));
        self.signers.insert(by.by.clone());
        self.places.insert(signed.id(), by.place.clone());
        if let Some(name) = &by.name
            && self.named.insert(name.clone(), signed.id()).is_some()
        {
            return Err(wrong(&format!("two statements have the \"name\" {name:?}")));
        }
        Ok(signed)
    }

    /// Signs a payload that the proof carries.
    pub(crate) fn tell<P: Payload>(
        &mut self,
        by: &Signing,
        payload: &P,
    ) -> Result<StatementId, Wrong>
    where
        Statement: From<Signed<P>>,
    {
        let signed = self.sign(by, payload)?;
        let id = signed.id();
        self.statements.push(signed.into());
        Ok(id)
    }

    /// Where in the file a statement stands.
    pub(crate) fn place(&self, id: StatementId) -> &str {
        self.places.get(&id).map_or("the case", String::as_str)
    }

    pub(crate) fn is_trusted(&self, iss: &str) -> bool {
        self.roles.get(iss).is_some_and(|(roles, _)| !roles.is_empty())
    }

    /// Whom to believe.
    pub(crate) fn trust(&self) -> TrustStore {
        let trusted = self.roles.iter().filter(|(_, (roles, _))| !roles.is_empty());
        TrustStore::new(trusted.map(|(iss, (roles, scope))| {
            let anchor = Anchor::new(iss, issuer(iss).public_key(), roles.iter().copied());
            if scope.is_empty() { anchor } else { anchor.scope(scope) }
        }))
    }

    /// The keys of whoever signed and is not believed.
    pub(crate) fn other_keys(&self) -> impl Iterator<Item = datadeed::key::PublicKey> {
        let others = self.signers.iter().filter(|iss| !self.is_trusted(iss));
        others.map(|iss| issuer(iss).public_key())
    }
}

/// The manifest of files whose contents are their names.
fn manifest(files: &[&str]) -> Result<Manifest, String> {
    let entry = |name: &&str| FileEntry::new(*name, name.len() as u64, Digest::of(name.as_bytes()));
    Manifest::files(files.iter().map(entry).collect(), NameProfile::Portable)
        .map_err(|error| error.to_string())
}
