//! The input of `error_catalog!`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitStr, Path, Token, Visibility, parenthesized};

use crate::export::ExportedFiles;

/// The parsed input: `(CRATE) ATTRIBUTES VIS enum NAME = CATALOG; ATTRIBUTES VIS mod NAME;`
pub(crate) struct Input {
    /// The files of an exported catalog, which its macro has inserted.
    pub(crate) files: ExportedFiles,
    /// The path of the runtime: the tokens of `$crate`.
    pub(crate) root: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    /// The name of the macro that exports the catalog: `#[catalog(export = NAME)]`.
    pub(crate) export: Option<Ident>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) catalog: CatalogSource,
    pub(crate) reference: Option<Reference>,
}

/// The source of a catalog.
pub(crate) enum CatalogSource {
    /// A file.
    File(LitStr),
    /// The built-in catalog.
    Waves(Ident),
    /// The catalog that another crate exports: `some_crate::exported!`.
    Exported(Path),
}

/// The module for the documentation pages: `ATTRIBUTES VIS mod NAME;`
pub(crate) struct Reference {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let files = input.parse()?;
        let root;
        parenthesized!(root in input);
        let root = root.parse()?;
        let mut attributes = input.call(Attribute::parse_outer)?;
        let export = export(&mut attributes)?;
        let vis = input.parse()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let catalog = input.parse()?;
        input.parse::<Token![;]>()?;
        let reference = if input.is_empty() { None } else { Some(input.parse()?) };
        if !input.is_empty() {
            return Err(input.error("unexpected item: a catalog has one enum and at most one `mod`"));
        }
        Ok(Self { files, root, attributes, export, vis, name, catalog, reference })
    }
}

/// Removes `#[catalog(export = NAME)]` from the attributes, and returns the name.
pub(crate) fn export(attributes: &mut Vec<Attribute>) -> syn::Result<Option<Ident>> {
    let Some(index) = attributes.iter().position(|attribute| attribute.path().is_ident("catalog")) else {
        return Ok(None);
    };
    let mut name = None;
    attributes.remove(index).parse_nested_meta(|meta| {
        if !meta.path.is_ident("export") {
            return Err(meta.error("expected `export = NAME`"));
        }
        name = Some(meta.value()?.parse()?);
        Ok(())
    })?;
    Ok(name)
}

const EXPECTED_CATALOG: &str = "expected a catalog: a path such as `\"catalog.toml\"`, `waves`, or an exported one such as `orders::orders_catalog!`";

impl Parse for CatalogSource {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::File);
        }
        let ahead = input.fork();
        if ahead.call(Path::parse_mod_style).is_ok() && ahead.peek(Token![!]) {
            let path = input.call(Path::parse_mod_style)?;
            input.parse::<Token![!]>()?;
            return Ok(Self::Exported(path));
        }
        let name: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), EXPECTED_CATALOG))?;
        if name == "waves" {
            return Ok(Self::Waves(name));
        }
        Err(syn::Error::new(name.span(), EXPECTED_CATALOG))
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
