//! Attacks on the verifier: each was, or could have been, a way to an answer that is not true.

use datadeed::digest::Digest;
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
use datadeed::manifest::{FileEntry, Manifest, NameProfile};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Action, Constraint, Licence, Missing, Purpose, Reason, Registrant, RegistrantKind,
    RegistrantRole, Registration, RegistrationKind, Rule, Use, Verdict,
};
use datadeed::statement::Payload;
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{Bound, Budget, Code, Node, VerifiedLineage, Verifier};
use datadeed::{ManifestId, StatementId};

#[expect(dead_code, reason = "shared with the tests of the verifier, which use all of it")]
#[path = "verify/story.rs"]
mod story;

use story::*;

#[track_caller]
fn denied(verdict: &Verdict, reason: Reason, at: ManifestId) {
    let Verdict::Deny { reasons } = verdict else { panic!("{verdict:?}") };
    assert!(reasons.iter().all(|g| g.code == reason && g.manifest == at), "{reasons:?}");
}

#[track_caller]
fn unknown(verdict: &Verdict, missing: Missing, at: ManifestId) {
    let Verdict::Unknown { missing: found } = verdict else { panic!("{verdict:?}") };
    assert!(found.iter().all(|g| g.code == missing && g.manifest == at), "{found:?}");
}

#[track_caller]
fn permitted(verdict: &Verdict) {
    assert!(matches!(verdict, Verdict::Permit { .. }), "{verdict:?}");
}

fn step(name: &str, kind: ActivityKind, from: &[&str], to: &str) -> Statement {
    let mut activity = Activity::new(kind).output(manifest(to), []).between(day(2), day(2));
    for input in from {
        activity = activity.input(manifest(input), []);
    }
    sign(name, &activity).into()
}

fn lineage(
    subject: &str,
    trust: &TrustStore,
    status: Option<&Status>,
    statements: Vec<Statement>,
) -> VerifiedLineage {
    let mut builder = LineageProof::builder(manifest(subject));
    for statement in statements {
        builder = builder.statement(statement);
    }
    let proof = builder.build().unwrap().to_bytes();
    let verifier = Verifier::new(trust, day(20));
    let verifier = match status {
        Some(status) => verifier.known_events(status),
        None => verifier,
    };
    verifier.verify(&proof, manifest(subject)).unwrap()
}

fn seen_by(story: &mut Story, id: StatementId, on: u64) {
    let status = story.status.take().unwrap();
    story.status = Some(status.seen(id, day(on)).unwrap());
}

/// A second statement about the making of a dataset must not hide what the first one requires.
mod several_makers {
    use super::*;

    #[test]
    fn a_step_that_changes_nothing_does_not_license_an_origin() {
        let story = Story::licensed([step("curator", ActivityKind::Clean, &["source"], "source")]);
        unknown(&story.verdict(), Missing::Licence, manifest("source"));
    }

    #[test]
    fn a_friendlier_maker_does_not_hide_an_origin() {
        let story = Story::licensed([
            step("curator", ActivityKind::Clean, &["free"], "source"),
            step("collector", ActivityKind::Collect, &[], "free"),
            sign("collector", &observed(manifest("free"), "CC0-1.0")).into(),
            sign("curator", &but(negotiated(manifest("free")), |l| l.from = Some(day(1)))).into(),
        ]);
        unknown(&story.verdict(), Missing::Licence, manifest("source"));
    }

    #[test]
    fn a_friendlier_maker_does_not_hide_terms() {
        let story = Story::licensed([
            sign("collector", &observed(manifest("source"), "CC-BY-NC-4.0")).into(),
            step("curator", ActivityKind::Clean, &["free"], "corpus"),
            step("collector", ActivityKind::Collect, &[], "free"),
            sign("collector", &observed(manifest("free"), "CC0-1.0")).into(),
        ]);
        denied(&story.verdict(), Reason::Purpose, manifest("source"));
    }

    #[test]
    fn a_collection_with_an_input_is_an_origin_still() {
        let trust = TrustStore::new([anchor("one", &[Role::Collector, Role::Trainer])]);
        let train = Activity::train().input(manifest("source"), []).output(manifest("weights"), []);
        let statements = vec![
            step("one", ActivityKind::Collect, &[], "list"),
            sign("one", &observed(manifest("list"), "CC0-1.0")).into(),
            step("one", ActivityKind::Collect, &["list"], "source"),
            sign("one", &train).into(),
        ];
        let verdict = lineage("weights", &trust, None, statements).rights(&sell());
        unknown(&verdict, Missing::Licence, manifest("source"));
    }

