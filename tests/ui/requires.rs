waves_errors::error_catalog! {
    pub enum Bad = "requires.toml";
}

fn main() {}
