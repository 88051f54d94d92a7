use waves_errors::CatalogError;

#[derive(Debug, CatalogError)]
#[catalog("shop.toml")]
enum Bad {
    #[catalog(case = 402)]
    Declined,
}

fn main() {}
