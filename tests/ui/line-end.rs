waves_errors::error_catalog! {
    pub enum Bad = "line-end.toml";
}

fn main() {}
