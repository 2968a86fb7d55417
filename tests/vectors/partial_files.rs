//! Partial files.

use datadeed::manifest::{FileEntry, NameProfile, Partial, ShardId};
use datadeed::{Digest, ManifestId};
use serde_json::{Value, json};

use crate::annotate;
use crate::catalogue::Vector;
use crate::manifests::{content, manifest};
use crate::oracle::{hex, root};

pub(crate) fn vectors() -> Vec<Vector> {
    let none = Partial::new();
    vec![
        file("none", &none, "No shards: what merging leaves everything as it is with"),
        file(
            "shards",
            &shards(),
            "`manifest-head/files-many` in two shards, and one without files",
        ),
    ]
}

/// The files of `files-many`, dealt.
pub(crate) fn shards() -> Partial {
    let entries: Vec<FileEntry> = content()
        .into_iter()
        .map(|(name, text)| {
            FileEntry::new(name, u64::try_from(text.len()).unwrap(), Digest::of(text.as_bytes()))
        })
        .collect();
    let (first, second) = entries.split_at(2);
    let dealt = [("part-2", second), ("part-1", first), ("part-3", &[])];
    let partials = dealt.map(|(shard, files)| {
        Partial::files(ShardId::new(shard).unwrap(), files.to_vec()).unwrap()
    });
    let all = Partial::merge_all(partials).unwrap();
    let finished = all.clone().finish(NameProfile::Portable, 1);
    assert_eq!(finished, Ok(manifest("files-many")));
    all
}

fn file(name: &str, partial: &Partial, shows: &'static str) -> Vector {
    let bytes = partial.to_bytes();
    assert_eq!(Partial::decode(&bytes).as_ref(), Ok(partial), "{name}");
    let id: ManifestId = partial.clone().finish(NameProfile::Portable, 1).unwrap().id();
    let shards: Vec<Value> = partial
        .shards()
        .map(|(shard, commitment)| {
            json!({"id": shard.as_str(), "commitment": hex(&commitment.to_bytes())})
        })
        .collect();
    let facts = json!({"manifest_id": id.to_string(), "shards": shards});
    let annotated = annotate::partial_file(&bytes);
    let name = format!("partial-file/{name}");
    Vector { name, extension: "cborseq", bytes, annotated, shows, facts }
}

/// The commitment to no files is the empty tree.
#[test]
fn a_shard_without_files_is_the_empty_tree() {
    let shards = shards();
    let (_, empty) = shards.shards().last().unwrap();
    assert_eq!(empty.to_bytes(), root(Vec::new()));
}
