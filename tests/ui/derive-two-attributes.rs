use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
#[catalog(exhaustive)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
