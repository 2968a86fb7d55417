//! What a file tells: steps, registrations, licences, preferences, consents and deals.

use std::collections::BTreeSet;

use datadeed::lineage::{Activity, ActivityKind, Relation, TreeName};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::{
    Consent, DeliveryMethod, Licence, Observation, Reading, Registrant, RegistrantKind,
    RegistrantRole, Registration, Transaction, hub_licence,
};
use datadeed::statement::Payload as _;
use datadeed::{Digest, ManifestId, Timestamp};

use crate::common::date;
use crate::reader::{Object, Value, Wrong};
use crate::terms::rules;
use crate::world::{Signing, World, party, short};

/// When what nobody dates was said.
pub(crate) struct Calendar {
    /// Collection, registrations, licences, preferences, consents.
    first: Timestamp,
    /// Deals.
    dealt: Timestamp,
    /// Steps.
    made: Timestamp,
    /// Ends of titles.
    last: Timestamp,
}

impl Calendar {
    pub(crate) fn new() -> Result<Self, Wrong> {
        let day =
            |text| date::parse(text).map_err(|error| Wrong::at("calendar", error.to_string()));
        let (first, dealt) = (day("2026-11-01")?, day("2026-11-03")?);
        Ok(Self { first, dealt, made: day("2026-11-05")?, last: day("2029-11-01")? })
    }
}

/// Tells everything in the order in which one may name another.
pub(crate) fn tell(world: &mut World, root: &Object<'_>) -> Result<(), Wrong> {
    let days = Calendar::new()?;
    for value in root.all("steps") {
        step(world, &days, &value.object()?)?;
    }
    collections(world, &days)?;
    for value in root.all("registrations") {
        registration(world, &days, &value.object()?)?;
    }
    for value in root.all("licences") {
        licence(world, &days, &value.object()?)?;
    }
    for value in root.all("preferences") {
        preference(world, &days, &value.object()?)?;
    }
    for value in root.all("consents") {
        consent(world, &days, &value.object()?)?;
    }
    for value in root.all("deals") {
        deal(world, &days, &value.object()?)?;
    }
    Ok(())
}

fn step(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let kind: ActivityKind = object.get("kind")?.code()?;
    let on = object.date("on")?.unwrap_or(days.made);
    let by = if kind.trains() { "trainer" } else { "curator" };
    let signing = Signing::of(object, by, on)?;
    let mut step = Activity::new(kind).between(on, on);
    for value in object.all("inputs") {
        step = step.input(world.dataset(&value)?, []);
    }
    for value in object.all("base_models") {
        step = step.base_model(world.dataset(&value)?, []);
    }
    for value in object.all("teacher_models") {
        step = step.teacher_model(world.dataset(&value)?, []);
    }
    for value in object.get("outputs")?.items() {
        step = step.output(world.dataset(&value)?, []);
        if let Some(dataset) = world.datasets.get_mut(value.text()?) {
            dataset.maker = Some(signing.by.clone());
        }
    }
    for value in object.all("relations") {
        step = step.relation(relation(world, &value.object()?)?);
    }
    if object.map("undisclosed_inputs", Value::boolean)? == Some(true) {
        step = step.undisclosed_inputs();
    }
    step.processed_in = object.collect("processed_in", Value::parse)?;
    step.stored_in = object.collect("stored_in", Value::parse)?;
    object.close()?;
    world.tell(&signing, &step)?;
    Ok(())
}

fn relation(world: &World, object: &Object<'_>) -> Result<Relation, Wrong> {
    let of = world.dataset(&object.get("of")?)?;
    let with: BTreeSet<ManifestId> = object.collect("with", |one| world.dataset(one))?;
    let tree = object.map("tree", Value::tree)?.unwrap_or(TreeName::Parts);
    let kind = object.get("relation")?.code()?;
    object.close()?;
    Ok(Relation::new(of, kind, tree, with))
}