    #[test]
    fn whoever_says_he_made_it_too_needs_a_licence_of_the_other_maker() {
        let thief = Activity::train()
            .input(manifest("corpus"), [])
            .output(manifest("weights"), [])
            .between(day(6), day(6));
        let mut story = Story::default().with(sign("thief", &thief));
        let anchors = trust();
        let anchors = anchors.anchors().cloned().chain([anchor("thief", &[Role::Trainer])]);
        story.trust = TrustStore::new(anchors);
        let verdict = story.verify().unwrap().rights(&sell().party("did:web:thief.example"));
        unknown(&verdict, Missing::Licence, manifest("weights"));
    }
}

mod dates {
    use super::*;

    fn train(started: u64) -> Activity {
        but(Activity::train().input(manifest("corpus"), []).output(manifest("weights"), []), |a| {
            a.started = Some(day(started));
        })
    }

    fn story(train: &Activity, licence: &Licence) -> (Story, StatementId) {
        let mut story = Story::licensed([sign("supplier", licence).into()]);
        let old = story.train;
        story.statements.retain(|statement| statement.id() != old);
        let train = sign("trainer", train);
        (story.with(train.clone()), train.id())
    }

    #[test]
    fn a_start_after_the_signature_is_refused_without_an_end_too() {
        let (story, id) = story(&train(11), &negotiated(manifest("source")));
        let rejection = story.verify().unwrap_err();
        assert_eq!(
            (rejection.code, rejection.node),
            (Code::ClaimAfterSignature, Node::Statement(id))
        );
    }

    /// Signed on day 10, said to begin on day 5, seen on day 3.
    #[test]
    fn an_act_is_no_later_than_it_was_seen() {
        let licence = but(Licence::granted(manifest("source"), []), |l| {
            l.from = Some(day(1));
            l.rules = [
                Rule::permit([Action::Derive, Action::DistributeModel]),
                Rule::permit([Action::Train]).when(Constraint::not_before(day(4))),
            ]
            .into();
        });
        let corpus = sign(
            "curator",
            &but(Licence::granted(manifest("corpus"), []), |l| {
                l.from = Some(day(1));
                l.rules = licence.rules.clone();
                (l.seq, l.prev) = (1, Some(corpus_grant().id()));
            }),
        );
        let (story, id) = story(&train(5), &licence);
        let mut story = story.with(corpus);
        permitted(&story.verdict());
        seen_by(&mut story, id, 3);
        // The corpus has another licence, which says nothing of when.
        denied(&story.verdict(), Reason::NotYetValid, manifest("source"));
    }

    /// A key that is no longer believed signs what it says it signed before.
    #[test]
    fn a_key_whose_time_is_over_proves_that_it_signed_before() {
        let anchors = trust();
        let others =
            anchors.anchors().filter(|a| !a.mandate.roles.contains(&Role::Trainer)).cloned();
        let ended = anchor("trainer", &[Role::Trainer]).between(day(1), day(12));
        let mut story = Story { trust: TrustStore::new(others.chain([ended])), ..Story::default() };
        unknown(&story.verdict(), Missing::Trust, manifest("weights"));
        let train = story.train;
        seen_by(&mut story, train, 12);
        unknown(&story.verdict(), Missing::Trust, manifest("weights"));
        seen_by(&mut story, train, 11);
        permitted(&story.verdict());
    }

    /// Day 1 lies in the collector's time; day 10, when he signed, does not.
    #[test]
    fn an_observation_signed_after_the_collectors_time_counts_for_nothing() {
        let only = TrustStore::new([
            anchor("collector", &[Role::Collector]).between(day(0), day(5)),
            anchor("curator", &[Role::Collector]),
        ]);
        let statements = || {
            vec![
                step("curator", ActivityKind::Collect, &[], "source"),
                sign("collector", &observed(manifest("source"), "CC0-1.0")).into(),
            ]
        };
        let ask = Use::new(Action::Train);
        let verdict = lineage("source", &only, None, statements()).rights(&ask);
        unknown(&verdict, Missing::Trust, manifest("source"));
        let status = Status::new(day(20));
        let verdict = lineage("source", &only, Some(&status), statements()).rights(&ask);
        unknown(&verdict, Missing::Trust, manifest("source"));
    }
}

