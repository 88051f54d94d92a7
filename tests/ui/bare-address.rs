waves_errors::error_catalog! {
    pub enum Bad = "bare-address.toml";
}

fn main() {}
