waves_errors::error_catalog! {
    pub enum Bad = "ambiguous-text.toml";
}

fn main() {}
