waves_errors::error_catalog! {
    pub enum Bad = "ten-mistakes.toml";
}

fn main() {
    // The variants are there, so that nothing but the mistakes is told.
    let _ = [Bad::Busy, Bad::Denied, Bad::Broken, Bad::Gone].map(|kind| kind.to_string());
}
