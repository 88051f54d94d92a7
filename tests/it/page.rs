//! The Markdown page and the table of the built-in catalog.

use waves_errors_catalog::render::markdown::Flavor;
use waves_errors_catalog::{WAVES, render::markdown};

#[test]
fn markdown_equals_the_documentation() {
    let catalog = WAVES.check().unwrap().catalog;
    let page = markdown::page(&catalog, &catalog.pages[0], Flavor::Export);
    assert_eq!(page, include_str!("../data/error-reference.md"));
}

#[test]
fn built_in_catalog_has_no_warnings() {
    assert_eq!(WAVES.check().unwrap().warnings, []);
}

#[test]
fn built_in_table_equals_the_compiled_catalog() {
    use waves_errors::{CatalogEnum, WavesError};

    let compiled = waves_errors_catalog::render::table::table(&WAVES.check().unwrap().catalog);
    let compiled = waves_errors::Catalog::leak(compiled);
    assert_eq!(WavesError::CATALOG.table(), compiled.table());
    // Commands read the catalog without checking it. The result is the same.
    let unchecked = waves_errors_catalog::render::table::table(&WAVES.load().unwrap());
    assert_eq!(compiled.table(), waves_errors::Catalog::leak(unchecked).table());
}

#[test]
fn json_text_equals_its_pretty_printed_value() {
    use waves_errors_catalog::render::json;

    let waves = WAVES.check().unwrap().catalog;
    assert_eq!(json::catalog_text(&waves), format!("{:#}\n", json::catalog(&waves)));
    let rules = waves_errors_catalog::LINTS.check().unwrap().catalog;
    assert_eq!(json::catalog_text(&rules), format!("{:#}\n", json::catalog(&rules)));
}
