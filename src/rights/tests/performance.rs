//! Duties that come first, and terms that were broken.

use super::*;

fn pay() -> Duty {
    let payee = Some("did:web:supplier.example".into());
    Duty { payee, amount: Some(100), currency: Some("CNY".into()), ..Duty::new(DutyKind::Pay) }
}

fn paid(party: &str, from: u64) -> Fulfilment {
    Fulfilment { duty: pay(), party: party.to_owned(), from: at(from) }
}

const DAY: u64 = 86_400;

fn broken(cured: Option<u64>) -> BrokenTerms {
    BrokenTerms { from: at(T), cured: cured.map(at), parties: [TRAINER.into()].into() }
}

fn act(seconds: u64) -> Ask<'static> {
    Ask { acts: Acts::proven_at(at(seconds)), licensee: Some(TRAINER), ..commercial(Action::Train) }
}

#[test]
fn case_32_attribution_licence_broken_and_cured() {
    let licence = spdx("CC-BY-4.0");
    let after = act(T + 60 * DAY);
    denies(&licence, &Ask { broken: &[broken(None)], ..after }, [Reason::Breach]);
    permits(&licence, &Ask { broken: &[broken(Some(T + 30 * DAY))], ..after });
    // A second later than 30 days is too late, and nothing but the licensor reinstates.
    let late = broken(Some(T + 30 * DAY + 1));
    denies(&licence, &Ask { broken: &[late], ..after }, [Reason::Breach]);
    // It reinstates from the cure on, and what was done before the breach stays.
    let cured = [broken(Some(T + DAY))];
    let between = |seconds| Ask { broken: &cured, ..act(seconds) };
    denies(&licence, &between(T + DAY - 1), [Reason::Breach]);
    denies(&licence, &between(T), [Reason::Breach]);
    permits(&licence, &between(T + DAY));
    permits(&licence, &between(T - 1));
}

#[test]
fn a_cure_reinstates_where_the_text_says_so() {
    let cured = [broken(Some(T + 1))];
    let ask = Ask { broken: &cured, ..act(T + 2) };
    // Ends without a word of reinstatement.
    denies(&spdx("CC-BY-3.0"), &ask, [Reason::Breach]);
    // Has no term that ends it.
    permits(&spdx("MIT"), &ask);
    permits(&granted([Rule::permit([Action::Train])]), &ask);
    // All that apply at once have to come back.
    denies(&spdx("MIT AND CC-BY-3.0"), &ask, [Reason::Breach]);
}

/// GPL-3.0 and AGPL-3.0 section 8, GFDL-1.3 section 9, MPL-2.0 section 5.1, ODC-By-1.0 and ODbL-1.0 section 9.4(c):
/// the first notice, cured prior to 30 days after it.
#[test]
fn what_counts_from_a_first_notice_is_reinstated_once() {
    let again = |from: u64, cured: u64| BrokenTerms {
        from: at(from),
        cured: Some(at(cured)),
        parties: [TRAINER.into()].into(),
    };
    let once = [again(T, T + DAY)];
    let twice = [again(T, T + DAY), again(T + 2 * DAY, T + 3 * DAY)];
    let after = act(T + 60 * DAY);
    for id in
        ["AGPL-3.0-only", "GFDL-1.3-only", "GPL-3.0-only", "MPL-2.0", "ODC-By-1.0", "ODbL-1.0"]
    {
        let licence = spdx(id);
        permits(&licence, &Ask { broken: &once, ..after });
        denies(&licence, &Ask { broken: &twice, ..after }, [Reason::Breach]);
        // What was done before the second stays.
        permits(&licence, &Ask { broken: &twice, ..act(T + DAY) });
        // Another's breach is no notice to him.
        let other = BrokenTerms { parties: ["did:web:other.example".into()].into(), ..again(T, T) };
        permits(&licence, &Ask { broken: &[other, again(T + 2 * DAY, T + 3 * DAY)], ..after });
        permits(&licence, &Ask { broken: &[again(T, T + 30 * DAY - 1)], ..after });
        denies(&licence, &Ask { broken: &[again(T, T + 30 * DAY)], ..after }, [Reason::Breach]);
    }
    // What counts from the discovery is reinstated each time.
    permits(&spdx("CC-BY-4.0"), &Ask { broken: &twice, ..after });
}

