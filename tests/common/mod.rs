//! The examples as their users run them.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

/// An example, built as this test was: where cargo was asked for this test alone, it may be absent or old.
pub(crate) fn example(name: &str) -> Command {
    static EXAMPLES: OnceLock<PathBuf> = OnceLock::new();
    let examples = EXAMPLES.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile: PathBuf = test.ancestors().nth(2).unwrap().into();
        let release = profile.file_name().is_some_and(|name| name == "release");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline", "--examples"])
            .args(release.then_some("--release"))
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .status();
        assert!(built.unwrap().success());
        profile.join("examples")
    });
    Command::new(examples.join(name).with_extension(std::env::consts::EXE_EXTENSION))
}

/// What a run printed, line by line, and its exit code.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) lines: Vec<String>,
    pub(crate) errors: String,
    pub(crate) code: Option<i32>,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = String::from_utf8(stdout).unwrap();
        let lines = text.lines().map(str::to_owned).collect();
        Self { lines, errors: String::from_utf8(stderr).unwrap(), code: status.code() }
    }

    /// The last line on standard output.
    pub(crate) fn last(&self) -> &str {
        self.lines.last().map_or("", String::as_str)
    }
}
