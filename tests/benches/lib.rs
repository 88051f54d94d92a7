//! An empty library: the benchmarks are in `runtime.rs`, and their results are in `RESULTS.md`.
