waves_errors::error_catalog! {
    pub enum Bad = "ten-mistakes.toml";
}

fn main() {
    // The variants exist, so that only the mistakes are reported.
    let _ = [Bad::Busy, Bad::Denied, Bad::Broken, Bad::Gone].map(|kind| kind.to_string());
}
