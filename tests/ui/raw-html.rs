waves_errors::error_catalog! {
    pub enum Bad = "raw-html.toml";
}

fn main() {}
