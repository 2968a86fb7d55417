use proptest::prelude::*;

use super::*;
use crate::key::{Signer as _, SigningKey};
use crate::limits::{BUDGET_DELEGATIONS, MAX_DELEGATIONS_BELOW};
use crate::statement::{Issuer, Payload as _};
use crate::trust::{Anchor, Dimension, Mandate};

/// Seeds of keys; the identity of `n` is `did:web:n.example`.
const REGISTRY: u8 = 1;
const BRANCH: u8 = 2;
const OFFICE: u8 = 3;
const OTHER: u8 = 4;

fn iss(name: u8) -> String {
    format!("did:web:{name}.example")
}

fn signing(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn key(seed: u8) -> PublicKey {
    signing(seed).public_key()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn registrar() -> Mandate {
    Mandate::new([Role::Registrar])
}

fn trust() -> TrustStore {
    TrustStore::new([Anchor::new(iss(REGISTRY), key(REGISTRY), [Role::Registrar, Role::Auditor])])
}

/// Signed by the key and identity `by`, on second `on`.
fn sign(delegation: &Delegation, by: u8, on: u64) -> Signed<Delegation> {
    delegation.sign(&Issuer::new(iss(by), signing(by)), at(on)).unwrap()
}

fn to(name: u8, mandate: Mandate) -> Delegation {
    Delegation::new(iss(name), key(name), mandate)
}

/// A statement of `by`.
fn header(by: u8) -> Header {
    sign(&to(OTHER, registrar()), by, 0).header().clone()
}

fn resolve<'a>(
    trust: &'a TrustStore,
    delegations: impl IntoIterator<Item = ProvenDelegation<'a>>,
) -> Authorities<'a> {
    Authorities::resolve(trust, delegations, BUDGET_DELEGATIONS).unwrap()
}

fn proven(signed: &Signed<Delegation>, by: u64) -> ProvenDelegation<'_> {
    ProvenDelegation::of_signed(signed, at(by))
}

/// Whether `by` is believed as registrar in a statement dated `on` and proven by `proven_by`.
fn believes(authorities: &Authorities<'_>, by: u8, on: u64, proven_by: u64) -> bool {
    let roles = &[Role::Registrar];
    authorities.believes(&header(by), roles, "manifest:00", at(on), at(proven_by)).is_some()
}

