use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclined(#[source] std::io::Error, #[source] std::fmt::Error),
}

fn main() {}
