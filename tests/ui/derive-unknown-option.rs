use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml", complete)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
