use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("../ui")]
enum Bad {
    PaymentDeclined,
}

fn main() {}
