//! The documentation that rustdoc generates: its contents and its search.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use waves_errors_tests::server::{Response, Server};

use crate::cargo::{cargo, root, run};
use crate::scratch::scratch_cargo;

/// Builds the documentation of `waves-errors` and denies warnings. Returns its folder. It is in the target folder of the workspace,
/// which already contains the macros and their dependencies.
fn docs() -> PathBuf {
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    let mut command = cargo(&root());
    command.args(["doc", "--quiet", "--no-deps", "--all-features", "-p", "waves-errors", "-p", "waves-errors-core"]);
    run(command.env("CARGO_TARGET_DIR", &target).env("RUSTDOCFLAGS", "-D warnings -D rustdoc::all"));
    target.join("doc")
}

#[test]
fn variants_and_pages_are_documented() {
    let docs = docs();
    let html = |file: &str| fs::read_to_string(docs.join("waves_errors").join(file)).unwrap();
    let variants = html("enum.WavesError.html");
    for text in [
        "Retry with exponential backoff starting at 500 ms",
        "Common causes.",
        "#401-unauthorized",
        "Up to 5 times, after 500 ms, 1 s",
        "<strong>Parent case.</strong> <a href=\"enum.WavesError.html#variant.TooManyRequests\"",
    ] {
        assert!(variants.contains(text), "{text}");
    }
    let page = html("reference/error_reference/index.html");
    for text in ["When to open a support ticket", "enum.WavesError.html#variant.NoSuchKey", "x-request-id"] {
        assert!(page.contains(text), "{text}");
    }
}

#[tokio::test]
#[ignore = "needs chromium"]
async fn search_finds_variants() {
    let docs = docs();
    let server = Server::start(move |seen| {
        let path = seen.path.split('?').next().unwrap_or_default().trim_start_matches('/');
        let kind = match path.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "application/octet-stream",
        };
        match fs::read(docs.join(path)) {
            Ok(bytes) => Response::new(200, bytes).header("content-type", kind),
            Err(_) => Response::new(404, ""),
        }
    });
    let server = server.await.unwrap();
    for (query, variant) in [
        ("429", Some("TooManyRequests")),
        ("rate limit", Some("TooManyRequests")),
        ("NoSuchKey", Some("NoSuchKey")),
        ("Retry-After", Some("TooManyRequests")),
        // An unknown word has no results, so the links of other queries come from the search.
        ("qqqzzz", None),
    ] {
        let url = server.url(&format!("/waves_errors/index.html?search={}", query.replace(' ', "%20")));
        let found = tokio::task::spawn_blocking(move || {
            run(Command::new("chromium").args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--virtual-time-budget=20000",
                "--dump-dom",
                &url,
            ]))
        });
        let dom = found.await.unwrap();
        let Some(variant) = variant else {
            assert!(!dom.contains("enum.WavesError.html#variant."), "{query}: {dom}");
            continue;
        };
        let results = dom.split("id=\"results\"").nth(1).unwrap_or_else(|| panic!("no results for {query}: {dom}"));
        assert!(results.contains(&format!("enum.WavesError.html#variant.{variant}")), "{query}: {results}");
    }
}

/// Returns the documentation of `WavesError` with these features, without links to the source.
fn waves_docs(features: &str) -> Vec<String> {
    let mut command = scratch_cargo(&root());
    command.args([
        "doc",
        "--quiet",
        "--no-deps",
        "-p",
        "waves-errors",
        "--no-default-features",
        "--features",
        features,
    ]);
    run(&mut command);
    let pages = ["enum.WavesError.html", "reference/index.html", "reference/error_reference/index.html"];
    let page = |page: &&str| {
        let html = fs::read_to_string(root().join("target/scratch/target/doc/waves_errors").join(page)).unwrap();
        let mut pieces = html.split("<a class=\"src");
        let first = pieces.next().unwrap().to_owned();
        pieces.fold(first, |out, piece| out + piece.split_once("</a>").unwrap().1)
    };
    pages.iter().map(page).collect()
}

#[test]
fn docs_of_waves_error_are_equal_without_macros() {
    let [with, without] = ["macros,waves", "waves"].map(waves_docs);
    for (with, without) in with.iter().zip(&without) {
        let differs = with.lines().zip(without.lines()).find(|(with, without)| with != without);
        assert!(with == without, "{differs:?}");
        assert!(with.len() > 1_000 && !with.contains("waves/generated.rs"));
    }
}
