//! The words of what a verification finds, sorted by code.

use super::Table;

pub(super) const FINDINGS: Table = &[
    ("breach-cured", "a breach of terms that was remedied", "违约已纠正"),
    (
        "collected-without-terms",
        "data that were collected, and nobody says by what right; scraped data may infringe the rights of others",
        "数据系采集所得，但无任何声明说明其权利依据；爬取数据可能侵害他人权益",
    ),
    (
        "content-mismatch",
        "a deal about other content than what is registered",
        "交易标的与登记内容不一致",
    ),
    ("deal-incomplete", "a deal that not all of its parties signed", "交易合约未经各方全部签署"),
    ("deal-number-reused", "a number that was given to two deals", "同一交易编号用于两份合约"),
    ("delegation-without-effect", "a delegation that gives nothing", "委托授权不产生效力"),
    ("dispute-settled", "a dispute that has ended", "争议已解决"),
    (
        "disputed",
        "a dispute that a registrar or a court accepted; while it is open nothing rests on this",
        "登记机构或司法机构已受理争议，争议解决前不得以此为依据",
    ),
    ("duty-fulfilled", "a duty that comes first was fulfilled", "先行义务已履行"),
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
    ("licence-broken", "somebody broke the terms of a licence", "有人违反许可条款"),
    (
        "licence-mismatch",
        "licences seen for one dataset differ; all must permit a use",
        "同一数据集查见的许可不一致，须全部允许方可使用",
    ),
    (
        "licence-without-standing",
        "a licence that grants nothing, as its signer has no standing or its terms cannot be read",
        "许可的签发方无授权资格，或其条款无法识别，该许可不发生授权效力",
    ),
    (
        "log-contradicts-itself",
        "a receipt of a log that signed two roots of one size; none of its receipts counts",
        "所属日志对同一规模签发了两个不同的根，其回执均不采信",
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
    (
        "provided-abroad",
        "data that were provided abroad, on a stated basis",
        "数据已依所述依据向境外提供",
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
    (
        "sublicence-too-broad",
        "a sublicence that grants what the licence above does not",
        "再许可超出上级许可的范围",
    ),
    ("title-encumbered", "a title that is pledged to somebody", "登记权益已设立质押"),
    (
        "title-expired",
        "a title whose term has ended; what was granted before stays",
        "登记已超过有效期；此前授予的许可不受影响",
    ),
    ("title-noted", "something is noted beside a title", "登记权益有附注事项"),
    ("title-released", "a pledge of a title that has ended", "登记权益的质押已解除"),
    ("title-transferred", "a title that passed to others", "登记权益已转移"),
    (
        "version-covered",
        "a later version of a growing dataset, covered by its registration",
        "持续更新数据集的后续版本，在登记覆盖范围内",
    ),
    (
        "withdrawal-ignored",
        "somebody took back what his licence makes irrevocable; without effect",
        "撤回不可撤销的许可，不生效力",
    ),
];

pub(super) const BOUNDS: Table = &[
    ("bytes", "bytes of the proof", "证明的字节数"),
    ("delegations", "delegations and the ways over them", "授权委托及其路径数"),
    ("depth", "references on the longest path", "最长引用链的长度"),
    ("edges", "inputs, outputs, relations and what events reach", "输入、输出、关系及事件所及之数"),
    ("nodes", "nodes of evidence and of batches", "证据与批次的节点数"),
    ("receipts", "receipts and signatures of checkpoints", "回执与检查点签名数"),
    ("rows", "rows to compare", "待比对的行数"),
    ("signatures", "signatures to verify", "待验证的签名数"),
    ("statements", "statements in the proof", "证明中的声明数"),
    ("terms", "terms of licences", "许可条款数"),
];

pub(super) const REJECTIONS: Table = &[
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

pub(super) const TITLES: Table = &[
    ("cancelled", "struck off by its registrar", "已注销"),
    ("disputed", "disputed, or another live title stands against it", "存在争议"),
    ("expired", "its term has ended", "已届满"),
    ("publicised", "published for objections, not issued yet", "公示中"),
    ("registered", "in force", "有效"),
    ("replaced", "another record took its place", "已被后续登记取代"),
    ("revoked", "revoked by its registrar", "已撤销"),
];

pub(super) const TIMES: Table = &[
    ("caller-record", "as the verifier recorded", "依核验方的记录"),
    ("receipt", "as a trusted log has it", "依可信日志的登记回执"),
    ("verification", "the time of the verification", "以核验时间计"),
];
