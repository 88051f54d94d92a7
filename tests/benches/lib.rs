//! The benchmarks are in `runtime.rs`, their results in `RESULTS.md`.
