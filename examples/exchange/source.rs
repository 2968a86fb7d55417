//! Where the data come from: packages on this machine, the user's directories, a supplier.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use datadeed::Digest;
use datadeed::manifest::{Manifest, ManifestError, NameProfile};
use datadeed::scan::{Progress, Scan, ScanError};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

/// A dataset as it was found.
pub(crate) struct Source {
    /// Its name and version.
    pub(crate) title: String,
    /// What its files' names begin with once it is merged with others.
    pub(crate) prefix: String,
    pub(crate) root: PathBuf,
    pub(crate) manifest: Manifest,
    pub(crate) terms: Terms,
}

/// How the dataset is offered.
pub(crate) enum Terms {
    /// Under a licence that anybody can read at the source.
    Public {
        expression: String,
        /// Where the data came from.
        source: String,
        /// How the licence was read.
        method: &'static str,
        /// The text it was read in.
        text: Vec<u8>,
    },
    /// Under a public licence that the supplier grants himself.
    Granted(&'static str),
    /// Under an agreement with the supplier.
    Negotiated,
}

/// What is known of a source before it is scanned.
struct Lead {
    title: String,
    prefix: String,
    root: PathBuf,
    terms: Terms,
}

/// The sources of this crate's own dependencies, as far as this platform needs them.
pub(crate) fn dependencies() -> Result<Vec<Source>, Box<dyn Error>> {
    let metadata: Value = serde_json::from_slice(&output(
        Command::new(tool("CARGO", "cargo"))
            .args(["metadata", "--offline", "--format-version", "1"])
            .args(["--filter-platform", &host()?])
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]),
    )?)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    // A package without a source is this crate itself.
    let leads = packages.iter().filter(|package| package["source"].is_string()).map(package);
    scan(leads.collect::<Result<_, _>>()?)
}

/// A package as `cargo metadata` describes it; its directory is the dataset.
fn package(package: &Value) -> Result<Lead, Box<dyn Error>> {
    let field = |key: &str| package[key].as_str().ok_or(format!("a package without {key}"));
    let (name, version) = (field("name")?, field("version")?);
    let manifest = PathBuf::from(field("manifest_path")?);
    let root = manifest.parent().ok_or("a manifest without a directory")?.to_owned();
    Ok(Lead {
        title: format!("{name} {version}"),
        prefix: format!("{name}-{version}"),
        terms: Terms::Public {
            // Cargo's documented older spelling of OR is a slash.
            expression: package["license"].as_str().map_or_else(
                || "NOASSERTION".to_owned(),
                |text| text.split('/').map(str::trim).collect::<Vec<_>>().join(" OR "),
            ),
            source: format!("cargo:{name}@{version}"),
            method: "cargo-manifest",
            text: fs::read(&manifest)?,
        },
        root,
    })
}

/// The user's own directories, each under the expression given with it.
pub(crate) fn directories(datasets: &[(PathBuf, String)]) -> Result<Vec<Source>, Box<dyn Error>> {
    let leads = datasets.iter().enumerate().map(|(index, (root, expression))| {
        let name = fs::canonicalize(root)
            .map_err(|error| format!("{}: {error}", root.display()))?
            .file_name()
            .map_or_else(|| "data".to_owned(), |name| name.to_string_lossy().into_owned());
        Ok(Lead {
            prefix: format!("{}-{name}", index + 1),
            root: root.clone(),
            terms: Terms::Public {
                expression: expression.clone(),
                source: format!("local:{name}"),
                method: "command-line",
                text: expression.clone().into_bytes(),
            },
            title: name,
        })
    });
    scan(leads.collect::<Result<_, Box<dyn Error>>>()?)
}

