//! What is said of rights, with one fault each: licences, preferences, registrations, events, deals,
//! assessments and consents.

use super::pieces::Pieces;
use super::raw::{Pairs, array, bytes, items_of, map, pairs_of, text, uint, value};
use super::{Format, Malformed};

const TRUE: u8 = 0xf5;

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Statement, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let mut vectors = assessments();
    vectors.extend(consents());
    vectors.extend(events());
    vectors.extend(licences());
    vectors.extend(observed());
    vectors.extend(rules());
    vectors.extend(preferences());
    vectors.extend(registrations());
    vectors.extend(transactions());
    vectors
}

fn names(of: &[&str]) -> Vec<u8> {
    array(&of.iter().map(|one| text(one)).collect::<Vec<_>>())
}

/// A map of fields in any order.
fn fields(of: Vec<(&str, Vec<u8>)>) -> Vec<u8> {
    let mut pairs: Pairs = of.into_iter().map(|(key, value)| (text(key), value)).collect();
    pairs.sort();
    map(&pairs)
}

fn assessments() -> Vec<Malformed> {
    let valuation = Pieces::of("assessment-full");
    let audit = Pieces::of("assessment-audit");
    vec![
        new("assessment-amount-none", valuation.less("amount").bytes(), "A valuation of no amount"),
        new(
            "assessment-currency-case",
            valuation.but("currency", text("cny")),
            "A currency in small letters",
        ),
        new("assessment-kind-unknown", valuation.but("kind", text("opinion")), "An unknown kind"),
        new(
            "assessment-result",
            valuation.and("result", text("passed")).bytes(),
            "A valuation that passes",
        ),
        new("assessment-trees-none", audit.less("trees").bytes(), "An audit of no tree"),
    ]
}

fn consents() -> Vec<Malformed> {
    let consent = Pieces::of("consent-full");
    vec![
        new("consent-actions-none", consent.but("actions", array(&[])), "A basis for no action"),
        new("consent-basis-unknown", consent.but("basis", text("interest")), "An unknown basis"),
        new("consent-term-empty", consent.but("until", uint(0)), "A term that ends as it begins"),
    ]
}

fn events() -> Vec<Malformed> {
    let (cross_border, dispute) = (Pieces::of("event-cross-border"), Pieces::of("event-dispute"));
    let (filing, fulfilment) = (Pieces::of("event-licence-filing"), Pieces::of("event-fulfilment"));
    let (pledge, transfer) = (Pieces::of("event-pledge"), Pieces::of("event-full"));
    let breach = Pieces::of("event-breach");
    let claimants = items_of(&transfer.field("to"));
    let shared = |share| {
        let mut one = pairs_of(&claimants[1]);
        *value(&mut one, "share") = uint(share);
        transfer.but("to", array(&[claimants[0].clone(), map(&one)]))
    };
    let unpaid = {
        let mut duty = pairs_of(&fulfilment.field("duty"));
        duty.retain(|(key, _)| *key != text("amount"));
        fulfilment.but("duty", map(&duty))
    };
    let amounts = dispute.and("amount", uint(1)).and("currency", text("CNY"));
    let key = format!("key:{}", "02".repeat(32));
    let first_shares = |share| {
        let mut one = pairs_of(&claimants[0]);
        one.push((text("share"), uint(share)));
        map(&one)
    };
    let twice = transfer.but("to", array(&[claimants[0].clone(), first_shares(1)]));
    let too_many = transfer.but("to", array(&[first_shares(4_001), claimants[1].clone()]));
    vec![
        new("event-amount", amounts.bytes(), "A dispute with an amount"),
        new("event-breach-by-none", breach.less("parties").bytes(), "A breach by nobody"),
        new("event-claimant-twice", twice, "A transfer to one claimant twice"),
        new("event-claimants-none", transfer.less("to").bytes(), "A transfer to nobody"),
        new("event-currency-alone", pledge.less("amount").bytes(), "A currency without an amount"),
        new(
            "event-duty",
            dispute.and("duty", fulfilment.field("duty")).bytes(),
            "A dispute that fulfils a duty",
        ),
        new("event-duty-fields", unpaid, "A payment of no amount"),
        new("event-duty-none", fulfilment.less("duty").bytes(), "A fulfilment of nothing"),
        new("event-filing-of-none", filing.less("licence").bytes(), "A filing of no licence"),
        new("event-into-none", cross_border.less("into").bytes(), "A provision abroad to nowhere"),
        new("event-kind-unknown", dispute.but("kind", text("sale")), "An event of no known kind"),
        new("event-parties", dispute.and("parties", names(&["a"])).bytes(), "A dispute of parties"),
        new("event-parties-two", fulfilment.but("parties", names(&["a", "b"])), "Two who fulfil"),
        new("event-pledge-to-none", pledge.less("parties").bytes(), "A pledge to nobody"),
        new("event-share-0", shared(0), "A claimant of no share"),
        new("event-share-above", shared(10_001), "More than all of a title"),
        new("event-shares", too_many, "Claimants of more than all of a title"),
        new("event-target-key", dispute.but("target", text(&key)), "A dispute about a key"),
        new("event-target-none", dispute.less("target").bytes(), "An event about nothing"),
    ]
}

