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

    let made = waves_errors_catalog::render::table::table(&WAVES.check().unwrap().catalog);
    let made = waves_errors::Catalog::from_packed(made.leak());
    assert_eq!(WavesError::CATALOG.table(), made.table());
    // What commands read without checking is the same catalog.
    let read = waves_errors_catalog::render::table::table(&WAVES.load().unwrap());
    assert_eq!(made.table(), waves_errors::Catalog::from_packed(read.leak()).table());
}

#[test]
fn json_text_equals_its_pretty_printed_value() {
    use waves_errors_catalog::render::json;

    let waves = WAVES.check().unwrap().catalog;
    assert_eq!(json::catalog_text(&waves), format!("{:#}\n", json::catalog(&waves)));
    let rules = waves_errors_catalog::LINTS.check().unwrap().catalog;
    assert_eq!(json::catalog_text(&rules), format!("{:#}\n", json::catalog(&rules)));
}
