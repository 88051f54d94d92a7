waves_errors::error_catalog! {
    pub enum Bad = "bad-id.toml";
}

fn main() {}
