use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(transparent, case = "payment-declined")]
    Other(std::io::Error),
}

fn main() {}