fn licences() -> Vec<Malformed> {
    let full = Pieces::of("licence-full");
    let least = Pieces::of("licence-least");
    let long = text(&"MIT OR ".repeat(200));
    vec![
        new("licence-basis-unknown", full.but("basis", text("assumed")), "An unknown basis"),
        new(
            "licence-conflict-unknown",
            full.with("conflict", text("ignore")).bytes(),
            "A way to settle contradictions that nobody knows",
        ),
        new("licence-licensees-none", full.but("licensees", array(&[])), "Licensed to nobody"),
        new("licence-rules-none", full.less("rules").bytes(), "Neither rules nor a licence"),
        new(
            "licence-spdx-and-rules",
            full.and("spdx", text("MIT")).bytes(),
            "Rules and a licence, of which either may be meant",
        ),
        new("licence-spdx-long", least.but("spdx", long), "An expression of more than 1024 bytes"),
        new(
            "licence-spdx-revocable",
            least.but("revocable", vec![TRUE]),
            "A public licence that its grantor says he may take back",
        ),
        new(
            "licence-spdx-conflict",
            least.and("conflict", text("perm")).bytes(),
            "A public licence whose contradictions its grantor settles",
        ),
        new("licence-term-empty", full.but("until", uint(0)), "A term that ends as it begins"),
    ]
}

fn observed() -> Vec<Malformed> {
    let observed = Pieces::of("licence-observed");
    vec![
        new(
            "licence-observation-of-grant",
            observed.but("basis", text("granted")),
            "A grant that somebody saw",
        ),
        new(
            "licence-observation-none",
            observed.less("observation").bytes(),
            "Observed, and nobody says where and when",
        ),
        new(
            "licence-observed-licensees",
            observed.and("licensees", names(&["did:web:buyer.example"])).bytes(),
            "Observed, and for a licensee",
        ),
        new(
            "licence-observed-parent",
            observed.and("parent", bytes(&[2; 32])).bytes(),
            "Observed, and a sublicence",
        ),
    ]
}

