use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclined(#[from] std::io::Error, u32),
}

fn main() {}
