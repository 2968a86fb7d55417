//! Terms and uses: rules with their conditions and duties, and what is asked.

use std::collections::BTreeSet;

use datadeed::rights::{
    Action, Condition, Constraint, Duty, DutyKind, Outbound, Profile, Purpose, Regime, Rule,
    Territory, Use,
};

use crate::reader::{Object, Value, Wrong};
use crate::world::party;

/// A question, and the answer that the file expects.
pub(crate) struct Question {
    pub(crate) label: String,
    pub(crate) ask: Use,
    pub(crate) expect: Option<String>,
}

/// Rules, each a permission or a prohibition.
pub(crate) fn rules(of: &Object<'_>) -> Result<BTreeSet<Rule>, Wrong> {
    of.collect("rules", rule)
}

fn rule(value: &Value<'_>) -> Result<Rule, Wrong> {
    let object = value.object()?;
    let permit: Vec<Action> = object.collect("permit", Value::code)?;
    let prohibit: Vec<Action> = object.collect("prohibit", Value::code)?;
    let rule = match (permit.is_empty(), prohibit.is_empty()) {
        (false, true) => Rule::permit(permit),
        (true, false) => Rule::prohibit(prohibit),
        _ => return Err(object.wrong("either \"permit\" or \"prohibit\" says what it is about")),
    };
    let conditions = object.map("when", when)?.unwrap_or_default();
    let rule = conditions.into_iter().fold(rule, Rule::when);
    let duties: Vec<Duty> = object.collect("duties", duty)?;
    object.close()?;
    Ok(duties.into_iter().fold(rule, Rule::duty))
}

/// All of them must hold.
fn when(value: &Value<'_>) -> Result<Vec<Constraint>, Wrong> {
    let object = value.object()?;
    let places = |key| object.map(key, |one| set(one, Value::parse::<Territory>));
    let names = |key| object.map(key, |one| set(one, |name| name.text().map(str::to_owned)));
    let purposes = object.map("purpose", |one| set(one, Value::code::<Purpose>))?;
    let licensees = object.map("licensee", |one| set(one, party))?;
    let known = [
        places("in")?.map(Condition::Processing),
        places("in")?.map(Condition::Storage),
        places("in")?.map(Condition::Distribution),
        places("processing")?.map(Condition::Processing),
        places("storage")?.map(Condition::Storage),
        places("distribution")?.map(Condition::Distribution),
        names("field")?.map(Condition::Field),
        names("product")?.map(Condition::Product),
        purposes.map(Condition::Purpose),
        licensees.map(Condition::Licensee),
        object.date("from")?.map(Condition::From),
        object.date("until")?.map(Condition::Until),
        object.map("hops", Value::number)?.map(|at_most| Condition::Hops { at_most }),
    ];
    let volumes = object.map("volume", Value::volumes)?.unwrap_or_default();
    let volumes = volumes.into_iter().map(|(unit, at_most)| Condition::Volume { at_most, unit });
    let known = known.into_iter().flatten().chain(volumes).map(Into::<Constraint>::into);
    let other: Vec<Constraint> = object.collect("other", other)?;
    object.close()?;
    Ok(known.chain(other).collect())
}

/// A condition in any words, which nobody can evaluate unless they are those of a known one.
fn other(value: &Value<'_>) -> Result<Constraint, Wrong> {
    let object = value.object()?;
    let values: Vec<String> = object.collect("values", |one| one.text().map(str::to_owned))?;
    let (operand, operator) = (object.get("operand")?.text()?, object.get("operator")?.text()?);
    object.close()?;
    Ok(Constraint::new(operand, operator, values))
}

fn set<'a, T: Ord>(
    of: &Value<'a>,
    read: impl FnMut(&Value<'a>) -> Result<T, Wrong>,
) -> Result<BTreeSet<T>, Wrong> {
    of.items().iter().map(read).collect()
}

/// A kind alone, or an object with what its kind needs.
pub(crate) fn duty(value: &Value<'_>) -> Result<Duty, Wrong> {
    if !value.is_object() {
        return value.code().map(Duty::new);
    }
    let object = value.object()?;
    let mut duty = Duty::new(object.get("duty")?.code::<DutyKind>()?);
    duty.payee = object.map("payee", party)?;
    duty.of = object.map("of", party)?;
    duty.after = object.date("after")?;
    duty.amount = object.map("amount", Value::number)?;
    duty.floor = object.map("floor", Value::number)?;
    duty.ceiling = object.map("ceiling", Value::number)?;
    duty.basis_points = object.map("basis_points", Value::number)?;
    duty.currency = object.owned("currency")?;
    duty.terms = object.owned("terms")?;
    duty.licences = object.collect("licences", |one| one.text().map(str::to_owned))?;
    object.close()?;
    Ok(duty)
}

/// A use, at a time unless it names one.
pub(crate) fn question(value: &Value<'_>, now: datadeed::Timestamp) -> Result<Question, Wrong> {
    let object = value.object()?;
    let action: Action = object.get("action")?.code()?;
    let mut ask = Use::new(action).at(object.date("at")?.unwrap_or(now));
    let mut label = vec![action.to_string()];
    ask.purpose = object.map("purpose", Value::code)?;
    label.extend(ask.purpose.map(|purpose| purpose.to_string()));
    let place = |key| object.map(key, Value::parse::<Territory>);
    if let Some(everywhere) = place("in")? {
        ask = ask.territory(everywhere);
    }
    ask.processing = place("processing")?.or(ask.processing);
    ask.storage = place("storage")?.or(ask.storage);
    ask.distribution = place("distribution")?.or(ask.distribution);
    ask.field = object.owned("field")?;
    ask.product = object.owned("product")?;
    ask.party = object.map("by", party)?;
    ask.volumes = object.map("volume", Value::volumes)?.unwrap_or_default();
    let passing_on: Vec<&str> = object.collect("passing_on", Value::text)?;
    if let Some(terms) = object.text("under")? {
        label.push(format!("under {terms}"));
        let terms = Outbound::new(terms).passing_on(passing_on);
        let limits = object.map("limited_to", |value| {
            let meaning = |one: &Constraint| one.condition();
            let read: Option<Vec<Condition>> = when(value)?.iter().map(meaning).collect();
            read.ok_or_else(|| value.wrong("nobody can tell what one of these conditions means"))
        })?;
        ask = ask.offered_under(terms.limited_to(limits.unwrap_or_default()));
    } else if let Some(value) = object.find("passing_on").or(object.find("limited_to")) {
        return Err(value.wrong("it stands beside \"under\" alone"));
    }
    ask.profile = object.map("profile", profile)?.unwrap_or_default();
    ask.regime = object.map("regime", regime)?;
    let label = object.owned("label")?.unwrap_or_else(|| label.join(", "));
    let expect = object.owned("expect")?;
    object.close()?;
    Ok(Question { label, ask, expect })
}

fn regime(value: &Value<'_>) -> Result<Regime, Wrong> {
    match value.text()? {
        "CN" => Ok(Regime::China),
        other => Err(value.wrong(format!("{other:?} is no regime; there is: CN"))),
    }
}

fn profile(value: &Value<'_>) -> Result<Profile, Wrong> {
    match value.text()? {
        "declared" => Ok(Profile::Declared),
        "strict" => Ok(Profile::Strict),
        other => Err(value.wrong(format!("{other:?} is no profile; there are: declared, strict"))),
    }
}
