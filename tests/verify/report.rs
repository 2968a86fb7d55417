//! What programs may rely on in a report.

use std::collections::BTreeSet;
use std::fs;

use datadeed::ManifestId;
use datadeed::cbor::Item;
use datadeed::digest::Digest;
use datadeed::id::Origin;
use datadeed::key::SigningKey;
use datadeed::lineage::{Activity, ActivityKind, AgentRole, Agents, Sampling, Tool, TreeName};
use datadeed::log::{Log, LogPolicy, MemoryStore};
use datadeed::manifest::{Dataset, Modality, ReleaseMode, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::report::{Language, Refusal, Report, verdict_json};
use datadeed::rights::{
    Action, Assessment, Condition, ConflictStrategy, Consent, ConsentBasis, Constraint,
    DeliveryMethod, Duty, DutyKind, Event, Licence, Observation, Outbound, Preference, Purpose,
    Regime, Registrant, RegistrantKind, RegistrantRole, Registration, RegistrationKind, ReviewKind,
    Rule, SourceEvidence, SourceKind, Transaction, Transferee, Use, Verdict, Vocabulary,
    VolumeUnit,
};
use datadeed::statement::{DataClass, Envelope, Payload as _, Signed};
use datadeed::trust::{Anchor, Delegation, Mandate, Role, Status, TrustStore};
use datadeed::verify::{Budget, VerifiedLineage, Verifier};
use serde_json::Value;

use crate::batches::{batched, stranger};
use crate::events::chain::growing::everything;
use crate::story::{
    Story, anchor, but, day, issuer, key, manifest, negotiated, observed, revocation, sell, sign,
    signing_key, trust,
};

const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify/report.json");

/// The story with every kind of statement in it.
fn told() -> Story {
    let registrant = Registrant::new(
        "did:web:curator.example",
        "Curator",
        RegistrantKind::LegalPerson,
        RegistrantRole::Processor,
    );
    let mut registration =
        Registration::new(manifest("corpus"), "Corpus", [registrant], day(3), day(30));
    registration.registration_no = Some("R-1".to_owned());
    registration.certificate_no = Some("C-1".to_owned());
    let licence = sign("collector", &observed(manifest("source"), "CC-BY-4.0"));
    let seen = licence.id();
    let mut story = Story::licensed([licence.into()]);
    let event = sign("supplier", &revocation(seen, day(8)));
    story.status = Some(Status::new(day(20)).seen(story.train, day(7)).unwrap());
    story.with(sign("registrar", &registration)).with(event)
}

/// The story, of which the curator sold the registered title on day 12.
fn sold() -> (Story, Registration) {
    let mut story = told();
    let registration = story.statements.iter().find_map(Statement::as_registration).unwrap();
    let (id, payload) = (registration.id(), registration.payload().clone());
    let buyers = ["did:web:buyer.example", "did:web:fund.example"].map(Transferee::new);
    let transfer = Event::transfer(id, buyers, day(12)).sign(&issuer("registrar"), day(12));
    story.status = Some(story.status.unwrap().event(transfer.unwrap(), day(13)).unwrap());
    (story, payload)
}

const LOG: &str = "registry.example/log";

fn witness() -> Origin {
    Origin::new("witness.example/registry").unwrap()
}

/// A log that took a statement of this party on day 11.
fn log_with(statement: &Statement, signed_by: &str) -> Log<MemoryStore, SigningKey> {
    let policy = LogPolicy::new(Origin::new(LOG).unwrap());
    let mut log = Log::create(MemoryStore::new(), issuer("registry"), &policy, day(0)).unwrap();
    log.append(statement.envelope(), &|_: &Envelope, _| Ok(key(signed_by)), day(11)).unwrap();
    log.publish(day(11)).unwrap();
    log
}

fn trust_with_log() -> TrustStore {
    let log = anchor("registry", &[Role::Log]).scope([LOG]);
    let witness = Anchor::new(witness().as_str(), key("witness"), [Role::Witness]).scope([LOG]);
    TrustStore::new(trust().anchors().cloned().chain([log, witness]))
}

/// A log took the certificate of the story on day 11, and a witness saw it on day 12.
fn logged(with_checkpoint: bool, witnesses: usize) -> VerifiedLineage {
    let story = told();
    let is_certificate = |one: &&Statement| matches!(one, Statement::Registration(_));
    let certificate = story.statements.iter().find(is_certificate).unwrap();
    let log = log_with(certificate, "registrar");
    let cosigned = log.checkpoint().cosign(&witness(), &signing_key("witness"), day(12)).unwrap();
    let mut builder = LineageProof::builder(manifest("weights"))
        .statements(story.statements.clone())
        .receipt(certificate.id(), log.receipt(1, day(11)).unwrap());
    if with_checkpoint {
        builder = builder.checkpoint(cosigned);
    }
    let proof = builder.build().unwrap().to_bytes();
    let trust = trust_with_log();
    let verifier = Verifier::new(&trust, day(20)).known_events(story.status.as_ref().unwrap());
    verifier.witnesses(witnesses).verify(&proof, manifest("weights")).unwrap()
}

fn report() -> String {
    let lineage = logged(true, 1);
    let report = Report::new(&lineage)
        .ask("sell", sell())
        .ask("personal", sell().purpose(Purpose::Personal))
        .ask("unsaid", Use::new(Action::DistributeModel).party("did:web:buyer.example"));
    assert_eq!(report.json(), report.json());
    report.json()
}

#[test]
fn the_json_of_the_story_is_the_one_on_file() {
    let found = report();
    if std::env::var_os("DATADEED_WRITE_EXPECTED").is_some() {
        fs::write(EXPECTED, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(EXPECTED).unwrap());
}

/// The path of every field, `[]` for the items of a list.
fn fields(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                fields(item, &format!("{path}[]"), into);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                fields(value, &path, into);
                into.insert(path);
            }
        }
        _ => {}
    }
}