/// Texts and pictures of a data supplier's own, written here so that there is something to scan.
pub(crate) fn supplier(out: &Path) -> Result<Vec<Source>, Box<dyn Error>> {
    const NOTES: [(&str, &str); 3] = [
        ("01.txt", "The well at the north gate gave clear water until the tenth.\n"),
        ("02.txt", "Two herons at the weir, whose keeper opened the sluice at noon.\n"),
        ("zh/节气.txt", "立冬，水始冰，地始冻。小雪，虹藏不见。\n"),
    ];
    const SKETCHES: [(&str, &str); 2] = [
        ("sluice.svg", r#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 9h9V0"/></svg>"#),
        ("well.svg", r#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>"#),
    ];
    let root = out.join("supplier");
    let lead = |title: &str, prefix: &str, files: &[(&str, &str)], terms| {
        let root = root.join(prefix);
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&root))?;
            fs::write(path, text)?;
        }
        Ok::<_, io::Error>(Lead { title: title.to_owned(), prefix: prefix.to_owned(), root, terms })
    };
    scan(vec![
        lead("Field notes", "field-notes", &NOTES, Terms::Negotiated)?,
        lead("Field sketches", "field-sketches", &SKETCHES, Terms::Granted("CC-BY-4.0"))?,
    ])
}

/// Scans every directory, with a bar on a terminal.
fn scan(leads: Vec<Lead>) -> Result<Vec<Source>, Box<dyn Error>> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {msg}")?);
    let total = leads.len();
    let mut sources: Vec<Source> = Vec::with_capacity(total);
    for lead in leads {
        bar.set_prefix(format!("scanning {}/{total}", sources.len() + 1));
        bar.set_message(lead.title.clone());
        let show = |progress: Progress| {
            bar.set_length(progress.bytes);
            bar.set_position(progress.bytes_done);
        };
        let scan = Scan::new(&lead.root).progress(&show);
        let manifest = match scan.run() {
            Err(ScanError::Manifest(ManifestError::Name(error))) => {
                println!("{}: {error}; its names are taken as they are", lead.title);
                scan.profile(NameProfile::Any).run()?
            }
            scanned => scanned?,
        };
        if let Some(twin) = sources.iter().find(|other| other.manifest.id() == manifest.id()) {
            return Err(format!("{} and {} are the same dataset", twin.title, lead.title).into());
        }
        let Lead { title, prefix, root, terms } = lead;
        sources.push(Source { title, prefix, root, manifest, terms });
    }
    bar.finish_and_clear();
    Ok(sources)
}

/// Where the bytes of every content are.
pub(crate) struct Contents(BTreeMap<Digest, PathBuf>);

impl Contents {
    pub(crate) fn of(sources: &[Source]) -> Self {
        let files = sources.iter().flat_map(|source| {
            let entries = source.manifest.file_entries().unwrap_or_default();
            entries.iter().map(|entry| (entry.digest, source.root.join(&entry.name)))
        });
        Self(files.collect())
    }

    /// Also what has been made since.
    pub(crate) fn add(&mut self, path: PathBuf, bytes: &[u8]) -> io::Result<()> {
        fs::write(&path, bytes)?;
        self.0.insert(Digest::of(bytes), path);
        Ok(())
    }

    /// The bytes with this digest: those that were scanned, and no others.
    pub(crate) fn read(&self, digest: Digest) -> Result<Vec<u8>, Box<dyn Error>> {
        let path = self.0.get(&digest).ok_or_else(|| format!("{digest} was not scanned"))?;
        let bytes = fs::read(path)?;
        if Digest::of(&bytes) != digest {
            return Err(format!("{} changed since it was scanned", path.display()).into());
        }
        Ok(bytes)
    }
}

/// The platform this program was built by, whose dependencies were built too.
fn host() -> Result<String, Box<dyn Error>> {
    let version = output(Command::new(tool("RUSTC", "rustc")).arg("-vV"))?;
    let version = String::from_utf8(version)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc -vV names no host")?.to_owned())
}

fn tool(variable: &str, default: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| default.into())
}

fn output(command: &mut Command) -> Result<Vec<u8>, Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
    }
}
