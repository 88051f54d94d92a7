//! Crates that depend on this workspace: generated items, and rebuilds after changes of a catalog.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use waves_errors_catalog::render::markdown::Flavor;

use crate::cargo::{cargo, command_line, root, run};

/// Creates a crate that depends on this workspace. All scratch crates share a target directory.
pub(crate) fn scratch(name: &str, main: &str) -> PathBuf {
    let folder = root().join("target/scratch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nwaves-errors = {{ path = \"{}\", default-features = false, features = [\"macros\"] }}\n",
        root().join("waves-errors").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/main.rs"), main).unwrap();
    folder
}

/// Returns a cargo command for a scratch crate. All build in the same folder and with the same flags, so that cargo builds their
/// dependencies only once, and without debug information.
pub(crate) fn scratch_cargo(folder: &Path) -> Command {
    let mut command = cargo(folder);
    command.env("CARGO_TARGET_DIR", root().join("target/scratch/target"));
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    command
}

fn build(folder: &Path, arguments: &[&str]) -> String {
    run(scratch_cargo(folder).args(arguments).arg("--quiet").env("RUSTDOCFLAGS", "-D warnings"))
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// The output that depends on a catalog.
struct Outcome {
    page: String,
    explanation: String,
    documentation: String,
    behavior: String,
}

fn outcome(folder: &Path) -> Outcome {
    let file = folder.join("catalog/error-reference.toml");
    let accepted = waves_errors_catalog::check_file(&file, "error-reference.toml").unwrap().unwrap();
    let page =
        waves_errors_catalog::render::markdown::page(&accepted.catalog, &accepted.catalog.pages[0], Flavor::Export);
    let explanation = run(command_line().args(["explain", "429", "403", "--catalog"]).arg(&file));
    build(folder, &["doc", "--no-deps", "--document-private-items"]);
    let documentation = fs::read_to_string(root().join("target/scratch/target/doc/follow/enum.Mine.html")).unwrap();
    Outcome { page, explanation, documentation, behavior: build(folder, &["run"]) }
}

#[test]
fn catalog_edit_changes_page_docs_explanation_and_behavior() {
    let folder = scratch(
        "follow",
        "//! A crate with a catalog.\n\n\
         use std::time::SystemTime;\n\n\
         use waves_errors::{Jitter, Evidence, Failure, Retry};\n\n\
         waves_errors::error_catalog! {\n    pub enum Mine = \"catalog/error-reference.toml\";\n    pub mod reference;\n}\n\n\
         fn main() {\n\
             let failure = Failure::<Mine>::classify_as(Evidence::response(429));\n\
             println!(\"{failure:#}\\n{:?}\", Retry::new().jitter(Jitter::NONE).decide(&failure, SystemTime::now()));\n\
         }\n",
    );
    fs::create_dir(folder.join("catalog")).unwrap();
    let file = folder.join("catalog/error-reference.toml");
    for entry in fs::read_dir(root().join("catalog/waves")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join("catalog").join(entry.file_name())).unwrap();
    }

    let before = outcome(&folder);
    assert_eq!(before.page, include_str!("../data/error-reference.md"));
    for text in [&before.page, &before.explanation, &before.documentation, &before.behavior] {
        assert!(text.contains("starting at 500 ms") && text.contains("exceeded the current rate limit"), "{text}");
    }
    assert!(before.behavior.contains("Retry { after: 500ms, source: Backoff }"), "{}", before.behavior);

    edit(&file, "The request exceeded the current rate limit.", "You asked too often.");
    edit(&file, "https://app.smallest.ai/dashboard/api-keys", "https://keys.example/mine");
    edit(
        &file,
        "[retry.rate-limit]                 # \"exponential backoff starting at 500 ms, doubling up to 30 s\"\ninitial     = \"500ms\"",
        "[retry.rate-limit]\ninitial     = \"750ms\"",
    );
    let after = outcome(&folder);
    for text in [&after.page, &after.explanation, &after.documentation, &after.behavior] {
        assert!(text.contains("You asked too often") && text.contains("starting at 750 ms"), "{text}");
        assert!(!text.contains("exceeded the current rate limit"), "{text}");
    }
    for text in [&after.page, &after.explanation, &after.documentation] {
        assert!(
            text.contains("https://keys.example/mine") && !text.contains("https://app.smallest.ai/dashboard/api-keys"),
            "{text}"
        );
    }
    assert!(after.behavior.contains("Retry { after: 750ms, source: Backoff }"), "{}", after.behavior);
}

#[test]
fn error_catalog_builds_with_shadowed_names() {
    let folder = scratch(
        "hostile",
        "//! All names that generated code could use have other meanings here.\n\
         #![no_implicit_prelude]\n#![deny(warnings, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]\n\n\
         mod std {}\nmod core {}\nstruct Option;\nstruct Result;\nstruct String;\nstruct Box;\nstruct Case;\nstruct Catalog;\n\
         trait Error {}\n\n\
         ::waves_errors::error_catalog! {\n    enum Hidden = \"catalog.toml\";\n    mod reference;\n}\n\n\
         mod inner {\n    ::waves_errors::error_catalog! {\n        /// Seen by the crate.\n        pub(crate) enum Shown = \"catalog.toml\";\n    }\n}\n\n\
         fn main() {\n    let _ = (Option, Result, String, Box, Case, Catalog);\n    ::std::println!(\"{} {:?}\", Hidden::Old, inner::Shown::New);\n\
             let _: ::core::option::Option<&dyn Error> = ::core::option::Option::None;\n}\n",
    );
    let catalog = "schema = 1\n[catalog]\nid = \"hostile\"\n[page]\ntitle = \"P\"\n[case.old]\nstatus = 400\nsummary = \"Old.\"\n\
                   display = \"old {{news}}\"\n[case.new]\nstatus = 401\nsummary = \"New.\"\n";
    fs::write(folder.join("catalog.toml"), catalog).unwrap();
    assert_eq!(build(&folder, &["run"]), "old {news} New\n");
    build(&folder, &["clippy"]);
}

#[test]
fn exported_catalog_works_without_its_file() {
    let depends = |folder: &Path, line: &str| {
        let manifest = folder.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, format!("{text}{line}\n")).unwrap();
    };
    let base = scratch("base", "");
    fs::remove_file(base.join("src/main.rs")).unwrap();
    fs::write(
        base.join("src/lib.rs"),
        "//! The base.\n#![deny(warnings, missing_docs)]\n\nwaves_errors::error_catalog! {\n    #[catalog(export = shop_catalog)]\n    /// What goes wrong in a shop.\n    pub enum ShopError = \"catalog/shop.toml\";\n}\n\n\
         /// Derived, and its catalog is exported as well.\n#[derive(Debug, waves_errors::CatalogError)]\n#[catalog(\"catalog/more/small.toml\", export = small_catalog)]\npub enum Small {\n    /// Tiny.\n    Tiny,\n}\n",
    )
    .unwrap();
    fs::create_dir_all(base.join("catalog/more")).unwrap();
    fs::copy(root().join("tests/data/shop.toml"), base.join("catalog/shop.toml")).unwrap();
    edit(&base.join("catalog/shop.toml"), "schema = 1\n", "schema = 1\ninclude = [\"more/late.toml\"]\n");
    fs::write(base.join("catalog/more/late.toml"), "[case.late]\nstatus = 408\nsummary = \"Late.\"\n").unwrap();

    fs::write(
        base.join("catalog/more/small.toml"),
        "schema = 1\n[catalog]\nid = \"small\"\n[case.tiny]\nstatus = 413\nsummary = \"Tiny.\"\n",
    )
    .unwrap();

    let middle = scratch("middle", "");
    fs::remove_file(middle.join("src/main.rs")).unwrap();
    fs::write(middle.join("src/lib.rs"), "//! The middle.\npub use base::{shop_catalog as goods, small_catalog};\n")
        .unwrap();
    // Keep only the files that cargo would package.
    let listed = run(cargo(&base).args(["package", "--list", "--allow-dirty"]));
    let packaged = root().join("target/scratch/base-packaged");
    let _ = fs::remove_dir_all(&packaged);
    for file in listed.lines().filter(|file| base.join(file).is_file()) {
        fs::create_dir_all(packaged.join(file).parent().unwrap()).unwrap();
        fs::copy(base.join(file), packaged.join(file)).unwrap();
    }
    fs::remove_dir_all(&base).unwrap();
    depends(&middle, "base = { path = \"../base-packaged\" }");

    let leaf = scratch(
        "leaf",
        "//! The leaf.\n#![deny(warnings)]\n\nuse waves_errors::CatalogError;\n\n\
         #[derive(Debug, CatalogError)]\n#[catalog(middle::goods!)]\nenum Checkout {\n    OutOfStock { sku: String, left: u32 },\n    Late,\n}\n\n\
         waves_errors::error_catalog! {\n    pub enum All = middle::goods!;\n    pub mod reference;\n}\n\n\
         waves_errors::error_catalog! {\n    enum Few = middle::small_catalog!;\n}\n\n\
         fn main() {\n    let gone = Checkout::OutOfStock { sku: \"tea\".into(), left: 1 };\n    println!(\"{gone}; {}; {}; {:?}; {}\", Checkout::Late, All::Declined, gone.id(), Few::Tiny);\n}\n",
    );
    depends(&leaf, "middle = { path = \"../middle\" }");
    let printed = build(&leaf, &["run"]);
    assert_eq!(
        printed,
        "only 1 of tea left; 408 Request Timeout: Late; 402 Payment Required: The bank declined the payment; Some(\"out-of-stock\"); 413 Content Too Large: Tiny\n"
    );
}