/// One that says how it was made.
fn valuation(of: ManifestId) -> Assessment {
    but(Assessment::valuation(of, 1, "CNY", day(1)), |one| {
        one.method = Some("cost".to_owned());
        (one.rules, one.report) = (Some(Digest::of(b"rules")), Some(Digest::of(b"report")));
        one.measures = [("completeness".to_owned(), Item::uint(1))].into();
    })
}

/// A certificate that says all that a form asks for, and the one that it renews.
fn registered(of: ManifestId) -> (Signed<Registration>, Signed<Registration>) {
    let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let mut who = Registrant::new("did:web:supplier.example", "Supplier", kind, role);
    (who.id, who.share) = (Some("91110000000000000X".to_owned()), Some(10_000));
    let mut form = Registration::new(of, "Source", [who], day(0), day(900));
    form.source_kind = Some(SourceKind::Purchased);
    let first = sign("registrar", &form);
    (form.kind, form.supersedes) = (RegistrationKind::Renewal, Some(first.id()));
    (form.seq, form.prev) = (1, Some(first.id()));
    let text = || Some("a".to_owned());
    (form.object_class, form.industry, form.application_scenario) = (text(), text(), text());
    (form.scale, form.format, form.structure, form.period) = (text(), text(), text(), text());
    (form.update_frequency, form.processing_rule_summary) = (text(), text());
    (form.security_level, form.disclosure_state) = (text(), text());
    (form.registration_no, form.certificate_no) = (text(), text());
    (form.application_no, form.registrar_code, form.scheme) = (text(), text(), text());
    form.jurisdiction = Some("CN-BJ".to_owned());
    form.review_kind = Some(ReviewKind::Formal);
    (form.ai_generated, form.important_data) = (Some(false), Some(false));
    (form.cross_border, form.sample_root) = (Some(false), Some(manifest("sample")));
    form.extra = [("approval".to_owned(), Item::uint(1))].into();
    form.source_evidence = [SourceEvidence::new("contract", Digest::of(b"contract"))].into();
    form.certificate_hash = Some(Digest::of(b"certificate"));
    (form.publicity_from, form.publicity_to) = (Some(day(0)), Some(day(0)));
    (form.announced_at, form.update_until) = (Some(day(0)), Some(day(800)));
    form.agreement_cap = Some(day(850));
    (first, sign("registrar", &form))
}

