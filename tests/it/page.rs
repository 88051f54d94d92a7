//! The documented page, byte for byte.

use waves_errors_catalog::render::markdown::Flavor;
use waves_errors_catalog::{render::markdown, waves};

#[test]
fn the_page_renders_as_documented() {
    let catalog = waves().unwrap().catalog;
    let page = markdown::page(&catalog, &catalog.pages[0], Flavor::Export);
    assert_eq!(page, include_str!("../data/error-reference.md"));
}

#[test]
fn the_built_in_catalog_has_no_remark() {
    assert_eq!(waves().unwrap().warnings, []);
}
