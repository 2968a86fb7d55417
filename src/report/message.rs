//! What stable codes mean, in words, in English and Chinese.
//!
//! The Chinese is that of data exchanges and registries in China
//! (数据知识产权登记). One table; a test holds it against every code.

mod found;
mod said;

use super::sealed::Sealed;
use crate::lineage::{ActivityKind, Completeness};
use crate::rights::{
    Action, Basis, DutyKind, EventKind, Missing, Profile, Purpose, Reason, RegistrationKind,
};
use crate::statement::Kind;
use crate::verify::{Code, FindingCode, TimeSource};
use found::{FINDINGS, REJECTIONS, TIMES};
use said::{
    ACTIONS, ACTIVITIES, BASES, COMPLETENESS, DUTIES, EVENTS, MISSING, PURPOSES, REASONS,
    REGISTRATIONS, STATEMENTS,
};

/// The language of what this crate adds to a report; what statements say is never translated.
///
/// ```
/// use datadeed::report::{Explain, Language};
/// use datadeed::rights::Purpose;
///
/// assert_ne!(Purpose::Commercial.explain(Language::Chinese), Purpose::Commercial.code());
/// assert_eq!(Language::default(), Language::English);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    #[default]
    English,
}

/// The same words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

impl Phrase {
    pub(super) const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    pub(super) const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// A stable code that can be put into words. Sealed: the codes are this crate's.
///
/// ```
/// use datadeed::report::{Explain, Language};
/// use datadeed::rights::{DutyKind, Missing};
///
/// assert_eq!(DutyKind::RevenueShare.explain(Language::Chinese), "收益分成");
/// assert_eq!(Missing::Origin.explain(Language::English), "where the content came from");
/// ```
pub trait Explain: Sealed + Copy {
    /// The meaning of the code: a phrase without full stop.
    fn explain(self, language: Language) -> &'static str {
        phrase(self).in_language(language)
    }
}

impl<T: Sealed + Copy> Explain for T {}

macro_rules! explained {
    ($($name:ident => $table:ident,)+) => {$(
        impl Sealed for $name {
            fn words(self) -> (&'static str, &'static str) {
                find($table, self.code())
            }
        }
    )+};
}
explained! {
    Action => ACTIONS,
    ActivityKind => ACTIVITIES,
    Basis => BASES,
    Code => REJECTIONS,
    Completeness => COMPLETENESS,
    DutyKind => DUTIES,
    EventKind => EVENTS,
    FindingCode => FINDINGS,
    Kind => STATEMENTS,
    Missing => MISSING,
    Purpose => PURPOSES,
    Reason => REASONS,
    RegistrationKind => REGISTRATIONS,
    TimeSource => TIMES,
}

impl Sealed for Profile {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Declared => (
                "as declared: contested terms do not reach models",
                "依明示：有争议的条款视为不及于模型",
            ),
            Self::Strict => {
                ("strictly: contested terms reach models", "从严：有争议的条款视为及于模型")
            }
        }
    }
}

/// What a code means.
pub(super) fn phrase(code: impl Sealed) -> Phrase {
    let (en, zh) = code.words();
    Phrase::new(en, zh)
}

/// The words of a code; the code itself where the table lacks it, which a test rules out.
fn find(table: Table, code: &'static str) -> (&'static str, &'static str) {
    let known = table.iter().find(|(known, _, _)| *known == code);
    known.map_or((code, code), |(_, en, zh)| (en, zh))
}

/// Code, English, Chinese; sorted by code.
type Table = &'static [(&'static str, &'static str, &'static str)];

