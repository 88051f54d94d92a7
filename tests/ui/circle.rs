waves_errors::error_catalog! {
    pub enum Bad = "circle.toml";
}

fn main() {}
