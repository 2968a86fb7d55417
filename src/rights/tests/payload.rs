use super::*;
use crate::cbor::{CborError, CborFault, Item, decode, encode};
use crate::id::Subject;
use crate::key::{Signer, SigningKey};
use crate::statement::{Issuer, Payload, PayloadError, SignError, StatementError, check_sequence};
use crate::tree::TreeName;

#[track_caller]
fn breaks<T: Payload>(payload: &T, field: &'static str, fault: &'static str) {
    let error = PayloadError { field, fault };
    assert_eq!(payload.check(), Err(error.clone()));
    // And so nobody signs it, however it was built.
    let issuer = Issuer::new("did:web:signer.example", SigningKey::from_seed(&[7; 32]));
    match payload.sign(&issuer, at(T)) {
        Err(SignError::Statement(StatementError::Payload(found))) => assert_eq!(found, error),
        // What the record itself cannot hold is refused before its rules are looked at.
        Err(SignError::Statement(StatementError::Cbor(_))) => {}
        other => panic!("{other:?}"),
    }
}

fn observed() -> Licence {
    Licence::observed(manifest(), "MIT", observation())
}

fn event() -> Event {
    Event::revocation(Subject::Statement(statement()), at(T))
}

fn registrant(share: Option<u64>) -> Registrant {
    let kind = RegistrantKind::LegalPerson;
    let registrant = Registrant::new("did:web:a.example", "A", kind, RegistrantRole::Holder);
    Registrant { share, ..registrant }
}

fn registration() -> Registration {
    Registration::new(manifest(), "corpus", [registrant(None)], at(T), at(T + 10))
}

const SEQUENCE: (&str, &str) =
    ("prev", "must name the predecessor of every statement but number 0");

#[test]
fn every_statement_but_the_first_names_its_predecessor() {
    let (field, fault) = SEQUENCE;
    assert_eq!(check_sequence(0, None), Ok(()));
    assert_eq!(check_sequence(1, Some(statement())), Ok(()));
    assert_eq!(check_sequence(u64::MAX, Some(statement())), Ok(()));
    for (seq, prev) in [(0, Some(statement())), (1, None)] {
        breaks(&Licence { seq, prev, ..observed() }, field, fault);
        breaks(&Event { seq, prev, ..event() }, field, fault);
        breaks(&Registration { seq, prev, ..registration() }, field, fault);
    }
}

#[test]
fn a_licence_has_rules_or_an_expression() {
    let fault = "must stand instead of an SPDX expression";
    breaks(&granted([]), "rules", fault);
    let rules = granted([Rule::permit([Action::Train])]).rules;
    breaks(&Licence { rules, ..spdx("MIT") }, "rules", fault);
    assert_eq!(spdx("MIT").check(), Ok(()));
    assert_eq!(granted([Rule::permit([Action::Train])]).check(), Ok(()));
}

#[test]
fn an_expression_has_at_most_1024_bytes() {
    assert_eq!(spdx(&"A".repeat(1_024)).check(), Ok(()));
    breaks(&spdx(&"A".repeat(1_025)), "spdx", "must have at most 1024 bytes");
}

#[test]
fn a_public_licence_is_not_declared_revocable() {
    breaks(
        &Licence { revocable: true, ..spdx("MIT") },
        "revocable",
        "must be false with an SPDX expression, whose licences say so themselves",
    );
}

#[test]
fn an_observation_stands_with_its_basis() {
    let fault = "must stand with the basis observed and no other";
    assert_eq!(observed().check(), Ok(()));
    breaks(&Licence { observation: None, ..observed() }, "observation", fault);
    breaks(&Licence { basis: Basis::Granted, ..observed() }, "observation", fault);
    let rules = Licence {
        basis: Basis::Observed,
        observation: Some(observation()),
        ..granted([Rule::permit([Action::Train])])
    };
    breaks(&rules, "spdx", "must stand with the basis observed");
}

