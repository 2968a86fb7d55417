#![no_main]

#[path = "../../tests/decoders/targets/trust_root.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    body::accepts(data);
});
