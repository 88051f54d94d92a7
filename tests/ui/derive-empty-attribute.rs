use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog()]
enum Bad {
    PaymentDeclined,
}

fn main() {}
