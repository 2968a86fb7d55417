//! Proofs in model files against copying the file.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use datadeed::attach::safetensors::{Model, read};
use tempfile::TempDir;

use crate::data;
use crate::interleave::{interleave, timed};

const ROUNDS: usize = 5;
const TENSORS: u64 = 64;
const TENSOR: u64 = 16 << 20;

/// Opening a model of 1 GiB and writing it with a proof of 1 MiB v `std::fs::copy`.
pub(crate) fn attach_1gb() -> f64 {
    let (root, model) = model().expect("room for 3 GiB");
    let proof = vec![0x5a; 1 << 20];
    let (attached, copy) = (root.path().join("attached"), root.path().join("copy"));
    interleave(
        ROUNDS,
        || {
            timed(|| {
                let mut model = Model::open(open(&model)).expect("a sound model");
                let output = File::create(&attached).expect("a new file");
                model.attach(&proof, output).expect("nobody else writes here");
            })
        },
        || timed(|| fs::copy(&model, &copy).expect("nobody else writes here")),
    )
}

/// Reading the proof and the id of the weights from that model v `std::fs::copy`.
pub(crate) fn extract_1gb() -> f64 {
    let (root, model) = model().expect("room for 3 GiB");
    let (attached, copy) = (root.path().join("attached"), root.path().join("copy"));
    let output = File::create(&attached).expect("a new file");
    let mut bare = Model::open(open(&model)).expect("a sound model");
    bare.attach(&vec![0x5a; 1 << 20], output).expect("nobody else writes here");
    interleave(
        ROUNDS,
        || timed(|| read(open(&attached)).expect("attached before")),
        || timed(|| fs::copy(&attached, &copy).expect("nobody else writes here")),
    )
}

fn open(path: &Path) -> File {
    File::open(path).expect("made before")
}

fn model() -> io::Result<(TempDir, PathBuf)> {
    let root = data::directory();
    let path = root.path().join("model.safetensors");
    let tensors: Vec<String> = (0..TENSORS)
        .map(|number| {
            let (begin, end) = (number * TENSOR, (number + 1) * TENSOR);
            let shape = TENSOR / 2 / 4_096;
            format!(r#""layer.{number}.weight":{{"dtype":"BF16","shape":[{shape},4096],"data_offsets":[{begin},{end}]}}"#)
        })
        .collect();
    let header = format!("{{{}}}", tensors.join(","));
    let length = u64::try_from(header.len()).expect("a short header");
    let mut file = File::create(&path)?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    data::write(&mut file, 1, TENSORS * TENSOR)?;
    Ok((root, path))
}
