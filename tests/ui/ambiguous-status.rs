waves_errors::error_catalog! {
    pub enum Bad = "ambiguous-status.toml";
}

fn main() {}
