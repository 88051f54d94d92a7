use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclined(#[source] String),
}

fn main() {}
