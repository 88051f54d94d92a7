use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    Elsewhere(u32, usize),
}

fn main() {}
