waves_errors::error_catalog! {
    pub enum Bad = "../ui";
}

fn main() {}