const ACTIONS: Table = &[
    ("data_mine", "mine the data", "数据挖掘分析"),
    ("derive", "make derived data", "加工形成衍生数据"),
    ("distribute", "pass on unchanged", "原样提供"),
    ("distribute_derived", "pass on derived data", "提供衍生数据"),
    ("distribute_model", "pass on the model", "提供模型"),
    ("evaluate", "measure a model with it", "用于模型评测"),
    ("format_shift", "change the format only", "仅转换格式"),
    ("index", "build a search index", "建立检索索引"),
    ("infer_input", "give to a model as input", "作为模型输入"),
    ("reproduce", "copy", "复制"),
    ("search", "search", "检索"),
    ("serve_outputs", "offer the model's outputs", "对外提供模型输出"),
    ("sublicense", "grant rights to others", "再许可"),
    ("synthesize", "produce synthetic data", "生成合成数据"),
    ("train", "train a model", "训练模型"),
    ("train_generative", "train a generative model", "训练生成式模型"),
    ("train_nongenerative", "train a non-generative model", "训练非生成式模型"),
    ("transfer", "assign the rights", "转让权益"),
    ("use", "any use", "任何使用"),
];

const ACTIVITIES: Table = &[
    ("clean", "clean", "清洗"),
    ("collect", "collect", "采集"),
    ("deduplicate", "deduplicate", "去重"),
    ("merge_derive", "merge", "汇聚加工"),
    ("subset", "select", "筛选切分"),
    ("train", "train", "训练"),
];

const BASES: Table =
    &[("granted", "granted", "权利人授予"), ("observed", "seen at the source", "来源处查见")];

const COMPLETENESS: Table = &[
    ("complete", "all inputs named", "输入已全部列明"),
    ("undisclosed", "inputs not all named", "输入未全部披露"),
];

const DUTIES: Table = &[
    ("attribute", "credit the source", "署名"),
    ("delete_after", "delete afterwards", "到期删除"),
    ("no_extra_restrictions", "add no further restrictions", "不得附加限制"),
    ("notice", "keep the licence notice", "保留许可声明"),
    ("obtain_consent", "obtain consent first", "事先取得同意"),
    ("pass_through", "pass restrictions on", "向下游传递限制条款"),
    ("pay", "pay first", "事先支付费用"),
    ("provide_alterations", "publish the changes", "公开修改内容"),
    ("report", "report the use", "报告使用情况"),
    ("revenue_share", "share revenue", "收益分成"),
    ("share_alike", "license alike", "以相同方式许可"),
];

const EVENTS: Table = &[
    ("cancellation", "cancellation", "注销"),
    ("dispute", "dispute accepted", "争议受理"),
    ("key_revocation", "key revocation", "密钥停用"),
    ("objection", "objection", "异议"),
    ("revocation", "revocation", "撤销"),
    ("settlement", "dispute settled", "争议解决"),
    ("transfer", "transfer", "转移"),
];