#[test]
fn what_is_observed_is_granted_to_everybody_by_nobody_in_between() {
    let fault = "must be absent with the basis observed, as must a parent";
    let licensees = [TRAINER.to_owned()].into();
    breaks(&Licence { licensees, ..observed() }, "licensees", fault);
    breaks(&Licence { parent: Some(statement()), ..observed() }, "licensees", fault);
    let parent = Some(statement());
    assert_eq!(Licence { parent, ..spdx("MIT") }.check(), Ok(()));
}

#[test]
fn a_term_is_not_empty() {
    let term =
        |from, until| Licence { from: Some(at(from)), until: Some(at(until)), ..spdx("MIT") };
    assert_eq!(term(T, T + 1).check(), Ok(()));
    breaks(&term(T, T), "until", "must be later than from");
    breaks(&term(T + 1, T), "until", "must be later than from");
    let open = Licence { until: Some(at(0)), ..spdx("MIT") };
    assert_eq!(open.check(), Ok(()));
}

#[test]
fn rules_name_actions_and_only_permissions_have_duties() {
    breaks(&granted([Rule::permit([])]), "actions", "must not be empty");
    let prohibition = Rule::prohibit([Action::Train]).duty(Duty::new(DutyKind::Notice));
    breaks(&granted([prohibition]), "duties", "must be absent in a prohibition");
    let unsound = Rule::permit([Action::Train]).duty(Duty::new(DutyKind::Pay));
    breaks(&granted([unsound]), "duties", "must have the fields of their kind and no others");
}

#[test]
fn an_event_happens_to_a_statement_and_a_key_revocation_to_a_key() {
    let fault = "must be a key in a key revocation and a statement in any other event";
    let key = Subject::Key(SigningKey::from_seed(&[7; 32]).public_key().id());
    let id = Subject::Statement(statement());
    for kind in EventKind::ALL.iter().copied() {
        let of = |target| Event { target, ..event_of(kind) };
        let (sound, unsound) =
            if kind == EventKind::KeyRevocation { (&key, &id) } else { (&id, &key) };
        assert_eq!(of(sound.clone()).check(), Ok(()), "{kind}");
        assert_eq!(&of(sound.clone()).subject(), sound);
        breaks(&of(unsound.clone()), "target", fault);
        breaks(&of(Subject::Manifest(manifest())), "target", fault);
    }
}

/// One that has what its kind needs.
fn event_of(kind: EventKind) -> Event {
    let (parties, on) = (["did:web:b.example".to_owned()], at(T));
    match kind {
        EventKind::AssetEntry => Event::asset_entry(statement(), on),
        EventKind::Breach => Event::breach(statement(), parties, on),
        EventKind::Cancellation => Event::cancellation(statement(), on),
        EventKind::CrossBorder => Event::cross_border(statement(), [territory("SG")], on),
        EventKind::Cure => Event::cure(statement(), on),
        EventKind::Dispute => Event::dispute(statement(), on),
        EventKind::Fulfilment => Event::fulfilment(
            statement(),
            Duty::new(DutyKind::ObtainConsent),
            "did:web:b.example",
            on,
        ),
        EventKind::KeyRevocation => {
            Event::key_revocation(crate::id::KeyId::from_bytes([7; 32]), on)
        }
        EventKind::LicenceFiling => Event::licence_filing(statement(), statement(), on),
        EventKind::Objection => Event::objection(statement(), on),
        EventKind::Pledge => Event::pledge(statement(), parties, on),
        EventKind::Release => Event::release(statement(), on),
        EventKind::Revocation => Event::revocation(Subject::Statement(statement()), on),
        EventKind::Settlement => Event::settlement(statement(), on),
        EventKind::Transfer => {
            Event::transfer(statement(), [Transferee::new("did:web:b.example")], on)
        }
    }
}

fn territory(code: &str) -> Territory {
    code.parse().unwrap()
}

