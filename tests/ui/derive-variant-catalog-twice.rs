use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(transparent)]
    #[catalog(transparent)]
    Other(std::io::Error),
}

fn main() {}
