waves_errors::error_catalog! {
    pub enum Bad = "bad-duration.toml";
}

fn main() {}
