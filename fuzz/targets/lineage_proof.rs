#![no_main]

#[path = "../../tests/decoders/targets/lineage_proof.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    body::accepts(data);
});
