waves_errors::error_catalog! {
    pub enum Bad = "";
}

fn main() {}
