use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    OutOfStock { sku: String, leftover: u32 },
}

fn main() {}
