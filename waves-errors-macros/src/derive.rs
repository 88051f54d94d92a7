//! `#[derive(CatalogError)]`, in two steps. The derive itself only hands its input to a macro that is called like a
//! function: compilers that cache expansions would keep a derive that reads files stale.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Ident, LitStr, Path, Token, parenthesized};

use crate::export::{Texts, call};
use crate::input::Choice;

/// What `#[catalog(...)]` says of an enum.
pub(crate) struct Options {
    pub(crate) catalog: Choice,
    pub(crate) exhaustive: bool,
    pub(crate) export: Option<Ident>,
    root: Option<Path>,
}

enum Choose {
    Catalog(Choice),
    Exhaustive,
    Export(Ident),
    Root(Path),
}

impl Parse for Choose {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            return input.call(Path::parse_mod_style).map(Self::Root);
        }
        if input.peek(LitStr) {
            return input.parse().map(|path| Self::Catalog(Choice::File(path)));
        }
        let ahead = input.fork();
        if ahead.call(Path::parse_mod_style).is_ok() && ahead.peek(Token![!]) {
            return input.parse().map(Self::Catalog);
        }
        let name: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), KNOWN))?;
        match name.to_string().as_str() {
            "export" => {
                input.parse::<Token![=]>()?;
                input.parse().map(Self::Export)
            }
            "waves" => Ok(Self::Catalog(Choice::Waves(name))),
            "exhaustive" => Ok(Self::Exhaustive),
            _ => Err(syn::Error::new(name.span(), KNOWN)),
        }
    }
}

const KNOWN: &str = "expected the path of a catalog in quotes, `waves`, an exported catalog such as `orders::orders_catalog!`, \
    `exhaustive`, `export = NAME`, or `crate = PATH`";

/// The one `#[catalog(...)]` among some attributes.
fn catalog_attribute(attributes: &[Attribute]) -> syn::Result<Option<&Attribute>> {
    let mut all = attributes.iter().filter(|attribute| attribute.path().is_ident("catalog"));
    let first = all.next();
    match all.next() {
        Some(second) => Err(syn::Error::new_spanned(second, "a second `#[catalog(...)]`; put everything into one")),
        None => Ok(first),
    }
}

/// Reads the options of an enum.
pub(crate) fn options(item: &DeriveInput) -> syn::Result<Options> {
    const HELP: &str = "say which catalog: `#[catalog(\"catalog.toml\")]` or `#[catalog(waves)]`";
    let Some(attribute) = catalog_attribute(&item.attrs)? else {
        return Err(syn::Error::new(item.ident.span(), HELP));
    };
    let parts = attribute.parse_args_with(Punctuated::<Choose, Token![,]>::parse_terminated)?;
    let (mut catalog, mut exhaustive, mut export, mut root) = (None, false, None, None);
    for part in parts {
        match part {
            Choose::Catalog(choice) if catalog.is_none() => catalog = Some(choice),
            Choose::Catalog(_) => return Err(syn::Error::new_spanned(attribute, "an enum has one catalog")),
            Choose::Exhaustive => exhaustive = true,
            Choose::Export(name) => export = Some(name),
            Choose::Root(path) => root = Some(path),
        }
    }
    let catalog = catalog.ok_or_else(|| syn::Error::new_spanned(attribute, HELP))?;
    Ok(Options { catalog, exhaustive, export, root })
}

/// What `#[catalog(...)]` says of a variant.
#[derive(Default)]
pub(crate) struct VariantOptions {
    pub(crate) case: Option<LitStr>,
    pub(crate) transparent: Option<Ident>,
}

/// Reads the options of a variant.
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
        return Err(syn::Error::new(
            case.span(),
            "a transparent variant has the case of its field, and none of its own",
        ));
    }
    Ok(options)
}

/// The first step: the call of the second.
pub(crate) fn hand_over(item: TokenStream) -> TokenStream {
    // The enum's braces hold variants, whose braces hold fields.
    let item = without_docs(item, 2);
    let parsed = syn::parse2::<DeriveInput>(item.clone()).and_then(|parsed| options(&parsed));
    match parsed {
        Ok(Options { root, catalog, .. }) => {
            let root = root.map_or_else(|| quote!(::waves_errors), |path| quote!(#path));
            let next = quote! { #root::__private::derive_catalog_error };
            match catalog {
                Choice::Exported(path) => call(&path, &next, &quote! { (#root) #item }),
                Choice::File(_) | Choice::Waves(_) => quote! { #next! { (#root) #item } },
            }
        }
        Err(error) => error.into_compile_error(),
    }
}

/// The item without its documentation, which is most of it and tells a derive nothing; groups within it up to a depth.
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

/// Whether an attribute's brackets hold documentation.
fn is_doc(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

/// `@catalog [...] (CRATE) ITEM`
pub(crate) struct Handed {
    pub(crate) texts: Texts,
    pub(crate) root: TokenStream,
    pub(crate) item: DeriveInput,
}

impl Parse for Handed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let texts = input.parse()?;
        let root;
        parenthesized!(root in input);
        Ok(Self { texts, root: root.parse()?, item: input.parse()? })
    }
}
