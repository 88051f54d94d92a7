waves_errors::error_catalog! {
    pub enum Bad = "missing.toml";
}

fn main() {}