/// Statements that say all that a report shows of datasets, steps, licences, registrations and events.
fn particulars() -> Vec<Statement> {
    let source = manifest("source");
    let mut dataset = Dataset::new(source, "Source", ScanMethod::Full);
    dataset.version = Some("1".to_owned());
    dataset.languages = ["zh".to_owned()].into();
    dataset.modalities = [Modality::Text].into();
    dataset.media_types = ["text/plain".to_owned()].into();
    dataset.data_class = Some(DataClass::Enterprise);
    dataset.source_category = Some("field notes".to_owned());
    dataset.confidentiality = Some("internal".to_owned());
    dataset.release_mode = Some(ReleaseMode::Open);
    dataset.personal_information = Some(false);
    let dataset = sign("collector", &dataset);
    let mut annotate = Activity::new(ActivityKind::Annotate)
        .input(source, [])
        .output(manifest("corpus"), [])
        .between(day(2), day(2));
    annotate.rules = Some(Digest::of(b"rules"));
    let mut tool = Tool::new("labels", "1");
    tool.digest = Some(Digest::of(b"tool"));
    annotate.tool = Some(tool);
    let mut agents = Agents::new(AgentRole::Annotator, 3);
    (agents.party, agents.qualification) =
        (Some("did:web:a.example".to_owned()), Some("b".to_owned()));
    annotate.agents = [agents].into();
    let mut sampling = Sampling::new(10, 9);
    sampling.method = Some("random".to_owned());
    annotate.sampling = Some(sampling);
    annotate.params = [("languages".to_owned(), Item::uint(2))].into();
    annotate.measures = [("agreement".to_owned(), Item::text("0.93"))].into();
    annotate.processed_in = ["CN".parse().unwrap()].into();
    annotate.stored_in = ["CN".parse().unwrap()].into();
    let mut share = Duty::revenue_share("did:web:a.example", 100);
    (share.of, share.floor, share.ceiling) =
        (Some("did:web:b.example".to_owned()), Some(1), Some(2));
    share.currency = Some("CNY".to_owned());
    let mut credit = Duty::new(DutyKind::Attribute);
    credit.terms = Some("Source".to_owned());
    let mut delete = Duty::new(DutyKind::DeleteAfter);
    delete.after = Some(day(900));
    let mut pay = Duty::new(DutyKind::Pay);
    (pay.payee, pay.amount) = (Some("did:web:a.example".to_owned()), Some(5));
    pay.currency = Some("CNY".to_owned());
    let duties = [share, credit, delete, pay.clone(), Duty::share_alike(["CC-BY-SA-4.0"])];
    let rule = Rule::permit([Action::Search]).when(Constraint::hops(1));
    let rule = duties.into_iter().fold(rule, Rule::duty);
    let parent = sign("supplier", &Licence::granted(source, [rule.clone()]));
    let mut below = Licence::granted(source, [rule]);
    below.parent = Some(parent.id());
    below.conflict = Some(ConflictStrategy::Prohibit);
    below.licensees = ["did:web:a.example".to_owned()].into();
    (below.from, below.until, below.survives) = (Some(day(1)), Some(day(900)), Some(true));
    let below = sign("trainer", &below);
    let (first, registration) = registered(source);
    let mut paid = Event::fulfilment(parent.id(), pay, "did:web:b.example", day(3));
    (paid.reason, paid.evidence) = (Some("received".to_owned()), Some(Digest::of(b"receipt")));
    let abroad = Event::cross_border(dataset.id(), ["SG".parse().unwrap()], day(3));
    let filed = Event::licence_filing(registration.id(), parent.id(), day(3));
    let pledged = Event::pledge(registration.id(), ["did:web:bank.example".to_owned()], day(3));
    let pledged = but(pledged, |event| {
        (event.amount, event.currency) = (Some(1), Some("CNY".to_owned()));
    });
    vec![
        sign("supplier", &paid).into(),
        sign("collector", &abroad).into(),
        sign("registrar", &filed).into(),
        sign("registrar", &pledged).into(),
        sign("curator", &annotate).into(),
        dataset.into(),
        parent.into(),
        below.into(),
        first.into(),
        registration.into(),
    ]
}

