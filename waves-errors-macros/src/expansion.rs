//! The expansion of `WavesError`, which programs without the macros compile: `waves-errors/src/waves/generated.rs`.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Item, ItemStatic, Lit, LitStr, Meta, parse_quote};

use crate::emit::emit;
use crate::input::Input;

const HEADER: &str = "\
// Generated from `catalog/waves` by the macro. Do not edit it: run `UPDATE_EXPECT=1 cargo test -p waves-errors-macros`.

";

/// The longest line of the table.
const MAX_WIDTH: usize = 120;

/// After this width, the table continues on a new line at the next end of a sentence or of an item. The lines after a change are
/// therefore soon the same as before.
const MIN_WIDTH: usize = 80;

#[test]
fn expansion_of_waves_error_is_up_to_date() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../waves-errors/src");
    let path = source.join("waves/generated.rs");
    let expected = expand_waves(&fs::read_to_string(source.join("waves.rs")).unwrap());
    let mut actual = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("UPDATE_EXPECT").is_some() && actual != expected {
        fs::write(&path, &expected).unwrap();
        actual.clone_from(&expected);
    }
    let line = actual.lines().zip(expected.lines()).position(|(actual, expected)| actual != expected);
    let line = line.unwrap_or_else(|| actual.lines().count().min(expected.lines().count()));
    assert!(
        actual == expected,
        "`waves-errors/src/waves/generated.rs` is not the expansion of the macro, from line {}. To update it, run\n\n    \
         UPDATE_EXPECT=1 cargo test -p waves-errors-macros\n",
        line + 1
    );
}

/// Expands the call of `error_catalog!` in a Rust file.
fn expand_waves(source: &str) -> String {
    let file = syn::parse_file(source).unwrap();
    let call = file.items.iter().find_map(|item| match item {
        Item::Macro(item) if item.mac.path.segments.last()?.ident == "error_catalog" => Some(&item.mac.tokens),
        _ => None,
    });
    let call = call.expect("a call of `error_catalog!`");
    let input: Input = syn::parse2(quote! { (crate) #call }).unwrap();
    let mut expansion: syn::File = syn::parse2(emit(&input, &TokenStream::new())).unwrap();
    let mut layout = Layout::default();
    layout.visit_file_mut(&mut expansion);
    let text = prettyplease::unparse(&expansion);
    let (before, after) = text.split_once(&format!("\"{TABLE}\"")).expect("the table once");
    format!("{HEADER}{before}{}{after}", wrapped_literal(&layout.table.expect("a table")))
}

/// The text that replaces the table until the rest is formatted.
const TABLE: &str = "the table";

/// Splits documentation into lines, and takes out the table.
#[derive(Default)]
struct Layout {
    table: Option<String>,
}

impl VisitMut for Layout {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.drain(..).flat_map(doc_lines).collect();
    }

    fn visit_item_static_mut(&mut self, item: &mut ItemStatic) {
        let Expr::Call(call) = &mut *item.expr else { return };
        if let Some(Expr::Lit(ExprLit { lit: Lit::Str(table), .. })) = call.args.first_mut() {
            self.table = Some(table.value());
            *table = LitStr::new(TABLE, table.span());
        }
    }
}

/// Splits a documentation attribute into one per line, which a formatter prints as `///`.
fn doc_lines(attribute: Attribute) -> Vec<Attribute> {
    let Meta::NameValue(meta) = &attribute.meta else { return vec![attribute] };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else { return vec![attribute] };
    let text = text.value();
    if !text.contains('\n') {
        return vec![attribute];
    }
    let line = |line: &str| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        let meta = parse_quote!(doc = #line);
        Attribute { meta, ..attribute.clone() }
    };
    text.lines().map(line).collect()
}

/// Returns a string literal in several lines. A backslash at the end of a line skips the line feed and the spaces after it.
fn wrapped_literal(text: &str) -> String {
    let mut out = String::from("\"");
    let mut width = MAX_WIDTH;
    for c in text.chars() {
        if width > MAX_WIDTH - 12 || width > MIN_WIDTH && out.ends_with(' ') {
            out.push_str("\\\n");
            width = 0;
        }
        let escaped = match c {
            ' ' if width == 0 => "\\x20".to_owned(),
            '\'' => c.to_string(),
            c => c.escape_debug().to_string(),
        };
        out.push_str(&escaped);
        width += escaped.chars().count();
    }
    out.push('"');
    out
}

#[test]
fn wrapped_literal_parses_as_its_text() {
    let pieces = ["", "\"", "\\", "\n", "\r", "\0", " ", "'", "é", "\u{202e}", "\u{a0}"];
    for (a, b) in pieces.iter().flat_map(|a| pieces.map(|b| (a, b))) {
        let text = format!("{a}{b}{a}").repeat(60) + "end";
        let literal = wrapped_literal(&text);
        assert_eq!(syn::parse_str::<LitStr>(&literal).unwrap().value(), text);
        assert!(literal.lines().all(|line| line.chars().count() <= MAX_WIDTH), "{literal}");
    }
}
