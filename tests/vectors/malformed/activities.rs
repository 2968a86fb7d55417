//! Steps with one fault each.

use super::pieces::Pieces;
use super::raw::{Pairs, array, bytes, items_of, map, pairs_of, text, uint, value, without};
use super::{Format, Malformed};

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Statement, &format!("activity-{name}"), bytes, shows)
}

fn entity(of: u8) -> Pairs {
    vec![(text("manifest"), bytes(&[of; 32]))]
}

pub(super) fn all() -> Vec<Malformed> {
    let full = Pieces::of("activity-full");
    let inputs = items_of(&full.field("inputs"));
    let mut vectors = times_and_entities(&full, &inputs);
    vectors.extend(claims(&full));
    vectors.extend(models(&inputs));
    vectors
}

fn times_and_entities(full: &Pieces, inputs: &[Vec<u8>]) -> Vec<Malformed> {
    let complete = full.with("completeness", text("complete"));
    let with_statement = map(&[entity(1), pairs_of(&inputs[1])[1..].to_vec()].concat());
    let backwards: Vec<Vec<u8>> = inputs.iter().rev().cloned().collect();
    let other = map(&entity(9));
    vec![
        new("ended-alone", full.less("started").bytes(), "An end without a beginning"),
        new(
            "ended-before-started",
            full.but("started", uint(1_795_249_801)),
            "An end a second before the beginning",
        ),
        new(
            "inputs-none",
            complete.less("inputs").less("relations").bytes(),
            "A merger that says that it had no inputs",
        ),
        new("inputs-order", full.but("inputs", array(&backwards)), "Inputs out of order"),
        new(
            "input-twice",
            full.but("inputs", array(&[inputs[0].clone(), with_statement, inputs[1].clone()])),
            "An input under one manifest twice",
        ),
        new("kind-unknown", full.but("kind", text("improve")), "A step of no known kind"),
        new("outputs-none", full.but("outputs", array(&[])), "A step that made nothing"),
        new(
            "relation-of-input",
            full.but("outputs", array(&[other])),
            "A relation of what the step did not make",
        ),
    ]
}

fn claims(full: &Pieces) -> Vec<Malformed> {
    let relations = items_of(&full.field("relations"));
    let related = |key: &str, with: Vec<u8>| {
        let mut relation = pairs_of(&relations[0]);
        *value(&mut relation, key) = with;
        full.but("relations", array(&[map(&relation)]))
    };
    let of = value(&mut pairs_of(&relations[0]), "of").clone();
    let sampled = |drawn, passed| {
        let mut sampling = pairs_of(&full.field("sampling"));
        *value(&mut sampling, "drawn") = uint(drawn);
        *value(&mut sampling, "passed") = uint(passed);
        full.but("sampling", map(&sampling))
    };
    let agents = items_of(&full.field("agents"));
    let agent = |key: &str, with: Vec<u8>| {
        let mut agent = pairs_of(&agents[0]);
        *value(&mut agent, key) = with;
        full.but("agents", array(&[map(&agent), agents[1].clone()]))
    };
    vec![
        new("agent-count-negative", agent("count", vec![0x20]), "Fewer than no annotators"),
        new("agent-role-unknown", agent("role", text("owner")), "A role that nobody knows"),
        new("relation-to-itself", related("with", array(&[of])), "A sum of itself"),
        new(
            "relation-to-stranger",
            related("with", array(&[bytes(&[9; 32])])),
            "A relation to what is neither input nor output",
        ),
        new("relation-tree", related("tree", text("index/")), "A tree without a name"),
        new("relation-unknown", related("relation", text("like")), "A relation nobody can check"),
        new("relation-with-none", related("with", array(&[])), "A sum of nothing"),
        new("sampling-none-drawn", sampled(0, 0), "A sample of nothing"),
        new("sampling-passed", sampled(10, 11), "More passed than were drawn"),
        new(
            "territory",
            full.but("processed_in", array(&[text("Beijing")])),
            "A place that is no code of ISO 3166",
        ),
    ]
}

fn models(inputs: &[Vec<u8>]) -> Vec<Malformed> {
    let tuned = Pieces::of("activity-fine-tune");
    let full = Pieces::of("activity-full");
    let mut data = pairs_of(&items_of(&tuned.field("inputs"))[1]);
    data = without(data, "usage_role");
    let mut used = pairs_of(&inputs[1]);
    used.push((text("usage_role"), text("base_model")));
    let of_output = [entity(3), vec![(text("usage_role"), text("base_model"))]].concat();
    let first = items_of(&tuned.field("inputs"))[0].clone();
    vec![
        new(
            "base-model-missing",
            tuned.but("inputs", array(&[first, map(&data)])),
            "A fine-tuning of no base model",
        ),
        new(
            "usage-role-in-merger",
            full.but("inputs", array(&[inputs[0].clone(), map(&used)])),
            "A base model of a step that trains nothing",
        ),
        new(
            "usage-role-of-output",
            tuned.but("outputs", array(&[map(&of_output)])),
            "An output in the role of an input",
        ),
    ]
}
