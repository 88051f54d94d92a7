waves_errors::error_catalog! {
    pub enum Bad = "case-in-no-section.toml";
}

fn main() {}
