//! Benchmarks of the runtime and of alternatives: `cargo bench -p waves-errors-benches`.
//!
//! Times differ between machines, so compare only the ratios within one run. `benches/results.py` writes them to `RESULTS.md`.

use std::collections::HashMap;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use phf::Map;
use retry_policies::RetryPolicy;
use retry_policies::policies::ExponentialBackoff;
use tower::retry::backoff::{Backoff, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::HasherRng;
use waves_errors::{Body, Catalog, Evidence, Failure, Jitter, Redactor, WavesError};

/// The Waves errors with thiserror, and hand-written lookup functions.
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum ByThiserror {
    #[error("401 Unauthorized: Missing or invalid Authorization header")]
    Unauthorized,
    #[error("403 Forbidden: The key is valid but lacks permission for this resource")]
    Forbidden,
    #[error("429 Too Many Requests: The request exceeded the current rate limit")]
    TooManyRequests,
    #[error("500 Internal Server Error: A server-side issue")]
    InternalServerError,
    #[error(
        "NoSuchKey (from pre-recorded uploads): The audio object referenced in the request does not exist in storage"
    )]
    NoSuchKey,
}

impl ByThiserror {
    fn from_status(status: u16) -> Option<Self> {
        Some(match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            429 => Self::TooManyRequests,
            500 => Self::InternalServerError,
            _ => return None,
        })
    }

    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "invalid_api_key" | "unauthorized" | "authentication_error" | "INVALID_LICENSE" => Self::Unauthorized,
            "model_access_denied" | "forbidden" | "permission_denied" => Self::Forbidden,
            "rate_limit_exceeded" | "RATE_LIMIT_EXCEEDED" | "rate_limit_error" => Self::TooManyRequests,
            "internal_error" | "internal_server_error" => Self::InternalServerError,
            "NoSuchKey" => Self::NoSuchKey,
            _ => return None,
        })
    }
}

/// Returns a catalog of this many cases with a code each, in the form that the macro embeds, and the codes.
fn catalog(cases: usize) -> (Catalog, Vec<&'static str>) {
    let codes: Vec<_> = (0..cases).map(|n| &*format!("code_{}", (n * 7919) % 100_003).leak()).collect();
    let mut text = "schema = 1\n[catalog]\nid = \"large\"\n[wire]\ncodes = [\"/code\"]\n".to_owned();
    for (n, code) in codes.iter().enumerate() {
        let _ = write!(text, "[case.case-{n}]\ncode = \"{code}\"\nsummary = \"What happened, {n}.\"\n");
    }
    let accepted = waves_errors_catalog::check_texts(&[("large.toml".to_owned(), text)]).expect("a valid catalog");
    (Catalog::leak(waves_errors_catalog::render::table::table(&accepted.catalog)), codes)
}

/// Returns a catalog file of 5,000 cases with a cause, a fix and a code each: 1.5 MB.
fn large_catalog() -> String {
    let mut text = "schema = 1\n[catalog]\nid = \"large\"\n[wire]\ncodes = [\"/code\"]\n".to_owned();
    for n in 0..5000 {
        let _ = write!(
            text,
            "[case.case-{n}]\nstatus = {}\ncode = \"CODE_{n}\"\nmatch = [{{ code = \"CODE_{n}\" }}]\n\
             summary = \"The request with the number {n} was refused by the service.\"\n\
             causes = [\"A parameter of the request {n} is missing, misspelt or out of its range; the answer names it.\"]\n\
             fixes = [\"Read the message in the answer, correct the parameter {n}, and send the request again.\"]\n",
            400 + n % 100
        );
    }
    text
}

fn perfect(codes: &[&'static str]) -> Map<&'static str, u16> {
    let state = phf_generator::generate_hash(codes);
    let entry = |index: &usize| (codes[*index], u16::try_from(*index).unwrap_or(0));
    let entries = state.map.iter().map(entry).collect::<Vec<_>>();
    Map { key: state.key, disps: state.disps.leak(), entries: entries.leak() }
}

fn display(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("display");
    let mut line = String::with_capacity(200);
    let mut print = |group: &mut BenchmarkGroup<'_, WallTime>, name: &str, error: &dyn std::fmt::Display| {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                line.clear();
                let _ = write!(line, "{}", black_box(error));
                line.len()
            });
        });
    };
    print(&mut group, "ours", &WavesError::TooManyRequests);
    print(&mut group, "thiserror", &ByThiserror::TooManyRequests);
    group.finish();
}

