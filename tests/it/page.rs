//! The documented page, byte for byte.

use waves_errors_catalog::{render::markdown, waves};

#[test]
fn the_page_renders_as_documented() {
    let catalog = waves().unwrap().catalog;
    let page = markdown::export(&catalog, &catalog.pages[0]);
    assert_eq!(page, include_str!("../data/error-reference.md"));
}

#[test]
fn the_built_in_catalog_has_no_remark() {
    assert_eq!(waves().unwrap().warnings, []);
}
