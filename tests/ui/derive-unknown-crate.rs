use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml", crate = ::elsewhere)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
