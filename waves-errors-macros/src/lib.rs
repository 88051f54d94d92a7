//! The macros of [`waves-errors`](https://docs.rs/waves-errors), which re-exports them; depend on that instead.
//!
//! A lip and nothing more: read the input, find the catalog, let `waves-errors-catalog` check and render it, turn
//! its problems into compile errors.

mod emit;
mod input;
mod locate;

use proc_macro::TokenStream;

/// `(CRATE) ATTRIBUTES VIS enum NAME = "PATH"; ATTRIBUTES VIS mod NAME;`
#[doc(hidden)]
#[proc_macro]
pub fn error_catalog(input: TokenStream) -> TokenStream {
    match syn::parse::<input::Input>(input) {
        Ok(input) => emit::emit(&input).into(),
        Err(error) => error.into_compile_error().into(),
    }
}
