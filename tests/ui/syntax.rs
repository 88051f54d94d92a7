waves_errors::error_catalog! {
    pub enum Bad = "syntax.toml";
}

fn main() {}
