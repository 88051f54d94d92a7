//! The documented page, byte for byte.

use waves_errors_catalog::render::markdown::Flavor;
use waves_errors_catalog::{WAVES, render::markdown};

#[test]
fn the_page_renders_as_documented() {
    let catalog = WAVES.check().unwrap().catalog;
    let page = markdown::page(&catalog, &catalog.pages[0], Flavor::Export);
    assert_eq!(page, include_str!("../data/error-reference.md"));
}

#[test]
fn the_built_in_catalog_has_no_remark() {
    assert_eq!(WAVES.check().unwrap().warnings, []);
}

#[test]
fn programs_carry_the_table_that_the_catalog_makes() {
    use waves_errors::{CatalogEnum, WavesError};

    let made = waves_errors_catalog::render::table::table(&WAVES.check().unwrap().catalog);
    let made = waves_errors::Catalog::leak(made);
    assert_eq!(WavesError::CATALOG.table(), made.table());
    // What commands read without checking is the same catalog.
    let read = waves_errors_catalog::render::table::table(&WAVES.read().unwrap());
    assert_eq!(made.table(), waves_errors::Catalog::leak(read).table());
}

#[test]
fn the_text_of_the_json_is_that_of_its_value() {
    use waves_errors_catalog::render::json;

    let waves = WAVES.check().unwrap().catalog;
    assert_eq!(json::text_of_catalog(&waves), format!("{:#}\n", json::catalog(&waves)));
    let rules = waves_errors_catalog::RULES.check().unwrap().catalog;
    assert_eq!(json::text_of_catalog(&rules), format!("{:#}\n", json::catalog(&rules)));
}
