//! A real model, if a small one: how often one byte follows another.

use std::error::Error;

use datadeed::ManifestId;
use datadeed::lineage::{Activity, Tool};
use datadeed::manifest::{Dataset, ScanMethod};

use crate::curate::Stage;
use crate::ledger::{Day, Ledger};
use crate::party::TRAINER;
use crate::source::Contents;

/// The title of the model, as its trainer gives it.
const TITLE: &str = "Byte bigram model";

/// Counts bytes and pairs of neighbouring bytes.
pub(crate) struct Bigram {
    single: Vec<u32>,
    pair: Vec<u32>,
}

impl Bigram {
    /// A model that has seen nothing: all bytes are equally likely.
    pub(crate) fn untrained() -> Self {
        Self { single: vec![0; 256], pair: vec![0; 256 * 256] }
    }

    /// Learns from every file of the training set.
    pub(crate) fn train(training: &Stage, contents: &Contents) -> Result<Self, Box<dyn Error>> {
        let mut model = Self::untrained();
        for row in training.manifest.content_rows() {
            let text = contents.read(row.digest)?;
            for byte in &text {
                let count = &mut model.single[usize::from(*byte)];
                *count = count.saturating_add(1);
            }
            for pair in text.windows(2) {
                let count = &mut model.pair[usize::from(pair[0]) * 256 + usize::from(pair[1])];
                *count = count.saturating_add(1);
            }
        }
        Ok(model)
    }

    /// The model as safetensors: `length u64le | JSON header | log-probabilities f32le`.
    pub(crate) fn to_safetensors(&self) -> Vec<u8> {
        let header = concat!(
            r#"{"__metadata__":{"format":"byte-bigram"},"#,
            r#""bigram":{"dtype":"F32","shape":[256,256],"data_offsets":[0,262144]},"#,
            r#""unigram":{"dtype":"F32","shape":[256],"data_offsets":[262144,263168]}}"#,
        );
        // Spaces up to a multiple of 8 keep the tensors aligned.
        let header = format!("{header:<width$}", width = header.len().next_multiple_of(8));
        let mut file = Vec::with_capacity(8 + header.len() + 263_168);
        file.extend_from_slice(&u64::try_from(header.len()).unwrap_or_default().to_le_bytes());
        file.extend_from_slice(header.as_bytes());
        for counts in self.pair.chunks(256).chain([self.single.as_slice()]) {
            for weight in log_probabilities(counts) {
                file.extend_from_slice(&weight.to_le_bytes());
            }
        }
        file
    }
}

/// Natural logarithms, every count raised by one so that nothing is impossible.
#[expect(clippy::cast_possible_truncation, reason = "weights are stored in single precision")]
fn log_probabilities(counts: &[u32]) -> impl Iterator<Item = f32> {
    let total: f64 = counts.iter().map(|count| f64::from(*count) + 1.0).sum();
    counts.iter().map(move |count| ((f64::from(*count) + 1.0) / total).ln() as f32)
}

/// Signs that the weights came from these datasets; from undisclosed ones where there are none.
///
/// A model with a title of its own was trained elsewhere, by nobody knows what program.
pub(crate) fn sign(
    ledger: &mut Ledger,
    inputs: &[Stage],
    weights: ManifestId,
    title: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let mut activity =
        Activity::train().between(ledger.time(Day::TRAINING), ledger.time(Day::TRAINED));
    if title.is_none() {
        let tool = Tool::new("datadeed exchange example", env!("CARGO_PKG_VERSION"));
        activity = activity.tool(tool);
    }
    for input in inputs {
        activity = activity.input(input.manifest.id(), [input.voucher]);
    }
    if inputs.is_empty() {
        activity = activity.undisclosed_inputs();
    }
    let described = Dataset::new(weights, title.unwrap_or(TITLE), ScanMethod::Full);
    let described = ledger.sign(TRAINER, Day::TRAINED, &described)?;
    ledger.sign(TRAINER, Day::TRAINED, &activity.output(weights, [described]))?;
    Ok(())
}
