waves_errors::error_catalog! {
    pub enum Bad = "wrong-example.toml";
}

fn main() {}
