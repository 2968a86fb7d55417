//! A directory in which the tools are run.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::common::{Run, example};

/// The parties, by their keys' names, with what they are believed in.
const PARTIES: [(&str, &str); 4] = [
    ("curator", "curator"),
    ("registrar", "registrar"),
    ("supplier", "rights_holder,collector"),
    ("trainer", "trainer"),
];

/// See the module.
pub(super) struct Desk(TempDir);

impl Desk {
    /// Keys, data, and a model.
    pub(super) fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::create_dir(desk.path("raw")).unwrap();
        fs::create_dir(desk.path("clean")).unwrap();
        for (name, text) in [("a.txt", "a\n"), ("b.txt", "b\n")] {
            fs::write(desk.path("raw").join(name), text).unwrap();
            fs::write(desk.path("clean").join(name), text).unwrap();
        }
        fs::write(desk.path("raw").join("noise.bin"), [0xff]).unwrap();
        fs::write(desk.path("trained.safetensors"), model(&[1, 2])).unwrap();
        for (name, _) in PARTIES {
            let made = desk.done("keygen", &["--out", &format!("{name}.pem")]);
            assert!(made.last().starts_with("ed25519:"), "{made:?}");
        }
        let list: Vec<String> = PARTIES
            .iter()
            .map(|(name, roles)| format!("did:web:{name}.example {name}.pem {roles}"))
            .collect();
        fs::write(desk.path("anchors.txt"), format!("# whom to believe\n\n{}\n", list.join("\n")))
            .unwrap();
        desk
    }

    /// The desk with everything done up to a model with its proof.
    pub(super) fn complete() -> Self {
        let desk = Self::new();
        desk.done("scan", &["raw", "--out", "raw.manifest"]);
        desk.done("scan", &["clean", "--threads", "1", "--out", "clean.manifest"]);
        desk.sign("supplier", "describe", "raw.manifest --title Raw --modality text", "raw.cose");
        let collect =
            "collect --output raw.manifest --with raw.cose --started 2026-11-01 --ended 2026-11-01";
        desk.sign("supplier", "derive", collect, "collected.cose");
        let terms = "raw.manifest --permit train,derive,distribute_derived,distribute_model \
                     --purpose commercial --in CN --share did:web:supplier.example=250 --revocable --survives yes";
        desk.sign("supplier", "grant", terms, "raw-licence.cose");
        desk.done(
            "join",
            &words("raw.manifest raw.cose collected.cose raw-licence.cose --out raw.deed"),
        );

        desk.sign(
            "curator",
            "describe",
            "clean.manifest --title Clean --scan computed",
            "clean.cose",
        );
        let step = "clean --input raw.manifest --output clean.manifest --with raw.deed \
                    --with clean.cose --relation subset_of --tool cleaner=1.0";
        desk.sign("curator", "derive", step, "cleaned.cose");
        let entry = "clean.manifest --object Corpus --registrant did:web:curator.example=Curator \
                     --from 2026-11-02 --until 2029-11-02 --number DEMO-1 --jurisdiction CN-BJ";
        desk.sign("registrar", "register", entry, "registered.cose");
        let terms = "clean.manifest --permit train,distribute_model --duty attribute \
                     --licensee did:web:trainer.example";
        desk.sign("curator", "grant", terms, "clean-licence.cose");
        desk.done(
            "join",
            &words("clean.manifest raw.deed clean.cose cleaned.cose registered.cose clean-licence.cose --out clean.deed"),
        );

        desk.done("trust", &["anchors.txt", "--out", "trust.cbor"]);
        desk.done("status", &words("--at 2026-11-20 --out status.cbor"));
        desk.sign(
            "trainer",
            "train",
            "trained.safetensors --input clean.deed --title Model --started 2026-11-03",
            "model.safetensors",
        );
        desk
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn run(&self, tool: &str, args: &[&str]) -> Run {
        Run::of(example(tool).args(args).current_dir(self.0.path()))
    }

    #[track_caller]
    pub(super) fn done(&self, tool: &str, args: &[&str]) -> Run {
        let run = self.run(tool, args);
        assert_eq!(run.code, Some(0), "{tool} {args:?}: {run:?}");
        run
    }

    #[track_caller]
    pub(super) fn ends(&self, code: i32, last: &str, tool: &str, args: &str) -> Run {
        let run = self.run(tool, &words(args));
        assert!(run.last().starts_with(last), "{tool} {args}: {run:?}");
        assert_eq!(run.code, Some(code), "{tool} {args}: {run:?}");
        run
    }

    /// Runs a signing tool as a party, on the day on which everything is signed.
    #[track_caller]
    pub(super) fn sign(&self, by: &str, tool: &str, args: &str, out: &str) -> Run {
        let (key, iss) = (format!("{by}.pem"), format!("did:web:{by}.example"));
        let signed = ["--key", &key, "--iss", &iss, "--at", "2026-11-03", "--out", out];
        let args = [&words(args), &signed[..]].concat();
        let run = self.done(tool, &args);
        assert!(run.last().contains(':'), "{run:?}");
        run
    }

    /// Changes one byte of a file.
    pub(super) fn damage(&self, name: &str, at: impl Fn(&[u8]) -> usize) {
        let mut bytes = fs::read(self.path(name)).unwrap();
        let at = at(&bytes);
        bytes[at] ^= 1;
        fs::write(self.path(name), bytes).unwrap();
    }
}

pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// A safetensors file with one tensor.
pub(super) fn model(data: &[u8]) -> Vec<u8> {
    padded_model(data, 0)
}

/// A safetensors file with one tensor and a header of some length at least.
pub(super) fn padded_model(data: &[u8], least: usize) -> Vec<u8> {
    let (shape, end) = (data.len(), data.len());
    let header = format!(r#"{{"w":{{"dtype":"U8","shape":[{shape}],"data_offsets":[0,{end}]}}}}"#);
    let header = format!("{header:least$}");
    [&u64::try_from(header.len()).unwrap().to_le_bytes(), header.as_bytes(), data].concat()
}