#[test]
fn a_breach_ends_the_licence_of_those_in_breach() {
    let licence = spdx("CC-BY-4.0");
    let others = BrokenTerms { parties: ["did:web:other.example".into()].into(), ..broken(None) };
    let trainers = BrokenTerms { parties: [TRAINER.into()].into(), ..broken(None) };
    let others = [others];
    permits(&licence, &Ask { broken: &others, ..act(T) });
    denies(&licence, &Ask { broken: &[trainers], ..act(T) }, [Reason::Breach]);
    let nobody = Ask { broken: &others, licensee: None, ..act(T) };
    misses(&licence, &nobody, [Missing::Licensee]);
    // Whoever it was, what came before was covered.
    permits(&licence, &Ask { acts: Acts::proven_at(at(T - 1)), ..nobody });
    // Of several acts some came before the breach and some after its cure; one may lie between, or none.
    let cured = [broken(Some(T + DAY))];
    let several = |from, to| {
        let acts = Acts::proven_at(at(from)).and(Acts::proven_at(at(to)));
        Ask { acts, broken: &cured, ..act(T) }
    };
    misses(&licence, &several(T - 1, T + DAY), [Missing::ActTimeUnproven]);
    denies(&licence, &several(T - 1, T + DAY - 1), [Reason::Breach]);
    denies(&licence, &several(T, T + DAY), [Reason::Breach]);
    permits(&licence, &several(T + DAY, T + 2 * DAY));
    let unproven = Acts { earliest: at(T - 1), latest: at(T - 1), proven: at(T) };
    let unproven = Ask { acts: unproven, broken: &[broken(None)], ..act(T) };
    misses(&licence, &unproven, [Missing::ActTimeUnproven]);
}

#[test]
fn what_comes_first_needs_evidence_of_this_party_and_this_duty() {
    fn with(fulfilled: &[Fulfilment]) -> Ask<'_> {
        Ask { fulfilled, ..act(T) }
    }
    let licence = granted([Rule::permit([Action::Train]).duty(pay())]);
    denies(&licence, &with(&[]), [Reason::UnmetDuty]);
    assert_eq!(evaluate(&licence, &with(&[paid(TRAINER, T)])), Outcome::Permit([pay()].into()));
    denies(&licence, &with(&[paid(TRAINER, T + 1)]), [Reason::UnmetDuty]);
    denies(&licence, &with(&[paid("did:web:other.example", T)]), [Reason::UnmetDuty]);
    let less = Fulfilment { duty: Duty { amount: Some(99), ..pay() }, ..paid(TRAINER, T) };
    denies(&licence, &with(&[less]), [Reason::UnmetDuty]);
    let mut many = [paid("did:web:a.example", 0), paid(TRAINER, T), paid("did:web:z.example", 0)];
    many.sort();
    permits(&licence, &with(&many));
    let nobody = Ask { licensee: None, ..act(T) };
    denies(&licence, &nobody, [Reason::UnmetDuty]);
    misses(&licence, &Ask { fulfilled: &[paid(TRAINER, T)], ..nobody }, [Missing::Licensee]);
}

#[test]
fn case_52_a_policy_that_contradicts_itself() {
    let both = [Rule::permit([Action::Train, Action::Distribute]), Rule::prohibit([Action::Train])];
    let policy = |conflict| Licence { conflict, ..granted(both.clone()) };
    let void = policy(Some(ConflictStrategy::Invalid));
    denies(&void, &act(T), [Reason::VoidPolicy]);
    // All of it, whatever is asked.
    denies(&void, &commercial(Action::Distribute), [Reason::VoidPolicy]);
    denies(&policy(None), &act(T), [Reason::Prohibited]);
    permits(&policy(None), &commercial(Action::Distribute));
    denies(&policy(Some(ConflictStrategy::Prohibit)), &act(T), [Reason::Prohibited]);
    permits(&policy(Some(ConflictStrategy::Permit)), &act(T));
    // A prohibition that cannot apply here contradicts nothing.
    let elsewhere = Rule::prohibit([Action::Train]).when(Constraint::purpose([Purpose::Personal]));
    let sound = Licence {
        conflict: Some(ConflictStrategy::Invalid),
        ..granted([Rule::permit([Action::Train]), elsewhere])
    };
    permits(&sound, &act(T));
    // Whether it applies is not known, so neither is whether all is void, whatever is asked.
    let unsaid = Ask { purpose: None, ..act(T) };
    misses(&sound, &unsaid, [Missing::Purpose]);
    let maybe = Licence {
        rules: sound.rules.iter().cloned().chain([Rule::permit([Action::Search])]).collect(),
        ..sound
    };
    misses(&maybe, &Ask { action: Action::Search, ..unsaid }, [Missing::Purpose]);
    denies(&maybe, &Ask { action: Action::Index, ..unsaid }, [Reason::NoGrant]);
    permits(&maybe, &Ask { action: Action::Search, ..act(T) });
}

/// Who may search until day T, and never: what was done before T was done under rules that were void.
/// Where a permission outweighs a prohibition, what is not known of it is what the answer hangs on.
#[test]
fn whether_a_permission_that_outweighs_holds_decides() {
    let research = Rule::permit([Action::Train]).when(Constraint::purpose([Purpose::Research]));
    let rules = granted([research, Rule::prohibit([Action::Train])]);
    let licence = Licence { conflict: Some(ConflictStrategy::Permit), ..rules };
    let purpose = |purpose| Ask { purpose, ..act(T) };
    permits(&licence, &purpose(Some(Purpose::Research)));
    misses(&licence, &purpose(None), [Missing::Purpose]);
    let against = [Reason::Prohibited, Reason::Purpose];
    denies(&licence, &purpose(Some(Purpose::Personal)), against);
}

