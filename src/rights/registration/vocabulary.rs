//! The codes of a registration.

use crate::cbor::codes;

codes! {
    /// Kind of registration (登记类型).
    pub enum RegistrationKind("registration kind") in rights {
        /// Cancellation on request (注销).
        Cancellation = "cancellation",
        /// Change of particulars (变更).
        Change = "change",
        /// Correction of an error (更正).
        Correction = "correction",
        /// First registration (设立/首次).
        Initial = "initial",
        /// Renewal of the term (续展).
        Renewal = "renewal",
        /// Revocation by the registrar (撤销).
        Revocation = "revocation",
        /// Transfer to another holder (转移).
        Transfer = "transfer",
    }
}

impl RegistrationKind {
    /// Whether a record of this kind gives a title to those it names, or ends one.
    pub(crate) const fn gives_title(self) -> bool {
        match self {
            Self::Change | Self::Correction | Self::Initial | Self::Renewal | Self::Transfer => {
                true
            }
            Self::Cancellation | Self::Revocation => false,
        }
    }
}

codes! {
    /// What a registrant is.
    pub enum RegistrantKind("registrant kind") in rights {
        /// Legal person (法人).
        LegalPerson = "legal_person",
        /// Natural person (自然人).
        NaturalPerson = "natural_person",
        /// Organisation without legal personality (非法人组织).
        Organisation = "organisation",
    }
}

codes! {
    /// What a registrant is to the data.
    pub enum RegistrantRole("registrant role") in rights {
        /// Holder (持有者).
        Holder = "holder",
        /// Processor (处理者).
        Processor = "processor",
    }
}

codes! {
    /// A right claimed, in either vocabulary of the rules of China.
    pub enum RightsClaim("rights claim") in rights {
        /// 持有权 (draft guide of 2026).
        Hold = "hold",
        /// 数据资源持有权 (数据二十条, 2022).
        HoldResources = "hold_resources",
        /// 经营权 (draft guide of 2026).
        Operate = "operate",
        /// 数据产品经营权 (数据二十条, 2022).
        OperateProducts = "operate_products",
        /// 数据加工使用权 (数据二十条, 2022).
        ProcessAndUse = "process_and_use",
        /// 使用权 (draft guide of 2026).
        Use = "use",
    }
}

codes! {
    /// How the registrant came to the data (数据来源).
    pub enum SourceKind("source kind") in rights {
        /// Licensed by agreement (授权).
        Authorised = "authorised",
        /// Generated (生成).
        Generated = "generated",
        /// Collected by himself (自采).
        OwnCollection = "own_collection",
        /// From public sources (公开).
        Public = "public",
        /// Bought (购买).
        Purchased = "purchased",
    }
}

codes! {
    /// How the registrar examined the application.
    pub enum ReviewKind("review kind") in rights {
        /// Form only (形式审查).
        Formal = "formal",
        /// Substance too (实质审查).
        Substantive = "substantive",
    }
}

codes! {
    /// Kind of deposit.
    pub enum EvidenceKind("evidence kind") in rights {
        /// Evidence preservation on a platform (存证).
        Deposit = "deposit",
        /// Notarisation (公证).
        Notarisation = "notarisation",
    }
}
