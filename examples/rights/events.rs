//! What happened to what was signed.

use datadeed::id::Subject;
use datadeed::rights::{Event, EventKind, Transferee};
use datadeed::statement::Payload as _;
use datadeed::{StatementId, Timestamp};

use crate::reader::{Object, Value, Wrong};
use crate::terms::duty;
use crate::world::{Signing, World, party};

/// In the order of the file: an event may be about one before it.
pub(crate) fn tell(world: &mut World, root: &Object<'_>, has_status: bool) -> Result<(), Wrong> {
    for value in root.all("events") {
        event(world, &value.object()?, has_status)?;
    }
    Ok(())
}

fn event(world: &mut World, object: &Object<'_>, has_status: bool) -> Result<(), Wrong> {
    let kind: EventKind = object.get("event")?.code()?;
    let on = object.get("on")?.date()?;
    let by = object.get("by")?.text()?;
    let signing = Signing::of(object, by, on)?;
    let mut event = begun(world, object, kind, on)?;
    event.parties = object.collect("parties", party)?;
    event.to = object.collect("to", transferee)?;
    event.into = object.collect("into", Value::parse)?;
    event.duty = object.map("duty", duty)?;
    event.amount = object.map("amount", Value::number)?;
    event.currency = object.owned("currency")?;
    event.reason = object.owned("reason")?;
    event.licence = object.map("licence", |value| world.statement(value))?;
    (event.seq, event.prev) = world.next(Event::KIND.code(), &signing.by, &event.target);
    let recorded = object.date("recorded")?.unwrap_or(signing.on);
    object.close()?;
    // A status holds what the verifier has from somebody whom it knows.
    if has_status && world.is_trusted(&signing.by) {
        let signed = world.sign(&signing, &event)?;
        world.events.push((signed, recorded));
    } else {
        world.tell(&signing, &event)?;
    }
    Ok(())
}

fn begun(
    world: &World,
    object: &Object<'_>,
    kind: EventKind,
    on: Timestamp,
) -> Result<Event, Wrong> {
    if kind == EventKind::KeyRevocation {
        let of = party(&object.get("of")?)?;
        return Ok(Event::key_revocation(crate::world::key_of(&of), on));
    }
    let target: StatementId = world.statement(&object.get("of")?)?;
    let mut event = Event::revocation(Subject::Statement(target), on);
    event.kind = kind;
    Ok(event)
}

/// A party alone, or with its share.
fn transferee(value: &Value<'_>) -> Result<Transferee, Wrong> {
    if !value.is_object() {
        return party(value).map(Transferee::new);
    }
    let object = value.object()?;
    let mut to = Transferee::new(party(&object.get("party")?)?);
    to.share = object.map("share", Value::number)?;
    object.close()?;
    Ok(to)
}
