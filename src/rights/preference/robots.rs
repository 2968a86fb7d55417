//! `robots.txt`: RFC 9309, with the `Content-Usage` rules of draft-ietf-aipref-attach-05.

use super::super::{Action, Rule};
use super::pattern::Path;
use super::reading::{self, bounded};
use super::{Reading, ReadingError, Vocabulary, WhyIgnored};
use crate::text::excerpt;

impl Reading {
    /// What a `robots.txt` says to the crawler `product` about `path`.
    ///
    /// The groups that name the product count together, or else those for `*`;
    /// of the patterns that match the path the longest decides, and `Allow`
    /// where two are as long (RFC 9309 section 2.2). A disallowed path
    /// prohibits `reproduce`, for crawling makes a copy, and has no further
    /// preferences; an allowed one grants nothing, but may have some: the
    /// `Content-Usage` rules with the longest pattern, all of which count
    /// (draft-ietf-aipref-attach-05 section 3).
    ///
    /// ```
    /// use datadeed::rights::{Action, Reading, Rule};
    ///
    /// let text = b"User-agent: *\n\
    ///     Disallow: /drafts/\n\
    ///     Content-Usage: train-ai=n\n\
    ///     Content-Usage: /press/ train-ai=y\n";
    /// let rules = |path| Ok::<_, datadeed::rights::ReadingError>(
    ///     Reading::robots_txt(text, "ExampleBot", path)?.rules
    /// );
    /// assert_eq!(rules("/drafts/a")?, [Rule::prohibit([Action::Reproduce])].into());
    /// assert_eq!(rules("/press/a")?, [Rule::permit([Action::TrainGenerative])].into());
    /// assert_eq!(rules("/a")?, [Rule::prohibit([Action::TrainGenerative])].into());
    /// # Ok::<(), datadeed::rights::ReadingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`], [`ReadingError::NotAProduct`] or
    /// [`ReadingError::NotAPath`]; whatever else is wrong is in [`Reading::ignored`].
    pub fn robots_txt(text: &[u8], product: &str, path: &str) -> Result<Self, ReadingError> {
        bounded(text)?;
        if product.is_empty() || product_of(product.as_bytes()).len() != product.len() {
            return Err(ReadingError::NotAProduct { found: excerpt(product) });
        }
        let path = reading::path(path)?;
        let mut reading = Self::new(Vocabulary::Robots);
        let scope = reading.scope(text, product.as_bytes(), &path);
        // Section 2.2.2: the file itself is always allowed.
        if scope.is_disallowed() && path.as_str() != "/robots.txt" {
            reading.add(Rule::prohibit([Action::Reproduce]));
        } else {
            for usage in &scope.usages {
                reading.add_content_usage(usage);
            }
        }
        Ok(reading)
    }

    /// The rules that apply to the product: those of its own groups, or else of the groups for all.
    fn scope<'a>(&mut self, text: &'a [u8], product: &[u8], path: &Path) -> Scope<'a> {
        let (mut own, mut all) = (Scope::default(), Scope::default());
        let (mut in_own, mut in_all, mut among_names) = (false, false, false);
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for line in text.split(|byte| matches!(byte, b'\r' | b'\n')) {
            let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (label, value) = line.split_at_checked(colon).unwrap_or_default();
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            let Some(label) = Label::new(label.trim_ascii()) else { continue };
            if label == Label::UserAgent {
                if !among_names {
                    (in_own, in_all, among_names) = (false, false, true);
                }
                in_all |= value.split(u8::is_ascii_whitespace).next() == Some(b"*");
                in_own |= product_of(value).eq_ignore_ascii_case(product);
                own.named |= in_own;
                continue;
            }
            among_names = false;
            for (inside, scope) in [(in_own, &mut own), (in_all, &mut all)] {
                if inside && !scope.take(label, value, path) {
                    self.ignore(WhyIgnored::Malformed, value);
                }
            }
        }
        if own.named { own } else { all }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Allow,
    ContentUsage,
    Disallow,
    UserAgent,
}

impl Label {
    fn new(label: &[u8]) -> Option<Self> {
        [
            (&b"allow"[..], Self::Allow),
            (b"content-usage", Self::ContentUsage),
            (b"disallow", Self::Disallow),
            (b"user-agent", Self::UserAgent),
        ]
        .into_iter()
        .find_map(|(name, found)| label.eq_ignore_ascii_case(name).then_some(found))
    }
}

/// What counts of some groups for one path: of each kind of rule the longest pattern that matches.
#[derive(Default)]
struct Scope<'a> {
    /// Whether a group names the product.
    named: bool,
    allow: Option<usize>,
    disallow: Option<usize>,
    usage: Option<usize>,
    /// The statements that stand with the longest pattern.
    usages: Vec<&'a [u8]>,
}

impl<'a> Scope<'a> {
    fn is_disallowed(&self) -> bool {
        self.disallow > self.allow
    }

    /// Takes a rule; `false` for a pattern that no path can match.
    fn take(&mut self, label: Label, value: &'a [u8], path: &Path) -> bool {
        let (pattern, usage) = match label {
            Label::ContentUsage if value.starts_with(b"/") => {
                let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t'));
                let (pattern, usage) =
                    value.split_at_checked(end.unwrap_or(value.len())).unwrap_or_default();
                (pattern, usage.trim_ascii())
            }
            Label::ContentUsage => (&b""[..], value),
            // An empty pattern matches nothing.
            Label::Allow | Label::Disallow if value.is_empty() => return true,
            Label::Allow | Label::Disallow | Label::UserAgent => (value, &b""[..]),
        };
        let Some(length) = path.matched_by(pattern) else {
            return matches!(pattern.first(), None | Some(b'/' | b'*'));
        };
        match label {
            Label::Allow => self.allow = self.allow.max(Some(length)),
            Label::Disallow => self.disallow = self.disallow.max(Some(length)),
            Label::ContentUsage => {
                if self.usage < Some(length) {
                    self.usage = Some(length);
                    self.usages.clear();
                }
                if self.usage == Some(length) {
                    self.usages.push(usage);
                }
            }
            Label::UserAgent => {}
        }
        true
    }
}

/// The product token that `value` begins with: letters, `-` and `_`.
fn product_of(value: &[u8]) -> &[u8] {
    let is_part = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    let end = value.iter().position(|byte| !is_part(byte)).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}
