use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("unknown-key.toml")]
enum Bad {
    One,
}

fn main() {}