#[test]
fn an_event_has_the_fields_of_its_kind_and_no_others() {
    use EventKind as K;
    let only = |field: &'static str,
                fault,
                kinds: &[K],
                set: fn(&mut Event),
                clear: Option<fn(&mut Event)>| {
        for kind in K::ALL.iter().copied() {
            let (mut with, mut without) = (event_of(kind), event_of(kind));
            assert_eq!(with.check(), Ok(()), "{kind}");
            set(&mut with);
            if kinds.contains(&kind) {
                assert_eq!(with.check(), Ok(()), "{field} of {kind}");
                if let Some(clear) = clear {
                    clear(&mut without);
                    breaks(&without, field, fault);
                }
            } else {
                breaks(&with, field, fault);
            }
        }
    };
    only(
        "duty",
        "must stand in a fulfilment and nowhere else",
        &[K::Fulfilment],
        |one| one.duty = Some(Duty::new(DutyKind::Report)),
        Some(|one| one.duty = None),
    );
    only(
        "into",
        "must stand in a provision abroad and nowhere else",
        &[K::CrossBorder],
        |one| one.into = [territory("CN-BJ"), territory("SG")].into(),
        Some(|one| one.into.clear()),
    );
    only(
        "licence",
        "must stand in a filing and nowhere else",
        &[K::LicenceFiling],
        |one| one.licence = Some(statement()),
        Some(|one| one.licence = None),
    );
    only(
        "amount",
        "must be absent but in a pledge or an asset entry",
        &[K::AssetEntry, K::Pledge],
        |one| (one.amount, one.currency) = (Some(1), Some("CNY".into())),
        None,
    );
    let parties = "must be who is in breach, the pledgees of a pledge, one for a fulfilment, any for a provision \
                   abroad, and absent in any other event";
    only(
        "parties",
        parties,
        &[K::Breach, K::CrossBorder, K::Fulfilment, K::Pledge],
        |one| one.parties = ["did:web:c.example".into()].into(),
        None,
    );
    for kind in [K::Breach, K::Fulfilment, K::Pledge] {
        breaks(&Event { parties: BTreeSet::new(), ..event_of(kind) }, "parties", parties);
    }
    let two = ["did:web:b.example".into(), "did:web:c.example".into()];
    breaks(&Event { parties: two.into(), ..event_of(K::Fulfilment) }, "parties", parties);
    let unsound = Some(Duty::new(DutyKind::RevenueShare));
    breaks(
        &Event { duty: unsound, ..event_of(K::Fulfilment) },
        "duty",
        "must have the fields of its kind and no others",
    );
    let fault = "must stand with an amount, as three capital letters";
    let pledge = |amount, currency: Option<&str>| Event {
        amount,
        currency: currency.map(str::to_owned),
        ..event_of(K::Pledge)
    };
    breaks(&pledge(Some(1), None), "currency", fault);
    breaks(&pledge(None, Some("CNY")), "currency", fault);
    breaks(&pledge(Some(1), Some("yuan")), "currency", fault);
    breaks(&pledge(Some(1), Some("cny")), "currency", fault);
}

#[test]
fn a_deal_has_three_parties_a_number_and_a_currency() {
    let parties = ["did:web:seller.example", "did:web:buyer.example", "did:web:exchange.example"];
    let deal = || Transaction::new("T-1", manifest(), parties, DeliveryMethod::Api);
    assert_eq!(deal().check(), Ok(()));
    assert_eq!(deal().subject(), Subject::Manifest(manifest()));
    breaks(&Transaction { number: String::new(), ..deal() }, "number", "must not be empty");
    let fault = "must be another party than seller and buyer";
    breaks(&Transaction { exchange: parties[0].into(), ..deal() }, "exchange", fault);
    breaks(&Transaction { exchange: parties[1].into(), ..deal() }, "exchange", fault);
    breaks(&Transaction { buyer: parties[0].into(), ..deal() }, "exchange", fault);
    let fault = "must be three capital letters";
    breaks(&Transaction { currency: "RMB¥".into(), ..deal() }, "currency", fault);
    let term = |from, until| Transaction { from: Some(at(from)), until: Some(at(until)), ..deal() };
    assert_eq!(term(T, T + 1).check(), Ok(()));
    breaks(&term(T, T), "until", "must be later than from");
    let rules = [Rule::permit([])].into();
    breaks(&Transaction { rules, ..deal() }, "actions", "must not be empty");
}

