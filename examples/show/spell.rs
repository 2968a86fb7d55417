//! CBOR as JSON.

use ciborium::Value;
use datadeed::key::PublicKey;
use datadeed::{Digest, IndexId, ManifestId, StatementId, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::common::Failure;

/// A record: a map with text keys.
pub(crate) fn record(value: &Value) -> Result<Json, Failure> {
    cbor(value, "")
}

/// The fields whose items are their issuer's own: of these nothing but the form is known.
const FREE: &[&str] = &["extra", "measures", "params"];

/// An item that its issuer chose; keys that are no text stand as JSON.
fn free(value: &Value) -> Result<Json, Failure> {
    Ok(match value {
        Value::Map(pairs) => {
            let mut map = Map::new();
            for (key, value) in pairs {
                let key = key.as_text().map_or_else(
                    || free(key).map(|key| key.to_string()),
                    |text| Ok(text.to_owned()),
                );
                map.insert(key?, free(value)?);
            }
            Json::Object(map)
        }
        Value::Array(items) => Json::Array(items.iter().map(free).collect::<Result<_, _>>()?),
        Value::Integer(number) => match (u64::try_from(*number), i64::try_from(*number)) {
            (Ok(number), _) => json!(number),
            (_, Ok(number)) => json!(number),
            _ => json!(i128::from(*number).to_string()),
        },
        Value::Text(text) => json!(text),
        Value::Bool(value) => json!(value),
        Value::Bytes(bytes) => json!(format!("{} bytes", bytes.len())),
        _ => return Err("CBOR that none of our files holds".into()),
    })
}

/// Ids and times are spelled as the field they stand in requires.
fn cbor(value: &Value, field: &str) -> Result<Json, Failure> {
    const TIMES: &[&str] = &[
        "after",
        "agreement_cap",
        "anchored_at",
        "announced_at",
        "as_of",
        "created",
        "effective",
        "ended",
        "from",
        "issued_at",
        "publicity_from",
        "publicity_to",
        "recorded_at",
        "started",
        "time",
        "until",
        "update_until",
        "valid_until",
    ];
    Ok(match value {
        Value::Map(pairs) => {
            let mut map = Map::new();
            for (key, value) in pairs {
                let key = key.as_text().ok_or("a key that is no text")?;
                let value = if FREE.contains(&key) { free(value)? } else { cbor(value, key)? };
                map.insert(key.to_owned(), value);
            }
            Json::Object(map)
        }
        Value::Array(items) => {
            Json::Array(items.iter().map(|item| cbor(item, field)).collect::<Result<_, _>>()?)
        }
        Value::Integer(number) => {
            let number = u64::try_from(*number)?;
            if TIMES.contains(&field) {
                json!(Timestamp::from_seconds(number)?.to_string())
            } else {
                json!(number)
            }
        }
        Value::Text(text) => json!(text),
        Value::Bool(value) => json!(value),
        Value::Bytes(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(id) => json!(spelled(id, field)?),
            Err(_) => json!(format!("{} bytes", bytes.len())),
        },
        _ => return Err("CBOR that none of our files holds".into()),
    })
}

fn spelled(id: [u8; 32], field: &str) -> Result<String, Failure> {
    Ok(match field {
        "manifest" | "of" | "sample_root" | "with" => ManifestId::from_bytes(id).to_string(),
        "id" => IndexId::from_bytes(id).to_string(),
        "parent" | "prev" | "statements" | "supersedes" => StatementId::from_bytes(id).to_string(),
        "key" => PublicKey::from_bytes(id)?.to_string(),
        _ => Digest::from_bytes(id).to_string(),
    })
}
