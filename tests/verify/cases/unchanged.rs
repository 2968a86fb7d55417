//! What is passed on as it was, which adapts nothing.

use datadeed::lineage::{Relation, RelationKind, TreeName};
use datadeed::manifest::{FileEntry, NameProfile};

use super::*;

/// Files by their names, each with what it holds.
fn files(entries: &[(&str, &str)]) -> Manifest {
    let entry = |(name, text): &(&str, &str)| FileEntry::new(*name, 1, Digest::of(text.as_bytes()));
    Manifest::files(entries.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

/// The curator's selection of data that nobody may share adapted, with a claim that is recomputed.
fn passed_on(kind: RelationKind, tree: TreeName, from: &Manifest, to: &Manifest) -> Verdict {
    let relation = Relation::new(to.id(), kind, tree, [from.id()]);
    let step = Activity::new(ActivityKind::Subset)
        .input(from.id(), [])
        .output(to.id(), [])
        .relation(relation)
        .between(day(2), day(2));
    let licence = seen_by("collector", from.id(), "CC-BY-ND-4.0");
    let case = Case::about(to.id()).collected(from.id()).with(licence).with(sign("curator", &step));
    let rows = vec![from.clone(), to.clone()];
    let case = Case { rows, ..case };
    assert_eq!(case.found(FindingCode::RelationProven).len(), 1, "{kind}");
    case.rights(&commercial(Action::Distribute))
}

#[test]
fn only_what_is_proven_to_hold_the_same_contents_is_unchanged() {
    let all = files(&[("a", "one"), ("b", "two")]);
    let part = files(&[("a", "one")]);
    let renamed = files(&[("c", "one"), ("d", "two")]);
    for (kind, tree, to) in [
        (RelationKind::SubsetOf, TreeName::Parts, &part),
        (RelationKind::SubsetOf, TreeName::Content, &part),
        (RelationKind::SameKeys, TreeName::Content, &renamed),
    ] {
        let verdict = passed_on(kind, tree, &all, to);
        assert!(verdict.is_permit(), "{kind}: {verdict:?}");
    }
    // The same names, and other contents under them.
    let rewritten = files(&[("a", "eins"), ("b", "zwei")]);
    let verdict = passed_on(RelationKind::SameKeys, TreeName::Parts, &all, &rewritten);
    let Verdict::Deny { reasons } = &verdict else { panic!("{verdict:?}") };
    assert!(reasons.iter().all(|one| one.code == Reason::NoDerivatives), "{verdict:?}");
}

/// Whoever collects makes nothing: what he found needs a licence of whoever holds the rights in it.
#[test]
fn a_collector_needs_a_licence_for_what_he_names_as_found() {
    let collect = Activity::new(ActivityKind::Collect)
        .input(manifest("site"), [])
        .output(manifest("source"), [])
        .between(day(1), day(1));
    let case = Case::about(manifest("source"))
        .collected(manifest("site"))
        .with(seen("site", "CC0-1.0"))
        .with(sign("collector", &collect));
    let train = commercial(Action::Train).party(iss("collector"));
    lacks(&case.rights(&train), &[(Missing::Licence, "source", None)]);
    // What he grants to others himself gives him nothing.
    let trust = but_for("collector", &[Role::Collector, Role::RightsHolder]);
    let own = granted("collector", [Rule::permit([Action::Search])]);
    let verdict = Case { trust, ..case }.with(own.clone()).rights(&train);
    denies(&verdict, &[(Reason::NoGrant, "source", Some(own.id()))]);
}

/// What was collected, as by scraping, and of which nobody says by what right, stands out.
#[test]
fn data_that_were_collected_without_a_word_on_terms_stand_out() {
    let code = FindingCode::CollectedWithoutTerms;
    let source = [Node::Manifest(manifest("source"))];
    assert_eq!(Case::source([]).found(code), source);
    assert_eq!(Case::cleaned([]).found(code), source);
    for said in [
        seen("source", "CC0-1.0").into(),
        granted("supplier", [Rule::permit([Action::Train])]).into(),
        stated(Reading::content_usage(b"train-ai=n").unwrap()).into(),
    ] {
        assert_eq!(Case::source([said]).found(code), []);
    }
    // It changes no verdict.
    let train = commercial(Action::Train);
    lacks(&Case::source([]).rights(&train), &[(Missing::Licence, "source", None)]);
}
