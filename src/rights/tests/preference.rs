mod aipref;
mod cawg;
mod hostile;
mod law;
mod payload;
mod robots;
mod rsl;
mod tdmrep;

use super::*;
use crate::rights::duties::Duties;
use crate::rights::preference::preferences;

/// The leaves of computational analysis.
fn data_mine() -> BTreeSet<Action> {
    Action::DataMine.leaves().collect()
}

fn seen(reading: Reading) -> Preference {
    reading.preference(manifest(), observation())
}

/// What one reading alone says of one action at [`T`], commercially.
fn says(reading: &Reading, action: Action) -> Stated {
    preferences(&[(&seen(reading.clone()), &[])], &commercial(action)).all
}

fn against(reason: Reason) -> Stated {
    Stated::Against([reason].into())
}

fn unclear(missing: Missing) -> Stated {
    Stated::Unclear([missing].into())
}

fn prohibit(leaves: impl IntoIterator<Item = Action>) -> Rule {
    Rule::prohibit(leaves)
}

/// What a reading ignored, and why.
fn ignored(reading: &Reading) -> Vec<(&str, WhyIgnored)> {
    reading.ignored.iter().map(|part| (part.text.as_str(), part.why)).collect()
}

#[track_caller]
fn reads<const N: usize>(reading: Result<Reading, ReadingError>, rules: [Rule; N]) -> Reading {
    let reading = reading.unwrap();
    assert_eq!(reading.rules, rules.into());
    reading
}

/// That something was allowed when it was seen says nothing of the time before, and that it was forbidden does.
#[test]
fn what_is_allowed_is_allowed_from_when_it_was_seen() {
    let says = |value: &str, acts: Acts| {
        let reading = Reading::content_usage(format!("train-ai={value}").as_bytes()).unwrap();
        let ask = Ask { acts, ..commercial(Action::TrainGenerative) };
        preferences(&[(&seen(reading), &[])], &ask).all
    };
    let (then, before) = (Acts::proven_at(at(T)), Acts::proven_at(at(T - 1)));
    assert_eq!(says("y", then), Stated::For(Duties::NONE));
    for acts in [before, before.and(then)] {
        assert_eq!(says("y", acts), Stated::Silent);
        assert_eq!(says("n", acts), against(Reason::Prohibited));
    }
}
