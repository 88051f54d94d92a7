//! Small crates with unusual names, editions and layouts. Each must build without a warning.

use std::fs;

use crate::cargo::{root, run};
use crate::scratch::{scratch, scratch_cargo};

const CATALOG: &str = "schema = 1\n[catalog]\nid = \"shop\"\n[page]\ntitle = \"Errors\"\n\
    [case.out-of-stock]\nstatus = 409\nsummary = \"Not in stock.\"\ndisplay = \"only {left} left\"\n\
    [case.declined]\nstatus = 402\nsummary = \"The bank said no.\"\n\
    [case.late]\nstatus = 408\nsummary = \"Late.\"\nrefines = \"declined\"\n\
    [case.err]\nmatch = []\nsummary = \"Err.\"\n[case.catalog]\nmatch = []\nsummary = \"Catalog.\"\n";

/// An enum with the derive macro, and an enum of `error_catalog!`.
const BOTH: &str = "\
    /// Derived.\n\
    #[derive(Debug, ::waves_errors::CatalogError)]\n\
    #[catalog(\"catalog.toml\")]\n\
    pub enum Derived {\n    /// Gone.\n    OutOfStock {\n        /// How many.\n        left: u32,\n    },\n\
    \x20   /// No.\n    Declined(#[source] ::std::io::Error),\n    /// Wrapped.\n    #[catalog(transparent)]\n    Late(#[from] ::std::fmt::Error),\n}\n\n\
    ::waves_errors::error_catalog! {\n    /// Made.\n    pub enum Made = \"catalog.toml\";\n    /// Pages.\n    pub mod reference;\n}\n";

/// Denies warnings. With `RUSTFLAGS`, cargo would build all dependencies once more.
const DENY_WARNINGS: &str = "[lints.rust]\nwarnings = \"deny\"\n";

