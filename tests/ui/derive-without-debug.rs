use waves_errors::CatalogError;

#[derive(CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclined,
}

fn main() {}