#[test]
#[ignore = "needs HTTP clients built without TLS, which takes a minute"]
fn https_without_tls_is_not_retried_and_names_the_feature() {
    let folder = scratch(
        "without-tls",
        "//! Clients without TLS.\n\n\
         use waves_errors::{Failure, Retry, WavesError, reqwest::SendChecked as _, ureq::CallChecked as _};\n\n\
         #[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n\
             // Some clients connect before they look for TLS.\n\
             let listener = std::net::TcpListener::bind((\"127.0.0.1\", 0)).unwrap();\n\
             let address = listener.local_addr().unwrap();\n\
             let (https, wss) = (format!(\"https://{address}/\"), format!(\"wss://{address}/\"));\n\
             let failures: [Failure; 3] = [\n\
                 Retry::new().run(async || reqwest::Client::new().get(&https).send_checked().await).await.unwrap_err(),\n\
                 Retry::new().run_blocking(|| ureq::get(&https).call_checked()).unwrap_err(),\n\
                 Retry::new().run(async || waves_errors::tokio_tungstenite::connect(&wss).await).await.map(drop).unwrap_err(),\n\
             ];\n\
             for failure in failures {\n\
                 assert!(failure.is_failure() && !failure.is(WavesError::NotConnected), \"{failure:#}\");\n\
                 println!(\"{} {} {failure}\", failure.attempts(), failure.stop_reason().unwrap().as_str());\n\
             }\n\
         }\n",
    );
    let dependencies = [
        "features = [\"waves\", \"reqwest\", \"ureq\", \"tokio-tungstenite\"] }",
        "reqwest = { version = \"0.13\", default-features = false }",
        "ureq = { version = \"3\", default-features = false }",
        "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }",
    ];
    edit(
        &folder.join("Cargo.toml"),
        "default-features = false, features = [\"macros\"] }",
        &format!("default-features = false, {}", dependencies.join("\n")),
    );
    let printed = build(&folder, &["run"]);
    let starts = [
        "1 not-retryable no TLS support: enable the `rustls` or `native-tls` feature of reqwest: ",
        "1 not-retryable no TLS support: enable the `rustls` or `native-tls` feature of ureq: ",
        "1 not-retryable no TLS support: enable a feature of tokio-tungstenite such as `rustls-tls-webpki-roots`: ",
    ];
    assert_eq!(printed.lines().count(), starts.len(), "{printed}");
    for (line, start) in printed.lines().zip(starts) {
        assert!(line.starts_with(start), "{printed}");
    }
}