fn lookup(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("code of 22 cases");
    let code = "rate_limit_exceeded";
    group.bench_function("ours", |bench| bench.iter(|| WavesError::from_code(black_box(code))));
    group.bench_function("match (5 cases)", |bench| bench.iter(|| ByThiserror::from_code(black_box(code))));
    group.finish();
    for cases in [16, 5000] {
        let (catalog, codes) = catalog(cases);
        let (map, perfect) =
            (codes.iter().zip(0_u16..).map(|(code, n)| (*code, n)).collect::<HashMap<_, _>>(), perfect(&codes));
        let mut group = criterion.benchmark_group(format!("code of {cases}"));
        // Look up all codes in turn. A single code would always be in the cache.
        let mut each = |name: &str, find: &dyn Fn(&str) -> Option<u16>| {
            let mut turn = codes.iter().cycle();
            group
                .bench_function(name, |bench| bench.iter(|| find(black_box(turn.next().copied().unwrap_or_default()))));
        };
        each("ours", &|code| catalog.by_code(code).map(waves_errors::Case::index));
        each("phf", &|code| perfect.get(code).copied());
        each("HashMap", &|code| map.get(code).copied());
        group.finish();
    }
    let mut group = criterion.benchmark_group("status");
    let map: HashMap<u16, u16> = [401, 403, 429, 500, 400, 402, 404, 409, 410, 413, 503].into_iter().zip(0..).collect();
    group.bench_function("ours", |bench| bench.iter(|| WavesError::from_status(black_box(429))));
    group.bench_function("match (5 cases)", |bench| bench.iter(|| ByThiserror::from_status(black_box(429))));
    group.bench_function("HashMap", |bench| bench.iter(|| map.get(&black_box(429)).copied()));
    group.finish();
}

/// Returns a JSON response body of 500 bytes.
fn response_body() -> String {
    let head =
        r#"{"status":"error","error_code":"RATE_LIMIT_EXCEEDED","message":"Rate limit exceeded for this workspace. "#;
    let tail =
        r#"","request_id":"req_7f3a9c0b12","details":{"limit":100,"window":"1m","path":["voice_id"],"hint":null}}"#;
    format!("{head}{}{tail}", "x".repeat(500 - head.len() - tail.len()))
}

fn classify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("classify 500 bytes");
    let body = response_body();
    let evidence = Evidence::response(429).with_header("x-request-id", "req_7f3a9c0b12").with_body(&body);
    let catalog = WavesError::TooManyRequests.to_case().catalog();
    group.bench_function("ours", |bench| bench.iter(|| catalog.classify(black_box(&evidence))));
    group.bench_function("serde_json alone", |bench| {
        bench.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(body.as_bytes())));
    });
    group.finish();
}

fn retry(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("Retry-After");
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_000);
    for (name, value) in [("seconds", "120"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")] {
        let failure: Failure = Failure::classify(Evidence::response(429).with_header("retry-after", value));
        group.bench_function(format!("ours, {name}"), |bench| bench.iter(|| failure.retry_after(black_box(now))));
    }
    group.bench_function("httpdate alone, date", |bench| {
        bench.iter(|| httpdate::parse_http_date(black_box("Sun, 06 Nov 1994 08:49:37 GMT")));
    });
    group.finish();

    let mut group = criterion.benchmark_group("next delay");
    let (low, high) = (Duration::from_millis(500), Duration::from_secs(30));
    let policy = WavesError::TooManyRequests.retry().expect("429 has a policy");
    let mut random = fastrand::Rng::with_seed(1);
    group.bench_function("ours", |bench| {
        bench.iter(|| policy.wait(black_box(3), None, Jitter::from_bits(random.u32(..))));
    });
    let mut backoff = ExponentialBuilder::default()
        .with_min_delay(low)
        .with_max_delay(high)
        .without_max_times()
        .with_jitter()
        .build();
    group.bench_function("backon", |bench| bench.iter(|| backoff.next()));
    let maker = ExponentialBackoffMaker::new(low, high, 0.25, HasherRng::default());
    let mut backoff = maker.expect("valid bounds").make_backoff();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _entered = runtime.enter();
    group.bench_function("tower", |bench| bench.iter(|| drop(backoff.next_backoff())));
    let policy = ExponentialBackoff::builder().retry_bounds(low, high).build_with_max_retries(u32::MAX);
    let start = SystemTime::now();
    group.bench_function("retry-policies", |bench| bench.iter(|| policy.should_retry(start, black_box(3))));
    group.finish();
}