/// Of rules, their conditions and their duties.
fn rules() -> Vec<Malformed> {
    let full = Pieces::of("licence-full");
    let sound = items_of(&full.field("rules"));
    let [prohibits, permits] = [0, 1].map(|place: usize| pairs_of(&sound[place]));
    let duties = items_of(value(&mut permits.clone(), "duties"));
    let ruled = |rule: Vec<u8>| full.but("rules", array(&[rule]));
    let rule = |more: Vec<(&'static str, Vec<u8>)>| {
        let mut all = vec![("effect", text("permit")), ("actions", names(&["train"]))];
        all.extend(more);
        ruled(fields(all))
    };
    let bound = |operand, operator, values| {
        let constraint =
            vec![("operand", text(operand)), ("operator", text(operator)), ("values", values)];
        rule(vec![("constraints", array(&[fields(constraint)]))])
    };
    let owes = |duty: Vec<(&'static str, Vec<u8>)>| rule(vec![("duties", array(&[fields(duty)]))]);
    let duty = |kind| ("duty", text(kind));
    let payee = || ("payee", text("did:web:supplier.example"));
    let backwards = array(&[sound[1].clone(), sound[0].clone()]);
    let forbids = {
        let mut rule = prohibits;
        rule.push((text("duties"), array(&duties[..1])));
        rule.sort();
        ruled(map(&rule))
    };
    let but = |key: &str, with: Vec<u8>| {
        let mut rule = permits.clone();
        *value(&mut rule, key) = with;
        ruled(map(&rule))
    };
    vec![
        new("rule-action-unknown", but("actions", names(&["own"])), "An action nobody knows"),
        new("rule-actions-none", but("actions", array(&[])), "A rule about no action"),
        new("rule-constraint-values", bound("purpose", "any_of", array(&[])), "One of no purposes"),
        new("rule-duties-of-prohibition", forbids, "A prohibition that asks for something"),
        new(
            "rule-duty-fields",
            owes(vec![duty("attribute"), ("amount", uint(1))]),
            "An attribution of an amount",
        ),
        new(
            "rule-duty-pay-nobody",
            owes(vec![duty("pay"), ("amount", uint(1)), ("currency", text("CNY"))]),
            "A payment to nobody",
        ),
        new(
            "rule-duty-share-above",
            owes(vec![duty("revenue_share"), payee(), ("basis_points", uint(10_001))]),
            "A share of more than all",
        ),
        new("rule-duty-unknown", owes(vec![duty("applaud")]), "A duty nobody knows"),
        new("rule-effect-unknown", but("effect", text("allow")), "An effect nobody knows"),
        new("rule-order", full.but("rules", backwards), "Rules out of order"),
        new(
            "rule-twice",
            full.but("rules", array(&[sound[0].clone(), sound[0].clone()])),
            "A rule twice",
        ),
    ]
}

fn preferences() -> Vec<Malformed> {
    let full = Pieces::of("preference-full");
    let of = |actions: Vec<u8>| {
        let rule = fields(vec![("effect", text("prohibit")), ("actions", actions)]);
        full.but("rules", array(&[rule]))
    };
    vec![
        new("preference-inner", of(names(&["use"])), "An action that stands for others"),
        new(
            "preference-observation-none",
            full.less("observation").bytes(),
            "Stated, and nobody says where and when",
        ),
    ]
}

fn registrations() -> Vec<Malformed> {
    let full = Pieces::of("registration-full");
    let registrants = items_of(&full.field("registrants"));
    let shared = |share| {
        let mut one = pairs_of(&registrants[1]);
        *value(&mut one, "share") = uint(share);
        full.but("registrants", array(&[registrants[0].clone(), map(&one)]))
    };
    let twice = {
        let mut one = pairs_of(&registrants[0]);
        *value(&mut one, "role") = text("processor");
        full.but("registrants", array(&[registrants[0].clone(), map(&one)]))
    };
    let ends = full.with("kind", text("cancellation")).less("supersedes");
    vec![
        new("registration-ends-none", ends.bytes(), "A cancellation of nothing"),
        new(
            "registration-jurisdiction",
            full.but("jurisdiction", text("Beijing")),
            "A place that is no code of ISO 3166",
        ),
        new(
            "registration-publicity",
            full.with("publicity_to", uint(0)).but("publicity_from", uint(1)),
            "Publicised up to before it began",
        ),
        new("registration-registrant-twice", twice, "A registrant under one name twice"),
        new(
            "registration-registrants-none",
            full.but("registrants", array(&[])),
            "A registration of nobody's",
        ),
        new(
            "registration-right-unknown",
            full.but("rights", names(&["own"])),
            "A right that no scheme has",
        ),
        new("registration-share-0", shared(0), "A registrant of no share"),
        new("registration-share-above", shared(10_001), "More than all of a title"),
        new("registration-term-empty", full.but("valid_until", uint(0)), "Over when it is issued"),
    ]
}

fn transactions() -> Vec<Malformed> {
    let full = Pieces::of("transaction-full");
    let seller = full.field("seller");
    vec![
        new(
            "transaction-currency-case",
            full.but("currency", text("cny")),
            "A currency in small letters",
        ),
        new("transaction-number-empty", full.but("number", text("")), "A deal without a number"),
        new(
            "transaction-parties-two",
            full.but("exchange", seller),
            "An exchange that sells on itself",
        ),
        new("transaction-term-empty", full.but("until", uint(0)), "A term that ends as it begins"),
    ]
}
