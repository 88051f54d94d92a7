//! From the input to the tokens: the enum, what stands beside it, and a compile error for each problem.

use std::fmt::Write;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Data;
use waves_errors_catalog::render::rust::{Code, Item, enum_code, fallback_code, reference_modules};
use waves_errors_catalog::{Accepted, Level, Rejected, Sources, WAVES, check_file, check_texts, report};

use crate::derive::{Handed, options};
use crate::expand::{catalog_tokens, expand};
use crate::export::{Texts, call, carrier};
use crate::input::{Choice, Input, Reference};
use crate::locate::{Located, locate};
use crate::text::{compile_error, tokens};
use crate::variants::{stand_ins, variants};

/// Everything that `error_catalog!` makes of its input, which is also given as it came.
pub(crate) fn emit(input: &Input, original: &TokenStream) -> TokenStream {
    if let (Choice::Exported(path), None) = (&input.catalog, &input.texts.0) {
        let root = &input.root;
        return call(path, &quote! { #root::__private::error_catalog }, original);
    }
    let (span, found) = find(&input.catalog, &input.texts);
    let name = input.name.to_string();
    let vis = input.vis.to_token_stream().to_string();
    let item = Item { name: &name, vis: &vis };
    let none = TokenStream::new();
    let module = |contents: &TokenStream| input.reference.as_ref().map(|module| module_tokens(module, contents));
    match found {
        Err(message) => {
            let (error, made) = (compile_error(&message, span), item_tokens(input, fallback_code(&[], &[], item), ""));
            let module = module(&none);
            quote! { #error #made #module }
        }
        Ok((file, Err(rejected))) => {
            let errors = problems(&rejected, span);
            let tracking = tracking(file.as_ref(), &rejected.sources);
            let made = item_tokens(input, fallback_code(&rejected.variants, &rejected.policies, item), &tracking);
            let module = module(&none);
            quote! { #errors #made #module }
        }
        Ok((file, Ok(Accepted { catalog, .. }))) => {
            let tracking = tracking(file.as_ref(), catalog.sources());
            let carrier = input.export.as_ref().map(|name| carrier(name, catalog.sources()));
            let code = enum_code(&catalog, item);
            let pages = input.reference.is_some().then(|| reference_modules(&catalog, item));
            let about = format!("\n\nThe pages of the catalog `{}`.", catalog.id.value);
            // Of a large catalog, text and tokens are the most that a compiler holds: no more than one at a time.
            drop(catalog);
            let made = item_tokens(input, code, &tracking);
            let made = quote! { #made #carrier };
            let Some(pages) = pages else { return made };
            let guard = Ident::new(&guard(&name), span);
            let pages = tokens(&pages, span);
            let module = module(&quote! { #![doc = #about] #pages const _: super::#guard = (); });
            let conditions = conditions(input);
            quote! {
                #made
                #(#conditions)*
                #[doc(hidden)]
                #[allow(dead_code, non_camel_case_types)]
                type #guard = ();
                #module
            }
        }
    }
}

/// Everything that the derive makes.
pub(crate) fn emit_derived(Handed { texts, root, item }: &Handed) -> TokenStream {
    let stand_in = |errors: TokenStream, tracking: &TokenStream| {
        // A struct or a union has no variants to stand in for; its errors are all that can be told.
        let Data::Enum(_) = item.data else { return errors };
        let none = quote! {
            static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new("");
            const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);
        };
        let made = expand(item, &stand_ins(item), root, &none, tracking);
        quote! { #errors #made }
    };
    let options = match options(item) {
        Ok(options) => options,
        Err(error) => return stand_in(error.into_compile_error(), &TokenStream::new()),
    };
    let (span, found) = find(&options.catalog, texts);
    match found {
        Err(message) => stand_in(compile_error(&message, span), &TokenStream::new()),
        Ok((file, Err(rejected))) => {
            let tracking = tokens(&tracking(file.as_ref(), &rejected.sources), span);
            stand_in(problems(&rejected, span), &tracking)
        }
        Ok((file, Ok(Accepted { catalog, .. }))) => {
            let tracking = tokens(&tracking(file.as_ref(), catalog.sources()), span);
            match variants(item, &catalog, options.exhaustive) {
                Ok(all) => {
                    let own = catalog_tokens(&catalog, matches!(options.catalog, Choice::Waves(_)));
                    let made = expand(item, &all, root, &own, &tracking);
                    let carrier = options.export.as_ref().map(|name| carrier(name, catalog.sources()));
                    quote! { #made #carrier }
                }
                Err(errors) => stand_in(errors.iter().map(syn::Error::to_compile_error).collect(), &tracking),
            }
        }
    }
}

/// The catalog that is asked for, and the place where it is.
fn find(catalog: &Choice, texts: &Texts) -> (Span, Result<Checked, String>) {
    match catalog {
        Choice::Waves(name) => (name.span(), Ok((None, WAVES.check()))),
        Choice::File(literal) => (literal.span(), locate(literal).and_then(read)),
        Choice::Exported(path) => {
            let span = path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
            let files = texts.0.as_deref().unwrap_or_default();
            (span, Ok((None, check_texts(files))))
        }
    }
}

type Checked = (Option<Located>, Result<Accepted, Box<Rejected>>);

fn read(file: Located) -> Result<Checked, String> {
    match check_file(&file.path, &file.shown) {
        Ok(checked) => Ok((Some(file), checked)),
        Err(error) => Err(format!("the catalog `{}` cannot be read: {error}", file.shown)),
    }
}

fn problems(rejected: &Rejected, span: Span) -> TokenStream {
    let errors = rejected.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|one| compile_error(&report::problem(&rejected.sources, one), span)).collect()
}

/// The name of what the doc pages look for beside them. In a function body they do not find it, and rustc's message
/// then shows this name.
fn guard(name: &str) -> String {
    format!("__the_pages_of_{}_cannot_stand_in_a_function_body", name.trim_start_matches("r#"))
}

/// The enum with the user's attributes, visibility and name, and a block beside it with all else.
fn item_tokens(input: &Input, code: Code, tracking: &str) -> TokenStream {
    let Input { root, attributes, vis, name, .. } = input;
    let span = name.span();
    let [generated, variants, behaviour] =
        [code.attributes, code.variants, code.behaviour].map(|text| tokens(&text, span));
    let tracking = tokens(tracking, span);
    // Text cannot carry the hygiene of `$crate`, so its tokens are spliced in once, and the text uses a name for it.
    let conditions = conditions(input);
    quote! {
        #(#attributes)*
        #generated
        #vis enum #name { #variants }
        #(#conditions)*
        #[allow(deprecated)]
        const _: () = {
            use #root::__private as __waves_errors;
            #behaviour
            #tracking
        };
    }
}

/// The `#[cfg(...)]`s of the enum, which all that stands beside it shares.
fn conditions(input: &Input) -> impl Iterator<Item = &syn::Attribute> {
    input.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

fn module_tokens(Reference { attributes, vis, name }: &Reference, contents: &TokenStream) -> TokenStream {
    quote! { #(#attributes)* #vis mod #name { #contents } }
}

/// Makes rustc watch the catalog's files, at no cost in what it writes: the bytes stand in a function that nothing
/// calls, under a path that is relative until the very end.
fn tracking(file: Option<&Located>, sources: &Sources) -> String {
    let mut out = String::new();
    if let Some(file) = file {
        for source in sources.iter() {
            let _ = write!(
                out,
                "const _: () = {{ fn _track() {{ let _ = ::core::include_bytes!(\
                ::core::concat!(::core::env!(\"CARGO_MANIFEST_DIR\"), \"/\", {:?})); }} }};",
                file.tracked(source.name())
            );
        }
    }
    out
}