fn ticket(criterion: &mut Criterion) {
    let evidence = Evidence::response(429)
        .with_request(
            "POST",
            "https://api.smallest.ai/waves/v1/tts?model=lightning&token=sk_0123456789abcdef0123456789abcdef",
        )
        .with_request_header("authorization", "Bearer sk_0123456789abcdef0123456789abcdef")
        .with_request_body(Body::whole(r#"{"text":"Hello there","voice_id":"emily","speed":1.0}"#))
        .with_header("x-request-id", "req_7f3a9c0b12")
        .with_body(response_body());
    let mut group = criterion.benchmark_group("redact");
    let redactor = Redactor::new(WavesError::TooManyRequests.to_case().catalog(), &evidence);
    let log = "2026-11-22T14:00:00Z POST https://api.smallest.ai/waves/v1/tts?token=sk_0123456789abcdef failed: Bearer abcdef0123456789\n";
    let (text, json) =
        (log.repeat(64 * 1024 / log.len()), format!("[{}]", [response_body().as_str()].repeat(128).join(",")));
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("text of 64 kB", |bench| bench.iter(|| redactor.text(black_box(&text))));
    group.throughput(Throughput::Bytes(json.len() as u64));
    let body = Body::whole(&json);
    group.bench_function("JSON of 64 kB", |bench| bench.iter(|| redactor.body(black_box(&body), None)));
    group.bench_function("serde_json alone, there and back", |bench| {
        bench.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&json)).map(|value| value.to_string()));
    });
    // What a server sends in the message of an error; the line shows its start.
    let message = |text: &str| format!(r#"{{"message":"{}"}}"#, text.repeat(64 * 1024 / text.len()));
    for (name, text) in [
        ("a line with a message of 64 kB", "one word and "),
        ("a line with a hostile message of 64 kB", "auth:token=a "),
    ] {
        let evidence = Evidence::response(500).with_body(message(text));
        group.throughput(Throughput::Bytes(64 * 1024));
        group.bench_function(name, |bench| {
            bench.iter(|| Failure::<WavesError>::classify(black_box(evidence.clone())).to_string());
        });
    }
    group.finish();
    let failure: Failure = Failure::classify(evidence);
    criterion.bench_function("ticket", |bench| bench.iter(|| failure.ticket().workspace("ws_42").markdown()));
}

/// Runs the command line as a process. Requires `cargo build --release -p waves-errors-cli`.
fn process(criterion: &mut Criterion) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release/waves-errors");
    if !program.exists() {
        eprintln!("skipped: {} is not built", program.display());
        return;
    }
    let run = |arguments: &[&str]| {
        let output = Command::new(&program).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
        assert!(output.status.success(), "{output:?}");
        output
    };
    let response = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/http/moto-5.2.5.get-missing.http");
    let mut group = criterion.benchmark_group("process");
    group.bench_function("--version", |bench| bench.iter(|| run(&["--version"])));
    group.bench_function("explain", |bench| bench.iter(|| run(&["explain", "429"])));
    group.bench_function("classify", |bench| bench.iter(|| run(&["classify", response])));
    let large = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large.toml");
    std::fs::write(&large, large_catalog()).expect("a file");
    group.sample_size(20);
    group.bench_function("check of 5,000 cases", |bench| bench.iter(|| run(&["check", &large.to_string_lossy()])));
    group.finish();
}

criterion_group!(benches, display, lookup, classify, retry, ticket, process);
criterion_main!(benches);
