//! Codes that payloads of several domains share.

use crate::cbor::codes;

codes! {
    /// Whose data it is in the sense of the data policies of China (公共数据、企业数据、个人信息数据).
    pub enum DataClass("data class") in statement {
        /// Data of enterprises (企业数据).
        Enterprise = "enterprise",
        /// Personal information (个人信息数据).
        Personal = "personal",
        /// Data of public bodies (公共数据).
        Public = "public",
    }
}