#[test]
fn a_consent_has_a_term_that_begins_before_it_ends() {
    let term = |from, until| Consent {
        from: Some(at(from)),
        until: Some(at(until)),
        ..Consent::new(manifest(), ConsentBasis::Contract)
    };
    assert_eq!(term(T, T + 1).check(), Ok(()));
    breaks(&term(T, T), "until", "must be later than from");
}

#[test]
fn an_assessment_has_the_fields_of_its_kind_and_no_others() {
    let passed = Some(AssessmentResult::Passed);
    let of = |kind| Assessment::new(manifest(), kind, passed, at(T));
    let valuation = || Assessment::valuation(manifest(), 1, "CNY", at(T));
    let audit = || Assessment::manifest_audit(manifest(), [TreeName::Parts], at(T));
    for sound in [of(AssessmentKind::Quality), of(AssessmentKind::Compliance), valuation(), audit()]
    {
        assert_eq!(sound.check(), Ok(()));
    }
    let fault = "must stand in a manifest audit and nowhere else";
    breaks(&of(AssessmentKind::ManifestAudit), "trees", fault);
    let trees: BTreeSet<TreeName> = [TreeName::Content].into();
    breaks(&Assessment { trees, ..of(AssessmentKind::Quality) }, "trees", fault);
    let fault = "must stand in a valuation and nowhere else";
    breaks(&Assessment { amount: None, ..valuation() }, "amount", fault);
    breaks(&Assessment { amount: Some(1), ..audit() }, "amount", fault);
    let fault = "must stand in a valuation and nowhere else, as three capital letters";
    breaks(&Assessment { currency: None, ..valuation() }, "currency", fault);
    breaks(&Assessment { currency: Some("yuan".into()), ..valuation() }, "currency", fault);
    breaks(&Assessment { currency: Some("CNY".into()), ..audit() }, "currency", fault);
    let fault = "must stand in every assessment but a valuation";
    breaks(&Assessment { result: passed, ..valuation() }, "result", fault);
    breaks(&Assessment { result: None, ..audit() }, "result", fault);
}

#[test]
fn a_transfer_names_the_claimants_after_it_and_no_other_event_does() {
    let fault = "must name the claimants after a transfer and be absent in any other event";
    let one = |iss: &str, share| Transferee { share, ..Transferee::new(iss) };
    let transfer = |to: &[Transferee]| Event::transfer(statement(), to.to_vec(), at(T));
    assert_eq!(transfer(&[one("did:web:b.example", None)]).check(), Ok(()));
    breaks(&transfer(&[]), "to", fault);
    for kind in EventKind::ALL.iter().copied().filter(|kind| *kind != EventKind::Transfer) {
        let to = [one("did:web:b.example", None)].into();
        breaks(&Event { to, ..event_of(kind) }, "to", fault);
    }
    let (half, most) =
        (one("did:web:b.example", Some(5_000)), one("did:web:c.example", Some(5_000)));
    assert_eq!(transfer(&[half.clone(), most]).check(), Ok(()));
    let fault = "must be positive and add up to 10000 at most";
    breaks(&transfer(&[half.clone(), one("did:web:c.example", Some(5_001))]), "share", fault);
    breaks(&transfer(&[one("did:web:c.example", Some(0))]), "share", fault);
    breaks(
        &transfer(&[half, one("did:web:b.example", None)]),
        "to",
        "must name each claimant once",
    );
}

#[test]
fn a_registration_names_registrants_and_a_term() {
    assert_eq!(registration().check(), Ok(()));
    assert_eq!(registration().subject(), Subject::Manifest(manifest()));
    let registrants = BTreeSet::new();
    breaks(&Registration { registrants, ..registration() }, "registrants", "must not be empty");
    let valid_until = at(T);
    breaks(
        &Registration { valid_until, ..registration() },
        "valid_until",
        "must be later than issued_at",
    );
}

