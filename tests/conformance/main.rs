//! Public test suites, most of them read from the folder that `DATADEED_VECTORS` names.
//!
//! Those are ignored unless asked for, and fail without the folder: a suite
//! that was not there must not look as if it had passed.

mod cose;
mod ed25519;
mod merkle;
mod rfc_8949;

use std::env;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn suite(file: &str) -> Value {
    let folder = env::var_os("DATADEED_VECTORS").expect("DATADEED_VECTORS names the folder");
    let path = PathBuf::from(folder).join(file);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

#[track_caller]
fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field} in {value}"))
}

#[track_caller]
fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    let digit = |c: u8| char::from(c).to_digit(16).expect("a hex digit");
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::try_from(digit(pair[0]) * 16 + digit(pair[1])).unwrap()).collect()
}
