//! Generates the output of the macros: the enum, its implementations, and a compile error for each problem.

use std::fmt::Write;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Data;
use waves_errors_catalog::render::rust::{Code, Item, enum_code, fallback_code, reference_modules};
use waves_errors_catalog::{Accepted, Level, Rejected, Sources, WAVES, check_file, check_texts, report};

use crate::derive::{DeriveCall, options};
use crate::expand::{catalog_tokens, expand, table_tokens};
use crate::export::{ExportedFiles, call_exported, export_macro};
use crate::input::{CatalogSource, Input, Reference};
use crate::locate::{CatalogFile, locate};
use crate::text::{compile_error, tokens};
use crate::variants::{fallback_variants, variants};

/// Returns the output of `error_catalog!`. `original` is the unparsed input, for an exported catalog.
pub(crate) fn emit(input: &Input, original: &TokenStream) -> TokenStream {
    if let (CatalogSource::Exported(path), None) = (&input.catalog, &input.files.0) {
        let root = &input.root;
        return call_exported(path, &quote! { #root::__private::error_catalog }, original);
    }
    let (span, result) = load_catalog(&input.catalog, &input.files);
    let name = input.name.to_string();
    let vis = input.vis.to_token_stream().to_string();
    let item = Item { name: &name, vis: &vis };
    let empty = TokenStream::new();
    let module = |contents: &TokenStream| input.reference.as_ref().map(|module| module_tokens(module, contents));
    match result {
        Err(message) => {
            let (error, generated) =
                (compile_error(&message, span), item_tokens(input, fallback_code(&[], &[], item), ""));
            let module = module(&empty);
            quote! { #error #generated #module }
        }
        Ok((file, Err(rejected))) => {
            let errors = compile_errors(&rejected, span);
            let tracking = tracking(file.as_ref(), &rejected.sources);
            let generated = item_tokens(input, fallback_code(&rejected.variants, &rejected.policies, item), &tracking);
            let module = module(&empty);
            quote! { #errors #generated #module }
        }
        Ok((file, Ok(Accepted { catalog, .. }))) => {
            let tracking = tracking(file.as_ref(), catalog.sources());
            let export_macro = input.export.as_ref().map(|name| export_macro(name, catalog.sources()));
            let code = enum_code(&catalog, item);
            let pages = input.reference.is_some().then(|| reference_modules(&catalog, item));
            let about = format!("\n\nThe pages of the catalog `{}`.", catalog.id.value);
            // The text and the tokens of a large catalog need much memory, so the catalog is freed first.
            drop(catalog);
            let generated = item_tokens(input, code, &tracking);
            let generated = quote! { #generated #export_macro };
            let Some(pages) = pages else { return generated };
            let guard = Ident::new(&guard_name(&name), span);
            let pages = tokens(&pages, span);
            let module = module(&quote! { #![doc = #about] #pages const _: super::#guard = (); });
            let cfg_attributes = cfg_attributes(input);
            quote! {
                #generated
                #(#cfg_attributes)*
                #[doc(hidden)]
                #[allow(dead_code, non_camel_case_types)]
                type #guard = ();
                #module
            }
        }
    }
}

/// Returns the output of the derive.
pub(crate) fn emit_derive(DeriveCall { files, root, item }: &DeriveCall) -> TokenStream {
    let emit_fallback = |errors: TokenStream, tracking: &TokenStream| {
        // A struct or a union has no variants, so only the errors are emitted.
        let Data::Enum(_) = item.data else { return errors };
        let generated = expand(item, &fallback_variants(item), root, &table_tokens(""), tracking);
        quote! { #errors #generated }
    };
    let options = match options(item) {
        Ok(options) => options,
        Err(error) => return emit_fallback(error.into_compile_error(), &TokenStream::new()),
    };
    let (span, result) = load_catalog(&options.catalog, files);
    match result {
        Err(message) => emit_fallback(compile_error(&message, span), &TokenStream::new()),
        Ok((file, Err(rejected))) => {
            let tracking = tokens(&tracking(file.as_ref(), &rejected.sources), span);
            emit_fallback(compile_errors(&rejected, span), &tracking)
        }
        Ok((file, Ok(Accepted { catalog, .. }))) => {
            let tracking = tokens(&tracking(file.as_ref(), catalog.sources()), span);
            match variants(item, &catalog, options.exhaustive) {
                Ok(variants) => {
                    let catalog_definition =
                        catalog_tokens(&catalog, matches!(options.catalog, CatalogSource::Waves(_)));
                    let generated = expand(item, &variants, root, &catalog_definition, &tracking);
                    let export_macro = options.export.as_ref().map(|name| export_macro(name, catalog.sources()));
                    quote! { #generated #export_macro }
                }
                Err(errors) => emit_fallback(errors.iter().map(syn::Error::to_compile_error).collect(), &tracking),
            }
        }
    }
}

/// Loads the catalog, and returns it with the span for its problems.
fn load_catalog(catalog: &CatalogSource, files: &ExportedFiles) -> (Span, Result<CheckedCatalog, String>) {
    match catalog {
        CatalogSource::Waves(name) => (name.span(), Ok((None, WAVES.check()))),
        CatalogSource::File(literal) => (literal.span(), locate(literal).and_then(check_file_at)),
        CatalogSource::Exported(path) => {
            let span = path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
            let files = files.0.as_deref().unwrap_or_default();
            (span, Ok((None, check_texts(files))))
        }
    }
}

type CheckedCatalog = (Option<CatalogFile>, Result<Accepted, Box<Rejected>>);

fn check_file_at(file: CatalogFile) -> Result<CheckedCatalog, String> {
    match check_file(&file.path, &file.display_path) {
        Ok(checked) => Ok((Some(file), checked)),
        Err(error) => Err(format!("cannot read the catalog `{}`: {error}", file.display_path)),
    }
}

fn compile_errors(rejected: &Rejected, span: Span) -> TokenStream {
    let errors = rejected.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|problem| compile_error(&report::problem(&rejected.sources, problem), span)).collect()
}

/// Returns the name of a type that the doc pages refer to with `super::`. In a function body rustc does not find the
/// type, and the name in its message explains why.
fn guard_name(name: &str) -> String {
    format!("__pages_of_{}_cannot_be_in_a_function_body", name.trim_start_matches("r#"))
}

/// Returns the enum with the user's attributes, visibility and name, and a block with its implementations.
fn item_tokens(input: &Input, code: Code, tracking: &str) -> TokenStream {
    let Input { root, attributes, vis, name, .. } = input;
    let span = name.span();
    let [generated, variants, implementations] =
        [code.attributes, code.variants, code.implementations].map(|text| tokens(&text, span));
    let tracking = tokens(tracking, span);
    // Text cannot express the hygiene of `$crate`, so its tokens are used once, and the text uses an alias.
    let cfg_attributes = cfg_attributes(input);
    quote! {
        #(#attributes)*
        #generated
        #vis enum #name { #variants }
        #(#cfg_attributes)*
        #[allow(deprecated)]
        const _: () = {
            use #root::__private as __waves_errors;
            #implementations
            #tracking
        };
    }
}

/// Returns the `#[cfg(...)]` attributes of the enum, which also apply to the other generated items.
fn cfg_attributes(input: &Input) -> impl Iterator<Item = &syn::Attribute> {
    input.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

fn module_tokens(Reference { attributes, vis, name }: &Reference, contents: &TokenStream) -> TokenStream {
    quote! { #(#attributes)* #vis mod #name { #contents } }
}

/// Returns code through which rustc tracks the catalog's files. It does not affect the compiled program: the bytes are
/// in a function that is never called, and the path is relative.
fn tracking(file: Option<&CatalogFile>, sources: &Sources) -> String {
    let mut out = String::new();
    if let Some(file) = file {
        for source in sources.iter() {
            let _ = write!(
                out,
                "const _: () = {{ fn _track() {{ let _ = ::core::include_bytes!(\
                ::core::concat!(::core::env!(\"CARGO_MANIFEST_DIR\"), \"/\", {:?})); }} }};",
                file.path_from_manifest(source.name())
            );
        }
    }
    out
}
