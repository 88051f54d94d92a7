use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
