use waves_errors::{Case, Catalog, CatalogEnum, CatalogError, Evidence, preflight};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByHand {
    OutOfStock,
}

impl std::fmt::Display for ByHand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of stock")
    }
}

impl std::error::Error for ByHand {}

impl CatalogError for ByHand {
    fn case(&self) -> Option<Case> {
        None
    }
}

impl CatalogEnum for ByHand {
    const CATALOG: Catalog = waves_errors::WavesError::CATALOG;
}

#[derive(Debug)]
enum NoCatalog {}

fn main() {
    let _ = ByHand::OutOfStock;
    preflight::<NoCatalog>(&Evidence::new());
}
