use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(code = "payment-declined")]
    Declined,
}

fn main() {}
