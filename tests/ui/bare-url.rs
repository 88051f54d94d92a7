waves_errors::error_catalog! {
    pub enum Bad = "bare-url.toml";
}

fn main() {}
