//! A source of the caller's that answers with something else has not answered.

use super::*;

/// Answers whatever is asked for with the same.
#[derive(Default)]
struct Liar {
    manifest: Option<Manifest>,
    composite: Option<Composite>,
    records: Option<RecordIndex>,
    sha256: Option<Sha256Index>,
    declared: Option<IndexId>,
}

impl ManifestSource for Liar {
    fn manifest(&self, _: ManifestId) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    fn composite(&self, _: ManifestId) -> Option<&Composite> {
        self.composite.as_ref()
    }

    fn records(&self, _: IndexId) -> Option<&RecordIndex> {
        self.records.as_ref()
    }

    fn sha256(&self, _: IndexId) -> Option<&Sha256Index> {
        self.sha256.as_ref()
    }

    fn declared(&self, _: ManifestId, _: &str) -> Option<IndexId> {
        self.declared
    }
}

fn same(of: ManifestId, tree: TreeName, with: ManifestId) -> Relation {
    Relation::new(of, RelationKind::Same, tree, [with])
}

#[test]
fn another_manifest_is_none() {
    let (one, other) = (rows(&[("a", "x")]), rows(&[("b", "y")]));
    for tree in [TreeName::Parts, TreeName::Content] {
        let liar = Liar { manifest: Some(one.clone()), ..Liar::default() };
        let itself = same(one.id(), tree.clone(), one.id());
        assert_eq!(judge_relation(&itself, &liar), Judgement::Holds);
        let claim = same(one.id(), tree, other.id());
        assert_eq!(judge_relation(&claim, &liar), Judgement::Unknown);
    }
}

#[test]
fn another_composite_is_none() {
    let part = rows(&[("a", "x")]);
    let mounted = |name: &str| {
        let mount = Mount::new(name, part.head().clone());
        Composite::new(vec![mount], NameProfile::Portable).unwrap()
    };
    let (one, other) = (mounted("a"), mounted("b"));
    let liar = Liar { composite: Some(one.clone()), ..Liar::default() };
    let itself = same(one.id(), TreeName::Parts, one.id());
    assert_eq!(judge_relation(&itself, &liar), Judgement::Holds);
    let claim = same(one.id(), TreeName::Parts, other.id());
    assert_eq!(judge_relation(&claim, &liar), Judgement::Unknown);
}

#[test]
fn an_index_with_another_id_than_the_declared_one_is_none() {
    let of = rows(&[("a", "x")]);
    let mut builder = RecordIndexBuilder::new(of.id(), RecordRule::LineRaw);
    builder.file(b"x").unwrap();
    let records = builder.finish().unwrap();
    let sha256 = Sha256Index::new(&of, vec![Sha256::of(b"x")]).unwrap();
    for (rule, declared) in [("line-raw/1", records.id()), ("sha256", sha256.id())] {
        let claim = same(of.id(), TreeName::Index(rule.into()), of.id());
        let judge = |declared| {
            let liar = Liar {
                manifest: Some(of.clone()),
                records: Some(records.clone()),
                sha256: Some(sha256.clone()),
                declared: Some(declared),
                ..Liar::default()
            };
            judge_relation(&claim, &liar)
        };
        assert_eq!(judge(declared), Judgement::Holds, "{rule}");
        assert_eq!(judge(IndexId::from_bytes([1; 32])), Judgement::Unknown, "{rule}");
    }
}
