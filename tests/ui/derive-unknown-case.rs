use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(case = "payment-declind")]
    Declined,
}

fn main() {}
