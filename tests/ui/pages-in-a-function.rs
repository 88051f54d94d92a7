fn main() {
    waves_errors::error_catalog! {
        enum Local = "windows.toml";
        mod pages;
    }
}
