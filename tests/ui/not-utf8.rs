waves_errors::error_catalog! {
    pub enum Bad = "not-utf8.toml";
}

fn main() {}
