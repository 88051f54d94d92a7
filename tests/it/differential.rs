//! Derives random enums with thiserror and with this crate, and compares their texts and sources.

use std::fmt::Write;
use std::fs;

use crate::cargo::run;
use crate::scratch::{scratch, scratch_cargo};

/// A small random number generator. It generates the same enums on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A type, a value, and format specifications.
const FIELDS: [(&str, &str, &[&str]); 6] = [
    ("String", "String::from(\"a \\\"{b}\\\"\")", &["", ":?", ":>8", ":.2"]),
    ("u32", "48879", &["", ":?", ":#x", ":08b", ":>+9"]),
    ("f64", "-1.5_f64", &["", ":?", ":.3", ":>10.2", ":e"]),
    ("char", "'é'", &["", ":?", ":^5"]),
    ("Vec<Option<bool>>", "vec![Some(true), None]", &[":?", ":#?"]),
    ("T", "7_u8", &["", ":?", ":3"]),
];
/// The type of a source, and a value.
const SOURCES: [(&str, &str); 4] = [
    ("std::io::Error", "std::io::Error::other(std::fmt::Error)"),
    ("Box<dyn std::error::Error + Send + Sync>", "\"boxed\".into()"),
    ("Box<dyn std::error::Error>", "Box::new(std::io::Error::other(\"deep\"))"),
    ("std::num::ParseIntError", "\"x\".parse::<u8>().unwrap_err()"),
];

/// A field: name, type and value.
type Field = (String, String, String);

/// The generated source of an enum.
#[derive(Default)]
struct Generated {
    toml: String,
    ours: String,
    theirs: String,
    /// Values of the enum, without its name.
    values: Vec<String>,
}

fn variant(random: &mut Random, n: usize, generated: &mut Generated) {
    let named = random.below(2) == 0;
    let mut fields: Vec<Field> = Vec::new();
    let mut text = String::from("text {{braces}}");
    for index in 0..random.below(4) {
        let (ty, value, specs) = random.pick(&FIELDS);
        let name = if named { format!("field{index}") } else { index.to_string() };
        for _ in 0..random.below(3) {
            write!(text, " {{{name}{}}}", random.pick(specs)).unwrap();
        }
        fields.push((name, ty.to_owned(), value.to_owned()));
    }
    let mut attribute = "";
    if random.below(2) == 0 {
        let (ty, value) = random.pick(&SOURCES);
        attribute = if named { "" } else { "#[source] " };
        let name = if named { "source".to_owned() } else { fields.len().to_string() };
        fields.push((name, ty.to_owned(), value.to_owned()));
    }
    let end = fields.len().saturating_sub(1);
    let declared = |index: usize| if index == end { attribute } else { "" };
    let list = |each: &dyn Fn(usize, &Field) -> String| {
        let all: Vec<_> = fields.iter().enumerate().map(|(index, field)| each(index, field)).collect();
        match (fields.is_empty(), named) {
            (true, _) => String::new(),
            (_, true) => format!(" {{ {} }}", all.join(", ")),
            (_, false) => format!("({})", all.join(", ")),
        }
    };
    let types =
        list(&|index, (name, ty, _)| if named { format!("{name}: {ty}") } else { format!("{}{ty}", declared(index)) });
    let values = list(&|_, (name, _, value)| if named { format!("{name}: {value}") } else { value.clone() });
    writeln!(generated.toml, "[case.case-{n}]\nmatch = []\nsummary = \"Case.\"\ndisplay = '{text}'").unwrap();
    writeln!(generated.ours, "        Case{n}{types},").unwrap();
    writeln!(generated.theirs, "        #[error({text:?})]\n        Case{n}{types},").unwrap();
    generated.values.push(format!("Case{n}{values}"));
}

#[test]
fn random_enums_equal_thiserror() {
    let mut random = Random(0x5EED);
    let mut library = String::from(
        "fn seen(error: &(dyn std::error::Error + 'static)) -> Vec<(String, String)> {\n    let mut all = vec![(error.to_string(), String::new())];\n    let mut next = error.source();\n\
         \x20   while let Some(cause) = next {\n        all.push((cause.to_string(), format!(\"{cause:?}\")));\n        next = cause.source();\n    }\n    all\n}\n\n",
    );
    let mut checks = String::new();
    let folder = scratch("differential", "");
    let mut count = 0;
    for number in 0..24 {
        let mut generated =
            Generated { toml: format!("schema = 1\n[catalog]\nid = \"enum-{number}\"\n"), ..Generated::default() };
        for n in 0..=random.below(9) {
            variant(&mut random, n, &mut generated);
        }
        fs::write(folder.join(format!("enum{number}.toml")), &generated.toml).unwrap();
        let generic = if generated.ours.contains(" T") || generated.ours.contains("(T") {
            "<T: std::fmt::Debug + std::fmt::Display>"
        } else {
            ""
        };
        let argument = if generic.is_empty() { "" } else { "<u8>" };
        let Generated { ours, theirs, values, .. } = generated;
        write!(
            library,
            "mod ours{number} {{\n    #[derive(Debug, waves_errors::CatalogError)]\n    #[catalog(\"enum{number}.toml\", exhaustive)]\n    pub enum E{generic} {{\n{ours}    }}\n}}\n\
             mod theirs{number} {{\n    #[derive(Debug, thiserror::Error)]\n    pub enum E{generic} {{\n{theirs}    }}\n}}\n"
        )
        .unwrap();
        for value in &values {
            count += 1;
            writeln!(
                checks,
                "    {{\n        let (ours, theirs): (ours{number}::E{argument}, theirs{number}::E{argument}) = (ours{number}::E::{value}, theirs{number}::E::{value});\n        assert_eq!(seen(&ours), seen(&theirs), \"{{}}\", {value:?});\n    }}"
            )
            .unwrap();
        }
    }
    assert!(count > 80, "{count} variants");
    fs::write(
        folder.join("src/main.rs"),
        format!("#![allow(dead_code)]\n{library}\nfn main() {{\n{checks}    println!(\"{count} alike\");\n}}\n"),
    )
    .unwrap();
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{text}thiserror = \"2\"\n")).unwrap();
    assert_eq!(run(scratch_cargo(&folder).args(["run", "--quiet"])), format!("{count} alike\n"));
}
