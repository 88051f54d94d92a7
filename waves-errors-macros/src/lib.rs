//! The macros of [`waves-errors`](https://docs.rs/waves-errors), which re-exports them. Depend on that crate instead.
//!
//! This crate is a thin front end: it parses the input, locates the catalog, calls `waves-errors-catalog` to check and
//! render it, and reports its problems as compile errors.

mod input;

mod derive;
mod template;
mod text;
mod variants;

mod export;
mod locate;

mod emit;
mod expand;

#[cfg(test)]
mod expansion;

use proc_macro::TokenStream;

/// Generates an enum from a catalog. Input:
/// `@catalog [...] (CRATE) ATTRIBUTES VIS enum NAME = "PATH"; ATTRIBUTES VIS mod NAME;`
#[doc(hidden)]
#[proc_macro]
pub fn error_catalog(input: TokenStream) -> TokenStream {
    let original = input.clone().into();
    match syn::parse::<input::Input>(input) {
        Ok(input) => emit::emit(&input, &original).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Derives `Display`, `Error`, `From` and `CatalogError` for an enum whose variants are cases of a catalog.
#[doc(hidden)]
#[proc_macro_derive(CatalogError, attributes(catalog, source, from))]
pub fn derive_catalog_error_for(input: TokenStream) -> TokenStream {
    derive::forward_derive(input.into()).into()
}

/// Generates the implementations of the derive. Input: `@catalog [...] (CRATE) ITEM`
#[doc(hidden)]
#[proc_macro]
pub fn derive_catalog_error(input: TokenStream) -> TokenStream {
    match syn::parse::<derive::DeriveCall>(input) {
        Ok(call) => emit::emit_derive(&call).into(),
        Err(error) => error.into_compile_error().into(),
    }
}
