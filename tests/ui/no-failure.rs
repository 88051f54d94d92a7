waves_errors::error_catalog! {
    pub enum Bad = "no-failure.toml";
}

fn main() {}
