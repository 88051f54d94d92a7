use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog(5)]
enum Bad {
    PaymentDeclined,
}

fn main() {}
