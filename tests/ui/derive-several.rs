use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclind,
    OutOfStock { sku: String },
    Broken,
}

fn used(bad: Bad) -> Box<dyn CatalogError> {
    Box::new(bad)
}

fn main() {}
