//! Converts text to tokens.

use proc_macro2::{Span, TokenStream};

/// Converts generated text to tokens with the compiler's lexer. The parser of `proc_macro2` would first scan the text
/// in unoptimized code, but tests have no other.
pub(crate) fn tokens(text: &str, span: Span) -> TokenStream {
    let parsed = if proc_macro::is_available() {
        text.parse::<proc_macro::TokenStream>().map(TokenStream::from).map_err(|error| error.to_string())
    } else {
        text.parse::<TokenStream>().map_err(|error| error.to_string())
    };
    parsed.unwrap_or_else(|error| compile_error(&format!("the generated code is not valid Rust: {error}"), span))
}

/// Returns `::core::compile_error! { "..." }` with a span.
pub(crate) fn compile_error(message: &str, span: Span) -> TokenStream {
    syn::Error::new(span, message).into_compile_error()
}

#[cfg(test)]
mod tests {
    use waves_errors_catalog::render::rust::string_literal;

    #[test]
    fn string_literal_parses_as_its_text() {
        let pieces = ["", "\"", "#", "\\", "\r", "\n", "\0", "a", "é", "\u{202e}", "\"########", "\\\"##"];
        for (a, b, c) in pieces.iter().flat_map(|a| pieces.iter().flat_map(move |b| pieces.map(|c| (a, b, c)))) {
            let text = format!("{a}{b}{c}");
            let parsed = syn::parse_str::<syn::LitStr>(&string_literal(&text)).map(|literal| literal.value());
            assert_eq!(parsed.ok(), Some(text));
        }
        assert_eq!(
            [r#"a"b"#, r"a\b", "a\nb", "a\u{202e}"].map(string_literal),
            [r##"r#"a"b"#"##, r#"r"a\b""#, "\"a\nb\"", r#""a\u{202e}""#,]
        );
    }
}
