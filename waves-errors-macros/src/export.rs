//! Exported catalogs: a crate's macro carries the text of its catalog's files, and hands it to whichever macro of ours a
//! crate further down asks for.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Token, bracketed};
use waves_errors_catalog::Sources;

/// The files of an exported catalog, names and texts, the root first: `@catalog ["name" "text" ...]`, or nothing.
pub(crate) struct Texts(pub(crate) Option<Vec<(String, String)>>);

impl Parse for Texts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![@]) {
            return Ok(Self(None));
        }
        input.parse::<Token![@]>()?;
        input.parse::<Ident>()?;
        let files;
        bracketed!(files in input);
        let mut all = Vec::new();
        while !files.is_empty() {
            all.push((files.parse::<LitStr>()?.value(), files.parse::<LitStr>()?.value()));
        }
        Ok(Self(Some(all)))
    }
}

/// The macro that carries a catalog.
pub(crate) fn carrier(name: &Ident, sources: &Sources) -> TokenStream {
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

/// Asks the macro at `path` to call `callback` with its catalog and `rest`.
pub(crate) fn call(path: &Path, callback: &TokenStream, rest: &TokenStream) -> TokenStream {
    quote! { #path! { [#callback!] #rest } }
}
