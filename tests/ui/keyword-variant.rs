waves_errors::error_catalog! {
    pub enum Bad = "keyword-variant.toml";
}

fn main() {}