#[test]
fn a_verdict_alone_is_what_a_report_has_of_it() {
    let lineage = told().verify().unwrap();
    for ask in [sell(), sell().purpose(Purpose::Personal)] {
        let alone = verdict_json("asked", &ask, &lineage.rights(&ask));
        let report = Report::new(&lineage).ask("asked", ask).json();
        let report: Value = serde_json::from_str(&report).unwrap();
        let alone: Value = serde_json::from_str(&alone).unwrap();
        assert_eq!(report["questions"][0], alone);
    }
}

#[test]
fn every_field_of_the_json_is_documented() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/json.md");
    let source = fs::read_to_string(source).unwrap();
    let documented: BTreeSet<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(field, _)| field)
        .collect();
    let mut used = BTreeSet::new();
    fields(&serde_json::from_str(&report()).unwrap(), "", &mut used);
    let duties = Rule::permit([Action::Use])
        .duty(Duty::share_alike(["CC-BY-SA-4.0"]))
        .duty(but(Duty::revenue_share("did:web:a.example", 100), |duty| {
            duty.of = Some("did:web:b.example".to_owned());
            duty.floor = Some(1);
            duty.ceiling = Some(1);
            duty.currency = Some("CNY".to_owned());
        }))
        .duty(but(Duty::new(DutyKind::DeleteAfter), |duty| duty.after = Some(day(900))))
        .duty(but(Duty::new(DutyKind::Attribute), |duty| duty.terms = Some("a".to_owned())));
    let mut licence = negotiated(manifest("source"));
    licence.rules = [duties].into();
    licence.from = Some(day(0));
    let story = Story::licensed([sign("supplier", &licence).into()]);
    let lineage = story.verify().unwrap();
    assert!(lineage.rights(&sell()).is_permit(), "{}", lineage.rights(&sell()));
    let particular = sell().field("games").product("assistant").volume(1, VolumeUnit::Requests);
    let json = Report::new(&lineage).ask("owed", particular).json();
    fields(&serde_json::from_str(&json).unwrap(), "", &mut used);
    let licence = sign("supplier", &but(licence, |licence| licence.revocable = true));
    let end = sign("supplier", &revocation(licence.id(), day(15)));
    let lineage = Story::licensed([licence.into()]).with(end).verify().unwrap();
    fields(&serde_json::from_str(&Report::new(&lineage).json()).unwrap(), "", &mut used);
    let (story, _) = sold();
    let lineage = story.verify().unwrap();
    fields(&serde_json::from_str(&Report::new(&lineage).json()).unwrap(), "", &mut used);
    let (lineage, _) = everything();
    fields(&serde_json::from_str(&Report::new(&lineage).json()).unwrap(), "", &mut used);
    let source = manifest("source");
    let seen = Observation::new("https://news.example/", "http-get", Digest::of(b"page"), day(1));
    let preference = Preference::new(source, Vocabulary::Robots, seen, []);
    let consent = but(Consent::new(source, ConsentBasis::Contract), |one| {
        one.until = Some(day(900));
        (one.actions, one.purposes) = ([Action::Train].into(), [Purpose::Research].into());
    });
    let parties =
        ["did:web:supplier.example", "did:web:trainer.example", "did:web:exchange.example"];
    let (first, _) = registered(source);
    let deal = Transaction::new("T-1", source, parties, DeliveryMethod::Api);
    let deal = but(deal, |deal| {
        (deal.until, deal.evidence_code) = (Some(day(900)), Some("E-1".to_owned()));
        deal.registration = Some(first.id());
    });
    let story = Story::default()
        .with(sign("collector", &valuation(source)))
        .with(sign("collector", &Assessment::manifest_audit(source, [TreeName::Parts], day(1))))
        .with(sign("collector", &consent))
        .with(sign("collector", &preference))
        .with(sign("supplier", &deal));
    let story = particulars().into_iter().fold(story, Story::with);
    let offered = Outbound::new("MIT")
        .passing_on(["LicenseRef-a"])
        .limited_to([Condition::Field(["law".to_owned()].into())]);
    let ask = sell().offered_under(offered).regime(Regime::China);
    let lineage = story.verify().unwrap();
    let json = Report::new(&lineage).ask("offered on", ask).json();
    fields(&serde_json::from_str(&json).unwrap(), "", &mut used);
    let mandate = Mandate::new([Role::Curator])
        .scope(["manifest:"])
        .schemes(["数据知识产权登记"])
        .jurisdictions(["CN".parse().unwrap()])
        .between(day(0), day(900));
    let delegation = Delegation::new("did:web:curator.example", key("curator"), mandate);
    let lineage = Story::default().with(sign("curator", &delegation)).verify().unwrap();
    fields(&serde_json::from_str(&Report::new(&lineage).json()).unwrap(), "", &mut used);
    let (batched, _) = batched([stranger(1)]);
    let lineage = Story::default().verify_bytes(&batched.to_bytes()).unwrap();
    fields(&serde_json::from_str(&Report::new(&lineage).json()).unwrap(), "", &mut used);
    let rejection = told().verify_bytes(b"no proof").unwrap_err();
    let json = Refusal::new(&rejection).about(manifest("weights")).at(day(20)).json();
    fields(&serde_json::from_str(&json).unwrap(), "", &mut used);
    let (story, none) = (told(), Budget { terms: 0, ..Budget::default() });
    let verifier = Verifier::new(&story.trust, day(20)).budget(none);
    let rejection = verifier.verify(&story.proof(), manifest("weights")).unwrap_err();
    fields(&serde_json::from_str(&Refusal::new(&rejection).json()).unwrap(), "", &mut used);
    // The parent of documented fields needs no line of its own, and a precondition is never owed.
    used.remove("rejection");
    used.insert("questions[].duties[].amount".to_owned());
    let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(used, documented);
}

