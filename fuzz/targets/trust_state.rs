#![no_main]

#[path = "../../tests/decoders/targets/trust_state.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    body::accepts(data);
});