#[test]
fn a_publicity_period_does_not_end_before_it_begins() {
    let publicity = |from, to| Registration {
        publicity_from: Some(at(from)),
        publicity_to: Some(at(to)),
        ..registration()
    };
    assert_eq!(publicity(T, T).check(), Ok(()));
    breaks(&publicity(T + 1, T), "publicity_to", "must not be before publicity_from");
}

#[test]
fn a_jurisdiction_is_a_country_or_a_part_of_one() {
    let jurisdiction =
        |code: &str| Registration { jurisdiction: Some(code.to_owned()), ..registration() };
    assert_eq!(jurisdiction("CN-BJ").check(), Ok(()));
    for code in ["北京", "cn", "CHN"] {
        breaks(&jurisdiction(code), "jurisdiction", "must be an ISO 3166 code");
    }
}

#[test]
fn shares_are_positive_and_at_most_the_whole() {
    let fault = "must be positive and add up to 10000 at most";
    let shares = |shares: &[u64]| {
        let registrants = shares.iter().zip(0_u8..).map(|(share, number)| Registrant {
            iss: format!("did:web:{number}.example"),
            ..registrant(Some(*share))
        });
        Registration { registrants: registrants.collect(), ..registration() }
    };
    assert_eq!(shares(&[10_000]).check(), Ok(()));
    assert_eq!(shares(&[1, 9_999]).check(), Ok(()));
    for broken in [&[0][..], &[10_001], &[5_000, 5_001], &[u64::MAX, u64::MAX], &[0, 10_000]] {
        breaks(&shares(broken), "share", fault);
    }
}

#[test]
fn a_registration_ends_with_the_source_agreement() {
    assert_eq!(registration().ends_at(), at(T + 10));
    for (cap, end) in [(T + 5, T + 5), (T + 20, T + 10)] {
        let capped = Registration { agreement_cap: Some(at(cap)), ..registration() };
        assert_eq!(capped.ends_at(), at(end));
    }
}

#[test]
fn a_registration_names_each_registrant_once() {
    let named = |name: &str| Registrant { name: name.to_owned(), ..registrant(None) };
    let twice = Registration { registrants: [named("A"), named("B")].into(), ..registration() };
    breaks(&twice, "registrants", "must name each iss once");
    let nobody = Registration { registrants: BTreeSet::new(), ..registration() };
    breaks(&nobody, "registrants", "must not be empty");
}

#[test]
fn the_subject_of_a_licence_is_its_manifest() {
    assert_eq!(spdx("MIT").subject(), Subject::Manifest(manifest()));
}

fn text(text: &str) -> Vec<u8> {
    Item::text(text).as_bytes().to_vec()
}

/// A map from these pairs as they are, whatever the rules.
fn map(pairs: &[(&str, &[u8])]) -> Vec<u8> {
    let head = 0xa0 + u8::try_from(pairs.len()).unwrap();
    let pairs = pairs.iter().flat_map(|(key, value)| [text(key), value.to_vec()].concat());
    std::iter::once(head).chain(pairs).collect()
}

#[track_caller]
fn refused<T: crate::cbor::Codec + std::fmt::Debug>(bytes: &[u8], offset: usize, fault: CborFault) {
    assert_eq!(decode::<T>(bytes).unwrap_err(), CborError { offset, fault });
}

/// `{seq: 0, spdx: "MIT", basis: "granted", manifest: h'01..', revocable: false}`
#[test]
fn the_least_licence_is_these_bytes() {
    let bytes = [
        &b"\xa5\x63seq\x00\x64spdx\x63MIT\x65basis\x67granted\x68manifest\x58\x20"[..],
        &[1; 32],
        b"\x69revocable\xf4",
    ]
    .concat();
    assert_eq!(encode(&spdx("MIT")), bytes);
    assert_eq!(decode(&bytes), Ok(spdx("MIT")));
}