const FINDINGS: Table = &[
    ("delegation-without-effect", "a delegation that gives nothing", "委托授权不产生效力"),
    ("dispute-settled", "a dispute that has ended", "争议已解决"),
    (
        "disputed",
        "a dispute that a registrar or a court accepted; while it is open nothing rests on this",
        "登记机构或司法机构已受理争议，争议解决前不得以此为依据",
    ),
    (
        "event-gap",
        "a listed event whose predecessor nobody knows: the list lacks one",
        "所列事件的前一事件未知，事件清单不完整",
    ),
    (
        "event-pending",
        "an event that takes effect later than the time of the verification",
        "事件的生效时间晚于核验时间，届时生效",
    ),
    (
        "event-unverifiable",
        "a listed event whose signature could not be verified with its issuer's key; without effect",
        "所列事件无法以其签发方的密钥验签，不生效力",
    ),
    (
        "event-without-effect",
        "an event by somebody who may not issue it; without effect",
        "事件由无权签发者签发，不生效力",
    ),
    ("inputs-undisclosed", "a step does not disclose all of its inputs", "处理活动未披露全部输入"),
    (
        "key-revoked",
        "a key that is not to be relied on, from some instant on",
        "密钥已停用，自所示时间起不再可信",
    ),
    (
        "licence-mismatch",
        "licences seen for one dataset differ; all must permit a use",
        "同一数据集查见的许可不一致，须全部允许方可使用",
    ),
    (
        "licence-without-standing",
        "a licence that grants nothing, as its signer has no standing",
        "许可的签发方无授权资格，该许可不发生授权效力",
    ),
    (
        "mounted",
        "a dataset that is part of a composite named here; neither speaks for the other",
        "该数据集是此处所列组合数据集的组成部分，二者互不代表",
    ),
    ("objection", "somebody objects, which binds nobody", "有人提出异议，异议本身不具约束力"),
    (
        "origin-missing",
        "no step in the proof says where it came from",
        "证明中没有说明其来源的活动",
    ),
    ("receipt-not-trusted", "a receipt of a log that is not trusted", "回执所属日志不受信任"),
    ("receipt-not-witnessed", "a receipt that too few witnesses saw", "回执见证数量不足"),
    (
        "record-without-effect",
        "a record claims to replace this registration, whose registrar did not issue it; without effect",
        "声称取代该登记的记录并非由原登记机构签发，不生效力",
    ),
    (
        "registration-replaced",
        "a registration that its registrar replaced",
        "该登记已由原登记机构以新登记取代",
    ),
    (
        "relation-asserted",
        "a structural claim that was not recomputed: somebody says so",
        "结构关系仅为签发方陈述，未重新计算",
    ),
    (
        "relation-proven",
        "a structural claim that was recomputed and holds",
        "结构关系经重新计算，属实",
    ),
    (
        "sequence-conflict",
        "two statements to which one issuer gave the same number; neither counts",
        "同一签发方的两项声明编号相同，均不予采信",
    ),
    (
        "signed-by-revoked-key",
        "a statement by a revoked key that is not proven to be from before; it vouches for nothing",
        "声明由已停用的密钥签发，且不能证明早于停用时间，不予采信",
    ),
    (
        "signer-not-trusted",
        "a signer who is not believed in what he says",
        "签发方不在信任范围内，其陈述不予采信",
    ),
    (
        "statement-revoked",
        "a statement that counts no longer, from some instant on",
        "声明已撤销或注销，自所示时间起不再有效",
    ),
    (
        "status-not-checked",
        "no list of events was given: revocations were not checked",
        "未提供事件清单，未核查撤销情况",
    ),
    ("status-stale", "the list of events is older than allowed", "事件清单超过允许的时效"),
    ("title-transferred", "a title that passed to others", "登记权益已转移"),
    (
        "withdrawal-ignored",
        "somebody took back what his licence makes irrevocable; without effect",
        "撤回不可撤销的许可，不生效力",
    ),
];

const MISSING: Table = &[
    (
        "act-time-unproven",
        "whether an act took place before a right ended",
        "行为是否发生在权利终止之前",
    ),
    ("constraint", "a condition that cannot be evaluated here", "无法评估的许可条件"),
    (
        "disputed",
        "who is right: two claims of title conflict, or a dispute is open",
        "权属存在冲突主张，或争议尚未解决",
    ),
    ("inputs-undisclosed", "inputs that a step does not disclose", "处理活动未披露的输入"),
    ("licence", "a licence that can be evaluated", "可评估的许可"),
    ("licensee", "who the user is", "使用方身份"),
    ("origin", "where the content came from", "内容来源"),
    ("purpose", "what the use is for", "使用目的"),
    (
        "revocation-contested",
        "whether a licence whose text is silent can be taken back",
        "条款未作规定的许可能否撤回",
    ),
    (
        "sequence-conflict",
        "which of two statements of one number their issuer stands by",
        "同一签发方两项编号相同的声明以何者为准",
    ),
    ("standing", "the standing of whoever granted the licence", "许可授予方的授权资格"),
    ("status", "a fresh list of events: whether it was revoked", "最新事件清单（是否已撤销）"),
    (
        "survival",
        "whether models outlive the term they were trained in",
        "许可期满后所训模型能否继续使用",
    ),
    ("territory", "where the use takes place", "使用地域"),
    ("trust", "a trusted signer of a statement that this rests on", "所依据声明的可信签发方"),
    ("withdrawn", "a statement instead of one that its issuer withdrew", "签发方已撤回其声明"),
];

const PURPOSES: Table = &[
    ("commercial", "commercial", "商业"),
    ("education", "education", "教育"),
    ("government", "government", "政务"),
    ("non_commercial", "non-commercial", "非商业"),
    ("personal", "personal", "个人"),
    ("research", "research", "科研"),
];

