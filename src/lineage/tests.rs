use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::cbor::{CborError, CborFault, Item, decode, encode};
use crate::id::Subject;
use crate::statement::{Payload, PayloadError, Territory};
use crate::timestamp::Timestamp;

const T: u64 = 1_800_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn manifest(byte: u8) -> ManifestId {
    ManifestId::from_bytes([byte; 32])
}

fn voucher(byte: u8) -> StatementId {
    StatementId::from_bytes([byte; 32])
}

/// From 1 to 2.
fn subset() -> Activity {
    Activity::new(ActivityKind::Subset).input(manifest(1), []).output(manifest(2), [])
}

fn relation(of: u8, kind: RelationKind, with: impl IntoIterator<Item = u8>) -> Relation {
    Relation::new(manifest(of), kind, TreeName::Parts, with.into_iter().map(manifest))
}

#[track_caller]
fn breaks(activity: &Activity, field: &'static str, fault: &'static str) {
    assert_eq!(activity.check(), Err(PayloadError { field, fault }));
}

#[test]
fn the_subject_is_the_least_output() {
    let activity = subset().output(manifest(9), []).output(manifest(3), []);
    assert_eq!(activity.subject(), Subject::Manifest(manifest(2)));
    let first = activity.output(manifest(0), [voucher(9)]);
    assert_eq!(first.subject(), Subject::Manifest(manifest(0)));
}

#[test]
fn an_activity_has_outputs() {
    let activity = Activity::train().input(manifest(1), []);
    breaks(&activity, "outputs", "must not be empty");
}

#[test]
fn a_manifest_is_named_once_on_each_side() {
    let fault = "must name each manifest once";
    assert_eq!(subset().check(), Ok(()));
    breaks(&subset().input(manifest(1), [voucher(1)]), "inputs", fault);
    breaks(&subset().output(manifest(2), [voucher(1)]), "outputs", fault);
    // Said twice in the same words is said once.
    assert_eq!(subset().input(manifest(1), []), subset());
    // An output may equal an input.
    assert_eq!(subset().output(manifest(1), []).check(), Ok(()));
}

#[test]
fn claimed_times_are_in_order() {
    assert_eq!(subset().between(at(T), at(T)).check(), Ok(()));
    breaks(&subset().between(at(T), at(T - 1)), "ended", "must not be before started");
    let ended = Activity { ended: Some(at(T)), ..subset() };
    breaks(&ended, "started", "must stand with ended");
    let started = Activity { started: Some(at(T)), ..subset() };
    assert_eq!(started.check(), Ok(()));
}

#[test]
fn only_a_collection_begins_with_nothing() {
    for &kind in ActivityKind::ALL {
        let activity = Activity::new(kind).output(manifest(2), []);
        if kind == ActivityKind::Collect {
            assert_eq!(activity.check(), Ok(()));
        } else {
            breaks(&activity, "inputs", "may be complete and empty in a collection only");
        }
        assert_eq!(activity.undisclosed_inputs().check(), Ok(()));
    }
}

#[test]
fn models_are_used_by_what_can_use_them_and_a_fine_tuning_has_one() {
    let with = |kind| Activity::new(kind).base_model(manifest(1), []).output(manifest(2), []);
    for &kind in ActivityKind::ALL {
        let uses_models = [ActivityKind::Distil, ActivityKind::FineTune, ActivityKind::Synthesize];
        if uses_models.contains(&kind) {
            assert_eq!(with(kind).check(), Ok(()));
        } else {
            let fault = "must stand with inputs of a fine-tuning, distillation or synthesis only";
            breaks(&with(kind), "usage_role", fault);
        }
    }
    let base =
        Entity { usage_role: Some(UsageRole::BaseModel), ..subset().inputs.pop_first().unwrap() };
    let made = Activity { outputs: [base].into(), ..with(ActivityKind::FineTune) };
    let fault = "must stand with inputs of a fine-tuning, distillation or synthesis only";
    breaks(&made, "usage_role", fault);
    let fine_tuned = |role: fn(Activity) -> Activity| {
        role(Activity::new(ActivityKind::FineTune)).output(manifest(2), [])
    };
    let fault = "must name the base model of a fine-tuning";
    breaks(&fine_tuned(|one| one.input(manifest(1), [])), "usage_role", fault);
    breaks(&fine_tuned(|one| one.teacher_model(manifest(1), [])), "usage_role", fault);
}

#[test]
fn samples_that_passed_were_drawn() {
    let inspected =
        |drawn, passed| Activity { sampling: Some(Sampling::new(drawn, passed)), ..subset() };
    assert_eq!(inspected(1, 1).check(), Ok(()));
    assert_eq!(inspected(1, 0).check(), Ok(()));
    let fault = "must have drawn something, and passed no more than was drawn";
    breaks(&inspected(1, 2), "sampling", fault);
    breaks(&inspected(0, 0), "sampling", fault);
}

