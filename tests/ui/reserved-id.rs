waves_errors::error_catalog! {
    pub enum Bad = "reserved-id.toml";
}

fn main() {}
