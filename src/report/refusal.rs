//! A proof that was refused.

use std::error::Error;

use super::document::{Block, Document, Inline, Tone, quote, say};
use super::message::{Language, Phrase, phrase};
use super::{html, json, markdown, text};
use crate::id::ManifestId;
use crate::timestamp::Timestamp;
use crate::verify::{Node, Rejection};

/// What was refused, where and why, to be shown.
///
/// ```
/// use datadeed::report::{Language, Refusal};
/// # use datadeed::{id::ManifestId, trust::TrustStore, verify::Verifier};
/// # let weights = ManifestId::from_bytes([1; 32]);
/// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
///
/// let rejection = Verifier::new(&trust, now).verify(b"no proof", weights).unwrap_err();
/// let refusal = Refusal::new(&rejection).about(weights).at(now);
/// assert!(refusal.text(Language::English).contains("malformed-proof"));
/// assert!(refusal.text(Language::Chinese).contains("证明的编码不符合唯一规范形式"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Refusal<'a> {
    pub(super) rejection: &'a Rejection,
    pub(super) subject: Option<ManifestId>,
    pub(super) at: Option<Timestamp>,
}

impl<'a> Refusal<'a> {
    /// A report of the rejection, without subject and time.
    pub const fn new(rejection: &'a Rejection) -> Self {
        Self { rejection, subject: None, at: None }
    }

    /// The dataset or model whose proof was refused.
    pub const fn about(mut self, subject: ManifestId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// When it was refused.
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// A few lines for a terminal.
    pub fn text(&self, language: Language) -> String {
        text::render(&self.document(), language)
    }

    /// Markdown (`CommonMark`).
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(&self.document(), language)
    }

    /// One self-contained page in both languages; the reader can change from `language` to the other.
    pub fn html(&self, language: Language) -> String {
        html::render(&self.document(), language)
    }

    /// For programs; the fields are those of the [module](super).
    pub fn json(&self) -> String {
        json::refusal(self)
    }

    /// What the decoder found, the nearest cause first.
    pub(super) fn causes(&self) -> impl Iterator<Item = String> {
        std::iter::successors(self.rejection.source(), |error| (*error).source())
            .map(ToString::to_string)
    }

    fn document(&self) -> Document {
        let code = self.rejection.code;
        let mut facts = Vec::new();
        if let Some(subject) = self.subject {
            let label = Phrase::new("Subject", "核验对象");
            facts.push((label, vec![Inline::Id(subject.to_string())]));
        }
        if let Some(at) = self.at {
            facts.push((Phrase::new("Verified at", "核验时间"), vec![Inline::Time(at)]));
        }
        facts.push((
            Phrase::new("Why", "原因"),
            vec![
                Inline::Say(phrase(code), Vec::new()),
                Inline::Plain(" (".to_owned()),
                Inline::Code(code.code()),
                Inline::Plain(")".to_owned()),
            ],
        ));
        facts.push((Phrase::new("Where", "位置"), place(self.rejection.node)));
        if let Some(bound) = self.rejection.bound {
            let label = Phrase::new("Bound that is too small", "超出的上限");
            let words = vec![
                Inline::Say(phrase(bound), Vec::new()),
                Inline::Plain(" (".to_owned()),
                Inline::Code(bound.code()),
                Inline::Plain(")".to_owned()),
            ];
            facts.push((label, words));
        }
        for cause in self.causes() {
            facts.push((Phrase::new("In detail", "详情"), vec![quote(&cause)]));
        }
        let card = Block::Card {
            tone: Tone::Bad,
            title: vec![Inline::Badge(Tone::Bad, Phrase::new("refused", "核验不通过"))],
            blocks: vec![
                Block::Facts(facts),
                Block::Prose(vec![say(
                    "The proof is refused as a whole: nothing in it counts, and no verdict can rest on it.",
                    "该证明整体不予采信：其中任何内容均不作为依据，不得据此作出任何结论。",
                )]),
            ],
        };
        Document {
            title: Phrase::new("Lineage proof refused", "数据来源证明核验不通过"),
            blocks: vec![card],
        }
    }
}

/// A place in a proof, in words.
pub(super) fn place(node: Node) -> Vec<Inline> {
    let words = match node {
        Node::Checkpoint(_) => say("a checkpoint by its place from 0, ", "检查点（自 0 起的序号）"),
        Node::Key(_) => say("a public key, ", "公钥 "),
        Node::Manifest(_) => say("a dataset or model, ", "数据集或模型 "),
        Node::Position(_) => say("a statement by its place from 0, ", "声明（自 0 起的序号）"),
        Node::Proof => return vec![say("the proof as a whole", "证明整体")],
        Node::Statement(_) => say("a statement, ", "声明 "),
        Node::Status => return vec![say("the list of events", "事件清单")],
    };
    vec![words, Inline::Id(node.to_string())]
}