#[test]
fn relations_are_about_outputs() {
    let activity = subset().relation(relation(1, RelationKind::Same, [2]));
    let fault = "must be an output, or for partition_of an input";
    breaks(&activity, "of", fault);
    let stranger = subset().relation(relation(7, RelationKind::Same, [1]));
    breaks(&stranger, "of", fault);
    let split = relation(1, RelationKind::PartitionOf, [2]);
    assert_eq!(subset().relation(split).check(), Ok(()));
    let stranger = subset().relation(relation(7, RelationKind::PartitionOf, [2]));
    breaks(&stranger, "of", fault);
}

#[test]
fn relations_are_with_inputs_or_outputs() {
    let fault = "must be inputs or outputs";
    breaks(&subset().relation(relation(2, RelationKind::SubsetOf, [7])), "with", fault);
    breaks(&subset().relation(relation(2, RelationKind::UnionOf, [1, 7])), "with", fault);
    let siblings = subset().output(manifest(3), []);
    let disjoint = siblings.relation(relation(2, RelationKind::DisjointFrom, [1, 3]));
    assert_eq!(disjoint.check(), Ok(()));
}

#[test]
fn relations_have_as_many_sides_as_their_kind() {
    let fault = "must be one manifest for same, same_keys, subset_of and superset_of, \
                 at least one for the others";
    for &kind in RelationKind::ALL {
        let wide = subset().input(manifest(3), []);
        breaks(&wide.clone().relation(relation(2, kind, [])), "with", fault);
        assert_eq!(wide.clone().relation(relation(2, kind, [1])).check(), Ok(()));
        let two = wide.relation(relation(2, kind, [1, 3]));
        if kind.is_with_one() {
            breaks(&two, "with", fault);
        } else {
            assert_eq!(two.check(), Ok(()));
        }
    }
}

#[test]
fn nothing_is_compared_with_itself_unless_it_was_an_input_too() {
    for &kind in RelationKind::ALL {
        let own = subset().relation(relation(2, kind, [2]));
        breaks(&own, "with", "must not be the output itself");
        assert_eq!(own.input(manifest(2), []).check(), Ok(()));
    }
}

#[test]
fn edges_count_everything_that_is_named() {
    assert_eq!(subset().edges(), 2);
    let vouched = subset().input(manifest(3), [voucher(1), voucher(2)]);
    assert_eq!(vouched.edges(), 3 + 2);
    let related = vouched.relation(relation(2, RelationKind::UnionOf, [1, 3])).relation(relation(
        2,
        RelationKind::SubsetOf,
        [1],
    ));
    assert_eq!(related.edges(), 3 + 2 + (1 + 2) + (1 + 1));
    let output = related.output(manifest(4), [voucher(3)]);
    assert_eq!(output.edges(), 10 + 1 + 1);
}

#[test]
fn vouchers_come_with_what_they_vouch_for() {
    let activity =
        subset().input(manifest(3), [voucher(1), voucher(2)]).output(manifest(4), [voucher(1)]);
    let vouchers: Vec<_> = activity.vouchers().collect();
    let expected =
        [(manifest(3), voucher(1)), (manifest(3), voucher(2)), (manifest(4), voucher(1))];
    assert_eq!(vouchers, expected);
}

#[test]
fn tree_names_have_one_text() {
    let decoded = |text: &str| decode::<TreeName>(Item::text(text).as_bytes());
    for (name, text) in [
        (TreeName::Content, "content"),
        (TreeName::Parts, "parts"),
        (TreeName::Index("line-raw/1".into()), "index/line-raw/1"),
    ] {
        assert_eq!(name.to_string(), text);
        assert_eq!(encode(&name), Item::text(text).as_bytes());
        assert_eq!(decoded(text), Ok(name));
    }
    for text in ["", "index", "index/", "Parts", "content/", "rows"] {
        let fault = CborFault::UnknownCode { found: text.into(), of: "tree name" };
        assert_eq!(decoded(text), Err(CborError::new(0, fault)), "{text:?}");
    }
}

/// `{kind: "subset", inputs: [{manifest: h'01..'}], outputs: [{manifest: h'02..'}], completeness: "complete"}`
#[test]
fn the_least_activity_is_these_bytes() {
    let bytes = [
        &b"\xa4\x64kind\x66subset\x66inputs\x81\xa1\x68manifest\x58\x20"[..],
        &[1; 32],
        b"\x67outputs\x81\xa1\x68manifest\x58\x20",
        &[2; 32],
        b"\x6ccompleteness\x68complete",
    ]
    .concat();
    assert_eq!(encode(&subset()), bytes);
    assert_eq!(decode(&bytes), Ok(subset()));
    let mut unknown = bytes.clone();
    unknown[9] = b'x';
    let fault = CborFault::UnknownCode { found: "suxset".into(), of: "activity kind" };
    assert_eq!(decode::<Activity>(&unknown), Err(CborError::new(6, fault)));
    let mut renamed = bytes;
    renamed[14] = b'I';
    let fault = CborFault::UnknownKey { key: "Inputs".into() };
    assert_eq!(decode::<Activity>(&renamed), Err(CborError::new(13, fault)));
}

