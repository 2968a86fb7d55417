//! Whoever made a dataset himself, and who else has a title to it or grants rights in it.

use datadeed::rights::{
    Registrant, RegistrantKind, RegistrantRole, Registration, RegistrationKind, Transferee,
};
use datadeed::statement::Issuer;
use datadeed::trust::{Delegation, Mandate};

use super::*;
use crate::story::{key, revocation, signing_key};

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

/// Whoever may grant it by another right may use it, unless his grant is in doubt.
#[test]
fn a_grant_in_doubt_shows_no_other_right_of_the_maker() {
    let (registration, case) = registered(&["seller"]);
    let theirs = [(Missing::Licence, "corpus", Some(registration.id()))];
    let trust = but_for("curator", &[Role::Curator, Role::RightsHolder]);
    let case = Case { trust, ..case };
    lacks(&case.rights(&own()), &theirs);
    let grant = Licence::granted(manifest("corpus"), [Rule::permit([Action::Search])]);
    let grant = grant.sign(&issuer("curator"), day(4)).unwrap();
    let case = case.with(grant.clone());
    permits(&case.rights(&own()), &[]);
    let disputed = case.clone().recorded("court", &Event::dispute(grant.id(), day(12)));
    lacks(&disputed.rights(&own()), &theirs);
    let lost = Event::key_revocation(key("curator").id(), day(12));
    let lost = case.recorded("curator", &lost);
    lacks(&lost.rights(&own()), &theirs);
    permits(&lost.seen(grant.id(), 11).rights(&own()), &[]);
}

/// Nor does one by a key that may have been taken back meanwhile.
#[test]
fn a_right_that_the_maker_has_by_a_delegated_key_needs_a_fresh_status() {
    let (registration, case) = registered(&["seller"]);
    let mandate = Mandate::new([Role::RightsHolder]).scope(["manifest:"]).between(day(0), day(900));
    let delegation = Delegation::new(iss("curator"), key("curator's"), mandate);
    let delegation = delegation.sign(&issuer("curator"), day(0)).unwrap();
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("curator")).cloned();
    let curator = anchor("curator", &[Role::Curator, Role::RightsHolder]);
    let curator = curator.between(day(0), day(900)).depth(1);
    let case = Case { trust: TrustStore::new(others.chain([curator])), ..case };
    let grant = Licence::granted(manifest("corpus"), [Rule::permit([Action::Search])]);
    let by_other = Issuer::new(iss("curator"), signing_key("curator's"));
    let grant = grant.sign(&by_other, day(4)).unwrap();
    let case = case.with(delegation).with(grant.clone());
    permits(&case.rights(&own()), &[]);
    let stale = Case { status: Status::new(day(1)), ..case };
    let missing = [registration.id(), grant.id()].map(|id| (Missing::Status, "corpus", Some(id)));
    lacks(&stale.rights(&own()), &missing);
}

/// What became of a title after the use takes nothing from it.
#[test]
fn whoever_made_it_and_had_the_title_used_it_by_right_whoever_has_it_now() {
    let (registration, case) = registered(&["curator"]);
    let to = [Transferee::new(iss("dealer"))];
    let passed = case.recorded("registrar", &Event::transfer(registration.id(), to, day(12)));
    let theirs = [(Missing::Licence, "corpus", Some(registration.id()))];
    permits(&passed.rights(&own().at(day(11))), &[]);
    lacks(&passed.rights(&own().at(day(12))), &theirs);
    lacks(&passed.rights(&own()), &theirs);
    // A dispute may be about the time before.
    let disputed = passed.recorded("court", &Event::dispute(registration.id(), day(15)));
    let missing = [(Missing::Disputed, "corpus", Some(registration.id()))];
    lacks(&disputed.rights(&own().at(day(11))), &missing);
    // Nor what is registered for others since.
    let (registration, case) = registered(&["seller"]);
    permits(&case.rights(&own().at(day(2))), &[]);
    let theirs = [(Missing::Licence, "corpus", Some(registration.id()))];
    lacks(&case.rights(&own().at(day(3))), &theirs);
    // Whether it is disputed nobody knows without a fresh status.
    let stale = Case { status: Status::new(day(1)), ..case };
    let missing = [(Missing::Status, "corpus", Some(registration.id()))];
    lacks(&stale.rights(&own().at(day(2))), &missing);
}

