//! Who is paid what is owed to a registration.

use super::*;

fn sold_for(registration: &Signed<Registration>, of: ManifestId) -> Signed<Licence> {
    let payee = registration.id().to_string();
    let rule = Rule::permit([Action::Use]).duty(Duty::revenue_share(payee, 1_000));
    let licence = but(negotiated(of), |licence| {
        (licence.rules, licence.from) = ([rule].into(), Some(day(0)));
    });
    sign("supplier", &licence)
}

/// What each gets of 1,000 for a use on a day, and why anything is withheld.
fn split(story: &Story, on: u64) -> (BTreeMap<String, u64>, Vec<WithheldReason>) {
    let lineage = story.verify().unwrap();
    let ask = sell().at(day(on));
    let verdict = lineage.rights(&ask);
    let shares = lineage.sharing(&ask, 1_000, "CNY").of_verdict(&verdict);
    let shares = shares.unwrap_or_else(|_| panic!("{verdict:?}"));
    let totals = shares.totals().into_iter().map(|(iss, amount)| (iss.to_owned(), amount));
    (totals.collect(), shares.withheld.iter().map(|one| one.reason).collect())
}

fn paid(pairs: &[(&str, u64)]) -> (BTreeMap<String, u64>, Vec<WithheldReason>) {
    (pairs.iter().map(|(name, amount)| (iss(name), *amount)).collect(), Vec::new())
}

fn with_licence(mut story: Story, registration: &Signed<Registration>) -> Story {
    story.statements.push(sold_for(registration, manifest("source")).into());
    story
}

#[test]
fn what_is_owed_to_a_registration_goes_to_its_claimants_at_the_time_of_the_use() {
    let registration = registered();
    let buyers = [("curator", Some(6_000)), ("fund", Some(4_000))];
    let sold = signed("registrar", &transfer(&registration, &buyers, 15), 15);
    let story = with_licence(told(&[&registration], &[(&sold, 15)]), &registration);
    assert_eq!(split(&story, 14), paid(&[("trainer", 100)]));
    assert_eq!(split(&story, 15), paid(&[("curator", 60), ("fund", 40)]));
}

#[test]
fn and_to_those_of_the_record_that_took_its_place() {
    let first = registered();
    let renewal = certificate(&but(form(manifest("source"), &[("curator", None)], 8), |form| {
        (form.kind, form.supersedes) = (RegistrationKind::Transfer, Some(first.id()));
        (form.seq, form.prev) = (1, Some(first.id()));
    }));
    let mut story = told(&[&first, &renewal], &[]);
    seen(&mut story, renewal.id(), 8);
    let story = with_licence(story, &first);
    assert_eq!(split(&story, 20), paid(&[("curator", 100)]));
}

#[test]
fn what_is_due_to_a_title_that_is_over_disputed_or_just_passing_is_withheld() {
    let registration = registered();
    let struck = signed("registrar", &Event::cancellation(registration.id(), day(15)), 15);
    let disputed = signed("registrar", &Event::dispute(registration.id(), day(15)), 15);
    let given = signed("registrar", &transfer(&registration, &[("fund", None)], 12), 12);
    for (event, recorded_on) in [(&struck, 15), (&given, 18)] {
        let story = told(&[&registration], &[(event, recorded_on)]);
        let story = with_licence(story, &registration);
        let withheld = (BTreeMap::new(), vec![WithheldReason::Claimants]);
        assert_eq!(split(&story, 16), withheld, "{:?}", event.payload().kind);
        assert_eq!(split(&story, 11), paid(&[("trainer", 100)]));
    }
    // While it is disputed nothing is permitted either; the revenue of what was is not paid out.
    let story = with_licence(told(&[&registration], &[(&disputed, 15)]), &registration);
    let lineage = story.verify().unwrap();
    let ask = sell().at(day(16));
    assert_eq!(lineage.rights(&ask).word(), "unknown");
    let undisputed = with_licence(told(&[&registration], &[]), &registration);
    let permitted = undisputed.verify().unwrap().rights(&ask);
    let shares = lineage.sharing(&ask, 1_000, "CNY").of_verdict(&permitted).unwrap();
    let withheld: Vec<_> = shares.withheld.iter().map(|one| one.reason).collect();
    assert_eq!((shares.totals(), withheld), (BTreeMap::new(), vec![WithheldReason::Claimants]));
}

#[test]
fn a_covered_version_earns_for_the_claimants_of_its_registration() {
    let [_, second, _] = growing::versions();
    let mut grown = growing::Grown::new("claimant", 7);
    let sold = transfer(&grown.registration, &[("curator", None)], 8);
    let sold = signed("registrar", &sold, 8);
    grown.status = grown.status.clone().event(sold, day(8)).unwrap();
    // What the buyer of the title grants in the later version counts.
    let payee = grown.registration.id().to_string();
    let rule = Rule::permit([Action::Use]).duty(Duty::revenue_share(payee, 1_000));
    let licence = but(Licence::granted(second.id(), [rule]), |one| one.from = Some(day(0)));
    let of_first = Licence::granted(growing::versions()[0].id(), [Rule::permit([Action::Use])]);
    let of_first = but(of_first, |one| one.from = Some(day(0)));
    grown.others = vec![sign("curator", &licence).into(), sign("curator", &of_first).into()];
    let lineage = grown.verify();
    let ask = Use::new(Action::Distribute).at(day(20)).party("did:web:user.example");
    let verdict = lineage.rights(&ask);
    assert!(verdict.is_permit(), "{verdict:?}");
    let shares = lineage.sharing(&ask, 1_000, "CNY").of_verdict(&verdict).unwrap();
    assert_eq!(shares.totals(), [("did:web:curator.example", 100)].into());
}
