use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml", waves)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
