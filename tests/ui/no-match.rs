waves_errors::error_catalog! {
    pub enum Bad = "no-match.toml";
}

fn main() {}
