#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| pressroom_fuzz::targets::slugs(input));
