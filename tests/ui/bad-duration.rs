waves_errors::error_catalog! {
    pub enum Bad = "bad-duration.toml";
}

fn main() {
    // The names of a broken catalog still exist.
    let _ = (Bad::One, Bad::POLICY_SLOW);
}