#[test]
fn a_step_of_unknown_kind_or_without_completeness_is_no_activity() {
    let fault = CborFault::MissingKey { key: "completeness" };
    let bytes = encode(&subset());
    let short = bytes.len() - (1 + 12) - (1 + 8);
    let mut cut = bytes[..short].to_vec();
    cut[0] = 0xa3;
    assert_eq!(decode::<Activity>(&cut), Err(CborError::new(0, fault)));
}

fn text() -> impl Strategy<Value = String> + Clone {
    vec(any::<char>(), 1..5).prop_map(String::from_iter)
}

fn items() -> impl Strategy<Value = BTreeMap<String, Item>> {
    let item =
        prop_oneof![any::<u64>().prop_map(Item::uint), text().prop_map(|text| Item::text(&text)),];
    btree_map(text(), item, 0..3)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}

fn manifest_id() -> impl Strategy<Value = ManifestId> {
    any::<[u8; 32]>().prop_map(ManifestId::from_bytes)
}

prop_compose! {
    fn entity()(
        manifest in manifest_id(),
        statements in btree_set(any::<[u8; 32]>().prop_map(StatementId::from_bytes), 0..3),
        usage_role in of(select(UsageRole::ALL)),
    ) -> Entity {
        Entity { manifest, statements, usage_role }
    }
}

prop_compose! {
    fn agents()(
        role in select(AgentRole::ALL),
        count in any::<u64>(),
        [party, qualification] in [of(text()), of(text())],
    ) -> Agents {
        Agents { role, count, party, qualification }
    }
}

fn places() -> impl Strategy<Value = BTreeSet<Territory>> {
    btree_set(select(&["CN", "CN-BJ", "SG"][..]).prop_map(|code| code.parse().unwrap()), 0..3)
}

prop_compose! {
    fn sampling()(drawn in any::<u64>(), method in of(text()), passed in any::<u64>()) -> Sampling {
        Sampling { drawn, method, passed }
    }
}

prop_compose! {
    fn any_relation()(
        of in manifest_id(),
        tree in prop_oneof![
            Just(TreeName::Content),
            Just(TreeName::Parts),
            text().prop_map(TreeName::Index),
        ],
        with in btree_set(manifest_id(), 0..3),
        kind in select(RelationKind::ALL),
    ) -> Relation {
        Relation { of, tree, with, kind }
    }
}

prop_compose! {
    fn tool()(name in text(), digest in of(digest()), version in of(text())) -> Tool {
        Tool { name, digest, version }
    }
}

prop_compose! {
    fn activity()(
        kind in select(ActivityKind::ALL),
        tool in of(tool()),
        [started, ended] in [of((0..=T).prop_map(at)), of((0..=T).prop_map(at))],
        rules in of(digest()),
        inputs in btree_set(entity(), 0..4),
        outputs in btree_set(entity(), 0..4),
        [params, measures] in [items(), items()],
        relations in btree_set(any_relation(), 0..4),
        completeness in select(Completeness::ALL),
        (agents, sampling) in (btree_set(agents(), 0..3), of(sampling())),
        [stored_in, processed_in] in [places(), places()],
    ) -> Activity {
        Activity {
            kind, tool, ended, rules, agents, inputs, params, outputs, started, measures, sampling,
            relations, stored_in, completeness, processed_in,
        }
    }
}

proptest! {
    #[test]
    fn activities_round_trip_and_what_decodes_is_what_was_written(
        activity in activity(),
        edits in vec(any::<(Index, u8)>(), 1..4),
    ) {
        let bytes = encode(&activity);
        prop_assert_eq!(decode::<Activity>(&bytes), Ok(activity));
        let mut mutated = bytes.clone();
        for (index, byte) in edits {
            let place = index.index(mutated.len());
            for byte in [byte, mutated[place] ^ 1, mutated[place].wrapping_add(1)] {
                mutated[place] = byte;
                if let Ok(decoded) = decode::<Activity>(&mutated) {
                    prop_assert_eq!(encode(&decoded), mutated.clone());
                }
            }
            let cut = decode::<Activity>(&bytes[..index.index(bytes.len())]);
            prop_assert_eq!(cut.map_err(|error| error.fault), Err(CborFault::Truncated));
        }
    }
}
