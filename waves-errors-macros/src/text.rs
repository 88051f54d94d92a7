//! Text to tokens.

use proc_macro2::{Span, TokenStream};

/// The tokens of text that this crate or the catalog's renderer wrote, by the compiler's own lexer: that of `proc_macro2`
/// would first read all of it without optimisation.
pub(crate) fn tokens(text: &str, span: Span) -> TokenStream {
    match text.parse::<proc_macro::TokenStream>() {
        Ok(tokens) => tokens.into(),
        Err(error) => compile_error(&format!("the generated code is no Rust: {error}"), span),
    }
}

/// `::core::compile_error! { "..." }`, at a place.
pub(crate) fn compile_error(message: &str, span: Span) -> TokenStream {
    syn::Error::new(span, message).into_compile_error()
}