#[test]
fn included_file_change_rebuilds_the_crate() {
    let folder = scratch(
        "included",
        "waves_errors::error_catalog! {\n    pub enum Mine = \"catalog/root.toml\";\n}\n\nfn main() {\n    println!(\"{}\", Mine::Far);\n}\n",
    );
    fs::create_dir_all(folder.join("catalog/more")).unwrap();
    fs::write(
        folder.join("catalog/root.toml"),
        "schema = 1\ninclude = [\"more/far.toml\"]\n[catalog]\nid = \"mine\"\n",
    )
    .unwrap();
    let far = folder.join("catalog/more/far.toml");
    fs::write(&far, "[case.far]\nstatus = 404\nsummary = \"Far away.\"\n").unwrap();
    assert_eq!(build(&folder, &["run"]), "404 Not Found: Far away\n");
    edit(&far, "Far away", "Very far away");
    assert_eq!(build(&folder, &["run"]), "404 Not Found: Very far away\n");
}

#[test]
fn catalog_change_rebuilds_the_derive() {
    let folder = scratch(
        "rebuilt",
        "#[derive(Debug, waves_errors::CatalogError)]\n#[catalog(\"catalog.toml\")]\nenum Mine {\n    Far,\n}\n\nfn main() {\n    println!(\"{}\", Mine::Far);\n}\n",
    );
    let file = folder.join("catalog.toml");
    fs::write(&file, "schema = 1\n[catalog]\nid = \"mine\"\n[case.far]\nstatus = 404\nsummary = \"Far away.\"\n")
        .unwrap();
    assert_eq!(build(&folder, &["run"]), "404 Not Found: Far away\n");
    edit(&file, "Far away", "Very far away");
    assert_eq!(build(&folder, &["run"]), "404 Not Found: Very far away\n");
}

