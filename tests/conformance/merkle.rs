//! Proofs of RFC 9162 from transparency-dev: 98 of inclusion and 98 of consistency, each with its outcome.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use datadeed::digest::Sha256;
use datadeed::log::{ConsistencyProof, InclusionProof};
use serde_json::Value;

use super::{list, text};

/// Every case of a suite, in its folders, with the file that it stands in.
fn cases(suite: &str) -> Vec<(PathBuf, Value)> {
    let folder = env::var_os("DATADEED_VECTORS").expect("DATADEED_VECTORS names the folder");
    let mut cases = Vec::new();
    read(&PathBuf::from(folder).join("merkle").join(suite), &mut cases);
    cases
}

fn read(path: &Path, cases: &mut Vec<(PathBuf, Value)>) {
    if path.is_file() {
        cases.push((path.to_owned(), serde_json::from_slice(&fs::read(path).unwrap()).unwrap()));
        return;
    }
    for entry in fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        read(&entry.unwrap().path(), cases);
    }
}

/// A hash, unless it has another length than every hash has.
fn hash(base64: &str) -> Option<Sha256> {
    let bytes = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
    Some(Sha256::from_bytes(bytes.try_into().ok()?))
}

/// A root, for which some cases of consistency have text where only its equality matters.
fn root(base64: &str) -> Sha256 {
    hash(base64).unwrap_or_else(|| Sha256::of(base64.as_bytes()))
}

fn path(case: &Value) -> Option<Vec<Sha256>> {
    match &case["proof"] {
        Value::Null => Some(vec![]),
        proof => list(proof).iter().map(|one| hash(one.as_str().unwrap())).collect(),
    }
}

fn number(case: &Value, field: &str) -> u64 {
    case[field].as_u64().unwrap_or_else(|| panic!("no number {field} in {case}"))
}

/// How many cases are accepted and refused, each as its file says.
fn judge(suite: &str, accepts: impl Fn(&Value) -> bool) -> (usize, usize) {
    let (mut accepted, mut refused) = (0, 0);
    for (file, case) in cases(suite) {
        let expected = !case["wantErr"].as_bool().unwrap();
        assert_eq!(accepts(&case), expected, "{}", file.display());
        *(if expected { &mut accepted } else { &mut refused }) += 1;
    }
    (accepted, refused)
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_rfc_9162_inclusion() {
    let accepts = |case: &Value| {
        let (tree_size, leaf_index) = (number(case, "treeSize"), number(case, "leafIdx"));
        let parts = (path(case), hash(text(case, "leafHash")), hash(text(case, "root")));
        let (Some(path), Some(leaf), Some(root)) = parts else { return false };
        InclusionProof { tree_size, leaf_index, path }.verify(leaf, root).is_ok()
    };
    assert_eq!(judge("inclusion", accepts), (6, 92));
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_rfc_9162_consistency() {
    let accepts = |case: &Value| {
        let (old_size, new_size) = (number(case, "size1"), number(case, "size2"));
        let (old, new) = (root(text(case, "root1")), root(text(case, "root2")));
        let Some(path) = path(case) else { return false };
        ConsistencyProof { old_size, new_size, path }.verify(old, new).is_ok()
    };
    assert_eq!(judge("consistency", accepts), (6, 92));
}
