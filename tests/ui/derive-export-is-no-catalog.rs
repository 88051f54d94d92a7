use waves_errors::CatalogError;

macro_rules! plain {
    ([$($callback:tt)*] $($rest:tt)*) => {
        $($callback)* { @catalog ["plain.toml" "no catalog"] $($rest)* }
    };
}

#[derive(Debug, CatalogError)]
#[catalog(plain!)]
enum Bad {
    One,
}

fn main() {}