#[test]
fn a_page_shows_statements_times_findings_and_ways() {
    let lineage = told().verify().unwrap();
    let report = Report::new(&lineage)
        .ask("sell", sell())
        .ask("personal", sell().purpose(Purpose::Personal));
    let page = report.html(Language::English);
    for statement in lineage.proof().statements() {
        assert!(page.contains(&statement.id().to_string()));
        assert!(page.contains(&statement.header().issued_at.to_string()));
    }
    for part in [&day(7).to_string(), "R-1", "withdrawal-ignored", "不可撤销", "purpose"] {
        assert!(page.contains(part), "{part}");
    }
    for text in [report.text(Language::English), report.markdown(Language::English)] {
        assert!(text.contains("did"), "{text}");
    }
    let text = report.text(Language::Chinese);
    assert!(text.contains("1. sell: 允许") && text.contains("2. personal: 不允许"), "{text}");
    assert!(text.contains("登记主体") && text.contains("R-1"), "{text}");
}

#[test]
fn a_report_names_the_claimants_after_a_transfer() {
    let (story, registration) = sold();
    let lineage = story.verify().unwrap();
    let [seller] = registration.registrants.iter().collect::<Vec<_>>()[..] else { panic!() };
    let page = Report::new(&lineage).markdown(Language::English).replace('\\', "");
    // The transfer is dated day 12, and was there on day 13 for certain.
    let until = format!("{} ({}), until {}", seller.name, seller.iss, day(13));
    assert!(page.contains(&until), "{page}");
    for buyer in ["did:web:buyer.example", "did:web:fund.example"] {
        assert!(page.contains(&format!("{buyer}, from {}", day(13))), "{page}");
    }
    let chinese = Report::new(&lineage).text(Language::Chinese);
    assert!(chinese.contains(&format!("，自 {} 起", day(13))), "{chinese}");

    // The word of a registrar whose time was over takes the title away and gives it to nobody.
    let (mut story, _) = sold();
    let others = story.trust.anchors().filter(|one| one.iss != "did:web:registrar.example");
    let until_then = anchor("registrar", &[Role::Registrar]).between(day(0), day(12));
    story.trust = TrustStore::new(others.cloned().chain([until_then]));
    let lineage = story.verify().unwrap();
    let page = Report::new(&lineage).markdown(Language::English).replace('\\', "");
    assert!(page.contains(&format!("nobody shown to hold the title, from {}", day(13))), "{page}");
    assert!(!page.contains("did:web:buyer.example, from"), "{page}");
}

