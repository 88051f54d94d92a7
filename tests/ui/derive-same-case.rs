use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    PaymentDeclined,
    #[catalog(case = "payment-declined")]
    Again,
}

fn main() {}