/// What no step makes was collected; everything is given its name as title.
fn collections(world: &mut World, days: &Calendar) -> Result<(), Wrong> {
    let linked = world.datasets.iter().filter(|(_, one)| one.is_in_lineage);
    let all = linked.map(|(name, one)| {
        let mut dataset = Dataset::new(one.manifest.id(), name, ScanMethod::Full);
        dataset.personal_information = one.is_personal;
        (one.maker.clone(), dataset)
    });
    for (maker, dataset) in all.collect::<Vec<_>>() {
        let signing = Signing::new("datasets", maker.as_deref(), days.first);
        if maker.is_none() {
            let collect = Activity::new(ActivityKind::Collect).output(dataset.manifest, []);
            world.tell(&signing, &collect.between(days.first, days.first))?;
        }
        world.tell(&signing, &dataset)?;
    }
    Ok(())
}

fn registration(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let from = object.date("from")?.unwrap_or(days.first);
    let signing = Signing::of(object, "registrar", from)?;
    let of = world.about(object)?;
    let until = object.date("until")?.unwrap_or(days.last);
    let claimant = |value: &Value<'_>| {
        let (iss, share) = if value.is_object() {
            let object = value.object()?;
            let claimant = (party(&object.get("party")?)?, object.map("share", Value::number)?);
            object.close()?;
            claimant
        } else {
            (party(value)?, None)
        };
        let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
        let mut who = Registrant::new(iss.clone(), short(&iss), kind, role);
        who.share = share;
        Ok(who)
    };
    let claimants: Vec<Registrant> = object.collect("claimants", claimant)?;
    if claimants.is_empty() {
        return Err(object.wrong("\"claimants\" are missing"));
    }
    let name = object.text("object")?.unwrap_or("Dataset");
    let mut registration = Registration::new(of, name, claimants, from, until);
    registration.update_until = object.date("update_until")?;
    registration.agreement_cap = object.date("agreement_cap")?;
    registration.jurisdiction = object.owned("jurisdiction")?;
    registration.scheme = object.owned("scheme")?;
    registration.personal_information = object.map("personal_information", Value::boolean)?;
    registration.important_data = object.map("important_data", Value::boolean)?;
    registration.supersedes = object.map("supersedes", |value| world.statement(value))?;
    let kind = Registration::KIND.code();
    (registration.seq, registration.prev) = world.next(kind, &signing.by, &of);
    object.close()?;
    world.tell(&signing, &registration)?;
    Ok(())
}

fn licence(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let of = world.about(object)?;
    let is_observed = object.find("observed").is_some() || object.find("hub").is_some();
    let by = if is_observed { "collector" } else { "supplier" };
    let signing = Signing::of(object, by, days.first)?;
    let observed = object.text("observed")?;
    let seen = observed.or(object.text("hub")?.map(hub_licence));
    let (spdx, rules) = (object.text("spdx")?, rules(object)?);
    let told = ["observed", "hub", "spdx", "rules"];
    if told.iter().filter(|key| object.find(key).is_some()).count() != 1 {
        return Err(object.wrong(
            "one of \"observed\", \"hub\", \"spdx\" and \"rules\" says what the terms are",
        ));
    }
    let source = object.text("source")?.unwrap_or("https://data.example/");
    let mut licence = match (seen, spdx) {
        (Some(seen), _) => {
            let digest = Digest::of(seen.as_bytes());
            Licence::observed(of, seen, Observation::new(source, "http-get", digest, signing.on))
        }
        (None, Some(spdx)) => Licence::granted_spdx(of, spdx),
        (None, None) => Licence::granted(of, rules),
    };
    licence.from = object.date("from")?;
    licence.until = object.date("until")?;
    licence.survives = object.map("survives", Value::boolean)?;
    licence.revocable = object.map("revocable", Value::boolean)?.unwrap_or_default();
    licence.conflict = object.map("conflict", Value::code)?;
    licence.licensees = object.collect("licensees", party)?;
    licence.parent = object.map("parent", |value| world.statement(value))?;
    (licence.seq, licence.prev) = world.next(Licence::KIND.code(), &signing.by, &of);
    object.close()?;
    world.tell(&signing, &licence)?;
    Ok(())
}

