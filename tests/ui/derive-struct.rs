use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
struct Bad {
    sku: String,
}

fn main() {}
