use std::cell::RefCell;

use super::*;
use crate::digest::Digest;
use crate::lineage::RelationKind;
use crate::manifest::{FileEntry, Mount, NameProfile};

/// Composites, and which of them were asked for.
struct Asked {
    composites: Vec<Composite>,
    asked: RefCell<Vec<ManifestId>>,
}

impl ManifestSource for Asked {
    fn manifest(&self, _: ManifestId) -> Option<&Manifest> {
        None
    }

    fn composite(&self, id: ManifestId) -> Option<&Composite> {
        self.asked.borrow_mut().push(id);
        self.composites.iter().find(|composite| composite.id() == id)
    }
}

#[test]
fn no_mounts_are_read_once_the_budget_is_exceeded() {
    let file = FileEntry::new("a", 1, Digest::of(b"a"));
    let file = Manifest::files(vec![file], NameProfile::Any).unwrap();
    let composite = |prefix: usize, mounted: &[&crate::manifest::Head]| {
        let mounts = mounted.iter().enumerate();
        let mounts = mounts.map(|(i, head)| Mount::new(format!("{prefix}/{i}"), (*head).clone()));
        Composite::new(mounts.collect(), NameProfile::Any).unwrap()
    };
    let wide = composite(0, &[file.head(); 100]);
    let mut composites: Vec<_> = (1..50).map(|i| composite(i, &[wide.head()])).collect();
    let with: Vec<ManifestId> = composites.iter().map(Composite::id).collect();
    composites.push(wide);
    let (kind, tree) = (RelationKind::UnionOf, TreeName::Content);
    let relation = Relation::new(file.id(), kind, tree, with);
    let asked = |budget| {
        let source = Asked { composites: composites.clone(), asked: RefCell::default() };
        let (nothing, left) = (Evidence::default(), Cell::new(budget));
        let declared = |_, _: &str| None;
        let at_hand =
            AtHand { source: Some(&source), evidence: &nothing, declared: &declared, left: &left };
        (at_hand.claim(&relation).is_ok(), source.asked.take().len())
    };
    assert_eq!(asked(49 * 101), (true, 1 + 49 * 2));
    // The file that it is about, one composite, and what is too much.
    assert_eq!(asked(100), (false, 3));
}
