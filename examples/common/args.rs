//! The command line, as the help text describes it.
//!
//! The help text is the specification: an option exists if a line begins with
//! it, takes a value if one stands beside it in capitals, and may be repeated
//! if that ends in `...`:
//!
//! ```text
//!   --input FILE...  what was used
//!   --force          replace the output
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use datadeed::Timestamp;
use lexopt::{Arg, Parser};

use super::{Failure, date};

/// What was given.
pub(crate) struct Args {
    help: &'static str,
    options: BTreeMap<&'static str, Vec<OsString>>,
    operands: Vec<PathBuf>,
}

/// A line of the help text.
struct Spec {
    name: &'static str,
    takes_value: bool,
    repeats: bool,
}

/// The options of a help text.
fn specs(help: &'static str) -> impl Iterator<Item = Spec> {
    help.lines().filter_map(|line| {
        let mut words = line.trim_start().strip_prefix("--")?.split(' ');
        let (name, value) = (words.next()?, words.next().unwrap_or_default());
        Some(Spec { name, takes_value: !value.is_empty(), repeats: value.ends_with("...") })
    })
}

impl Args {
    /// `None` where only help was asked for.
    pub(crate) fn parse(help: &'static str, mut parser: Parser) -> Result<Option<Self>, Failure> {
        let (mut options, mut operands) = (BTreeMap::new(), Vec::new());
        while let Some(arg) = parser.next()? {
            let spec = match arg {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Value(operand) => {
                    operands.push(operand.into());
                    continue;
                }
                Arg::Long(name) => specs(help).find(|spec| spec.name == name),
                Arg::Short(_) => None,
            };
            let Some(spec) = spec else { return Err(arg.unexpected().into()) };
            let value = if spec.takes_value { parser.value()? } else { OsString::new() };
            let values: &mut Vec<OsString> = options.entry(spec.name).or_default();
            if !values.is_empty() && !spec.repeats {
                return Err(format!("--{} was given twice", spec.name).into());
            }
            values.push(value);
        }
        Ok(Some(Self { help, options, operands }))
    }

    /// Exactly these operands.
    pub(crate) fn operands<const N: usize>(&self, names: [&str; N]) -> Result<[&Path; N], Failure> {
        if let Some(extra) = self.operands.get(N) {
            return Err(format!("unexpected argument {}", extra.display()).into());
        }
        let missing = names.get(self.operands.len()).copied().unwrap_or_default();
        let found: Vec<&Path> = self.operands.iter().map(PathBuf::as_path).collect();
        found.try_into().map_err(|_| format!("no {missing} given; --help says how").into())
    }

    /// Any number of operands, none included.
    pub(crate) fn any_operands(&self) -> &[PathBuf] {
        &self.operands
    }

    /// Any number of operands, one at least.
    pub(crate) fn one_or_more(&self, name: &str) -> Result<&[PathBuf], Failure> {
        if self.operands.is_empty() {
            return Err(format!("no {name} given; --help says how").into());
        }
        Ok(&self.operands)
    }

    fn values(&self, name: &str) -> &[OsString] {
        debug_assert!(specs(self.help).any(|spec| spec.name == name), "--{name} has no help");
        self.options.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether an option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.values(name).is_empty()
    }

    /// A path that must be given.
    pub(crate) fn path(&self, name: &str) -> Result<&Path, Failure> {
        Ok(self.find_path(name).ok_or_else(|| Self::absent(name))?)
    }

    pub(crate) fn find_path(&self, name: &str) -> Option<&Path> {
        self.values(name).first().map(Path::new)
    }

    pub(crate) fn paths(&self, name: &str) -> impl Iterator<Item = &Path> {
        self.values(name).iter().map(Path::new)
    }

    /// A text that must be given.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        Ok(self.find_text(name)?.ok_or_else(|| Self::absent(name))?)
    }

    pub(crate) fn find_text(&self, name: &str) -> Result<Option<&str>, Failure> {
        Ok(self.texts(name)?.first().copied())
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, Failure> {
        let text = |value: &OsString| format!("--{name}: {} is not UTF-8", value.display());
        self.values(name)
            .iter()
            .map(|value| value.to_str().ok_or_else(|| text(value).into()))
            .collect()
    }

    /// A value of some type.
    pub(crate) fn find<T>(&self, name: &str) -> Result<Option<T>, Failure>
    where
        T: FromStr<Err: Display>,
    {
        let parse = |text: &str| text.parse().map_err(|error| format!("--{name}: {error}"));
        Ok(self.find_text(name)?.map(parse).transpose()?)
    }

    /// A code of a vocabulary.
    pub(crate) fn code<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        code: fn(T) -> &'static str,
    ) -> Result<Option<T>, Failure> {
        Ok(self.codes(name, all, code)?.first().copied())
    }

    /// Codes of a vocabulary, separated by commas or in several options.
    pub(crate) fn codes<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        code: fn(T) -> &'static str,
    ) -> Result<Vec<T>, Failure> {
        let find = |text: &str| {
            all.iter().copied().find(|one| code(*one) == text).ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|one| code(*one)).collect();
                format!("--{name}: {text:?} is none of {}", known.join(", ")).into()
            })
        };
        self.texts(name)?.into_iter().flat_map(|text| text.split(',')).map(find).collect()
    }

    /// `LEFT=RIGHT`, split at the last `=`.
    pub(crate) fn pairs(&self, name: &str) -> Result<Vec<(&str, &str)>, Failure> {
        self.texts(name)?.into_iter().map(|text| Self::pair(name, text)).collect()
    }

    /// `NAME=VALUE`; the name may have such a sign itself.
    pub(crate) fn pair<'a>(name: &str, text: &'a str) -> Result<(&'a str, &'a str), Failure> {
        let fault = || format!("--{name}: {text:?} has no `=`").into();
        text.rsplit_once('=').ok_or_else(fault)
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<Timestamp>, Failure> {
        self.find_text(name)?.map(date::parse).transpose()
    }

    /// `--at`, or now.
    pub(crate) fn at(&self) -> Result<Timestamp, Failure> {
        self.date("at")?.map_or_else(date::now, Ok)
    }

    fn absent(name: &str) -> String {
        format!("no --{name} given; --help says how")
    }
}