#[test]
fn cfg_and_deprecation_apply_to_all_generated_items() {
    let folder = scratch(
        "conditions",
        "//! Attributes.\n#![deny(warnings, missing_docs, clippy::all, clippy::pedantic)]\n#![allow(unexpected_cfgs)]\n\n\
         waves_errors::error_catalog! {\n    #[cfg(never)]\n    pub enum Absent = \"catalog.toml\";\n}\n\
         waves_errors::error_catalog! {\n    #[cfg(not(never))]\n    #[allow(dead_code)]\n    pub enum Present = \"catalog.toml\";\n    pub mod reference;\n}\n\
         mod inner {\n    waves_errors::error_catalog! {\n        pub(in crate::inner) enum r#Raw = \"catalog.toml\";\n    }\n    pub(crate) fn all() -> usize { Raw::ALL.len() }\n}\n\n\
         fn main() {\n    println!(\"{} {}\", Present::OrderGone, inner::all());\n}\n",
    );
    let catalog = "schema = 1\n[catalog]\nid = \"shop\"\n[page]\ntitle = \"Type\"\n[case.order-gone]\nstatus = 410\nsummary = \"Gone.\"\n\
                   [case.order-lost]\nstatus = 404\nsummary = \"Lost.\"\ndeprecated = { since = \"yesterday\", use = \"order-gone\" }\n\
                   [case.order-late]\nstatus = 408\nsummary = \"Late.\"\n";
    fs::write(folder.join("catalog.toml"), catalog).unwrap();
    assert_eq!(build(&folder, &["run"]), "410 Gone: Gone 3\n");
    build(&folder, &["clippy"]);
}

