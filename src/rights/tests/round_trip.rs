//! What is encoded decodes to itself, and whatever decodes encodes to the same bytes.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::cbor::{CborFault, Codec, Item, decode, encode};
use crate::id::{KeyId, Subject};
use crate::statement::DataClass;
use crate::tree::TreeName;

type Edits = Vec<(Index, u8)>;

fn edits() -> impl Strategy<Value = Edits> {
    vec(any::<(Index, u8)>(), 1..4)
}

/// Round trip of the value, and of its bytes after each edit and after cuts.
#[track_caller]
fn round_trip<T: Codec + PartialEq + std::fmt::Debug>(value: &T, edits: &Edits) {
    let bytes = encode(value);
    assert_eq!(decode::<T>(&bytes).as_ref(), Ok(value));
    let mut mutated = bytes.clone();
    for (index, byte) in edits {
        let place = index.index(mutated.len());
        for byte in [*byte, mutated[place] ^ 1, mutated[place].wrapping_add(1)] {
            mutated[place] = byte;
            if let Ok(decoded) = decode::<T>(&mutated) {
                assert_eq!(encode(&decoded), mutated);
            }
        }
        let cut = decode::<T>(&bytes[..index.index(bytes.len())]);
        assert_eq!(cut.map_err(|error| error.fault), Err(CborFault::Truncated));
    }
}

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        vec(any::<char>(), 1..5).prop_map(String::from_iter),
        select(vec!["MIT", "did:web:a.example", "数据", "1"]).prop_map(str::to_owned),
    ]
}

fn texts() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(text(), 0..3)
}

fn instant() -> impl Strategy<Value = Timestamp> + Clone {
    prop_oneof![0..30_u64, 250..260_u64, 0..=Timestamp::MAX.seconds()].prop_map(at)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}

fn statement_id() -> impl Strategy<Value = StatementId> {
    any::<[u8; 32]>().prop_map(StatementId::from_bytes)
}

fn manifest_id() -> impl Strategy<Value = ManifestId> {
    any::<[u8; 32]>().prop_map(ManifestId::from_bytes)
}

fn items() -> impl Strategy<Value = BTreeMap<String, Item>> {
    let item = prop_oneof![
        any::<u64>().prop_map(Item::uint),
        text().prop_map(|text| Item::text(&text)),
        Just(Item::decode(b"\xa1\x61a\x82\x01\xf5").unwrap()),
    ];
    btree_map(text(), item, 0..3)
}

prop_compose! {
    fn duty()(
        kind in select(DutyKind::ALL),
        after in of(instant()),
        [share_of, payee, terms, currency] in [of(text()), of(text()), of(text()), of(text())],
        [floor, amount, ceiling, basis_points] in any::<[Option<u64>; 4]>(),
        licences in texts(),
    ) -> Duty {
        Duty {
            of: share_of, kind, after, floor, payee, terms, amount, ceiling, currency, licences, basis_points,
        }
    }
}

prop_compose! {
    fn constraint()(values in texts(), operand in text(), operator in text()) -> Constraint {
        Constraint { values, operand, operator }
    }
}

prop_compose! {
    fn rule()(
        duties in btree_set(duty(), 0..3),
        effect in select(Effect::ALL),
        actions in btree_set(select(Action::ALL), 0..4),
        constraints in btree_set(constraint(), 0..3),
    ) -> Rule {
        Rule { duties, effect, actions, constraints }
    }
}

prop_compose! {
    fn observed()(
        time in instant(), digest in digest(), method in text(), source in text(),
    ) -> Observation {
        Observation { time, digest, method, source }
    }
}

prop_compose! {
    fn licence()(
        seq in any::<u64>(),
        [from, until] in [of(instant()), of(instant())],
        [prev, parent] in [of(statement_id()), of(statement_id())],
        spdx in of(text()),
        basis in select(Basis::ALL),
        rules in btree_set(rule(), 0..3),
        manifest in manifest_id(),
        (survives, revocable) in any::<(Option<bool>, bool)>(),
        licensees in texts(),
        (observation, conflict) in (of(observed()), of(select(ConflictStrategy::ALL))),
    ) -> Licence {
        Licence {
            seq, from, prev, spdx, basis, rules, until, parent, conflict, manifest, survives,
            licensees, revocable, observation,
        }
    }
}

prop_compose! {
    fn transferee()(iss in text(), share in any::<Option<u64>>()) -> Transferee {
        Transferee { iss, share }
    }
}

prop_compose! {
    fn event()(
        to in btree_set(transferee(), 0..3),
        seq in any::<u64>(),
        kind in select(EventKind::ALL),
        prev in of(statement_id()),
        reason in of(text()),
        target in prop_oneof![
            statement_id().prop_map(Subject::Statement),
            manifest_id().prop_map(Subject::Manifest),
            Just(Subject::Key(KeyId::from_bytes([7; 32]))),
        ],
        evidence in of(digest()),
        effective in instant(),
        (duty, into, amount) in (of(duty()), btree_set(territory(), 0..3), any::<Option<u64>>()),
        (licence, parties, currency) in (of(statement_id()), texts(), of(text())),
    ) -> Event {
        Event {
            to, seq, duty, into, kind, prev, amount, reason, target, licence, parties, currency,
            evidence, effective,
        }
    }
}

fn territory() -> impl Strategy<Value = Territory> {
    select(&["CN", "CN-BJ", "SG", "US-CA"][..]).prop_map(|code| code.parse().unwrap())
}