#[track_caller]
fn refused(authorities: &Authorities<'_>, expected: &[(&Signed<Delegation>, DelegationFault)]) {
    let found: BTreeMap<_, _> = authorities.refused().map(|(id, fault)| (id, *fault)).collect();
    let expected: BTreeMap<_, _> = expected.iter().map(|(one, fault)| (one.id(), *fault)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_delegate_is_believed_with_the_delegation_it_rests_on() {
    let trust = trust();
    let first = sign(&to(BRANCH, registrar()).depth(1), REGISTRY, 10);
    let second = sign(&to(OFFICE, registrar()), BRANCH, 20);
    let authorities = resolve(&trust, [proven(&second, 100), proven(&first, 100)]);
    refused(&authorities, &[]);
    let roles = &[Role::Registrar];
    for (by, rests_on) in
        [(REGISTRY, vec![]), (BRANCH, vec![first.id()]), (OFFICE, vec![first.id(), second.id()])]
    {
        let found = authorities.believes(&header(by), roles, "manifest:00", at(30), at(100));
        assert_eq!(found.map(Authority::rests_on), Some(&rests_on[..]));
        assert_eq!(authorities.known(&header(by)), Known::Listed);
        assert_eq!(authorities.key(key(by).id()), Some(key(by)));
    }
    // Not before it was delegated, not in another role.
    assert!(believes(&authorities, BRANCH, 10, 100));
    assert!(!believes(&authorities, BRANCH, 9, 100));
    assert!(!believes(&authorities, OFFICE, 19, 100));
    let audits = authorities.believes(&header(BRANCH), &[Role::Auditor], "x", at(30), at(100));
    assert!(audits.is_none());
    assert_eq!(authorities.known(&header(OTHER)), Known::Unlisted);
}

#[test]
fn each_dimension_that_a_delegation_widens_refuses_it_by_name() {
    let bounded = Anchor::new(iss(REGISTRY), key(REGISTRY), [Role::Registrar])
        .scope(["manifest:"])
        .schemes(["a"])
        .jurisdictions(["CN".parse().unwrap()])
        .between(at(0), at(50))
        .depth(2);
    let trust = TrustStore::new([bounded.clone()]);
    let same = || bounded.mandate.clone();
    for (dimension, mandate, depth) in [
        (Dimension::Roles, Mandate { roles: [Role::Registrar, Role::Log].into(), ..same() }, 0),
        (Dimension::Scope, same().scope(["any"]), 0),
        (Dimension::Schemes, same().schemes(["a", "b"]), 0),
        (Dimension::Jurisdictions, same().jurisdictions(["DE".parse().unwrap()]), 0),
        (Dimension::From, Mandate { from: None, ..same() }, 0),
        (Dimension::Until, same().between(at(0), at(51)), 0),
        (Dimension::Depth, same(), 2),
    ] {
        let wide = sign(&to(BRANCH, mandate).depth(depth), REGISTRY, 10);
        let authorities = resolve(&trust, [proven(&wide, 10)]);
        refused(&authorities, &[(&wide, DelegationFault::Exceeds { dimension })]);
        assert!(!believes(&authorities, BRANCH, 20, 20));
    }
    let sound = sign(&to(BRANCH, same()).depth(1), REGISTRY, 10);
    refused(&resolve(&trust, [proven(&sound, 10)]), &[]);
}

#[test]
fn what_is_widened_in_the_middle_carries_nothing_below() {
    let trust = trust();
    let wide = sign(&to(BRANCH, Mandate::new([Role::Trainer])).depth(1), REGISTRY, 10);
    let below = sign(&to(OFFICE, Mandate::new([Role::Trainer])), BRANCH, 10);
    let authorities = resolve(&trust, [proven(&wide, 10), proven(&below, 10)]);
    let dimension = Dimension::Roles;
    refused(
        &authorities,
        &[(&wide, DelegationFault::Exceeds { dimension }), (&below, DelegationFault::NoAuthority)],
    );
}

#[test]
fn depth_is_used_up_link_by_link() {
    let leaf = Anchor::new(iss(REGISTRY), key(REGISTRY), [Role::Registrar]).depth(0);
    let first = sign(&to(BRANCH, registrar()), REGISTRY, 10);
    let too_deep = DelegationFault::Exceeds { dimension: Dimension::Depth };
    refused(&resolve(&TrustStore::new([leaf]), [proven(&first, 10)]), &[(&first, too_deep)]);

    let second = sign(&to(OFFICE, registrar()), BRANCH, 10);
    let trust = trust();
    let authorities = resolve(&trust, [proven(&first, 10), proven(&second, 10)]);
    refused(&authorities, &[(&second, too_deep)]);
    // An anchor without a bound of its own reaches what a delegation can name, and no further.
    let deepest = sign(&to(BRANCH, registrar()).depth(MAX_DELEGATIONS_BELOW), REGISTRY, 10);
    refused(&resolve(&trust, [proven(&deepest, 10)]), &[]);
}

#[test]
fn an_expired_middle_link_carries_nothing() {
    let trust = trust();
    let term = || registrar().between(at(0), at(50));
    let first = sign(&to(BRANCH, term()).depth(1), REGISTRY, 10);
    let in_time = sign(&to(OFFICE, term()), BRANCH, 49);
    for (signed, proven_by, sound) in [
        (&in_time, 49, true),
        // Dated back into the term: only proof shows that it is from then.
        (&in_time, 50, false),
        (&sign(&to(OFFICE, term()), BRANCH, 50), 50, false),
    ] {
        let authorities = resolve(&trust, [proven(&first, 10), proven(signed, proven_by)]);
        let (issued_at, proven_by) = (signed.header().issued_at, at(proven_by));
        let fault = DelegationFault::Untimely { issued_at, proven_by };
        let expected = [(signed, fault)];
        refused(&authorities, if sound { &[] } else { &expected });
        assert_eq!(believes(&authorities, OFFICE, 49, 49), sound);
    }
    // A delegation cannot outlive the one above it, so the term of the last holds for the chain.
    let longer = sign(&to(OFFICE, registrar()), BRANCH, 20);
    let authorities = resolve(&trust, [proven(&first, 10), proven(&longer, 20)]);
    let dimension = Dimension::From;
    refused(&authorities, &[(&longer, DelegationFault::Exceeds { dimension })]);
}

#[test]
fn a_statement_after_the_term_of_its_delegate_does_not_count() {
    let trust = trust();
    let first = sign(&to(BRANCH, registrar().between(at(0), at(50))), REGISTRY, 10);
    let authorities = resolve(&trust, [proven(&first, 10)]);
    for (on, proven_by, counts) in
        [(49, 49, true), (49, 50, false), (50, 50, false), (10, 49, true), (9, 49, false)]
    {
        assert_eq!(believes(&authorities, BRANCH, on, proven_by), counts, "{on} {proven_by}");
    }
}

#[test]
fn a_late_signature_of_a_delegate_who_was_revoked_does_not_count() {
    let trust = trust();
    let first = sign(&to(BRANCH, registrar()), REGISTRY, 10);
    let authorities = resolve(&trust, [proven(&first, 10).ended(at(50))]);
    for (on, proven_by, counts) in [(20, 49, true), (20, 50, false), (49, 60, false)] {
        assert_eq!(believes(&authorities, BRANCH, on, proven_by), counts, "{on} {proven_by}");
    }
    assert!(believes(&authorities, REGISTRY, 60, 60), "who delegated is not touched");
}

#[test]
fn a_revoked_middle_link_ends_the_chain_below() {
    let trust = trust();
    let first = sign(&to(BRANCH, registrar()).depth(1), REGISTRY, 10);
    let second = sign(&to(OFFICE, registrar()), BRANCH, 20);
    let revoked = || proven(&first, 10).ended(at(50));
    let authorities = resolve(&trust, [revoked(), proven(&second, 20)]);
    assert!(believes(&authorities, OFFICE, 30, 49));
    assert!(!believes(&authorities, OFFICE, 30, 50));
    // The second link, too, has to be proven from before.
    let late = resolve(&trust, [revoked(), proven(&second, 50)]);
    let fault = DelegationFault::Untimely { issued_at: at(20), proven_by: at(50) };
    refused(&late, &[(&second, fault)]);
    // The earliest end of a chain is its end.
    let both = resolve(&trust, [revoked(), proven(&second, 20).ended(at(40))]);
    assert!(believes(&both, OFFICE, 30, 39));
    assert!(!believes(&both, OFFICE, 30, 40));
    assert!(believes(&both, BRANCH, 30, 49));
}

#[test]
fn a_delegation_counts_from_its_date_until_something_speaks_against_it() {
    let trust = trust();
    let first = sign(&to(BRANCH, registrar()), REGISTRY, 10);
    // Nobody has seen it before second 40.
    let unchallenged = resolve(&trust, [proven(&first, 40)]);
    assert!(believes(&unchallenged, BRANCH, 10, 100));
    let revoked = resolve(&trust, [proven(&first, 40).ended(at(50))]);
    for (on, counts) in [(10, false), (39, false), (40, true)] {
        assert_eq!(believes(&revoked, BRANCH, on, 45), counts, "{on}");
    }
    // One that turns up after it was revoked never counted.
    let backdated = resolve(&trust, [proven(&first, 60).ended(at(50))]);
    assert!(!believes(&backdated, BRANCH, 10, 20));
    assert!(!believes(&backdated, BRANCH, 60, 60));
}

#[test]
fn an_identity_changes_its_key_by_a_delegation_to_itself() {
    let trust = trust();
    let anchor_mandate = trust.anchors().next().unwrap().mandate.clone();
    let rotation = Delegation::new(iss(REGISTRY), key(OTHER), anchor_mandate).depth(3);
    let rotation = sign(&rotation, REGISTRY, 10);
    let authorities = resolve(&trust, [proven(&rotation, 10)]);
    refused(&authorities, &[]);
    let with_new_key = Header { key: key(OTHER).id(), ..header(REGISTRY) };
    let found = authorities.believes(&with_new_key, &[Role::Registrar], "x", at(20), at(20));
    assert_eq!(found.map(Authority::rests_on), Some(&[rotation.id()][..]));
    assert_eq!(authorities.known(&with_new_key), Known::Listed);
    assert_eq!(resolve(&trust, []).known(&with_new_key), Known::Conflict);
    // The new key is nobody else's.
    let other = Header { key: key(OTHER).id(), ..header(BRANCH) };
    assert_eq!(authorities.known(&other), Known::Conflict);
}

#[test]
fn nobody_gives_a_listed_identity_or_a_listed_key_away() {
    let listed = Anchor::new(iss(BRANCH), key(BRANCH), [Role::Trainer]);
    let trust = TrustStore::new(trust().anchors().cloned().chain([listed]));
    let other_key = Delegation::new(iss(BRANCH), key(OTHER), registrar());
    let other_name = Delegation::new(iss(OTHER), key(BRANCH), registrar());
    let same = sign(&to(BRANCH, registrar()), REGISTRY, 10);
    for (delegation, fault) in [
        (&sign(&other_key, REGISTRY, 10), DelegationFault::IssuerListed),
        (&same, DelegationFault::IssuerListed),
        (&sign(&other_name, REGISTRY, 10), DelegationFault::KeyListed),
    ] {
        let authorities = resolve(&trust, [proven(delegation, 10)]);
        refused(&authorities, &[(delegation, fault)]);
    }
}

#[test]
fn two_organisations_with_one_name_stay_two() {
    let others = [Anchor::new(iss(OTHER), key(OTHER), [Role::Registrar])];
    let trust = TrustStore::new(trust().anchors().cloned().chain(others));
    let one = sign(&to(BRANCH, registrar()).depth(1), REGISTRY, 10);
    let two = sign(&Delegation::new(iss(BRANCH), key(OFFICE), registrar()), OTHER, 10);
    let authorities = resolve(&trust, [proven(&one, 10), proven(&two, 10)]);
    let contested = DelegationFault::Contested;
    refused(&authorities, &[(&one, contested), (&two, contested)]);
    assert!(!believes(&authorities, BRANCH, 20, 20));
    // Nor is what rests on one of them left standing.
    let below = sign(&to(9, registrar()), BRANCH, 10);
    let authorities = resolve(&trust, [proven(&one, 10), proven(&two, 10), proven(&below, 10)]);
    let no_authority = DelegationFault::NoAuthority;
    refused(&authorities, &[(&one, contested), (&two, contested), (&below, no_authority)]);
    // Two who give it the same key agree, and one may give it several.
    let agreeing = sign(&to(BRANCH, registrar()), OTHER, 10);
    refused(&resolve(&trust, [proven(&one, 10), proven(&agreeing, 10)]), &[]);
    let second_key = sign(&Delegation::new(iss(BRANCH), key(9), registrar()), REGISTRY, 10);
    refused(&resolve(&trust, [proven(&one, 10), proven(&second_key, 10)]), &[]);
    // Somebody without authority contests nothing.
    let stranger = sign(&Delegation::new(iss(BRANCH), key(9), registrar()), 8, 10);
    let authorities = resolve(&trust, [proven(&one, 10), proven(&stranger, 10)]);
    refused(&authorities, &[(&stranger, no_authority)]);
}

#[test]
fn a_circle_of_delegations_ends_and_gives_nothing_by_itself() {
    let trust = trust();
    let round = [
        sign(&to(OFFICE, registrar()).depth(3), BRANCH, 10),
        sign(&to(BRANCH, registrar()).depth(3), OFFICE, 10),
    ];
    let authorities = resolve(&trust, round.iter().map(|one| proven(one, 10)));
    let no_authority = DelegationFault::NoAuthority;
    refused(&authorities, &[(&round[0], no_authority), (&round[1], no_authority)]);
    // From an anchor it is followed as far as depth decreases.
    let entry = sign(&to(BRANCH, registrar()).depth(4), REGISTRY, 10);
    let all = round.iter().chain([&entry]).map(|one| proven(one, 10));
    let authorities = resolve(&trust, all);
    let too_deep = DelegationFault::Exceeds { dimension: Dimension::Depth };
    refused(&authorities, &[(&round[1], too_deep)]);
    assert_eq!(authorities.as_slice().len(), 3);
}

#[test]
fn ways_of_delegation_are_bounded() {
    // Each level is delegated twice, so that there are 2^n ways after n levels.
    let trust = trust();
    let mut delegations = Vec::new();
    for level in 0..10_u8 {
        for scope in ["any", "manifest:"] {
            let by = if level == 0 { REGISTRY } else { 100 + level };
            let mandate = registrar().scope(["manifest:"]).scope([scope]);
            let next = to(101 + level, mandate).depth(u64::from(12 - level));
            delegations.push(sign(&next, by, 10));
        }
    }
    let all = || delegations.iter().map(|one| proven(one, 10));
    let found = Authorities::resolve(&trust, all(), 50);
    assert_eq!(found.unwrap_err(), TooManyAuthorities { limit: 50 });
    let found = Authorities::resolve(&trust, all(), BUDGET_DELEGATIONS).unwrap();
    // What somebody gives in vain is tried as well.
    let by = |one: &Authority<'_>| {
        delegations.iter().filter(|given| given.header().issuer == one.iss()).count()
    };
    let limit = found.as_slice().iter().map(by).sum();
    assert!(limit > found.as_slice().len() - 1);
    assert!(Authorities::resolve(&trust, all(), limit).is_ok());
    let too_many = Authorities::resolve(&trust, all(), limit - 1).unwrap_err();
    assert_eq!(too_many, TooManyAuthorities { limit: limit - 1 });
}

/// What a delegation gives, by following every way from it up to an anchor, one by one.
fn oracle(
    trust: &TrustStore,
    all: &[(Signed<Delegation>, u64, Option<u64>)],
    last: usize,
    on: u64,
    proven_by: u64,
) -> bool {
    fn ways(
        trust: &TrustStore,
        all: &[(Signed<Delegation>, u64, Option<u64>)],
        chain: &[usize],
        found: &mut Vec<Vec<usize>>,
    ) {
        let (top, _, _) = &all[chain[0]];
        for anchor in trust.anchors() {
            let (header, payload) = (top.header(), top.payload());
            if anchor.iss == header.issuer
                && anchor.key.id() == header.key
                && anchor.mandate.exceeded_by(&payload.mandate).is_none()
            {
                found.push(chain.to_vec());
            }
        }
        for (index, (above, _, _)) in all.iter().enumerate() {
            let (header, payload) = (top.header(), above.payload());
            if payload.iss == header.issuer
                && payload.key.id() == header.key
                && payload.mandate.exceeded_by(&top.payload().mandate).is_none()
                && payload.depth > top.payload().depth
            {
                ways(trust, all, &[&[index], chain].concat(), found);
            }
        }
    }
    let mut found = Vec::new();
    ways(trust, all, &[last], &mut found);
    // Every statement on the way, the last one included, within what every delegation above it allows.
    found.iter().any(|chain| {
        let statements = chain
            .iter()
            .map(|index| (all[*index].0.header().issued_at.seconds(), all[*index].1))
            .chain([(on, proven_by)]);
        statements.enumerate().all(|(place, (on, proven_by))| {
            chain[..place].iter().enumerate().all(|(link, index)| {
                let (delegation, seen, ended) = &all[*index];
                let until = delegation.payload().mandate.until;
                let above = &chain[..=link];
                // Only what is taken back at or above a link, on this way, bears on that link.
                let adverse = above.iter().any(|index| all[*index].2.is_some());
                let issued = delegation.header().issued_at.seconds();
                let since = if adverse { issued.max(*seen) } else { issued };
                since <= on
                    && ended.is_none_or(|ended| proven_by < ended)
                    && until.is_none_or(|until| on < until.seconds() && proven_by < until.seconds())
            })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn who_is_believed_follows_from_every_single_way_and_no_order(
        drawn in proptest::collection::vec(
            (0_u8..4, 1_u8..4, 0_u64..4, 1_u64..6, 0_u64..4, 0_u64..8, 0_u64..8), 1..8,
        ),
        on in 1_u64..8, late in 0_u64..6, rotate in 0_usize..8,
    ) {
        let trust = trust();
        let mut all: Vec<(Signed<Delegation>, u64, Option<u64>)> = drawn
            .into_iter()
            .map(|(by, name, depth, issued, delay, until, ended)| {
                let mut mandate = registrar();
                mandate.until = (until > 2).then(|| at(until + 2));
                let delegation = to(name + 1, mandate).depth(depth);
                let ended = (ended > 3).then_some(ended);
                (sign(&delegation, by + 1, issued), issued + delay, ended)
            })
            // Nobody gives the anchor's identity away here.
            .filter(|(signed, _, _)| signed.payload().iss != iss(REGISTRY))
            .collect();
        all.sort_by_key(|(signed, _, _)| signed.id());
        all.dedup_by_key(|(signed, _, _)| signed.id());
        let input = |all: &[(Signed<Delegation>, u64, Option<u64>)]| -> Vec<(Signed<Delegation>, u64, Option<u64>)> {
            let mut rotated = all.to_vec();
            rotated.rotate_left(rotate % all.len().max(1));
            rotated
        };
        let rotated = input(&all);
        let given = rotated.iter().map(|(signed, seen, ended)| {
            let one = proven(signed, *seen);
            ended.map_or(one, |ended| one.ended(at(ended)))
        });
        let authorities = resolve(&trust, given);
        for name in [BRANCH, OFFICE, OTHER] {
            let expected = (0..all.len()).any(|last| {
                all[last].0.payload().iss == iss(name) && oracle(&trust, &all, last, on, on + late)
            });
            prop_assert_eq!(believes(&authorities, name, on, on + late), expected, "{}", name);
        }
    }
}
