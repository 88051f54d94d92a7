waves_errors::error_catalog! {
    pub enum Bad = "block-syntax.toml";
}

fn main() {}
