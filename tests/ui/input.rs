waves_errors::error_catalog! {
    pub struct Bad = "windows.toml";
}

waves_errors::error_catalog! {
    pub enum Bad = windows.toml;
}

waves_errors::error_catalog! {
    pub enum Bad = "windows.toml";
    pub mod one;
    pub mod two;
}

waves_errors::error_catalog! {}

fn main() {}