fn preference(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let of = world.about(object)?;
    let signing = Signing::of(object, "collector", days.first)?;
    let source = object.text("source")?.unwrap_or("https://data.example/");
    let path = object.text("path")?.unwrap_or("/");
    let product = object.text("product")?.unwrap_or("ExampleBot");
    let policy = object.text("tdm_policy")?.map(str::as_bytes);
    let mut readings = Vec::new();
    if let Some(value) = object.find("content_usage") {
        readings.push((value.raw(), Reading::content_usage(value.raw().as_bytes())));
    }
    if let Some(value) = object.find("robots") {
        readings.push((value.raw(), Reading::robots_txt(value.raw().as_bytes(), product, path)));
    }
    if let Some(value) = object.find("tdm_reservation") {
        let read = Reading::tdm_reservation(value.raw().as_bytes(), policy);
        readings.push((value.raw(), read));
    }
    if let Some(value) = object.find("tdmrep") {
        readings.push((value.raw(), Reading::tdmrep_json(value.raw().as_bytes(), path)));
    }
    if let Some(value) = object.find("cawg") {
        readings.push((value.raw(), Reading::training_mining(value.raw().as_bytes())));
    }
    if let Some(value) = object.find("rsl") {
        readings.push((value.raw(), Reading::rsl(value.raw().as_bytes(), source)));
    }
    object.close()?;
    let [(text, reading)] = <[_; 1]>::try_from(readings).map_err(|_| {
        object.wrong(
            "one of \"cawg\", \"content_usage\", \"robots\", \"rsl\", \"tdm_reservation\" and \
             \"tdmrep\" holds the text",
        )
    })?;
    let reading = reading.map_err(|error| object.wrong(error.to_string()))?;
    let digest = Digest::of(text.as_bytes());
    let seen = Observation::new(source, "http-get", digest, signing.on);
    world.tell(&signing, &reading.preference(of, seen))?;
    Ok(())
}

fn consent(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let of = world.about(object)?;
    let signing = Signing::of(object, "collector", days.first)?;
    let mut consent = Consent::new(of, object.get("basis")?.code()?);
    consent.from = object.date("from")?;
    consent.until = object.date("until")?;
    consent.method = object.owned("method")?;
    consent.actions = object.collect("actions", Value::code)?;
    consent.purposes = object.collect("purposes", Value::code)?;
    (consent.seq, consent.prev) = world.next(Consent::KIND.code(), &signing.by, &of);
    object.close()?;
    world.tell(&signing, &consent)?;
    Ok(())
}

/// The seller's statement of it has the name.
fn deal(world: &mut World, days: &Calendar, object: &Object<'_>) -> Result<(), Wrong> {
    let of = world.about(object)?;
    let who =
        |key, name: &str| Ok(object.map(key, party)?.unwrap_or_else(|| crate::world::iss(name)));
    let (seller, buyer, exchange) =
        (who("seller", "seller")?, who("buyer", "buyer")?, who("exchange", "exchange")?);
    let number = object.text("number")?.unwrap_or("T-1");
    let delivery = object.map("delivery", Value::code)?.unwrap_or(DeliveryMethod::Download);
    let mut deal = Transaction::new(number, of, [&seller, &buyer, &exchange], delivery);
    deal.rules = rules(object)?;
    deal.from = object.date("from")?;
    deal.until = object.date("until")?;
    deal.survives = object.map("survives", Value::boolean)?;
    deal.amount = object.map("amount", Value::number)?.unwrap_or_default();
    deal.currency = object.owned("currency")?.unwrap_or(deal.currency);
    deal.registration = object.map("registration", |value| world.statement(value))?;
    let signed_by: Vec<String> = object.collect("signed_by", party)?;
    let signed_by =
        if signed_by.is_empty() { vec![seller.clone(), buyer, exchange] } else { signed_by };
    let signing = Signing::of(object, short(&seller), days.dealt)?;
    object.close()?;
    for (place, by) in signed_by.iter().enumerate() {
        let signing = if place == 0 { signing.named_by(by) } else { signing.by(by) };
        world.tell(&signing, &deal)?;
    }
    Ok(())
}
