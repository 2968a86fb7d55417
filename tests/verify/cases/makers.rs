//! Whoever made a dataset himself, and who else has a title to it or grants rights in it.

use datadeed::rights::{
    Registrant, RegistrantKind, RegistrantRole, Registration, RegistrationKind,
};

use super::*;
use crate::story::{key, revocation};

/// The maker's own use of what he made of a free source.
fn own() -> Use {
    commercial(Action::Train).party(iss("curator"))
}

/// What the curator made, registered on day 3 for these.
fn registered(claimants: &[&str]) -> (Signed<Registration>, Case) {
    let who = |name: &&str| {
        Registrant::new(iss(name), *name, RegistrantKind::LegalPerson, RegistrantRole::Holder)
    };
    let who: Vec<Registrant> = claimants.iter().map(who).collect();
    let registration = Registration::new(manifest("corpus"), "Corpus", who, day(3), day(300));
    let registration = registration.sign(&issuer("registrar"), day(3)).unwrap();
    let case = Case::cleaned([seen("source", "CC0-1.0").into()]).seen(registration.id(), 3);
    (registration.clone(), case.with(registration))
}

/// Others' title is theirs until it is beyond doubt that it is over.
#[test]
fn a_title_that_is_over_by_a_doubtful_word_stands_against_the_maker_still() {
    let (registration, case) = registered(&["seller"]);
    let theirs = [(Missing::Licence, "corpus", Some(registration.id()))];
    for event in [Event::cancellation, |id, on| revocation(id, on)] {
        let ended = event(registration.id(), day(12)).sign(&issuer("registrar"), day(12)).unwrap();
        let case = case.clone().with(ended);
        permits(&case.rights(&own()), &[]);
        let lost = Event::key_revocation(key("registrar").id(), day(11));
        lacks(&case.recorded("registrar", &lost).rights(&own()), &theirs);
    }
}

/// That a title is over settles no dispute about it; whoever disputed it may have been right.
#[test]
fn a_dispute_about_a_title_that_is_over_stands_against_the_maker_still() {
    let (registration, case) = registered(&["curator"]);
    let id = registration.id();
    let renewed = but(registration.payload().clone(), |one| {
        (one.kind, one.supersedes) = (RegistrationKind::Renewal, Some(id));
        (one.seq, one.prev, one.issued_at) = (1, Some(id), day(13));
    });
    let renewed = renewed.sign(&issuer("registrar"), day(13)).unwrap();
    let dispute = Event::dispute(id, day(12)).sign(&issuer("court"), day(12)).unwrap();
    let cancelled = Event::cancellation(id, day(13));
    for case in
        [case.clone().recorded("registrar", &cancelled), case.clone().with(renewed), case.on(300)]
    {
        permits(&case.rights(&own().at(case.now)), &[]);
        let disputed = case.with(dispute.clone());
        lacks(
            &disputed.rights(&own().at(disputed.now)),
            &[(Missing::Disputed, "corpus", Some(id))],
        );
        let settled = Event::settlement(dispute.id(), day(14));
        permits(&disputed.clone().recorded("court", &settled).rights(&own().at(disputed.now)), &[]);
    }
}
