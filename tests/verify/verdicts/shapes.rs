//! Lineages of odd shapes.

use super::*;

fn verify(subject: ManifestId, statements: Vec<Statement>) -> Verdict {
    let mut builder = LineageProof::builder(subject);
    for statement in statements {
        builder = builder.statement(statement);
    }
    let proof = builder.build().unwrap().to_bytes();
    let status = Status::new(day(20));
    let trust = trust();
    let lineage =
        Verifier::new(&trust, day(20)).known_events(&status).verify(&proof, subject).unwrap();
    lineage.rights(&Use::new(Action::Train).purpose(Purpose::Commercial).at(day(20)))
}

#[test]
fn undisclosed_inputs_are_unknown() {
    let train = Activity::train().output(manifest("weights"), []).undisclosed_inputs();
    let verdict = verify(manifest("weights"), vec![sign("trainer", &train).into()]);
    unknown(&verdict, Missing::InputsUndisclosed, manifest("weights"));
}

#[test]
fn an_input_that_nobody_made_is_unknown() {
    let clean = Activity::new(ActivityKind::Clean)
        .input(manifest("source"), [])
        .output(manifest("corpus"), []);
    let licence = sign("collector", &observed(manifest("source"), "CC0-1.0"));
    let verdict = verify(manifest("corpus"), vec![sign("curator", &clean).into(), licence.into()]);
    unknown(&verdict, Missing::Origin, manifest("source"));
}

#[test]
fn datasets_made_of_each_other_have_no_origin() {
    let step = |from: &str, to: &str| {
        let clean =
            Activity::new(ActivityKind::Clean).input(manifest(from), []).output(manifest(to), []);
        Statement::from(sign("curator", &clean))
    };
    let verdict = verify(manifest("a"), vec![step("a", "b"), step("b", "a")]);
    let Verdict::Unknown { missing } = &verdict else { panic!("{verdict:?}") };
    assert!(missing.iter().any(|g| g.code == Missing::Origin && g.manifest == manifest("a")));
    // With an origin below, the circle stands.
    let collect = Activity::new(ActivityKind::Collect).output(manifest("a"), []);
    let verdict = verify(
        manifest("b"),
        vec![
            step("a", "b"),
            step("b", "a"),
            sign("collector", &collect).into(),
            sign("collector", &observed(manifest("a"), "CC0-1.0")).into(),
            sign(
                "curator",
                &but(Licence::granted(manifest("b"), [Rule::permit([Action::Use])]), |l| {
                    l.from = Some(day(0));
                }),
            )
            .into(),
        ],
    );
    assert_eq!(permitted(&verdict), []);
}

#[test]
fn an_output_may_equal_its_input() {
    let collect = Activity::new(ActivityKind::Collect).output(manifest("a"), []);
    let collect = sign("collector", &collect);
    let clean = Activity::new(ActivityKind::Clean)
        .input(manifest("a"), [collect.id()])
        .output(manifest("a"), []);
    let licences = [sign("collector", &observed(manifest("a"), "CC-BY-4.0")).into()];
    let verdict = verify(
        manifest("a"),
        [collect.into(), sign("curator", &clean).into()].into_iter().chain(licences).collect(),
    );
    assert_eq!(permitted(&verdict).len(), 2);
}

/// 2^60 paths lead to the origin; every statement is visited once.
#[test]
fn shared_ancestors_are_visited_once() {
    let mut statements: Vec<Statement> = Vec::new();
    let name = |level: usize, side: usize| manifest(&format!("{level}/{side}"));
    for side in 0..2 {
        let collect = Activity::new(ActivityKind::Collect).output(name(0, side), []);
        statements.push(sign("collector", &collect).into());
        statements.push(sign("collector", &observed(name(0, side), "CC-BY-4.0")).into());
    }
    for level in 1..60 {
        for side in 0..2 {
            let clean = Activity::new(ActivityKind::MergeDerive)
                .input(name(level - 1, 0), [])
                .input(name(level - 1, 1), [])
                .output(name(level, side), []);
            statements.push(sign("curator", &clean).into());
        }
    }
    // The other side of the last level is not part of the subject's lineage.
    statements.pop();
    assert_eq!(permitted(&verify(name(59, 0), statements)).len(), 4);
}

/// Two models merged without training: what is passed on is derived from each.
#[test]
fn a_model_merged_from_a_model_is_derived_from_it() {
    let collect = Activity::new(ActivityKind::Collect).output(manifest("base"), []);
    let merge = Activity::new(ActivityKind::MergeDerive)
        .input(manifest("base"), [])
        .output(manifest("merged"), []);
    let licence = observed(manifest("base"), "CC-BY-ND-4.0");
    let proof = LineageProof::builder(manifest("merged"))
        .statement(sign("collector", &collect))
        .statement(sign("collector", &licence))
        .statement(sign("curator", &merge))
        .build()
        .unwrap();
    let trust = trust();
    let lineage =
        Verifier::new(&trust, day(20)).verify(&proof.to_bytes(), manifest("merged")).unwrap();
    denied(&lineage.rights(&sell()), Reason::NoDerivatives, manifest("base"));
}

#[test]
fn share_alike_sets_without_a_common_licence_deny() {
    let mut statements: Vec<Statement> = Vec::new();
    let mut merge = Activity::new(ActivityKind::MergeDerive).output(manifest("merged"), []);
    for (name, spdx) in [("a", "CC-BY-SA-4.0"), ("b", "CC-BY-NC-SA-4.0")] {
        let collect = Activity::new(ActivityKind::Collect).output(manifest(name), []);
        statements.push(sign("collector", &collect).into());
        statements.push(sign("collector", &observed(manifest(name), spdx)).into());
        merge = merge.input(manifest(name), []);
    }
    statements.push(sign("curator", &merge).into());
    let mut builder = LineageProof::builder(manifest("merged"));
    for statement in statements {
        builder = builder.statement(statement);
    }
    let (proof, trust) = (builder.build().unwrap().to_bytes(), trust());
    let lineage = Verifier::new(&trust, day(20)).verify(&proof, manifest("merged")).unwrap();
    let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial);
    let Verdict::Deny { reasons } = lineage.rights(&ask) else { panic!("no terms satisfy both") };
    let mut found: Vec<_> = reasons.iter().map(|one| (one.code, one.manifest)).collect();
    let mut both = ["a", "b"].map(|of| (Reason::ShareAlikeConflict, manifest(of)));
    found.sort_unstable();
    both.sort_unstable();
    assert_eq!(found, both);
}
