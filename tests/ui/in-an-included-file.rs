waves_errors::error_catalog! {
    pub enum Bad = "in-an-included-file.toml";
}

fn main() {}
