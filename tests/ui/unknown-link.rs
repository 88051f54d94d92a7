waves_errors::error_catalog! {
    pub enum Bad = "unknown-link.toml";
}

fn main() {}