/// A prohibition holds where it may apply, not only where it applies to everything.
mod prohibitions {
    use super::*;

    fn story(rule: Rule) -> Story {
        let licence = but(Licence::granted(manifest("source"), []), |l| {
            l.from = Some(day(1));
            l.rules = [Rule::permit([Action::Use]), rule].into();
        });
        Story::licensed([sign("supplier", &licence).into()])
    }

    #[test]
    fn a_part_of_the_territory_is_enough() {
        let (beijing, japan) = ("CN-BJ".parse().unwrap(), "JP".parse().unwrap());
        let prohibit = Rule::prohibit([Action::DistributeModel]);
        let here = story(prohibit.clone().when(Constraint::distribution_in([&beijing])));
        denied(&here.verdict(), Reason::Prohibited, manifest("source"));
        let elsewhere = story(prohibit.when(Constraint::distribution_in([&japan])));
        permitted(&elsewhere.verdict());
    }

    /// Training says that it began on day 5, and nobody saw it before day 20.
    #[test]
    fn backdating_does_not_escape_one_that_begins() {
        let mut from_day_7 =
            story(Rule::prohibit([Action::Train]).when(Constraint::not_before(day(7))));
        unknown(&from_day_7.verdict(), Missing::ActTimeUnproven, manifest("source"));
        let train = from_day_7.train;
        seen_by(&mut from_day_7, train, 6);
        permitted(&from_day_7.verdict());
        let from_day_5 =
            story(Rule::prohibit([Action::Train]).when(Constraint::not_before(day(5))));
        denied(&from_day_5.verdict(), Reason::Prohibited, manifest("source"));
    }

    /// Cleaned for a second corpus on day 8, for the first on day 2.
    #[test]
    fn an_act_outside_does_not_hide_one_inside() {
        let second = Activity::new(ActivityKind::Clean)
            .input(manifest("source"), [])
            .output(manifest("corpus"), [])
            .between(day(8), day(8));
        for time in [Constraint::until(day(4)), Constraint::not_before(day(4))] {
            let story =
                story(Rule::prohibit([Action::Derive]).when(time)).with(sign("curator", &second));
            let Verdict::Deny { reasons } = story.verdict() else {
                panic!("{story:?}", story = story.verdict())
            };
            assert!(reasons.iter().all(|g| g.code == Reason::Prohibited), "{reasons:?}");
        }
    }

    #[test]
    fn research_may_be_commercial() {
        let story =
            story(Rule::prohibit([Action::Train]).when(Constraint::purpose([Purpose::Commercial])));
        let statements: Vec<Statement> = story
            .statements
            .into_iter()
            .chain([sign(
                "curator",
                &but(Licence::granted(manifest("corpus"), [Rule::permit([Action::Use])]), |l| {
                    l.from = Some(day(1));
                    (l.seq, l.prev) = (1, Some(corpus_grant().id()));
                }),
            )
            .into()])
            .collect();
        let status = Status::new(day(20));
        let lineage = lineage("weights", &story.trust, Some(&status), statements);
        let ask = |purpose| lineage.rights(&Use::new(Action::DistributeModel).purpose(purpose));
        unknown(&ask(Purpose::Research), Missing::Purpose, manifest("source"));
        permitted(&ask(Purpose::NonCommercial));
    }
}

mod title {
    use super::*;

    fn registration(claimant: &str) -> Registration {
        let iss = format!("did:web:{claimant}.example");
        let registrant =
            Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
        Registration::new(manifest("source"), "Source", [registrant], day(3), day(30))
    }

    fn grant() -> Statement {
        let licence = but(negotiated(manifest("source")), |l| l.from = Some(day(1)));
        sign("trainer", &licence).into()
    }

    #[test]
    fn a_record_of_cancellation_gives_no_standing() {
        for kind in [RegistrationKind::Cancellation, RegistrationKind::Revocation] {
            // What it ends is somebody else's, or of another dataset.
            let mut ended = registration("supplier");
            ended.manifest = manifest("corpus");
            let ended = sign("registrar", &ended);
            let record = but(registration("trainer"), |r| {
                (r.kind, r.supersedes) = (kind, Some(ended.id()));
            });
            let record = sign("registrar", &record);
            let story = Story::licensed([grant(), ended.into(), record.into()]);
            unknown(&story.verdict(), Missing::Standing, manifest("source"));
        }
    }

