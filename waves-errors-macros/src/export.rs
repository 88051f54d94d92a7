//! Exported catalogs: a crate exports a macro that contains the text of its catalog's files. In dependent crates, that
//! macro passes the text to the macros of this crate.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Token, bracketed};
use waves_errors_catalog::Sources;

/// The names and texts of an exported catalog's files, the root first: `@catalog ["name" "text" ...]`. `None` if the
/// input has no such part.
pub(crate) struct ExportedFiles(pub(crate) Option<Vec<(String, String)>>);

impl Parse for ExportedFiles {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![@]) {
            return Ok(Self(None));
        }
        input.parse::<Token![@]>()?;
        input.parse::<Ident>()?;
        let content;
        bracketed!(content in input);
        let mut files = Vec::new();
        while !content.is_empty() {
            files.push((content.parse::<LitStr>()?.value(), content.parse::<LitStr>()?.value()));
        }
        Ok(Self(Some(files)))
    }
}

/// Returns the macro that exports a catalog.
pub(crate) fn export_macro(name: &Ident, sources: &Sources) -> TokenStream {
    let files = sources.iter().map(|source| {
        let (name, text) = (source.name(), source.text());
        quote! { #name #text }
    });
    let about = "The text of a catalog, for `error_catalog!` and `#[derive(CatalogError)]` in other crates.";
    quote! {
        #[doc = #about]
        #[macro_export]
        macro_rules! #name {
            ([$($callback:tt)*] $($rest:tt)*) => {
                $($callback)* { @catalog [#(#files)*] $($rest)* }
            };
        }
    }
}

/// Returns a call of the exported macro at `path`, which calls `callback` with its catalog and `rest`.
pub(crate) fn call_exported(path: &Path, callback: &TokenStream, rest: &TokenStream) -> TokenStream {
    quote! { #path! { [#callback!] #rest } }
}
