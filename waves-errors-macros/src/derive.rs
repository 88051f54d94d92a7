//! `#[derive(CatalogError)]`, in two steps. The derive only forwards its input to a function-like macro, because
//! compilers may cache the expansion of a derive and miss changes of the catalog's files.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Ident, LitStr, Path, Token, parenthesized};

use crate::export::{ExportedFiles, call_exported};
use crate::input::CatalogSource;

/// The `#[catalog(...)]` options of an enum.
pub(crate) struct Options {
    pub(crate) catalog: CatalogSource,
    pub(crate) exhaustive: bool,
    pub(crate) export: Option<Ident>,
    root: Option<Path>,
}

enum CatalogOption {
    Catalog(CatalogSource),
    Exhaustive,
    Export(Ident),
    Root(Path),
}

impl Parse for CatalogOption {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            return input.call(Path::parse_mod_style).map(Self::Root);
        }
        if input.peek(LitStr) {
            return input.parse().map(|path| Self::Catalog(CatalogSource::File(path)));
        }
        let ahead = input.fork();
        if ahead.call(Path::parse_mod_style).is_ok() && ahead.peek(Token![!]) {
            return input.parse().map(Self::Catalog);
        }
        let name: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), EXPECTED_OPTIONS))?;
        match name.to_string().as_str() {
            "export" => {
                input.parse::<Token![=]>()?;
                input.parse().map(Self::Export)
            }
            "waves" => Ok(Self::Catalog(CatalogSource::Waves(name))),
            "exhaustive" => Ok(Self::Exhaustive),
            _ => Err(syn::Error::new(name.span(), EXPECTED_OPTIONS)),
        }
    }
}

const EXPECTED_OPTIONS: &str = "expected a catalog (a path such as `\"catalog.toml\"`, `waves`, or an exported one such as `orders::orders_catalog!`) \
    or an option (`exhaustive`, `export = NAME` or `crate = PATH`)";

/// Returns the `#[catalog(...)]` attribute, if there is one. Fails if there are several.
fn catalog_attribute(attributes: &[Attribute]) -> syn::Result<Option<&Attribute>> {
    let mut all = attributes.iter().filter(|attribute| attribute.path().is_ident("catalog"));
    let first = all.next();
    match all.next() {
        Some(second) => {
            Err(syn::Error::new_spanned(second, "duplicate `#[catalog(...)]`: merge it into the first one"))
        }
        None => Ok(first),
    }
}

/// Parses the options of an enum.
pub(crate) fn options(item: &DeriveInput) -> syn::Result<Options> {
    const HELP: &str = "missing catalog: add `#[catalog(\"catalog.toml\")]` or `#[catalog(waves)]`";
    let Some(attribute) = catalog_attribute(&item.attrs)? else {
        return Err(syn::Error::new(item.ident.span(), HELP));
    };
    let parts = attribute.parse_args_with(Punctuated::<CatalogOption, Token![,]>::parse_terminated)?;
    let (mut catalog, mut exhaustive, mut export, mut root) = (None, false, None, None);
    for part in parts {
        match part {
            CatalogOption::Catalog(source) if catalog.is_none() => catalog = Some(source),
            CatalogOption::Catalog(_) => {
                return Err(syn::Error::new_spanned(attribute, "two catalogs: an enum has one"));
            }
            CatalogOption::Exhaustive => exhaustive = true,
            CatalogOption::Export(name) => export = Some(name),
            CatalogOption::Root(path) => root = Some(path),
        }
    }
    let catalog = catalog.ok_or_else(|| syn::Error::new_spanned(attribute, HELP))?;
    Ok(Options { catalog, exhaustive, export, root })
}

/// The `#[catalog(...)]` options of a variant.
#[derive(Default)]
pub(crate) struct VariantOptions {
    pub(crate) case: Option<LitStr>,
    pub(crate) transparent: Option<Ident>,
}

/// Parses the options of a variant.
pub(crate) fn variant_options(attributes: &[Attribute]) -> syn::Result<VariantOptions> {
    let mut options = VariantOptions::default();
    if let Some(attribute) = catalog_attribute(attributes)? {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("transparent") {
                options.transparent = meta.path.get_ident().cloned();
            } else if meta.path.is_ident("case") {
                options.case = Some(meta.value()?.parse()?);
            } else {
                return Err(meta.error("expected `case = \"...\"` or `transparent`"));
            }
            Ok(())
        })?;
    }
    if let (Some(case), Some(_)) = (&options.case, &options.transparent) {
        return Err(syn::Error::new(case.span(), "`case` of a transparent variant: its case is that of its field"));
    }
    Ok(options)
}

/// Implements the first step: returns the call of the function-like macro.
pub(crate) fn forward_derive(item: TokenStream) -> TokenStream {
    // Attributes of the enum, its variants and their fields: two levels of groups.
    let item = without_docs(item, 2);
    let parsed = syn::parse2::<DeriveInput>(item.clone()).and_then(|parsed| options(&parsed));
    match parsed {
        Ok(Options { root, catalog, .. }) => {
            let root = root.map_or_else(|| quote!(::waves_errors), |path| quote!(#path));
            let next = quote! { #root::__private::derive_catalog_error };
            match catalog {
                CatalogSource::Exported(path) => call_exported(&path, &next, &quote! { (#root) #item }),
                CatalogSource::File(_) | CatalogSource::Waves(_) => quote! { #next! { (#root) #item } },
            }
        }
        Err(error) => error.into_compile_error(),
    }
}

/// Removes the documentation from an item and from nested groups, up to `depth`. The derive does not need it, and it is
/// most of the item.
fn without_docs(item: TokenStream, depth: u8) -> TokenStream {
    let mut tokens = item.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(token) = tokens.next() {
        let doc = |next: &TokenTree| matches!(next, TokenTree::Group(group) if is_doc(group));
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' && tokens.peek().is_some_and(doc) => {
                tokens.next();
            }
            TokenTree::Group(group) if depth > 0 => {
                let mut inner = Group::new(group.delimiter(), without_docs(group.stream(), depth - 1));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            token => out.extend([token]),
        }
    }
    out
}

/// Returns whether the brackets of an attribute contain documentation.
fn is_doc(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

/// The input of the second step: `@catalog [...] (CRATE) ITEM`
pub(crate) struct DeriveCall {
    pub(crate) files: ExportedFiles,
    pub(crate) root: TokenStream,
    pub(crate) item: DeriveInput,
}

impl Parse for DeriveCall {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let files = input.parse()?;
        let root;
        parenthesized!(root in input);
        Ok(Self { files, root: root.parse()?, item: input.parse()? })
    }
}