    /// The term ended on day 12; the licence is dated day 10 and first seen on day 20.
    #[test]
    fn a_grant_is_not_backdated_into_a_term_that_ended() {
        let ended = but(registration("trainer"), |r| r.valid_until = day(12));
        let mut story = Story::licensed([grant(), sign("registrar", &ended).into()]);
        unknown(&story.verdict(), Missing::ActTimeUnproven, manifest("source"));
        seen_by(&mut story, grant().id(), 11);
        permitted(&story.verdict());
    }

    /// Somebody else is registered from day 12 on.
    #[test]
    fn a_grant_is_not_backdated_before_a_dispute() {
        let mine = sign("registrar", &registration("trainer"));
        let theirs = but(registration("supplier"), |r| {
            r.issued_at = day(12);
            (r.seq, r.prev) = (1, Some(mine.id()));
        });
        let theirs = theirs.sign(&issuer("registrar"), day(12)).unwrap();
        let mut story = Story::licensed([grant(), mine.into(), theirs.into()]);
        unknown(&story.verdict(), Missing::Disputed, manifest("source"));
        seen_by(&mut story, grant().id(), 11);
        permitted(&story.verdict());
    }

    /// The verdict does not hang on the order of ids, which whoever signs can choose.
    #[test]
    fn an_ended_title_counts_the_same_in_any_order() {
        let mut verdicts = std::collections::BTreeSet::new();
        for number in 0..8 {
            let named = |claimant: &str| {
                but(registration(claimant), |r| r.object_name = format!("Source {number}"))
            };
            let theirs = sign("registrar", &named("supplier"));
            let event = sign("registrar", &revocation(theirs.id(), day(15)));
            let mine = but(named("trainer"), |r| (r.seq, r.prev) = (1, Some(theirs.id())));
            let mine = sign("registrar", &mine);
            let mut story = Story::licensed([grant(), mine.into(), theirs.into()]);
            story.status = Some(Status::new(day(20)).event(event, day(15)).unwrap());
            verdicts.insert(story.verdict().to_string());
        }
        assert_eq!(verdicts, ["unknown disputed".to_owned()].into());
    }

    /// An ended title of one's own does not spoil a live one.
    #[test]
    fn a_renewed_title_counts() {
        let old = sign("registrar", &registration("trainer"));
        let event = sign("registrar", &revocation(old.id(), day(15)));
        let renewed = but(registration("trainer"), |r| {
            r.kind = RegistrationKind::Renewal;
            r.supersedes = Some(old.id());
            (r.seq, r.prev) = (1, Some(old.id()));
        });
        let renewed = sign("registrar", &renewed);
        let mut story = Story::licensed([grant(), old.into(), renewed.into()]);
        story.status = Some(Status::new(day(20)).event(event, day(15)).unwrap());
        permitted(&story.verdict());
    }
}

mod terms {
    use super::*;

    /// What a model may do after the term, a copy of the data may not.
    #[test]
    fn a_model_that_outlives_the_term_does_not_carry_the_data_along() {
        let licence =
            but(Licence::granted(manifest("source"), [Rule::permit([Action::Use])]), |l| {
                l.from = Some(day(1));
                l.until = Some(day(15));
                l.survives = Some(true);
            });
        let bundle = Activity::new(ActivityKind::MergeDerive)
            .input(manifest("weights"), [])
            .output(manifest("bundle"), [])
            .between(day(7), day(7));
        let with_data = bundle.clone().input(manifest("source"), []);
        let train = Activity::train()
            .input(manifest("source"), [])
            .output(manifest("weights"), [])
            .between(day(5), day(5));
        let trust = TrustStore::new([
            anchor("supplier", &[Role::Collector, Role::RightsHolder]),
            anchor("one", &[Role::Curator, Role::Trainer]),
        ]);
        let verdict = |bundle: &Activity| {
            let (train, bundle) = (sign("one", &train), sign("one", bundle));
            let mut status = Status::new(day(20));
            for id in [train.id(), bundle.id()] {
                status = status.seen(id, day(11)).unwrap();
            }
            let statements = vec![
                step("supplier", ActivityKind::Collect, &[], "source"),
                sign("supplier", &licence).into(),
                train.into(),
                bundle.into(),
            ];
            lineage("bundle", &trust, Some(&status), statements)
                .rights(&Use::new(Action::Reproduce).at(day(20)))
        };
        permitted(&verdict(&bundle));
        denied(&verdict(&with_data), Reason::Expired, manifest("source"));
    }

