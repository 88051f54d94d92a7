waves_errors::error_catalog! {
    pub enum Bad = "unknown-policy.toml";
}

fn main() {}
