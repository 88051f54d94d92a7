//! What `error_catalog!` is given.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitStr, Token, Visibility, parenthesized};

/// `(CRATE) ATTRIBUTES VIS enum NAME = CATALOG; ATTRIBUTES VIS mod NAME;`
pub(crate) struct Input {
    /// The path of the runtime: the tokens of `$crate`.
    pub(crate) root: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) catalog: Choice,
    pub(crate) reference: Option<Reference>,
}

/// Which catalog.
pub(crate) enum Choice {
    /// The one in a file.
    File(LitStr),
    /// The one that is built in.
    Waves(Ident),
}

/// `ATTRIBUTES VIS mod NAME;`
pub(crate) struct Reference {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let root;
        parenthesized!(root in input);
        let root = root.parse()?;
        let attributes = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let catalog = input.parse()?;
        input.parse::<Token![;]>()?;
        let reference = if input.is_empty() { None } else { Some(input.parse()?) };
        if !input.is_empty() {
            return Err(input.error("nothing may follow here: one enum, and at most one `mod`, are made of a catalog"));
        }
        Ok(Self { root, attributes, vis, name, catalog, reference })
    }
}

impl Parse for Choice {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::File);
        }
        let name: Ident = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected the path of a catalog, such as \"catalog.toml\", or `waves`")
        })?;
        if name == "waves" {
            return Ok(Self::Waves(name));
        }
        Err(syn::Error::new(
            name.span(),
            "expected the path of a catalog in quotes, or `waves` for the one that is built in",
        ))
    }
}

impl Parse for Reference {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        input.parse::<Token![mod]>()?;
        let name = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self { attributes, vis, name })
    }
}
