waves_errors::error_catalog! {
    pub enum Bad = "unknown-key.toml";
}

fn main() {}