const REASONS: Table = &[
    ("expired", "the term has ended", "许可期限已届满"),
    ("licensee", "the party is not among the licensees", "使用方不在被许可人之列"),
    ("no-derivatives", "what is derived may not be shared", "不得提供演绎成果"),
    ("no-grant", "nothing grants it", "未获授权"),
    ("not-yet-valid", "the term has not begun", "许可期限尚未开始"),
    ("prohibited", "a rule prohibits it", "许可条款禁止"),
    ("purpose", "the purpose is not allowed", "使用目的不在许可范围"),
    ("revoked", "the licence was revoked before the act", "许可在行为之前已撤销"),
    (
        "share-alike-conflict",
        "no one licence satisfies every share-alike duty",
        "各相同方式许可义务互不兼容",
    ),
    ("territory", "the territory is not allowed", "使用地域不在许可范围"),
    ("unmet-duty", "a duty that comes first is not fulfilled", "先行义务尚未履行"),
];

const REGISTRATIONS: Table = &[
    ("cancellation", "cancellation", "注销登记"),
    ("change", "change", "变更登记"),
    ("correction", "correction", "更正登记"),
    ("initial", "first registration", "首次登记"),
    ("renewal", "renewal", "续展登记"),
    ("revocation", "revocation", "撤销登记"),
    ("transfer", "transfer", "转移登记"),
];

const REJECTIONS: Table = &[
    (
        "attached-receipts",
        "receipts stand in a statement instead of beside it",
        "回执附在声明之内，而未单独列出",
    ),
    ("bad-checkpoint", "a checkpoint that its log did not sign", "检查点并非该日志所签"),
    (
        "bad-receipt",
        "a receipt that its log did not sign for this statement",
        "回执并非该日志为此声明所签",
    ),
    ("bad-signature", "a signature does not verify", "签名验证不通过"),
    ("budget-exceeded", "checking it takes more work than allowed", "核验工作量超出允许上限"),
    (
        "claim-after-signature",
        "a statement speaks of a time after its own signature",
        "声明所述时间晚于其签发时间",
    ),
    (
        "contradiction",
        "a dataset whose maker committed to other contents than its files have",
        "数据集制作方所承诺的内容与其文件不一致",
    ),
    ("duplicate-statement", "one statement stands in it twice", "同一声明重复出现"),
    ("future-receipt", "a receipt dated after the verification", "回执日期晚于核验时间"),
    (
        "future-statement",
        "a statement is dated after the verification",
        "声明的签发时间晚于核验时间",
    ),
    (
        "future-status",
        "the list of events is dated after the verification",
        "事件清单的时间晚于核验时间",
    ),
    (
        "issuer-key-mismatch",
        "a known issuer with another key, or a known key under another issuer",
        "已知签发方使用了其他密钥，或已知密钥冠以其他签发方",
    ),
    ("malformed-batch", "the members shown are not those of the batch", "所列成员与批次不符"),
    ("malformed-checkpoint", "a checkpoint whose bytes are not sound", "检查点编码有误"),
    (
        "malformed-evidence",
        "evidence of structural claims is not in its one form, or has another root than the dataset it is of",
        "结构关系证据的编码不符合唯一规范形式，或其根与所属数据集不符",
    ),
    (
        "malformed-proof",
        "the bytes of the proof are not in their one form",
        "证明的编码不符合唯一规范形式",
    ),
    ("malformed-receipt", "a receipt whose bytes are not sound", "回执编码有误"),
    (
        "malformed-statement",
        "the bytes of a statement are not in their one form, or contradict each other",
        "声明的编码不符合唯一规范形式，或内容自相矛盾",
    ),
    ("missing-key", "the public key of a statement is not known", "缺少声明的公钥"),
    ("missing-statement", "a statement that is referred to is not there", "缺少被引用的声明"),
    (
        "reference-mismatch",
        "a statement refers to one that cannot stand there",
        "声明引用了不相符的声明",
    ),
    ("relation-false", "a structural claim is false", "结构关系陈述不实"),
    ("subject-mismatch", "the proof is about something else", "证明所针对的不是该对象"),
    ("unknown-kind", "a statement of a kind that is not known here", "声明类型未知"),
    (
        "unordered",
        "statements or keys do not stand in their one order",
        "声明或密钥未按规定次序排列",
    ),
    ("unreachable-batch", "members of a batch that is not there", "含有不存在之批次的成员"),
    (
        "unreachable-checkpoint",
        "a checkpoint of a log that gave no receipt here",
        "检查点所属日志未出具任何回执",
    ),
    (
        "unreachable-evidence",
        "evidence that no structural claim needs",
        "含有结构关系陈述均不需要的证据",
    ),
    ("unreachable-key", "a key that signed nothing", "含有未签署任何声明的密钥"),
    ("unreachable-receipt", "a receipt of a statement that is not there", "回执所指声明不存在"),
    (
        "unreachable-statement",
        "a statement that the subject does not rest on",
        "含有与核验对象无关的声明",
    ),
    (
        "unvouched",
        "a statement is not signed and no batch stands for it",
        "声明未签名，也没有批次为其背书",
    ),
    (
        "voucher-kind",
        "a statement of a kind that cannot vouch is named as voucher",
        "以不能作为凭据的声明为凭据",
    ),
    ("voucher-mismatch", "a voucher vouches for something else", "凭据所证明的是其他对象"),
];

