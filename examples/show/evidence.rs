//! What evidence opens of the trees of datasets.

use datadeed::ManifestId;
use datadeed::manifest::{
    ContentRow, Evidence, FileEntry, Index, Mount, RecordRow, Sha256Entry, TensorEntry,
};
use datadeed::tree::Summary;
use serde_json::{Map, Value as Json, json};

pub(crate) fn evidence(evidence: &Evidence) -> Json {
    let datasets: Vec<Json> = evidence.manifests().map(|of| dataset(evidence, of)).collect();
    json!({ "type": "evidence", "datasets": datasets })
}

fn dataset(evidence: &Evidence, of: ManifestId) -> Json {
    let mut shown = Map::new();
    shown.insert("manifest".into(), json!(of.to_string()));
    if let Some(head) = evidence.head(of) {
        shown.insert("kind".into(), json!(head.kind.code()));
        shown.insert("parts".into(), summary(&head.parts));
        if let Some(content) = &head.content {
            shown.insert("content".into(), summary(content));
        }
    }
    let mut opened = |name: &str, rows: Option<Vec<Json>>| {
        if let Some(rows) = rows {
            shown.insert(format!("opened_{name}"), json!(rows));
        }
    };
    opened("files", evidence.opened_files(of).map(|tree| {
        let row = |row: &FileEntry| {
            json!({ "name": row.name, "size": row.size, "digest": row.digest.to_string() })
        };
        tree.rows().map(row).collect()
    }));
    opened(
        "tensors",
        evidence.opened_tensors(of).map(|tree| {
            let row = |row: &TensorEntry| {
                let (dtype, shape) = (row.dtype.to_string(), row.shape.dimensions());
                let digest = row.digest.to_string();
                json!({ "name": row.name, "dtype": dtype, "shape": shape, "digest": digest })
            };
            tree.rows().map(row).collect()
        }),
    );
    opened(
        "mounts",
        evidence.opened_mounts(of).map(|tree| {
            let row =
                |row: &Mount| json!({ "name": row.name, "manifest": row.manifest().to_string() });
            tree.rows().map(row).collect()
        }),
    );
    opened("contents", evidence.opened_contents(of).map(|tree| tree.rows().map(content).collect()));
    let indexes: Vec<Json> = evidence
        .indexes()
        .filter(|found| found.of == of)
        .map(|found| index(evidence, found))
        .collect();
    if !indexes.is_empty() {
        shown.insert("indexes".into(), json!(indexes));
    }
    Json::Object(shown)
}

fn index(evidence: &Evidence, index: &Index) -> Json {
    let records = evidence.opened_records(index.of, &index.rule).map(|tree| {
        let row = |row: &RecordRow| {
            json!({ "digest": row.digest.to_string(), "count": row.count, "size": row.size })
        };
        tree.rows().map(row).collect::<Vec<Json>>()
    });
    let sha256 = evidence.opened_sha256(index.of).filter(|tree| *tree.root() == index.tree);
    let sha256 = sha256.map(|tree| {
        let row = |row: &Sha256Entry| {
            json!({ "name": row.name, "size": row.size, "sha256": row.sha256.to_string() })
        };
        tree.rows().map(row).collect::<Vec<Json>>()
    });
    let mut shown = json!({
        "id": index.id().to_string(),
        "rule": index.rule,
        "tree": summary(&index.tree),
        "opened": records.or(sha256),
    });
    if let Some(files) = &index.files {
        shown["files"] = summary(files);
    }
    shown
}

fn content(row: &ContentRow) -> Json {
    json!({ "digest": row.digest.to_string(), "count": row.count, "size": row.size })
}

fn summary(summary: &Summary) -> Json {
    let hash = summary.hash().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    json!({ "hash": hash, "count": summary.count(), "bytes": summary.bytes() })
}
