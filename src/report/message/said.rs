//! The words of what statements say and of what is asked of rights, sorted by code.

use super::Table;

pub(super) const ACTIONS: Table = &[
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

pub(super) const ACTIVITIES: Table = &[
    ("annotate", "annotate", "标注"),
    ("calibrate", "calibrate", "校准"),
    ("clean", "clean", "清洗"),
    ("collect", "collect", "采集"),
    ("convert", "convert", "转换格式"),
    ("deduplicate", "deduplicate", "去重"),
    ("distil", "distil", "蒸馏"),
    ("fine_tune", "fine-tune", "微调"),
    ("merge_collect", "put together", "汇编"),
    ("merge_derive", "merge", "汇聚加工"),
    ("subset", "select", "筛选切分"),
    ("synthesize", "synthesize", "合成"),
    ("train", "train", "训练"),
];

pub(super) const AGENTS: Table = &[
    ("annotator", "annotator", "标注员"),
    ("inspector", "inspector of samples", "质检员"),
    ("reviewer", "reviewer of labels", "审核员"),
];

pub(super) const ASSESSMENTS: Table = &[
    ("compliance", "compliance", "合规评估"),
    ("manifest_audit", "audit of the manifest", "清单审计"),
    ("quality", "quality", "质量评估"),
    ("valuation", "valuation", "价值评估"),
];

pub(super) const BASES: Table =
    &[("granted", "granted", "权利人授予"), ("observed", "seen at the source", "来源处查见")];

pub(super) const CLASSES: Table = &[
    ("enterprise", "data of enterprises", "企业数据"),
    ("personal", "personal information", "个人信息数据"),
    ("public", "data of public bodies", "公共数据"),
];

pub(super) const COMPLETENESS: Table = &[
    ("complete", "all inputs named", "输入已全部列明"),
    ("undisclosed", "inputs not all named", "输入未全部披露"),
];

pub(super) const CONSENTS: Table = &[
    ("consent", "consent of the individuals", "取得个人同意"),
    ("contract", "needed for a contract", "订立、履行合同所必需"),
    ("disclosed", "lawfully disclosed already", "已合法公开"),
    ("emergency", "needed in an emergency", "应对紧急情况所必需"),
    ("news", "news reporting in the public interest", "公共利益新闻报道"),
    ("other_law", "another case in law", "法律、行政法规规定的其他情形"),
    ("statutory_duty", "needed for a statutory duty", "履行法定职责所必需"),
];

pub(super) const DELIVERIES: Table = &[
    ("api", "through an interface", "接口"),
    ("download", "as files", "下载"),
    ("medium", "on a carrier", "介质"),
    ("sandbox", "used where it lies", "可用不可见"),
];

pub(super) const DEPOSITS: Table =
    &[("deposit", "deposit of evidence", "存证"), ("notarisation", "notarisation", "公证")];

pub(super) const DUTIES: Table = &[
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

pub(super) const EVENTS: Table = &[
    ("asset_entry", "asset entry", "数据资产入表"),
    ("breach", "breach of terms", "违反许可条款"),
    ("cancellation", "cancellation", "注销"),
    ("cross_border", "provision abroad", "数据出境"),
    ("cure", "breach remedied", "违约已纠正"),
    ("dispute", "dispute accepted", "争议受理"),
    ("fulfilment", "duty fulfilled", "义务已履行"),
    ("key_revocation", "key revocation", "密钥停用"),
    ("licence_filing", "licence filed", "许可备案"),
    ("objection", "objection", "异议"),
    ("pledge", "pledge", "质押"),
    ("release", "pledge released", "解除质押"),
    ("revocation", "revocation", "撤销"),
    ("settlement", "dispute settled", "争议解决"),
    ("transfer", "transfer", "转移"),
];

pub(super) const MISSING: Table = &[
    (
        "act-time-unproven",
        "whether an act took place before a right ended",
        "行为是否发生在权利终止之前",
    ),
    ("constraint", "a condition that cannot be evaluated here", "无法评估的许可条件"),
    ("cross-border", "a record of the provision of data abroad", "数据出境记录"),
    (
        "disputed",
        "who is right: two claims of title conflict, or a dispute is open",
        "权属存在冲突主张，或争议尚未解决",
    ),
    ("field", "the field of use", "使用领域"),
    ("inputs-undisclosed", "inputs that a step does not disclose", "处理活动未披露的输入"),
    ("licence", "a licence that can be evaluated", "可评估的许可"),
    ("licensee", "who the user is", "使用方身份"),
    (
        "offer",
        "under which terms it is offered on, where licences leave a choice",
        "对外提供所依据的条款（许可存在可选项）",
    ),
    ("origin", "where the content came from", "内容来源"),
    ("parties", "the signatures of all parties to the deal", "交易各方的签署"),
    ("personal-information", "whether personal information is in it", "是否含有个人信息"),
    ("product", "which product the use is for", "所用于的产品"),
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
    ("volume", "how much is used", "使用量"),
    ("withdrawn", "a statement instead of one that its issuer withdrew", "签发方已撤回其声明"),
];

pub(super) const MODALITIES: Table = &[
    ("audio", "sound", "音频"),
    ("code", "source code", "源代码"),
    ("geospatial", "geographic data", "地理空间数据"),
    ("graph", "graphs", "图数据"),
    ("image", "pictures", "图像"),
    ("sensor", "sensor readings", "传感器数据"),
    ("tabular", "tables", "表格"),
    ("text", "text", "文本"),
    ("time_series", "time series", "时间序列"),
    ("video", "moving pictures", "视频"),
];

pub(super) const PURPOSES: Table = &[
    ("commercial", "commercial", "商业"),
    ("education", "education", "教育"),
    ("government", "government", "政务"),
    ("non_commercial", "non-commercial", "非商业"),
    ("personal", "personal", "个人"),
    ("research", "research", "科研"),
];

pub(super) const RIGHTS: Table = &[
    ("hold", "holding the data (draft of 2026)", "持有权"),
    ("hold_resources", "holding data resources (rules of 2022)", "数据资源持有权"),
    ("operate", "operating with the data (draft of 2026)", "经营权"),
    ("operate_products", "operating data products (rules of 2022)", "数据产品经营权"),
    ("process_and_use", "processing and using data (rules of 2022)", "数据加工使用权"),
    ("use", "using the data (draft of 2026)", "使用权"),
];

pub(super) const REASONS: Table = &[
    ("breach", "the party broke the terms, which do not count for him since", "使用方违反许可条款"),
    (
        "consent",
        "personal information is in it, and no basis of processing covers the use",
        "含有个人信息，且无处理依据覆盖该使用",
    ),
    (
        "content-mismatch",
        "what was delivered is not what is registered",
        "交付内容与登记内容不一致",
    ),
    ("expired", "the term has ended", "许可期限已届满"),
    ("field", "the field of use is not allowed", "使用领域不在许可范围"),
    ("hops", "it is derived over more steps than are allowed", "衍生层级超出许可限额"),
    ("licensee", "the party is not among the licensees", "使用方不在被许可人之列"),
    ("no-derivatives", "what is derived may not be made or shared", "不得制作或提供演绎成果"),
    ("no-grant", "nothing grants it", "未获授权"),
    ("not-yet-valid", "the term has not begun", "许可期限尚未开始"),
    (
        "outbound-too-broad",
        "the terms it is offered under allow more than the licence does",
        "对外提供条款超出许可范围",
    ),
    (
        "pass-through",
        "the terms it is offered under lack restrictions to pass on",
        "对外提供条款未包含须传递的限制",
    ),
    ("product", "the product is not among those allowed", "所用于的产品不在许可范围"),
    ("prohibited", "a rule prohibits it", "许可条款禁止"),
    ("purpose", "the purpose is not allowed", "使用目的不在许可范围"),
    ("revoked", "the licence was revoked before the act", "许可在行为之前已撤销"),
    (
        "share-alike-conflict",
        "no one licence satisfies every share-alike duty",
        "各相同方式许可义务互不兼容",
    ),
    (
        "sublicence-too-broad",
        "the sublicence grants what the licence above does not",
        "再许可超出上级许可的范围",
    ),
    ("territory", "the territory is not allowed", "使用地域不在许可范围"),
    ("unmet-duty", "a duty that comes first is not fulfilled", "先行义务尚未履行"),
    ("void-policy", "the policy contradicts itself and is void", "许可规则自相矛盾，整体无效"),
    ("volume", "more is used than is allowed", "使用量超出许可限额"),
];

pub(super) const REGISTRATIONS: Table = &[
    ("cancellation", "cancellation", "注销登记"),
    ("change", "change", "变更登记"),
    ("correction", "correction", "更正登记"),
    ("initial", "first registration", "首次登记"),
    ("renewal", "renewal", "续展登记"),
    ("revocation", "revocation", "撤销登记"),
    ("transfer", "transfer", "转移登记"),
];

pub(super) const RELEASES: Table = &[
    ("circulation", "by agreement outside an exchange", "流通"),
    ("open", "open to everybody", "开放"),
    ("shared", "shared within a circle", "共享"),
    ("trade", "traded on an exchange", "交易"),
];

pub(super) const RESULTS: Table = &[("failed", "failed", "不符合"), ("passed", "passed", "符合")];

pub(super) const REVIEWS: Table = &[
    ("formal", "examined in form", "形式审查"),
    ("substantive", "examined in substance", "实质审查"),
];

pub(super) const ROUNDINGS: Table = &[
    ("down", "rounded down", "向下取整"),
    ("exact", "exact", "恰为整数"),
    ("up", "rounded up", "按最大余数补足一个单位"),
];

pub(super) const SCANS: Table = &[
    (
        "cached",
        "some digests from a cache, files not read again",
        "部分摘要取自缓存，未重新读取文件",
    ),
    ("computed", "computed from rows, without the files", "由清单行计算，未读取文件"),
    ("full", "every byte read", "逐字节读取"),
];

pub(super) const SOURCES: Table = &[
    ("authorised", "licensed by agreement", "授权"),
    ("generated", "generated", "生成"),
    ("own_collection", "collected by the registrant", "自采"),
    ("public", "from public sources", "公开"),
    ("purchased", "bought", "购买"),
];

pub(super) const STATEMENTS: Table = &[
    ("activity", "step", "处理活动"),
    ("assessment", "assessment", "评估"),
    ("batch", "batch", "批次"),
    ("consent", "basis of processing personal information", "个人信息处理依据"),
    ("dataset", "dataset", "数据集说明"),
    ("delegation", "delegation", "委托授权"),
    ("event", "event", "事件"),
    ("licence", "licence", "许可"),
    ("log-policy", "policy of a log", "登记日志规则"),
    ("preference", "preference for machines", "机器可读偏好"),
    ("registration", "registration", "登记"),
    ("transaction", "deal", "交易合约"),
];

pub(super) const WITHHELD: Table = &[
    ("base", "what it is a share of is itself not determined", "分成基数本身尚未确定"),
    ("claimants", "nobody said who the registered claimants are", "未提供登记主体"),
    (
        "currency",
        "its ceiling or floor, or the floor of another share of the same receipts, is in another currency",
        "其上限或下限，或同一收入中另一份额的下限，以其他币种约定",
    ),
    ("cycle", "payees share in each other's receipts, in a circle", "分成关系互为循环"),
    ("exceeds", "more is asked than there is", "各项应得之和超过可分配金额"),
    ("malformed", "the duty lacks what its kind needs", "义务条款缺少必要内容"),
    (
        "nobody-receives",
        "a share of what somebody receives who receives nothing",
        "作为分成基数的一方并无所得",
    ),
    (
        "not-bound",
        "the payee in whose receipts it shares is not known to be bound by the licence",
        "未证明被分成方受该许可约束",
    ),
    (
        "shares",
        "the shares of several claimants are not stated, or do not add up to the whole",
        "共同登记主体的份额未载明，或合计不为全部",
    ),
];

/// Behind a number.
pub(super) const UNITS: Table = &[
    ("bytes", "bytes", "字节"),
    ("files", "files", "个文件"),
    ("records", "records", "条记录"),
    ("requests", "requests", "次请求"),
    ("tokens", "tokens", "个词元"),
];
