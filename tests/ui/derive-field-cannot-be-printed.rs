use waves_errors::CatalogError;

struct Silent;

impl std::fmt::Debug for Silent {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    OutOfStock { sku: Silent, left: u32 },
}

fn main() {}
