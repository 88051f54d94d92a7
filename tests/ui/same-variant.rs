waves_errors::error_catalog! {
    pub enum Bad = "same-variant.toml";
}

fn main() {}
