//! Each test file is a module of `main.rs`.

use crate::data::path;

#[test]
fn main_declares_every_file() {
    let main = std::fs::read_to_string(path("it/main.rs")).unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(path("it")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap();
        assert!(module == "main" || main.contains(&format!("mod {module};\n")), "{name} is not listed in main.rs");
        files += 1;
    }
    assert!(files > 5);
}