/// That others' title is over now takes nothing back of what was done while they had it.
#[test]
fn whoever_made_it_needed_the_licence_of_those_who_had_the_title_when_he_acted() {
    let (registration, case) = registered(&["seller"]);
    let theirs = |missing| [(missing, "corpus", Some(registration.id()))];
    let over = case.clone().recorded("registrar", &Event::cancellation(registration.id(), day(12)));
    let cleaned = |case: &Case, on| {
        case.clone().step("curator", ActivityKind::Clean, &["corpus"], "distinct", on)
    };
    for (on, is_theirs) in [(2, false), (3, true), (11, true), (12, false)] {
        let verdict = cleaned(&over, on).rights(&own());
        if is_theirs {
            lacks(&verdict, &theirs(Missing::Licence));
        } else {
            permits(&verdict, &[]);
        }
    }
    // One that was taken back never was theirs, unless that is in doubt.
    let void = case.recorded("registrar", &revocation(registration.id(), day(12)));
    permits(&cleaned(&void, 4).rights(&own()), &[]);
    let lost = void.recorded("registrar", &Event::key_revocation(key("registrar").id(), day(11)));
    lacks(&cleaned(&lost, 4).rights(&own()), &theirs(Missing::Licence));
    let lost = cleaned(&lost.on(300), 4).rights(&own().at(day(300)));
    lacks(&lost, &theirs(Missing::Licence));
    // Whoever may grant it by another right needed nobody's.
    let grant = Licence::granted(manifest("corpus"), [Rule::permit([Action::Search])]);
    let trust = but_for("curator", &[Role::Curator, Role::RightsHolder]);
    let anchor = Case { trust, ..over.clone() };
    lacks(&cleaned(&anchor, 4).rights(&own()), &theirs(Missing::Licence));
    let anchor = anchor.with(grant.sign(&issuer("curator"), day(4)).unwrap());
    permits(&cleaned(&anchor, 4).rights(&own()), &[]);
    // A claim to have acted before is no proof of it.
    let step = Activity::new(ActivityKind::Clean).input(manifest("corpus"), []);
    let step = step.output(manifest("distinct"), []).between(day(2), day(2));
    let step = step.sign(&issuer("curator"), day(2)).unwrap();
    let claimed = Case { subject: manifest("distinct"), ..over }.with(step.clone());
    lacks(&claimed.rights(&own()), &theirs(Missing::ActTimeUnproven));
    permits(&claimed.seen(step.id(), 2).rights(&own()), &[]);
    // So it is where the title passed from them, or to them, meanwhile.
    let passed = Event::transfer(registration.id(), [Transferee::new(iss("curator"))], day(8));
    let passed = registered(&["seller"]).1.recorded("registrar", &passed);
    let claimed = Case { subject: manifest("distinct"), ..passed }.with(step.clone());
    lacks(&claimed.rights(&own()), &theirs(Missing::ActTimeUnproven));
    permits(&claimed.seen(step.id(), 2).rights(&own()), &[]);
    let (registration, case) = registered(&["curator"]);
    let passed = Event::transfer(registration.id(), [Transferee::new(iss("dealer"))], day(8));
    let over = case.recorded("registrar", &passed).on(300);
    let passed = passed.sign(&issuer("registrar"), day(8)).unwrap();
    let claimed = Case { subject: manifest("distinct"), ..over }.with(step.clone());
    let theirs = [(Missing::ActTimeUnproven, "corpus", Some(registration.id()))];
    lacks(&claimed.rights(&own().at(day(300))), &theirs);
    permits(&claimed.clone().seen(step.id(), 7).rights(&own().at(day(300))), &[]);
    // And where it came back to him.
    let returned = Event::transfer(registration.id(), [Transferee::new(iss("curator"))], day(10));
    let returned = claimed.recorded("registrar", &returned.after(&passed));
    lacks(&returned.rights(&own().at(day(300))), &theirs);
    permits(&returned.seen(step.id(), 7).rights(&own().at(day(300))), &[]);
}

/// Granted in what the curator made, to one alone.
fn granted_to(licensee: &str, by: &str, on: u64) -> Signed<Licence> {
    let licence = Licence::granted(manifest("corpus"), [Rule::permit([Action::Use])]);
    let licence = but(licence, |one| one.licensees = [iss(licensee)].into());
    licence.sign(&issuer(by), day(on)).unwrap()
}

