use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(transparent)]
    Other(std::io::Error, u32),
}

fn main() {}
