waves_errors::error_catalog! {
    pub enum Bad = "twenty-mistakes.toml";
}

fn main() {
    let _ = [Bad::Busy, Bad::Denied, Bad::Broken, Bad::Gone, Bad::Lost, Bad::Strange].map(|kind| kind.to_string());
}
