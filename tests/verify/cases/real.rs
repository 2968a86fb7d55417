//! Datasets that there are, with the licences that were found for them.
//!
//! As the Data Provenance Initiative lists them (Data-Provenance-Collection, `data_summaries`).

use DutyKind::{Attribute, NoExtraRestrictions, Notice, ShareAlike};
use datadeed::lineage::{Relation, RelationKind, TreeName};
use datadeed::manifest::{FileEntry, NameProfile};
use datadeed::rights::{Profile, hub_licence};

use super::*;

/// The components of BAAI's Chinese Open Instruction Generalist, as their makers licence them.
const COIG: [(&str, &str); 5] = [
    ("coig-translated-instruction", "Various"),
    ("coig-exam-instruction", "Apache-2.0"),
    ("coig-alignment-instruction", "Apache-2.0"),
    ("coig-counterfactual-correction", "Unspecified"),
    ("coig-leetcode", "CC-BY-SA-4.0"),
];

/// COIG as a collection of its components, each of which is one file; the hub tags all of it `apache-2.0`.
struct Coig {
    case: Case,
    whole: ManifestId,
    /// In the order of [`COIG`], with the licence that was seen.
    components: Vec<(ManifestId, StatementId)>,
    tag: StatementId,
}

fn files(names: &[&str]) -> Manifest {
    let entry = |name: &&str| {
        let digest = Digest::of(name.as_bytes());
        FileEntry::new(format!("{name}.jsonl"), name.len() as u64, digest)
    };
    Manifest::files(names.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

impl Coig {
    /// With these components; `rows` show that it is nothing but them.
    fn of(components: &[(&str, &str)], is_proven: bool) -> Self {
        let names: Vec<&str> = components.iter().map(|(name, _)| *name).collect();
        let whole = files(&names);
        let parts: Vec<Manifest> = names.iter().map(|name| files(&[name])).collect();
        let union = Relation::new(
            whole.id(),
            RelationKind::UnionOf,
            TreeName::Parts,
            parts.iter().map(Manifest::id),
        );
        let collect = parts
            .iter()
            .fold(Activity::new(ActivityKind::MergeCollect), |step, part| step.input(part.id(), []))
            .output(whole.id(), [])
            .relation(union)
            .between(day(2), day(2));
        let tag = seen_by("collector", whole.id(), hub_licence("apache-2.0"));
        let mut case = Case::about(whole.id()).with(sign("curator", &collect)).with(tag.clone());
        let mut seen = Vec::new();
        for (part, (_, licence)) in parts.iter().zip(components) {
            let spdx = if licence.contains('-') { licence } else { hub_licence(licence) };
            let licence = seen_by("observer", part.id(), spdx);
            seen.push((part.id(), licence.id()));
            case = case.collected(part.id()).with(licence);
        }
        if is_proven {
            case.rows = parts.into_iter().chain([whole.clone()]).collect();
        }
        Self { case, whole: whole.id(), components: seen, tag: tag.id() }
    }
}

/// Codes with the places where they arise and the statements that they come from.
#[track_caller]
fn grounds(verdict: &Verdict, word: &str) -> Vec<(&'static str, ManifestId, Option<StatementId>)> {
    assert_eq!(verdict.word(), word, "{verdict:?}");
    let mut all: Vec<_> = verdict.grounds().map(|g| (g.code, g.manifest, g.statement)).collect();
    all.sort_unstable();
    all
}

/// What one code says of some of the components.
fn about(
    code: &'static str,
    components: &[(ManifestId, StatementId)],
) -> Vec<(&'static str, ManifestId, Option<StatementId>)> {
    let mut all: Vec<_> = components.iter().map(|(of, by)| (code, *of, Some(*by))).collect();
    all.sort_unstable();
    all
}

#[test]
fn case_24_coig_trained_on_commercially() {
    assert_eq!(COIG.map(|(_, licence)| hub_licence(licence))[0], "NOASSERTION");
    assert_eq!(hub_licence("Unspecified"), "NOASSERTION");
    for is_proven in [false, true] {
        let coig = Coig::of(&COIG, is_proven);
        let verdict = coig.case.rights(&commercial(Action::Train));
        // Two components whose licence nobody states; the tag of the whole says nothing of them.
        let unstated = [coig.components[0], coig.components[3]];
        assert_eq!(grounds(&verdict, "unknown"), about("licence", &unstated));
        // Nor is a model better off.
        let train = Activity::train().input(coig.whole, []).output(manifest("weights"), []);
        let train = sign("trainer", &train.between(day(5), day(5)));
        let model = Case { subject: manifest("weights"), ..coig.case.clone() }.with(train);
        let verdict = model.rights(&commercial(Action::DistributeModel));
        assert_eq!(grounds(&verdict, "unknown"), about("licence", &unstated));
    }
}

#[test]
fn case_24_coig_released_again_under_its_tag() {
    let apache = under("Apache-2.0", commercial(Action::Distribute));
    // Its CC-BY-SA-4.0 component goes on under its own terms: as it is, or adapted for all anybody can show.
    for (is_proven, code) in [(true, "no-grant"), (false, "share-alike-conflict")] {
        let coig = Coig::of(&COIG, is_proven);
        let verdict = coig.case.rights(&apache);
        assert_eq!(grounds(&verdict, "deny"), about(code, &coig.components[4..]));
    }
    // Without it, two are still what nobody states; of the others the tag is true.
    let coig = Coig::of(&COIG[..4], true);
    let unstated = [coig.components[0], coig.components[3]];
    assert_eq!(grounds(&coig.case.rights(&apache), "unknown"), about("licence", &unstated));
    let coig = Coig::of(&COIG[1..3], true);
    let verdict = coig.case.rights(&apache);
    let mut asked_by: Vec<_> = verdict.duties().iter().map(|due| due.licence).collect();
    asked_by.sort_unstable();
    asked_by.dedup();
    let mut licences = vec![coig.tag, coig.components[0].1, coig.components[1].1];
    licences.sort_unstable();
    assert!(verdict.is_permit(), "{verdict:?}");
    assert_eq!(asked_by, licences);
}

/// A collection is no adaptation, and only rows show that it is one.
#[test]
fn case_24_coig_passed_on_with_the_terms_of_each_component() {
    let known = [COIG[1], COIG[2], COIG[4]];
    let share = commercial(Action::Distribute);
    let alike = |is_proven| {
        let coig = Coig::of(&known, is_proven);
        let verdict = coig.case.rights(&share);
        assert!(verdict.is_permit(), "{verdict:?}");
        let duties = verdict.duties();
        duties.iter().any(|due| due.duty.kind == ShareAlike && due.manifest == coig.components[2].0)
    };
    assert!(!alike(true));
    assert!(alike(false));
}

#[test]
fn case_11_aidatatang_redistributed_commercially() {
    let (of, source) = (manifest("aidatatang"), "https://openslr.org/62/");
    let licence = Licence::observed(of, "CC-BY-NC-ND-4.0", observation(source));
    let licence = sign("collector", &licence);
    let case = Case::about(of).collected(of).with(licence.clone());
    let ask = |action, purpose| case.rights(&Use::new(action).purpose(purpose).at(day(20)));
    let denied = |code| [(code, "aidatatang", Some(licence.id()))];
    denies(&ask(Action::Distribute, Purpose::Commercial), &denied(Reason::Purpose));
    // As it is and without a price, with credit.
    let owes =
        [Attribute, NoExtraRestrictions, Notice].map(|kind| (kind, "aidatatang", licence.id()));
    permits(&ask(Action::Distribute, Purpose::NonCommercial), &owes);
    let derived = ask(Action::DistributeDerived, Purpose::NonCommercial);
    denies(&derived, &denied(Reason::NoDerivatives));
    let both = [denied(Reason::NoDerivatives), denied(Reason::Purpose)].concat();
    denies(&ask(Action::DistributeDerived, Purpose::Commercial), &both);
    // A recogniser trained on it for sale, however far one thinks that its terms reach.
    let model = case.step("trainer", ActivityKind::Train, &["aidatatang"], "weights", 5);
    for profile in [Profile::Strict, Profile::Declared] {
        let verdict = model.rights(&commercial(Action::DistributeModel).profile(profile));
        let Verdict::Deny { reasons } = &verdict else { panic!("{verdict:?}") };
        let purpose = (Reason::Purpose, of, Some(licence.id()));
        assert!(reasons.iter().any(|one| (one.code, one.manifest, one.statement) == purpose));
    }
}

/// The hub says CC-BY-4.0; its repository says that it is for non-commercial use, and names the terms of a model.
#[test]
fn case_25_the_cot_collection_between_its_tag_and_its_terms() {
    let of = manifest("cotcollection-en");
    let hub = "https://huggingface.co/datasets/kaist-ai/CoT-Collection";
    let page = "https://github.com/kaistAI/CoT-Collection#license";
    let tag = sign("collector", &Licence::observed(of, hub_licence("cc-by-4.0"), observation(hub)));
    let verified = |spdx| sign("observer", &Licence::observed(of, spdx, observation(page)));
    let told = |licences: &[&Signed<Licence>]| {
        let case = Case::about(of).collected(of);
        licences.iter().fold(case, |case, licence| case.with((*licence).clone()))
    };
    let train = commercial(Action::Train);
    let credit = [Attribute, Notice].map(|kind| (kind, "cotcollection-en", tag.id()));
    permits(&told(&[&tag]).rights(&train), &credit);
    let mismatch = [Node::Manifest(of)];
    // Read as the public licence that says the same.
    let terms = verified("CC-BY-NC-4.0");
    let case = told(&[&tag, &terms]);
    denies(&case.rights(&train), &[(Reason::Purpose, "cotcollection-en", Some(terms.id()))]);
    assert_eq!(case.found(FindingCode::LicenceMismatch), mismatch);
    let detail = |case: &Case| {
        let lineage = case.verify();
        let mut all = lineage.findings().iter();
        all.find(|one| one.code == FindingCode::LicenceMismatch).map(|one| one.detail.clone())
    };
    assert_eq!(detail(&case).unwrap(), "CC-BY-4.0 / CC-BY-NC-4.0");
    // With the terms of another, which nobody here can read, and as terms that are no public licence at all.
    let terms = verified("CC-BY-NC-4.0 AND LicenseRef-OpenAI");
    denies(
        &told(&[&tag, &terms]).rights(&train),
        &[(Reason::Purpose, "cotcollection-en", Some(terms.id()))],
    );
    let terms = verified(hub_licence("Non Commercial"));
    let case = told(&[&tag, &terms]);
    lacks(&case.rights(&train), &[(Missing::Licence, "cotcollection-en", Some(terms.id()))]);
    assert_eq!(case.found(FindingCode::LicenceMismatch), mismatch);
    assert_eq!(detail(&case).unwrap(), "CC-BY-4.0 / NOASSERTION");
}

#[test]
fn dolly_15k_and_models_that_were_tuned_on_it() {
    let (of, spdx) = (manifest("databricks-dolly-15k"), hub_licence("cc-by-sa-3.0"));
    assert_eq!(spdx, "CC-BY-SA-3.0");
    let page = "https://huggingface.co/datasets/databricks/databricks-dolly-15k";
    let licence = sign("collector", &Licence::observed(of, spdx, observation(page)));
    let owed = |kinds: &[DutyKind]| -> Vec<_> {
        kinds.iter().map(|kind| (*kind, "databricks-dolly-15k", licence.id())).collect()
    };
    let case = Case::about(of).collected(of).with(licence.clone());
    permits(&case.rights(&commercial(Action::Train)), &owed(&[Attribute, Notice]));
    let from = &["databricks-dolly-15k"];
    let model = case.clone().step("trainer", ActivityKind::Train, from, "weights", 5);
    let share = commercial(Action::DistributeModel);
    let conflict = [(Reason::ShareAlikeConflict, "databricks-dolly-15k", Some(licence.id()))];
    denies(&model.rights(&under("MIT", share.clone())), &conflict);
    for (verdict, kind) in [
        (model.rights(&under("CC-BY-SA-4.0", share.clone())), Some(ShareAlike)),
        (model.rights(&under("MIT", share.profile(Profile::Declared))), None),
    ] {
        let also = kind.into_iter().chain(kind.map(|_| NoExtraRestrictions));
        let kinds: Vec<DutyKind> = [Attribute, Notice].into_iter().chain(also).collect();
        permits(&verdict, &owed(&kinds));
    }
    // What was cleaned goes on under the same or a later version.
    let cleaned = case.step("curator", ActivityKind::Clean, from, "corpus", 2);
    let share = commercial(Action::Distribute);
    denies(&cleaned.rights(&under("CC-BY-4.0", share.clone())), &conflict);
    let kinds = [Attribute, NoExtraRestrictions, Notice, ShareAlike];
    permits(&cleaned.rights(&under("CC-BY-SA-4.0", share)), &owed(&kinds));
}