prop_compose! {
    fn assessment()(
        seq in any::<u64>(),
        kind in select(AssessmentKind::ALL),
        prev in of(statement_id()),
        [rules, report] in [of(digest()), of(digest())],
        trees in btree_set(text().prop_map(TreeName::Index), 0..3),
        amount in any::<Option<u64>>(),
        [method, currency] in [of(text()), of(text())],
        result in of(select(AssessmentResult::ALL)),
        manifest in manifest_id(),
        measures in items(),
        assessed_at in instant(),
    ) -> Assessment {
        Assessment {
            seq, kind, prev, rules, trees, amount, method, report, result, currency, manifest,
            measures, assessed_at,
        }
    }
}

prop_compose! {
    fn consent()(
        seq in any::<u64>(),
        [from, until] in [of(instant()), of(instant())],
        prev in of(statement_id()),
        basis in select(ConsentBasis::ALL),
        method in of(text()),
        actions in btree_set(select(Action::ALL), 0..3),
        evidence in of(digest()),
        manifest in manifest_id(),
        purposes in btree_set(select(Purpose::ALL), 0..3),
    ) -> Consent {
        Consent { seq, from, prev, basis, until, method, actions, evidence, manifest, purposes }
    }
}

prop_compose! {
    fn transaction()(
        [from, until] in [of(instant()), of(instant())],
        rules in btree_set(rule(), 0..3),
        [buyer, number, seller, exchange, currency] in
            [text(), text(), text(), text(), text()],
        amount in any::<u64>(),
        delivery in select(DeliveryMethod::ALL),
        manifest in manifest_id(),
        survives in any::<Option<bool>>(),
        registration in of(statement_id()),
        evidence_code in of(text()),
    ) -> Transaction {
        Transaction {
            from, buyer, rules, until, amount, number, seller, currency, delivery, exchange,
            manifest, survives, registration, evidence_code,
        }
    }
}

prop_compose! {
    fn registrant()(
        id in of(text()),
        iss in text(),
        kind in select(RegistrantKind::ALL),
        name in text(),
        role in select(RegistrantRole::ALL),
        share in any::<Option<u64>>(),
    ) -> Registrant {
        Registrant { id, iss, kind, name, role, share }
    }
}

prop_compose! {
    fn deposit()(
        code in of(text()),
        [hash, platform, hash_algorithm] in [text(), text(), text()],
        kind in select(EvidenceKind::ALL),
        anchored_at in instant(),
    ) -> EvidenceDeposit {
        EvidenceDeposit { code, hash, kind, platform, anchored_at, hash_algorithm }
    }
}

prop_compose! {
    fn source_evidence()(kind in text(), digest in digest()) -> SourceEvidence {
        SourceEvidence { kind, digest }
    }
}

prop_compose! {
    fn registration()(
        seq in any::<u64>(),
        kind in select(RegistrationKind::ALL),
        ids in (of(statement_id()), of(statement_id()), of(manifest_id()), manifest_id()),
        extra in items(),
        texts in vec(of(text()), 18),
        object_name in text(),
        times in vec(of(instant()), 5),
        (issued_at, valid_until) in (instant(), instant()),
        flags in any::<[Option<bool>; 4]>(),
        codes in (
            btree_set(select(RightsClaim::ALL), 0..4),
            of(select(DataClass::ALL)),
            of(select(ReviewKind::ALL)),
            of(select(SourceKind::ALL)),
        ),
        registrants in btree_set(registrant(), 0..3),
        (source_evidence, certificate_hash, evidence_deposit) in
            (btree_set(source_evidence(), 0..3), of(digest()), of(deposit())),
    ) -> Registration {
        let (mut texts, mut times) = (texts.into_iter(), times.into_iter());
        let (mut text, mut time) = (|| texts.next().unwrap(), || times.next().unwrap());
        let [ai_generated, cross_border, important_data, personal_information] = flags;
        let (prev, supersedes, sample_root, manifest) = ids;
        let (rights, data_class, review_kind, source_kind) = codes;
        Registration {
            seq, kind, prev, extra,
            scale: text(), format: text(), period: text(), rights, scheme: text(),
            industry: text(), manifest, issued_at, structure: text(), data_class, supersedes,
            object_name, registrants, review_kind, sample_root, source_kind, valid_until,
            ai_generated, announced_at: time(), cross_border, jurisdiction: text(),
            object_class: text(), publicity_to: time(), update_until: time(),
            agreement_cap: time(), application_no: text(), certificate_no: text(),
            important_data, publicity_from: time(), registrar_code: text(),
            security_level: text(), registration_no: text(), source_evidence,
            certificate_hash, disclosure_state: text(), evidence_deposit,
            processing_rule_summary: text(), update_frequency: text(), application_scenario: text(),
            personal_information,
        }
    }
}

proptest! {
    #[test]
    fn licences_round_trip(licence in licence(), edits in edits()) {
        round_trip(&licence, &edits);
    }

    #[test]
    fn assessments_round_trip(assessment in assessment(), edits in edits()) {
        round_trip(&assessment, &edits);
    }

    #[test]
    fn consents_round_trip(consent in consent(), edits in edits()) {
        round_trip(&consent, &edits);
    }

    #[test]
    fn transactions_round_trip(transaction in transaction(), edits in edits()) {
        round_trip(&transaction, &edits);
    }

    #[test]
    fn registrations_round_trip(registration in registration(), edits in edits()) {
        round_trip(&registration, &edits);
    }

    #[test]
    fn events_round_trip(event in event(), edits in edits()) {
        round_trip(&event, &edits);
    }
}