#[test]
fn a_report_tells_the_state_of_a_title_and_what_stands_beside_it() {
    let (lineage, certificate) = everything();
    let report = Report::new(&lineage);
    let page = report.markdown(Language::English).replace('\\', "");
    for part in [
        "disputed, or another live title stands against it",
        "struck off by its registrar",
        "did:web:curator.example: share of 74.75 %",
        "did:web:fund.example: share of 25.25 %",
        "dispute open since",
        "pledged to did:web:bank.example (1 in all)",
        "2000 minor units of CNY",
        "1000 minor units of CNY",
        "licence filed",
        "objection of did:web:curator.example",
        "claimed: holding the data (draft of 2026)",
        "claimed: processing and using data (rules of 2022)",
        "notarisation at https://notary.example",
        "that shows nothing of the time before",
        "covers the later version",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let chinese = report.text(Language::Chinese);
    for part in [
        "存在争议",
        "已注销",
        "份额 74.75 %",
        "质押予",
        "提出异议",
        "持有权",
        "数据加工使用权",
        "及于后续版本",
    ] {
        assert!(chinese.contains(part), "{part}: {chinese}");
    }
    let json: Value = serde_json::from_str(&report.json()).unwrap();
    let find = |id: &str| {
        let all = json["statements"].as_array().unwrap();
        all.iter().find(|one| one["id"] == *id).unwrap().clone()
    };
    let held = find(&certificate.id().to_string())["held"].clone();
    assert_eq!(held["state"], "disputed");
    assert_eq!(held["by"][0]["share"], 7_475);
    let titles = &json["datasets"][0]["titles"];
    assert_eq!(titles[0]["registration"], certificate.id().to_string());
    assert!(titles[0]["version_by"].is_string(), "{titles}");
}

#[test]
fn a_report_says_of_a_receipt_no_more_than_it_proves() {
    let markdown = |with_checkpoint, witnesses| {
        let lineage = logged(with_checkpoint, witnesses);
        Report::new(&lineage).markdown(Language::English)
    };
    let since = format!("{LOG}: since {}, says ", day(11));
    let (placed, unplaced) = ("entry 1 (from 0)", "place in the log not proven by the receipt");
    let (witnessed, unwitnessed) = (format!("witnessed since {}", day(12)), "no witness asked for");

    let alone = markdown(false, 0);
    for part in [&since, unplaced, unwitnessed] {
        assert!(alone.contains(part), "{part}: {alone}");
    }
    assert!(!alone.contains(placed) && !alone.contains(&witnessed), "{alone}");
    // Cosignatures that nobody asked for say nothing.
    let placed_alone = markdown(true, 0);
    assert!(placed_alone.contains(placed) && placed_alone.contains(unwitnessed));
    assert!(!placed_alone.contains(unplaced) && !placed_alone.contains(&witnessed));
    let seen = markdown(true, 1);
    assert!(seen.contains(placed) && seen.contains(&witnessed) && !seen.contains(unwitnessed));
    // A receipt that too few witnesses saw is not shown as one that counts.
    let unseen = markdown(false, 1);
    assert!(!unseen.contains(&since) && unseen.contains("receipt-not-witnessed"), "{unseen}");
}

#[test]
fn a_report_tells_what_a_receipt_alone_does_not_prove() {
    let lineage = told().verify().unwrap();
    let report = Report::new(&lineage);
    assert!(report.text(Language::English).contains(
        "Alone it proves neither its place in the log, nor that the log shows everybody the same, \
         nor that nothing happened since"
    ));
    assert!(report.text(Language::Chinese).contains("仅凭回执"));
    let lineage = logged(true, 0);
    let report = Report::new(&lineage);
    let all = lineage.proof().statements().len();
    assert!(report.text(Language::English).contains(&format!("{LOG}: 1 of {all} statements")));
    assert!(report.text(Language::Chinese).contains(&format!("{LOG}：{all} 项声明中的 1 项")));
}

#[test]
fn a_member_is_in_a_log_as_its_batch_is() {
    let (proof, batch) = batched([stranger(1)]);
    let logged = proof.statements().iter().find(|one| one.id() == batch).unwrap();
    let receipt = log_with(logged, "collector").receipt(1, day(11)).unwrap();
    let builder = LineageProof::builder(manifest("weights")).join(&proof).receipt(batch, receipt);
    let proof = builder.build().unwrap();
    let story = Story { trust: trust_with_log(), ..Story::default() };
    let lineage = story.verify_bytes(&proof.to_bytes()).unwrap();
    let page = Report::new(&lineage).markdown(Language::English);
    let members = proof.statements().iter().filter(|one| !one.is_signed()).count();
    let short = batch.to_string().chars().take("statement:".len() + 12).collect::<String>();
    assert_eq!(page.matches(&format!("as its batch `{short}…`")).count(), members, "{page}");
}

#[test]
fn grounds_and_duties_are_those_of_the_verdict() {
    let story = told();
    let lineage = story.verify().unwrap();
    let verdict = lineage.rights(&sell().purpose(Purpose::Personal));
    let Verdict::Deny { reasons } = &verdict else { panic!("{verdict}") };
    assert_eq!((verdict.word(), verdict.is_permit()), ("deny", false));
    let grounds: Vec<_> = verdict.grounds().collect();
    assert_eq!(grounds.len(), reasons.len());
    for (ground, reason) in grounds.iter().zip(reasons) {
        assert_eq!(ground.code, reason.code.code());
        assert_eq!((ground.manifest, ground.statement), (reason.manifest, reason.statement));
    }
    assert_eq!(verdict.duties(), []);
    let permit = lineage.rights(&sell());
    let Verdict::Permit { duties, .. } = &permit else { panic!("{permit}") };
    assert_eq!((permit.word(), permit.is_permit(), permit.duties()), ("permit", true, &duties[..]));
    assert_eq!(permit.grounds().count(), 0);
}

#[test]
fn all_ways_at_once_are_those_asked_one_by_one() {
    let lineage = told().verify().unwrap();
    let towards = lineage.towards_subject();
    assert_eq!(towards.len(), lineage.manifests().count() - 1);
    for dataset in lineage.manifests() {
        let mut way: Vec<_> =
            std::iter::successors(Some(dataset), |at| towards.get(at).copied()).collect();
        way.reverse();
        assert_eq!(way, lineage.path_to(dataset));
    }
}
