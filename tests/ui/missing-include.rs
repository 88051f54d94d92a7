waves_errors::error_catalog! {
    pub enum Bad = "missing-include.toml";
}

fn main() {}