#[test]
fn hostile_texts_are_rejected_or_documented_without_warnings() {
    let texts = [
        "```",
        "    indented",
        "<KEY>",
        "see https://x.example/ now",
        "[brackets]",
        "[^1]",
        "a [b][c] d",
        "quotes \" and '",
        "back\\\\slash \\\\",
        "cr \\r",
        "{braces} {{twice}}",
        "{retry.",
        "עברית and العربية",
        "emoji 🎧 and ✓",
        "| table | cell |",
        "`a | b`",
        "**bold",
        "_under_ *star*",
        "~~~",
        "# heading",
        "1) one",
        "&amp; &lt;KEY&gt;",
        "$x$",
        "<!-- c -->",
        "ends with a bracket [",
        "]( odd",
        "`` ` ``",
        "`[Self::nothing]`",
        "\\\\[escaped\\\\]",
        "*/ and /*",
        "#![doc]",
        "r#raw",
        "http:// alone",
        "a://b",
        "![x",
        "\\u0085",
        "a\\u00a0b",
        "Vec<String>",
        "Option<T> or a < b > c",
        "[x]: y",
        "- [ ] task",
        "$HOME and %PATH%",
    ];
    let mut toml =
        String::from("schema = 1\n[catalog]\nid = \"hostile\"\n[page]\ntitle = \"P\"\n[wire]\ncodes = [\"/code\"]\n");
    let (mut rejected_count, mut accepted_count) = (0, 0);
    for (n, text) in texts.iter().enumerate() {
        let case = format!(
            "[case.text-{n}]\ncode = \"{}{n}\"\nsummary = \"{text}\"\nfixes = [\"{text}\"]\ncauses = [\"{text}\"]\naliases = [\"{text}\"]\ntitle = \"{text}\"\n",
            "long`<>[]".repeat(33)
        );
        let single = format!("schema = 1\n[catalog]\nid = \"one\"\n[wire]\ncodes = [\"/code\"]\n{case}");
        let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
        match waves_errors_catalog::check("one.toml", single.as_bytes(), none) {
            Ok(_) => {
                accepted_count += 1;
                toml.push_str(&case);
            }
            Err(rejected) => {
                rejected_count += 1;
                assert!(rejected.problems.iter().all(|problem| problem.location.end <= single.len()), "{text}");
            }
        }
    }
    assert!(rejected_count > 15 && accepted_count > 10, "{rejected_count} rejected, {accepted_count} accepted");
    let folder = scratch(
        "texts",
        "//! Texts.\n#![deny(warnings, missing_docs, rustdoc::all)]\nwaves_errors::error_catalog! {\n    pub enum Texts = \"catalog.toml\";\n    pub mod reference;\n}\n\
         fn main() { Texts::ALL.iter().for_each(|kind| println!(\"{kind}\")); }\n",
    );
    // Some lints of rustdoc ignore code from macros, but not code from `emit`.
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let accepted = waves_errors_catalog::check("catalog.toml", toml.as_bytes(), none).unwrap();
    let item = waves_errors_catalog::render::rust::Item { name: "Emitted", vis: "pub" };
    let emitted = waves_errors_catalog::render::rust::source(&accepted.catalog, item);
    fs::write(folder.join("src/emitted.rs"), emitted).unwrap();
    fs::write(folder.join("catalog.toml"), toml).unwrap();
    fs::rename(folder.join("src/main.rs"), folder.join("src/lib.rs")).unwrap();
    let library =
        fs::read_to_string(folder.join("src/lib.rs")).unwrap().replace("fn main()", "/// Prints all.\npub fn print()");
    fs::write(folder.join("src/lib.rs"), format!("{library}\ninclude!(\"emitted.rs\");\n")).unwrap();
    build(&folder, &["doc", "--no-deps"]);
    let stdout = run(scratch_cargo(&folder).args(["test", "--doc"]));
    assert!(stdout.contains("running 0 tests"), "{stdout}");
}

#[test]
fn macros_without_their_feature_name_it() {
    let folder = scratch(
        "without",
        "waves_errors::error_catalog! {\n    pub enum Mine = \"catalog.toml\";\n}\n\n\
         #[derive(Debug, waves_errors::CatalogError)]\nenum Other {}\n\nfn main() {}\n",
    );
    edit(&folder.join("Cargo.toml"), ", features = [\"macros\"]", "");
    let output = scratch_cargo(&folder).args(["check", "--quiet"]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{printed}");
    for text in [
        "`error_catalog!` requires the feature `macros` of `waves-errors`",
        "the item is gated behind the `macros` feature",
    ] {
        assert_eq!(printed.matches(text).count(), 1, "{printed}");
    }
}
