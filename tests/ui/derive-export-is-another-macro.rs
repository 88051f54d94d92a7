use waves_errors::CatalogError;

macro_rules! another {
    ($only:ident) => {};
}

#[derive(Debug, CatalogError)]
#[catalog(another!)]
enum Bad {
    One,
}

fn main() {}
