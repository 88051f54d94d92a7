//! The examples in the README and in the documentation equal actual output.

use std::fs;
use std::process::Command;

use waves_errors_catalog::render::markdown::Flavor;

use waves_errors_catalog::{Catalog, Rejected, check, render, report};

use crate::cargo::{cargo, root, run};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Returns the contents of all code blocks of a language, in order.
fn fences(language: &str) -> Vec<String> {
    let text = readme();
    let mut out = Vec::new();
    for part in text.split("```").skip(1).step_by(2) {
        if let Some(contents) = part.strip_prefix(language).and_then(|rest| rest.strip_prefix('\n')) {
            out.push(contents.to_owned());
        }
    }
    out
}

fn checked(toml: &str) -> Result<Catalog, Box<Rejected>> {
    let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    check("orders.toml", toml.as_bytes(), none).map(|accepted| accepted.catalog)
}

#[test]
fn valid_catalog_renders_as_documented() {
    let catalog = checked(&fences("toml")[1]).unwrap();
    let case = &catalog.cases[0];
    let [docs, section] = <[String; 2]>::try_from(fences("markdown")).unwrap();
    assert_eq!(format!("{}\n", render::case::body(&catalog, case)), docs);
    let with_page = format!("{}[page]\ntitle = \"P\"\n", fences("toml")[1]);
    let catalog = checked(&with_page).unwrap();
    let page = render::markdown::page(&catalog, &catalog.pages[0], Flavor::Export);
    assert!(format!("{page}\n").ends_with(&section), "{page}");
    assert!(readme().contains(&format!("`{}`", render::display(&catalog, &catalog.cases[0]))));
}

#[test]
fn invalid_catalog_has_the_documented_problems() {
    let rejected = checked(&fences("toml")[2]).unwrap_err();
    assert_eq!(report::problems(&rejected.sources, &rejected.problems, false), fences("text")[1]);
}

#[test]
fn failure_example_equals_quickstart_output() {
    let printed = fs::read_to_string(root().join("tests/data/quickstart.txt")).unwrap();
    assert!(printed.contains(&fences("text")[0]));
}

#[test]
fn diagnose_example_equals_its_output() {
    let exchange = r#"{"request":{"headers":[["authorization","Bearer  \"sk_0123456789abcdef0123456789abcdef\""]]},"response":{"status":401}}"#;
    let (_, printed, _) = crate::cli_classify::piped(&["diagnose"], exchange.as_bytes());
    assert!(printed.contains(&fences("text")[2]), "{printed}");
}

#[test]
fn front_page_example_equals_quickstart_output() {
    let documentation = fs::read_to_string(root().join("waves-errors/src/lib.rs")).unwrap();
    let documentation = documentation.replace("//! ", "");
    let example = documentation.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let printed = fs::read_to_string(root().join("tests/data/quickstart.txt")).unwrap();
    assert!(printed.contains(example) && example.lines().count() == 6, "{example}");
}

/// Returns the TOML blocks of a guide page, in order.
fn toml_blocks(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("waves-errors/docs").join(page)).unwrap();
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(str::to_owned).collect()
}

#[test]
fn guide_pages_contain_the_example_catalogs() {
    let catalog = |name: &str| fs::read_to_string(root().join("waves-errors/examples").join(name)).unwrap();
    let [documented] = <[String; 1]>::try_from(toml_blocks("coming-from-thiserror.md")).unwrap();
    assert!(catalog("checkout.toml").ends_with(&documented) && documented.len() > 300);
    assert_eq!(toml_blocks("writing-a-catalog.md").join("\n"), catalog("parcels.toml"));
}

/// Returns the metadata of the workspace.
fn metadata() -> serde_json::Value {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--all-features"];
    serde_json::from_str(&run(cargo(&root()).args(arguments))).unwrap()
}

#[test]
fn feature_tables_equal_the_manifest() {
    let metadata = metadata();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "waves-errors");
    let features = package.unwrap()["features"].as_object().unwrap();
    let declared: Vec<_> = features.keys().map(String::as_str).filter(|feature| *feature != "default").collect();
    assert!(declared.is_sorted() && declared.len() > 8, "{declared:?}");
    let crate_documentation = fs::read_to_string(root().join("waves-errors/src/lib.rs")).unwrap();
    for page in [readme(), crate_documentation] {
        let rows = page.lines().filter_map(|line| line.trim_start_matches("//! ").strip_prefix("| `"));
        let mut documented: Vec<_> = rows.filter_map(|row| row.split('`').next()).collect();
        documented.sort_unstable();
        assert_eq!(documented, declared);
    }
}

#[test]
fn default_dependencies_have_no_runtime_and_no_tls() {
    let tree = |features: &[&str]| {
        let plain = ["tree", "-p", "waves-errors", "-e", "normal", "--prefix", "none", "--format", "{lib}"];
        let printed = run(cargo(&root()).args(plain).args(features));
        let names: std::collections::BTreeSet<_> = printed.split_whitespace().map(str::to_owned).collect();
        names.into_iter().filter(|name| !name.starts_with('(')).collect::<Vec<_>>()
    };
    for features in [&[][..], &["--no-default-features"]] {
        let names = tree(features);
        for heavy in
            ["tokio", "hyper", "reqwest", "rustls", "native_tls", "openssl", "ring", "http", "tracing", "toml_edit"]
        {
            assert!(!names.iter().any(|name| name == heavy), "{heavy} in {names:?}");
        }
        assert!(names.iter().any(|name| name == "serde_json"), "{names:?}");
    }
    assert!(tree(&["--features", "reqwest"]).iter().any(|name| name == "hyper"));
}

#[test]
fn fleet_table_equals_its_output() {
    let printed = run(&mut Command::new(env!("CARGO_BIN_EXE_fleet")));
    let page = fs::read_to_string(root().join("waves-errors/docs/many-clients.md")).unwrap();
    assert!(page.contains(&printed) && printed.lines().count() == 10, "{printed}");
}
