#![no_main]

#[path = "../../tests/decoders/targets/preferences.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    body::accepts(data);
});
