use waves_errors::CatalogError;

#[derive(CatalogError)]
#[catalog("shop.toml")]
union Bad {
    sku: u32,
}

fn main() {}
