waves_errors::error_catalog! {
    pub enum Bad = "missing-summary.toml";
}

fn main() {}
