use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("nowhere.toml")]
enum Bad {
    PaymentDeclined,
}

fn main() {}