/// What is granted by a title that is the maker's, too, or became his, takes nothing from him.
#[test]
fn what_other_claimants_grant_to_others_binds_no_maker_who_is_one() {
    let grant = granted_to("buyer", "seller", 4);
    let not_his = [(Reason::Licensee, "corpus", Some(grant.id()))];
    let (registration, theirs) = registered(&["seller"]);
    let theirs = theirs.with(grant.clone());
    denies(&theirs.rights(&own()), &not_his);
    let to = [Transferee::new(iss("curator"))];
    let transfer = Event::transfer(registration.id(), to, day(12));
    let passed = theirs.recorded("registrar", &transfer);
    let (_, joint) = registered(&["curator", "seller"]);
    let joint = joint.with(grant.clone());
    // Whether the seller granted it when the title was his is of no account for that.
    for case in [&joint, &passed, &passed.clone().seen(grant.id(), 4)] {
        permits(&case.rights(&own()), &[]);
        // But while it is in doubt whether the maker has a title, they bind him.
        let lost = Event::key_revocation(key("registrar").id(), day(2));
        let verdict = case.clone().recorded("registrar", &lost).rights(&own());
        assert!(matches!(verdict, Verdict::Unknown { .. }), "{verdict}");
    }
    denies(&passed.seen(grant.id(), 4).rights(&own().at(day(11))), &not_his);
    // So does what somebody grants by another right.
    let other = granted_to("buyer", "supplier", 4);
    let not_his = [(Reason::Licensee, "corpus", Some(other.id()))];
    denies(&joint.with(other).rights(&own()), &not_his);
}

/// Nor does what is granted below what he granted himself, whether it grants too much or not.
#[test]
fn what_is_granted_below_what_the_maker_granted_does_not_bind_him() {
    let (_, case) = registered(&["curator"]);
    let above = granted_to("dealer", "curator", 4);
    let case = case.with(above.clone());
    permits(&case.rights(&own()), &[]);
    for until in [None, Some(day(300))] {
        let above = but(above.payload().clone(), |one| one.until = until);
        let above = above.sign(&issuer("curator"), day(4)).unwrap();
        let below = but(granted_to("buyer", "dealer", 5).payload().clone(), |one| {
            one.parent = Some(above.id());
        });
        let below = below.sign(&issuer("dealer"), day(5)).unwrap();
        let is_within = case.clone().with(above).with(below.clone());
        permits(&is_within.rights(&own()), &[]);
        let verdict = is_within.rights(&own().party(iss("buyer")));
        assert_eq!(verdict.is_permit(), until.is_none(), "{verdict}");
    }
}

/// What publishers tell machines binds the maker as far as it is against his use; what it leaves open it forbids nobody.
#[test]
fn preferences_that_leave_it_open_bind_no_maker() {
    let stated = |usage: &[u8]| {
        let reading = Reading::content_usage(usage).unwrap();
        let seen = observation("https://data.example/robots.txt");
        sign("collector", &reading.preference(manifest("corpus"), seen))
    };
    let no = stated(b"train-ai=n");
    let ask = |action| commercial(action).party(iss("curator"));
    let (train, search) = (ask(Action::TrainGenerative), ask(Action::Search));
    let made = Case::cleaned([seen("source", "CC0-1.0").into()]);
    for case in [made.clone(), registered(&["curator"]).1] {
        let case = case.with(no.clone());
        permits(&case.rights(&search), &[]);
        // Nor whoever it passed to as part of something else, which the maker let him use.
        let case = case.step("curator", ActivityKind::Clean, &["corpus"], "distinct", 4);
        let distinct = Licence::granted(manifest("distinct"), [Rule::permit([Action::Use])]);
        let distinct = distinct.sign(&issuer("supplier"), day(4)).unwrap();
        permits(&case.with(distinct).rights(&search.clone().party(iss("buyer"))), &[]);
    }
    for case in [made.clone(), registered(&["curator"]).1] {
        let case = case.with(no.clone());
        permits(&case.rights(&commercial(Action::Search)), &[]);
        denies(&case.rights(&train), &[(Reason::Prohibited, "corpus", Some(no.id()))]);
        // Anybody else needs a licence.
        let verdict = case.rights(&search.clone().party(iss("buyer")));
        lacks(&verdict, &[(Missing::Licence, "corpus", Some(no.id()))]);
    }
    // So does he in what is registered for others,
    let (registration, case) = registered(&["seller"]);
    let theirs = (Missing::Licence, "corpus", Some(registration.id()));
    lacks(&case.clone().with(no.clone()).rights(&search), &[theirs]);
    permits(&case.with(stated(b"train-ai=y")).rights(&train), &[]);
    // and where another grants it to others.
    let other = granted_to("buyer", "supplier", 4);
    let missing = [(Missing::Licence, "corpus", Some(no.id()))];
    lacks(&made.with(no).with(other).rights(&search), &missing);
}