#[test]
fn a_licence_that_no_encoder_writes_is_refused_where_it_departs() {
    let id = [&b"\x58\x20"[..], &[1; 32]].concat();
    let granted = text("granted");
    let mit = text("MIT");
    let rule =
        map(&[("effect", &text("permit")), ("actions", &[&[0x81][..], &text("use")].concat())]);
    let list = |items: &[&[u8]]| {
        let head = 0x80 + u8::try_from(items.len()).unwrap();
        [&[head][..], &items.concat()].concat()
    };
    let with_rules = |rules: &[u8]| {
        map(&[
            ("seq", &[0]),
            ("basis", &granted),
            ("rules", rules),
            ("manifest", &id),
            ("revocable", &[0xf4]),
        ])
    };
    assert!(decode::<Licence>(&with_rules(&list(&[&rule]))).is_ok());
    // a5 63"seq" 00 65"basis" 67"granted" 65"rules" puts the list at 26.
    refused::<Licence>(&with_rules(&[0x80]), 26, CborFault::EmptyCollection);
    let twice = with_rules(&list(&[&rule, &rule]));
    refused::<Licence>(&twice, 27 + rule.len(), CborFault::Duplicate);
    let prohibit =
        map(&[("effect", &text("prohibit")), ("actions", &[&[0x81][..], &text("use")].concat())]);
    assert!(decode::<Licence>(&with_rules(&list(&[&rule, &prohibit]))).is_ok());
    let swapped = with_rules(&list(&[&prohibit, &rule]));
    refused::<Licence>(&swapped, 27 + prohibit.len(), CborFault::Unordered);
    let unknown = map(&[("effect", &text("allow")), ("actions", &list(&[&text("use")]))]);
    refused::<Licence>(
        &with_rules(&list(&[&unknown])),
        27 + 1 + 7,
        CborFault::UnknownCode { found: "allow".into(), of: "effect" },
    );
    let action = map(&[("effect", &text("permit")), ("actions", &list(&[&text("fly")]))]);
    refused::<Licence>(
        &with_rules(&list(&[&action])),
        27 + 1 + 7 + 7 + 8 + 1,
        CborFault::UnknownCode { found: "fly".into(), of: "action" },
    );
    let base: [(&str, &[u8]); 5] = [
        ("seq", &[0]),
        ("spdx", &mit),
        ("basis", &granted),
        ("manifest", &id),
        ("revocable", &[0xf4]),
    ];
    let replaced = |index: usize, pair: (&'static str, &[u8])| {
        let mut pairs = base.map(|(key, value)| (key, value.to_vec()));
        pairs[index] = (pair.0, pair.1.to_vec());
        let pairs: Vec<(&str, &[u8])> =
            pairs.iter().map(|(key, value)| (*key, value.as_slice())).collect();
        map(&pairs)
    };
    refused::<Licence>(
        &replaced(1, ("spqr", &mit)),
        6,
        CborFault::UnknownKey { key: "spqr".into() },
    );
    refused::<Licence>(&replaced(1, ("seq", &[0])), 6, CborFault::Duplicate);
    refused::<Licence>(&replaced(1, ("manifest", &id)), 0, CborFault::MissingKey { key: "basis" });
    refused::<Licence>(&replaced(1, ("spdx", &[0x60])), 11, CborFault::EmptyText);
    refused::<Licence>(&replaced(1, ("spdx", &[0xf6])), 11, CborFault::Simple { found: 22 });
    let longer = [base.as_slice(), &[("superfluous", &[0])]].concat();
    refused::<Licence>(
        &map(&longer),
        map(&base).len(),
        CborFault::UnknownKey { key: "superfluous".into() },
    );
    refused::<Licence>(&map(&base[..4]), 0, CborFault::MissingKey { key: "revocable" });
    let trailing = [map(&base), vec![0]].concat();
    refused::<Licence>(&trailing, map(&base).len(), CborFault::TrailingBytes { count: 1 });
}

#[test]
fn a_registration_refuses_unknown_keys_outside_extra() {
    let extra = [("局内编号".to_owned(), Item::uint(7))].into();
    let registration = Registration { extra, ..registration() };
    let bytes = encode(&registration);
    assert_eq!(decode(&bytes), Ok(registration));
    let needle = text("extra");
    let place = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    let mut renamed = bytes;
    renamed[place + 5] = b'o';
    refused::<Registration>(&renamed, place, CborFault::UnknownKey { key: "extro".into() });
}