const STATEMENTS: Table = &[
    ("activity", "step", "处理活动"),
    ("batch", "batch", "批次"),
    ("dataset", "dataset", "数据集说明"),
    ("delegation", "delegation", "委托授权"),
    ("event", "event", "事件"),
    ("licence", "licence", "许可"),
    ("log-policy", "policy of a log", "登记日志规则"),
    ("registration", "registration", "登记"),
];

const TIMES: Table = &[
    ("caller-record", "as the verifier recorded", "依核验方的记录"),
    ("receipt", "as a trusted log has it", "依可信日志的登记回执"),
    ("verification", "the time of the verification", "以核验时间计"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The table has exactly these codes, in their order, each with words in both languages.
    #[track_caller]
    fn assert_complete(table: Table, codes: impl Iterator<Item = &'static str>) {
        let codes: Vec<&str> = codes.collect();
        assert!(codes.is_sorted(), "values sort as their codes do: {codes:?}");
        let known: Vec<&str> = table.iter().map(|(code, _, _)| *code).collect();
        assert_eq!(known, codes);
        for (code, en, zh) in table {
            assert!(en.is_ascii() && !en.is_empty() && !en.ends_with('.'), "{code}: {en}");
            assert!(zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{code}: {zh}");
            assert!(!en.contains("owner") && !zh.contains("所有人"), "{code}");
            assert!(!zh.contains("所有权"), "{code}");
        }
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        assert_complete(ACTIONS, Action::ALL.iter().map(|code| code.code()));
        assert_complete(ACTIVITIES, ActivityKind::ALL.iter().map(|code| code.code()));
        assert_complete(BASES, Basis::ALL.iter().map(|code| code.code()));
        assert_complete(COMPLETENESS, Completeness::ALL.iter().map(|code| code.code()));
        assert_complete(DUTIES, DutyKind::ALL.iter().map(|code| code.code()));
        assert_complete(EVENTS, EventKind::ALL.iter().map(|code| code.code()));
        assert_complete(FINDINGS, FindingCode::ALL.iter().map(|code| code.code()));
        assert_complete(MISSING, Missing::ALL.iter().map(|code| code.code()));
        assert_complete(PURPOSES, Purpose::ALL.iter().map(|code| code.code()));
        assert_complete(REASONS, Reason::ALL.iter().map(|code| code.code()));
        assert_complete(REGISTRATIONS, RegistrationKind::ALL.iter().map(|code| code.code()));
        assert_complete(REJECTIONS, Code::ALL.iter().map(|code| code.code()));
        assert_complete(STATEMENTS, Kind::ALL.iter().map(|code| code.code()));
        assert_complete(TIMES, TimeSource::ALL.iter().map(|code| code.code()));
    }
}
