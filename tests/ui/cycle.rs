waves_errors::error_catalog! {
    pub enum Bad = "cycle.toml";
}

fn main() {}
