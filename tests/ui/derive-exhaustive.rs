use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml", exhaustive)]
enum Bad {
    PaymentDeclined,
    OutOfStock { sku: String, left: u32 },
}

fn main() {}
