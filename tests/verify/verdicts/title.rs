//! What a registration gives to whoever grants.

use super::*;

fn registration(of: ManifestId, claimant: &str) -> Registration {
    let iss = format!("did:web:{claimant}.example");
    let registrant =
        Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
    Registration::new(of, "Source", [registrant], day(3), day(30))
}

fn grant() -> Licence {
    but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
    })
}

#[test]
fn a_registered_claimant_may_grant() {
    let registration = sign("registrar", &registration(manifest("source"), "trainer"));
    let story = Story::licensed([sign("trainer", &grant()).into(), registration.into()]);
    permitted(&story.verdict());
}

#[test]
fn a_registration_counts_only_by_a_registrar_and_within_its_term() {
    let by_curator = sign("curator", &registration(manifest("source"), "trainer"));
    let story = Story::licensed([sign("trainer", &grant()).into(), by_curator.into()]);
    unknown(&story.verdict(), Missing::Standing, manifest("source"));
    for (from, until) in [(day(11), day(30)), (day(3), day(10))] {
        let outside = but(registration(manifest("source"), "trainer"), |r| {
            r.issued_at = from;
            r.valid_until = until;
        });
        let outside = outside.sign(&issuer("registrar"), day(12)).unwrap();
        let story = Story::licensed([sign("trainer", &grant()).into(), outside.into()]);
        unknown(&story.verdict(), Missing::Standing, manifest("source"));
    }
}

#[test]
fn two_live_titles_are_disputed() {
    let mine = sign("registrar", &registration(manifest("source"), "trainer"));
    let theirs = but(registration(manifest("source"), "supplier"), |r| {
        (r.seq, r.prev) = (1, Some(mine.id()));
    });
    let theirs = sign("registrar", &theirs);
    let story = Story::licensed([sign("trainer", &grant()).into(), mine.into(), theirs.into()]);
    unknown(&story.verdict(), Missing::Disputed, manifest("source"));
}

#[test]
fn a_revoked_registration_gives_no_standing_to_what_is_granted_after() {
    let registration = sign("registrar", &registration(manifest("source"), "trainer"));
    let licence = sign("trainer", &grant());
    let event = sign("registrar", &revocation(registration.id(), day(8)));
    let story = |recorded| {
        let mut story = Story::licensed([licence.clone().into(), registration.clone().into()]);
        story.status = Some(Status::new(day(20)).event(event.clone(), recorded).unwrap());
        story
    };
    unknown(&story(day(8)).verdict(), Missing::Standing, manifest("source"));
    // Recorded on day 15: the grant claims to be earlier and cannot prove it.
    unknown(&story(day(15)).verdict(), Missing::ActTimeUnproven, manifest("source"));
    let mut proven = story(day(15));
    proven.status = proven.status.map(|status| status.seen(licence.id(), day(11)).unwrap());
    permitted(&proven.verdict());
}

#[test]
fn a_claimants_name_with_a_strangers_key_grants_nothing() {
    let mallory = SigningKey::from_seed(&[66; 32]);
    let iss = "did:web:claimant.example";
    let licence = grant().sign(&Issuer::new(iss, &mallory), day(10)).unwrap();
    let registration = sign("registrar", &registration(manifest("source"), "claimant"));
    let mut story = Story::licensed([licence.into(), registration.into()]);
    story.extra_keys.push(mallory.public_key());
    unknown(&story.verdict(), Missing::Trust, manifest("source"));
}

/// A delegation by somebody who has no say in the data gives his delegate no name in it.
#[test]
fn a_claimants_name_from_a_trainer_grants_nothing() {
    let mallory = SigningKey::from_seed(&[66; 32]);
    let iss = "did:web:claimant.example";
    let licence = grant().sign(&Issuer::new(iss, &mallory), day(10)).unwrap();
    let registration = sign("registrar", &registration(manifest("source"), "claimant"));
    let named = |name, role| {
        let mandate = Mandate::new([role]);
        sign(name, &Delegation::new(iss, mallory.public_key(), mandate))
    };
    let story = |by: Signed<Delegation>| {
        Story::licensed([licence.clone().into(), registration.clone().into()]).with(by)
    };
    let by_trainer = story(named("trainer", Role::Trainer));
    unknown(&by_trainer.verdict(), Missing::Trust, manifest("source"));
    // The registrar knows whom he registered.
    let by_registrar = story(named("registrar", Role::Registrar));
    assert!(by_registrar.verdict().is_permit(), "{}", by_registrar.verdict());
}

#[test]
fn standing_by_registration_needs_a_fresh_status() {
    let registration = sign("registrar", &registration(manifest("source"), "trainer"));
    let mut story = Story::licensed([sign("trainer", &grant()).into(), registration.into()]);
    story.status = None;
    unknown(&story.verdict(), Missing::Status, manifest("source"));
}
