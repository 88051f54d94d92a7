//! Text to tokens.

use proc_macro2::{Span, TokenStream};

/// The tokens of text that this crate or the catalog's renderer wrote, by the compiler's own lexer: that of `proc_macro2`
/// would first read all of it without optimisation.
pub(crate) fn tokens(text: &str, span: Span) -> TokenStream {
    match text.parse::<proc_macro::TokenStream>() {
        Ok(tokens) => tokens.into(),
        Err(error) => compile_error(&format!("the generated code is not valid Rust: {error}"), span),
    }
}

/// `::core::compile_error! { "..." }`, at a place.
pub(crate) fn compile_error(message: &str, span: Span) -> TokenStream {
    syn::Error::new(span, message).into_compile_error()
}

#[cfg(test)]
mod tests {
    use waves_errors_catalog::render::rust::string_literal;

    #[test]
    fn literal_parses_as_its_text() {
        let pieces = ["", "\"", "#", "\\", "\r", "\n", "\0", "a", "é", "\u{202e}", "\"########", "\\\"##"];
        for (first, second, third) in pieces
            .iter()
            .flat_map(|first| pieces.iter().flat_map(move |second| pieces.map(|third| (first, second, third))))
        {
            let text = format!("{one}{other}{third}");
            let read = syn::parse_str::<syn::LitStr>(&string_literal(&text)).map(|literal| literal.value());
            assert_eq!(read.ok(), Some(text));
        }
        assert_eq!(
            [r#"a"b"#, r"a\b", "a\nb", "a\u{202e}"].map(string_literal),
            [r##"r#"a"b"#"##, r#"r"a\b""#, "\"a\nb\"", r#""a\u{202e}""#,]
        );
    }
}
