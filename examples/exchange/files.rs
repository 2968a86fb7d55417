//! The files that pass from the parties to the exchange.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use datadeed::attach::safetensors::Model;
use datadeed::manifest::Manifest;
use datadeed::proof::LineageProof;
use datadeed::trust::{Status, TrustStore};

use crate::common::file;
use crate::common::output::{self, Existing};

/// A directory with a name for everything in it.
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn create(dir: &Path) -> Result<Self, Box<dyn Error>> {
        for dir in [dir.join("manifests"), dir.join("what-if")] {
            fs::create_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        }
        Ok(Self(dir.to_owned()))
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(file::read(&self.path(name))?)
    }

    /// The file, where the story left one.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        if self.path(name).exists() { self.read(name).map(Some) } else { Ok(None) }
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        output::write(&self.path(name), bytes, Existing::Replace)
    }

    /// Writes the file, or removes what an earlier story left there.
    pub(crate) fn replace(&self, name: &str, bytes: Option<&[u8]>) -> Result<(), Box<dyn Error>> {
        match (bytes, fs::remove_file(self.path(name))) {
            (Some(bytes), _) => self.write(name, bytes),
            (None, Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            (None, _) => Ok(()),
        }
    }

    /// `model.safetensors` with the proof in it, and the proof alone as `proof.deed`.
    pub(crate) fn attach<R: Read + Seek>(
        &self,
        model: &mut Model<R>,
        proof: &[u8],
    ) -> Result<(), Box<dyn Error>> {
        // The model may be read from this very file.
        let path = self.path("model.safetensors");
        output::write_with(&path, Existing::Replace, |output| Ok(model.attach(proof, output)?))?;
        self.write("proof.deed", proof)
    }

    /// The proof that came with the training set the trainer bought.
    pub(crate) fn bought(&self, proof: Option<&LineageProof>) -> Result<(), Box<dyn Error>> {
        let bytes = proof.map(LineageProof::to_bytes);
        self.replace("training-set.deed", bytes.as_deref())
    }

    pub(crate) fn trust(&self, trust: &TrustStore) -> Result<(), Box<dyn Error>> {
        self.write("trust.cbor", &trust.to_bytes())
    }

    pub(crate) fn events(&self, status: &Status) -> Result<(), Box<dyn Error>> {
        self.write("events.cbor", &status.to_bytes())
    }

    /// `manifests/NAME.manifest` for each.
    pub(crate) fn manifests(&self, manifests: &[(String, Manifest)]) -> Result<(), Box<dyn Error>> {
        for (name, manifest) in manifests {
            self.write(&format!("manifests/{name}.manifest"), &manifest.to_bytes())?;
        }
        Ok(())
    }
}
