//! Generates the implementations of `#[derive(CatalogError)]`.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Type, WhereClause, parse_quote};
use waves_errors_catalog::Catalog;
use waves_errors_catalog::render::rust::string_literal;
use waves_errors_catalog::render::table::table;

use crate::text::tokens;
use crate::variants::{Kind, Variant, VariantField, is_same_member};

/// Returns all implementations, in a block in which `__waves_errors` is the runtime.
pub(crate) fn expand(
    item: &DeriveInput,
    variants: &[Variant<'_>],
    root: &TokenStream,
    catalog: &TokenStream,
    tracking: &TokenStream,
) -> TokenStream {
    let implementations = [
        display_impl(item, variants),
        error_impl(item, variants),
        catalog_error_impl(item, variants),
        from_impls(item, variants),
    ];
    let index = index_impl(item, variants);
    quote! {
        #[allow(deprecated, unused_qualifications, clippy::pedantic)]
        const _: () = {
            use #root::__private as __waves_errors;
            #catalog
            #tracking
            #index
            #(#implementations)*
        };
    }
}

/// Returns the definition of the enum's catalog: that of `WavesError`, or a new static.
pub(crate) fn catalog_tokens(catalog: &Catalog, waves: bool) -> TokenStream {
    if waves {
        return quote! { const CATALOG: __waves_errors::Catalog = __waves_errors::WAVES; };
    }
    table_tokens(&table(catalog))
}

/// Returns the definition of a catalog with this encoded table.
pub(crate) fn table_tokens(table: &str) -> TokenStream {
    // `quote!` would format the text character by character, in unoptimized code.
    let table = tokens(&string_literal(table), Span::call_site());
    quote! {
        static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new(#table);
        const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);
    }
}

/// Returns an implementation of a trait for the enum.
fn implementation(
    item: &DeriveInput,
    implemented: &TokenStream,
    clause: Option<&WhereClause>,
    body: &TokenStream,
) -> TokenStream {
    let (name, (generics, types, _)) = (&item.ident, item.generics.split_for_impl());
    quote! {
        #[automatically_derived]
        impl #generics #implemented for #name #types #clause { #body }
    }
}

fn binding(n: usize) -> Ident {
    format_ident!("__field{n}")
}

/// Returns the binding of a field with the span of its type, so that rustc reports unsatisfied bounds at the field.
fn spanned_binding(n: usize, field: &VariantField<'_>) -> Ident {
    format_ident!("__field{n}", span = field_span(field))
}

fn field_span(field: &VariantField<'_>) -> Span {
    field.ty.span().resolved_at(Span::call_site())
}

/// Returns a field as a trait object.
fn as_error(n: usize, field: &VariantField<'_>) -> TokenStream {
    let inner = spanned_binding(n, field);
    let call = quote_spanned! { field_span(field)=> #inner.__as_error() };
    quote! { { use __waves_errors::AsError as _; #call } }
}

/// The fields that an arm binds, and its body.
type Arm<'v> = (Vec<(usize, &'v VariantField<'v>)>, TokenStream);

/// Returns `match self { ... }` with an arm for each variant for which `arm` returns one, and `rest` for the others:
/// the compile time per arm grows with the number of arms. The pattern binds the fields of an arm.
fn match_variants<'v>(
    variants: &'v [Variant<'v>],
    arm: impl Fn(&'v Variant<'v>) -> Option<Arm<'v>>,
    rest: &TokenStream,
) -> TokenStream {
    if variants.is_empty() {
        return quote! { match *self {} };
    }
    let arms = variants.iter().filter_map(|variant| {
        let (used, body) = arm(variant)?;
        let name = variant.name;
        let fields = used.iter().map(|(n, field)| {
            let (member, binding) = (&field.member, binding(*n));
            quote! { #member: #binding }
        });
        Some(quote! { Self::#name { #(#fields,)* .. } => #body, })
    });
    let arms: Vec<_> = arms.collect();
    let rest = (arms.len() < variants.len()).then(|| quote! { _ => #rest, });
    quote! { match self { #(#arms)* #rest } }
}

/// Returns a trait with the index of a variant's case in the catalog, which is the only match with an arm for every
/// variant. Transparent variants have no index.
fn index_impl(item: &DeriveInput, variants: &[Variant<'_>]) -> Option<TokenStream> {
    let name = &item.ident;
    let arms = variants.iter().filter_map(|variant| match variant.kind {
        Kind::Case(index, _) => {
            let (variant, index) = (variant.name, Literal::usize_unsuffixed(index));
            Some(quote! { #name::#variant { .. } => #index, })
        }
        Kind::Transparent => None,
    });
    let arms: Vec<_> = arms.collect();
    if arms.is_empty() {
        return None;
    }
    let rest = (arms.len() < variants.len()).then(|| quote! { _ => ::core::primitive::u16::MAX, });
    let body = quote! {
        fn __index(&self) -> ::core::primitive::u16 {
            match self { #(#arms)* #rest }
        }
    };
    let implementation = implementation(item, &quote!(__Indexed), item.generics.where_clause.as_ref(), &body);
    Some(quote! {
        trait __Indexed {
            fn __index(&self) -> ::core::primitive::u16;
        }
        #implementation
    })
}

/// Returns the case of a variant that is not transparent.
fn case_expr() -> TokenStream {
    quote! { CATALOG.nth(__Indexed::__index(self)) }
}

/// Returns the source field of a variant, and its index.
fn source_field<'v>(variant: &'v Variant<'v>) -> Option<(usize, &'v VariantField<'v>)> {
    variant.fields.iter().enumerate().find(|(_, field)| field.source)
}

/// Returns the where clause of an implementation: that of the item, and the bounds of its generic fields.
fn where_clause(generics: &Generics, bounds: impl IntoIterator<Item = (Type, TokenStream)>) -> Option<WhereClause> {
    let mut generics = generics.clone();
    let names: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    for (ty, bound) in bounds {
        if mentions(quote!(#ty), &names) {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: #bound));
        }
    }
    generics.where_clause
}

fn mentions(tokens: TokenStream, names: &[Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

fn display_impl<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let mut bounds = Vec::new();
    for variant in variants {
        match &variant.kind {
            Kind::Transparent => {
                bounds.extend(variant.fields.iter().map(|field| (field.ty.clone(), quote!(::core::fmt::Display))));
            }
            Kind::Case(_, template) => {
                for argument in &template.arguments {
                    let format_trait = format_ident!("{}", argument.format_trait);
                    let field = variant.fields.iter().find(|field| is_same_member(&field.member, &argument.field));
                    bounds.extend(field.map(|field| (field.ty.clone(), quote!(::core::fmt::#format_trait))));
                }
            }
        }
    }
    let case = case_expr();
    let text = quote! { __f.write_str(#case.display()) };
    let arm = |variant: &'v Variant<'v>| match &variant.kind {
        Kind::Transparent => {
            let inner = binding(0);
            Some((variant.fields.iter().enumerate().collect(), quote! { ::core::fmt::Display::fmt(#inner, __f) }))
        }
        // Without fields, the text is that of the case, which the last arm writes.
        Kind::Case(_, template) if template.arguments.is_empty() => None,
        Kind::Case(_, template) => {
            let used = template.arguments.iter().filter_map(|argument| {
                variant.fields.iter().enumerate().find(|(_, field)| is_same_member(&field.member, &argument.field))
            });
            let arguments: Vec<_> = used.clone().map(|(n, field)| spanned_binding(n, field)).collect();
            let mut bindings: Vec<_> = used.collect();
            bindings.sort_by_key(|(n, _)| *n);
            bindings.dedup_by_key(|(n, _)| *n);
            let format = &template.format;
            Some((bindings, quote! { ::core::write!(__f, #format #(, #arguments)*) }))
        }
    };
    let body = match_variants(variants, arm, &text);
    let clause = where_clause(&item.generics, bounds);
    let method = quote! {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            #body
        }
    };
    implementation(item, &quote!(::core::fmt::Display), clause.as_ref(), &method)
}

fn error_impl<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let arm = |variant: &'v Variant<'v>| match (&variant.kind, source_field(variant)) {
        (Kind::Transparent, _) => {
            let inner = variant.fields.iter().map(|field| as_error(0, field));
            Some((variant.fields.iter().enumerate().collect(), quote! { #(::core::error::Error::source(#inner))* }))
        }
        (_, Some((n, field))) if is_option(field.ty) => {
            let inner = binding(n);
            let some = quote! { ::core::option::Option::Some(source) };
            let body = quote! { match #inner {
                #some => { use __waves_errors::AsError as _; ::core::option::Option::Some(source.__as_error()) }
                ::core::option::Option::None => ::core::option::Option::None,
            } };
            Some((vec![(n, field)], body))
        }
        (_, Some((n, field))) => {
            let inner = as_error(n, field);
            Some((vec![(n, field)], quote! { ::core::option::Option::Some(#inner) }))
        }
        (_, None) => None,
    };
    let body = match_variants(variants, arm, &quote! { ::core::option::Option::None });
    let mut generics = item.generics.clone();
    generics.where_clause = where_clause(&item.generics, inner_bounds(variants));
    if generics.type_params().next().is_some() {
        generics.make_where_clause().predicates.push(parse_quote!(Self: ::core::fmt::Debug + ::core::fmt::Display));
    }
    let method = quote! {
        fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
            #body
        }
    };
    implementation(item, &quote!(::core::error::Error), generics.where_clause.as_ref(), &method)
}

/// Returns the bounds of transparent fields and sources, for generic types.
fn inner_bounds(variants: &[Variant<'_>]) -> Vec<(Type, TokenStream)> {
    let inner = variants.iter().flat_map(|variant| {
        let transparent = matches!(variant.kind, Kind::Transparent);
        variant.fields.iter().filter(move |field| transparent || field.source)
    });
    let inner =
        inner.map(|field| (option_type(field.ty).unwrap_or(field.ty).clone(), quote!(::core::error::Error + 'static)));
    inner.collect()
}

/// Returns the type argument of an `Option`, which is recognized by its name.
fn option_type(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn is_option(ty: &Type) -> bool {
    option_type(ty).is_some()
}

/// Returns a call of a method of `ByCase` on a field, which returns `None` if the field has no case.
fn inner_call(n: usize, method: &str) -> TokenStream {
    let (inner, method) = (binding(n), format_ident!("{method}"));
    quote! { { use __waves_errors::{ByCase as _, ByNothing as _}; (&__waves_errors::Inner(#inner)).#method() } }
}

fn catalog_error_impl<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let case_of = |variant: &'v Variant<'v>| match &variant.kind {
        Kind::Case(..) => None,
        Kind::Transparent => Some((variant.fields.iter().enumerate().collect(), inner_call(0, "case_of"))),
    };
    let case = case_expr();
    let case = match_variants(variants, case_of, &quote! { ::core::option::Option::Some(#case) });
    let evidence_of = |variant: &'v Variant<'v>| {
        let transparent =
            matches!(variant.kind, Kind::Transparent).then(|| variant.fields.first().map(|field| (0, field))).flatten();
        let (n, field) = transparent.or_else(|| source_field(variant).filter(|(_, field)| !is_option(field.ty)))?;
        Some((vec![(n, field)], inner_call(n, "evidence_of")))
    };
    let evidence = match_variants(variants, evidence_of, &quote! { ::core::option::Option::None });
    let from_timeout = from_timeout(variants);
    let retries_ended = retries_ended(variants);
    let mut generics = item.generics.clone();
    if generics.type_params().next().is_some() {
        generics.make_where_clause().predicates.push(parse_quote!(Self: ::core::error::Error));
    }
    let methods = quote! {
        fn case(&self) -> ::core::option::Option<__waves_errors::Case> {
            #case
        }

        fn evidence(&self) -> ::core::option::Option<&__waves_errors::Evidence> {
            #evidence
        }

        #from_timeout

        #retries_ended
    };
    implementation(item, &quote!(__waves_errors::CatalogError), generics.where_clause.as_ref(), &methods)
}

/// Returns the method that records the end of a retry loop in the error of a transparent variant.
fn retries_ended(variants: &[Variant<'_>]) -> Option<TokenStream> {
    let transparent = variants.iter().filter(|variant| matches!(variant.kind, Kind::Transparent));
    let arms = transparent.flat_map(|variant| variant.fields.iter().map(move |field| (variant.name, &field.member)));
    let arms: Vec<_> = arms
        .map(|(name, member)| {
            let field = quote! { (&mut __waves_errors::InnerMut(__inner)) };
            quote! { Self::#name { #member: __inner } => #field.record_end(__attempts, __reason), }
        })
        .collect();
    if arms.is_empty() {
        return None;
    }
    let rest = (arms.len() < variants.len()).then(|| quote! { _ => {} });
    Some(quote! {
        fn retries_ended(&mut self, __attempts: ::core::primitive::u32, __reason: __waves_errors::StopReason) {
            use __waves_errors::{EndedByCase as _, NotEnded as _};
            match self { #(#arms)* #rest }
        }
    })
}

/// Returns the method that converts a timeout into the first variant with a `From` error that has a case.
fn from_timeout(variants: &[Variant<'_>]) -> Option<TokenStream> {
    // Transparent variants are first: they have the case of the timeout, all others have their own case.
    let is_transparent = |variant: &&Variant<'_>| matches!(variant.kind, Kind::Transparent);
    let (first, rest): (Vec<_>, Vec<_>) = variants.iter().partition(is_transparent);
    let fields = first.into_iter().chain(rest).flat_map(|variant| variant.fields.iter());
    let types: Vec<_> = fields.filter(|field| field.from).map(|field| field.ty).collect();
    if types.is_empty() {
        return None;
    }
    Some(quote! {
        fn from_timeout(__timeout: &__waves_errors::TimedOut) -> ::core::option::Option<Self> {
            use __waves_errors::{NoTimeout as _, TimeoutByType as _};
            ::core::option::Option::None #(.or_else(|| {
                let error = (&__waves_errors::Of::<#types>(::core::marker::PhantomData)).timeout_error(__timeout);
                error.map(<Self as ::core::convert::From<#types>>::from)
            }))*
        }
    })
}

fn from_impls(item: &DeriveInput, variants: &[Variant<'_>]) -> TokenStream {
    let fields = variants
        .iter()
        .flat_map(|variant| variant.fields.iter().filter(|field| field.from).map(move |field| (variant, field)));
    let impls = fields.map(|(variant, field)| {
        let (variant, member, ty) = (variant.name, &field.member, field.ty);
        let method = quote! {
            fn from(source: #ty) -> Self {
                Self::#variant { #member: source }
            }
        };
        let clause = item.generics.where_clause.as_ref();
        implementation(item, &quote!(::core::convert::From<#ty>), clause, &method)
    });
    quote! { #(#impls)* }
}
