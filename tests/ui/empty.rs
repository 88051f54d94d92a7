waves_errors::error_catalog! {
    pub enum Bad = "empty.toml";
}

fn main() {}