    /// With a fresh status a revocation of such a licence makes the answer Unknown; without one it may be out there.
    #[test]
    fn a_licence_that_is_silent_on_revocation_needs_a_fresh_status() {
        let mut story =
            Story::licensed([sign("collector", &observed(manifest("source"), "MIT")).into()]);
        permitted(&story.verdict());
        story.status = None;
        unknown(&story.verdict(), Missing::Status, manifest("source"));
        // One branch that nobody can take back is enough.
        let either = observed(manifest("source"), "MIT OR Apache-2.0");
        let mut story = Story::licensed([sign("collector", &either).into()]);
        story.status = None;
        permitted(&story.verdict());
    }

    #[test]
    fn a_scope_does_not_end_in_the_middle_of_a_host() {
        let scoped = Anchor::new("did:web:a.example", key("a"), [Role::Collector]).scope([
            "https://data.example",
            "https://",
            "pkg:cargo/serde",
        ]);
        let host = scoped.clone().scope(["https://data.example"]);
        for source in [
            "https://data.example@evil.example/x",
            "https://data.example:x@evil.example/x",
            "https://data.example.evil.example/x",
        ] {
            assert!(!host.covers(Role::Collector, source, day(1)), "{source}");
        }
        for source in [
            "https://data.example",
            "https://data.example/x",
            "https://data.example?x",
            "https://data.example#x",
        ] {
            assert!(host.covers(Role::Collector, source, day(1)), "{source}");
        }
        assert!(scoped.covers(Role::Collector, "pkg:cargo/serde@1.0.0", day(1)));
        assert!(scoped.covers(Role::Collector, "https://elsewhere.example/", day(1)));
    }
}

/// Work that the size of the input does not show.
mod work {
    use super::*;

    #[test]
    fn terms_are_counted_however_they_are_written() {
        let bare = but(Licence::granted(manifest("source"), []), |l| {
            let rules = (0..50).map(|n| Constraint::new(&format!("operand-{n}"), "any_of", []));
            l.rules = [but(Rule::permit([Action::Use]), |rule| rule.constraints = rules.collect())]
                .into();
        });
        let dense = Licence::granted_spdx(manifest("source"), ["(MIT)"; 50].join("OR"));
        for licence in [bare, dense] {
            let story = Story::licensed([sign("supplier", &licence).into()]);
            let budget = Budget { terms: 50, ..Budget::default() };
            let rejection = Verifier::new(&story.trust, day(20))
                .budget(budget)
                .verify(&story.proof(), manifest("weights"))
                .unwrap_err();
            assert_eq!((rejection.bound, rejection.node), (Some(Bound::Terms), Node::Proof));
        }
    }

    #[test]
    fn relations_do_not_compare_more_rows_than_allowed() {
        let entry = |number: usize| FileEntry::new(format!("{number}"), 1, Digest::of(b"x"));
        let rows = Manifest::files((0..10).map(entry).collect(), NameProfile::Portable).unwrap();
        let part = Manifest::files((0..3).map(entry).collect(), NameProfile::Portable).unwrap();
        let subset = |tree| Relation::new(part.id(), RelationKind::SubsetOf, tree, [rows.id()]);
        let step = Activity::new(ActivityKind::Subset)
            .input(rows.id(), [])
            .output(part.id(), [])
            .relation(subset(TreeName::Parts))
            .relation(subset(TreeName::Content));
        let step = sign("curator", &step);
        let proof =
            LineageProof::builder(part.id()).statement(step.clone()).build().unwrap().to_bytes();
        let (trust, source) = (trust(), vec![rows, part.clone()]);
        let verify = |rows| {
            Verifier::new(&trust, day(20))
                .budget(Budget { rows, ..Budget::default() })
                .manifests(&source)
                .verify(&proof, part.id())
        };
        // 10 + 3 parts, 1 + 1 contents.
        assert!(verify(15).is_ok());
        let rejection = verify(14).unwrap_err();
        assert_eq!(
            (rejection.bound, rejection.node),
            (Some(Bound::Rows), Node::Statement(step.id()))
        );
    }
}