/// Builds a library crate, and its documentation. `manifest` is added to its dependencies.
fn assert_builds(name: &str, edition: &str, manifest: &str, library: &str) {
    let folder = scratch(name, "");
    fs::remove_file(folder.join("src/main.rs")).unwrap();
    fs::write(folder.join("src/lib.rs"), library).unwrap();
    fs::write(folder.join("catalog.toml"), CATALOG).unwrap();
    let file = folder.join("Cargo.toml");
    let text = fs::read_to_string(&file).unwrap().replace("edition = \"2024\"", &format!("edition = \"{edition}\""));
    let text = if manifest.starts_with("waves") || manifest.is_empty() {
        format!("{text}{manifest}\n")
    } else {
        // The manifest replaces the dependency `waves-errors`.
        format!("{}{manifest}\n", &text[..text.find("waves-errors =").unwrap()])
    };
    fs::write(&file, text + DENY_WARNINGS).unwrap();
    run(scratch_cargo(&folder).args(["clippy", "--quiet"]));
    let mut command = scratch_cargo(&folder);
    run(command.args(["doc", "--quiet", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings -D rustdoc::all"));
}

#[test]
fn renamed_and_reexported_dependency_builds() {
    let path = root().join("waves-errors");
    let renamed = format!(
        "renamed = {{ package = \"waves-errors\", path = \"{}\", default-features = false, features = [\"macros\"] }}",
        path.display()
    );
    let library = "//! Renamed.\n\n/// Derived.\n#[derive(Debug, renamed::CatalogError)]\n#[catalog(\"catalog.toml\", crate = ::renamed)]\npub enum Derived {\n    /// No.\n    Declined,\n}\n\n\
                   renamed::error_catalog! {\n    /// Made.\n    pub enum Made = \"catalog.toml\";\n    pub mod reference;\n}\n";
    assert_builds("renamed", "2024", &renamed, library);

    assert_builds("reexporting", "2021", "", "//! Re-exports.\npub use waves_errors as errors;\n");
    let through = library
        .replace("renamed::CatalogError", "reexporting::errors::CatalogError")
        .replace("::renamed", "::reexporting::errors")
        .replace("renamed::error", "reexporting::errors::error");
    assert_builds("through", "2021", "reexporting = { path = \"../reexporting\" }", &through);
}

#[test]
fn shadowed_prelude_names_build() {
    let library = format!(
        "//! Other names.\n#![no_implicit_prelude]\n#![deny(missing_docs, clippy::all, clippy::pedantic, rustdoc::all)]\n\n\
         mod std {{}}\nmod core {{}}\n#[macro_use]\nextern crate std as real;\nuse ::std::fmt::Debug;\n\
         /// Shadows a name of the prelude.\npub struct Option;\n/// Shadows a name of the prelude.\npub struct Result;\n/// Shadows a name of the prelude.\npub struct String;\n/// Shadows a name of the prelude.\npub struct Box;\n/// Shadows a name of the prelude.\npub trait Error {{}}\n/// Shadows a name of the prelude.\npub trait Display {{}}\n/// Shadows a name of the prelude.\npub trait From {{}}\n\n{BOTH}"
    );
    let library = library.replace("#[macro_use]\nextern crate std as real;\n", "");
    assert_builds("other-names", "2024", "", &library);
}

#[test]
fn no_std_crate_builds() {
    let library = format!("//! No std.\n#![no_std]\n#![deny(missing_docs, clippy::pedantic)]\n\n{BOTH}");
    assert_builds(
        "no-std",
        "2024",
        "",
        &library
            .replace("::std::io::Error", "::core::fmt::Error")
            .replace("#[from] ::std::fmt::Error", "#[from] ::core::num::ParseIntError"),
    );
}

#[test]
fn both_editions_and_nested_items_build() {
    for edition in ["2021", "2024"] {
        let library = format!(
            "//! Unusual locations.\n#![deny(missing_docs, clippy::all, clippy::pedantic)]\n\n{BOTH}\n\
             mod hidden {{\n    #[derive(Debug, waves_errors::CatalogError)]\n    #[catalog(\"catalog.toml\")]\n    pub(super) enum Inner {{\n        Declined,\n    }}\n}}\n\n\
             macro_rules! make {{\n    ($name:ident) => {{\n        /// From a macro.\n        #[derive(Debug, waves_errors::CatalogError)]\n        #[catalog(\"catalog.toml\")]\n        pub enum $name {{\n            /// No.\n            Declined,\n        }}\n    }};\n}}\nmake!(FromMacro);\n\n\
             /// In a function.\n#[must_use]\npub fn inside() -> String {{\n    #[derive(Debug, waves_errors::CatalogError)]\n    #[catalog(\"catalog.toml\")]\n    #[allow(dead_code)]\n    enum Local<'a, T: std::fmt::Display, const N: usize> {{\n        OutOfStock {{ left: &'a [T; N] }},\n        #[catalog(case = \"declined\")]\n        r#Type,\n        #[catalog(transparent)]\n        Other(std::fmt::Error),\n    }}\n    impl<T: std::fmt::Display, const N: usize> Local<'_, T, N> {{\n        fn left(&self) -> usize {{\n            if let Local::OutOfStock {{ left }} = self {{ left.len() }} else {{ 0 }}\n        }}\n    }}\n\
             \x20   let all = [Local::<u8, 1>::Type, Local::Other(std::fmt::Error)];\n    format!(\"{{}} {{}} {{}}\", all[0], all[1], hidden::Inner::Declined.to_string().len() + all[0].left())\n}}\n"
        );
        // `{}` can format a number, but not a slice.
        let library = library
            .replace("left: &'a [T; N] },", "left: usize, #[allow(dead_code)] all: &'a [T; N] },")
            .replace("OutOfStock { left } = self { left.len() }", "OutOfStock { left, .. } = self { *left }");
        assert_builds(&format!("odd-{edition}"), edition, "", &library);
    }
}

#[test]
fn two_catalogs_and_300_variants_build() {
    let (mut catalog, mut variants) = (String::from("schema = 1\n[catalog]\nid = \"large\"\n"), String::new());
    for n in 0..300 {
        catalog.push_str(&format!(
            "[case.case-{n}]\nmatch = []\nsummary = \"Number {n}.\"\ndisplay = \"number {n} of {{0}}\"\n"
        ));
        variants.push_str(&format!("    Case{n}(u16),\n"));
    }
    let folder = scratch("large", "");
    fs::write(folder.join("large.toml"), &catalog).unwrap();
    fs::write(folder.join("catalog.toml"), CATALOG).unwrap();
    fs::write(folder.join("src/main.rs"), format!(
        "#[derive(Debug, waves_errors::CatalogError)]\n#[catalog(\"large.toml\", exhaustive)]\nenum Large {{\n{variants}}}\n\n\
         waves_errors::error_catalog! {{\n    enum Made = \"large.toml\";\n}}\nwaves_errors::error_catalog! {{\n    enum Other = \"catalog.toml\";\n    mod other_pages;\n}}\n\n\
         fn main() {{\n    println!(\"{{}} {{}} {{:?}}\", Large::Case299(1), Other::Declined, Made::ALL.last());\n}}\n"
    ).replace("enum Large", "#[allow(dead_code)]\nenum Large")).unwrap();
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + DENY_WARNINGS).unwrap();
    assert_eq!(
        run(scratch_cargo(&folder).args(["run", "--quiet"])),
        "number 299 of 1 402 Payment Required: The bank said no Some(Case299)\n"
    );
}