#[test]
fn a_contradiction_of_the_past_is_not_mended_by_a_later_act() {
    let void = |conditions: [Constraint; 2]| {
        let [may, must_not] = conditions;
        let rules = [
            Rule::permit([Action::Train]),
            Rule::permit([Action::Search]).when(may),
            Rule::prohibit([Action::Search]).when(must_not),
        ];
        Licence { conflict: Some(ConflictStrategy::Invalid), ..granted(rules) }
    };
    let always = Constraint::until(at(T + 100));
    let policy = void([Constraint::until(at(T)), always.clone()]);
    let early = act(T - 1);
    let both = Ask { acts: early.acts.and(act(T + 1).acts), ..early };
    denies(&policy, &early, [Reason::VoidPolicy]);
    denies(&policy, &both, [Reason::VoidPolicy]);
    permits(&policy, &act(T + 1));
    // The same of places: all of a country has its provinces in it.
    let beijing = Constraint::storage_in(&[place("CN-BJ")]);
    let there = |code| everywhere(Some(place(code)), act(T));
    for code in ["CN-BJ", "CN"] {
        denies(&void([beijing.clone(), always.clone()]), &there(code), [Reason::VoidPolicy]);
    }
    permits(&void([beijing.clone(), always]), &there("CN-SH"));
    // What is permitted in one place or time and prohibited in another is no contradiction.
    let shanghai = Constraint::storage_in(&[place("CN-SH")]);
    permits(&void([beijing, shanghai]), &there("CN"));
    let in_turn = [Constraint::until(at(T)), Constraint::not_before(at(T))];
    for acts in [early, both, act(T + 1)] {
        permits(&void(in_turn.clone()), &acts);
    } // Where something is distributed is no condition of a search, in which it is not.
    let abroad = Constraint::distribution_in(&[place("US")]);
    let here = Constraint::distribution_in(&[place("CN")]);
    denies(&void([abroad, here]), &there("CN"), [Reason::VoidPolicy]);
}

/// Of so many rules nobody looks for those that are apart.
#[test]
fn more_rules_than_are_compared_contradict_each_other() {
    let of = |rule: fn([Action; 1]) -> Rule, place: &str, number: usize| {
        let field = Constraint::product((0..=number).map(|one| one.to_string()));
        let storage = Constraint::storage_in(&[place.parse().unwrap()]);
        rule([Action::Search]).when(storage).when(field)
    };
    let policy = |count: usize| {
        let may = (0..count).map(|number| of(Rule::permit, "CN-BJ", number));
        let must_not = (0..count).map(|number| of(Rule::prohibit, "CN-SH", number));
        let rules = may.chain(must_not).chain([Rule::permit([Action::Train])]);
        Licence { conflict: Some(ConflictStrategy::Invalid), ..granted(rules) }
    };
    let ask = Ask { product: Some("0"), ..everywhere(Some(place("CN")), act(T)) };
    permits(&policy(32), &ask);
    denies(&policy(33), &ask, [Reason::VoidPolicy]);
}

/// Each place of one rule is held against each of the other; of more than that nobody looks for those apart.
#[test]
fn more_places_than_are_compared_contradict_each_other() {
    let codes = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")));
    let places: Vec<Territory> =
        codes.map(|code| place(&code)).filter(Territory::is_assigned).collect();
    let (here, there) = places.split_at(60);
    let is_apart = |two: &&Territory| here.iter().all(|one| one.is_apart_from(two));
    let elsewhere = |two: &&Territory| two.is_apart_from(&place("CN")) && is_apart(two);
    let there: Vec<Territory> = there.iter().filter(elsewhere).copied().take(60).collect();
    let here: Vec<Territory> =
        here.iter().filter(|one| one.is_apart_from(&place("CN"))).copied().collect();
    let policy = |rules: u64, places: usize, forbidden: Action| {
        let of = |part: &str, all: &[Territory]| {
            let part = place(part);
            Constraint::storage_in(all.iter().take(places).chain([&part]))
        };
        let may = |hops| {
            Rule::permit([Action::Search]).when(of("CN-BJ", &here)).when(Constraint::hops(hops))
        };
        let must_not = Rule::prohibit([forbidden]).when(of("CN-SH", &there));
        let rules = (0..rules).map(may).chain([must_not, Rule::permit([Action::Train])]);
        Licence { conflict: Some(ConflictStrategy::Invalid), ..granted(rules) }
    };
    let ask = everywhere(Some(place("CN")), act(T));
    assert!(here.len() >= 55 && there.len() >= 55, "{} {}", here.len(), there.len());
    permits(&policy(4, 55, Action::Search), &ask);
    denies(&policy(8, 55, Action::Search), &ask, [Reason::VoidPolicy]);
    permits(&policy(8, 5, Action::Search), &ask);
    // What is permitted of one action and prohibited of another is not compared.
    permits(&policy(8, 55, Action::Index), &ask);
}
