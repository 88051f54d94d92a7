//! The implementations that `#[derive(CatalogError)]` makes.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Type, WhereClause, parse_quote};
use waves_errors_catalog::Catalog;
use waves_errors_catalog::render::rust::string_literal;
use waves_errors_catalog::render::table::table;

use crate::text::tokens;
use crate::variants::{Kind, Variant, VariantField, same};

/// All of them, in a block where `__waves_errors` names the runtime.
pub(crate) fn expand(
    item: &DeriveInput,
    variants: &[Variant<'_>],
    root: &TokenStream,
    catalog: &TokenStream,
    tracking: &TokenStream,
) -> TokenStream {
    let implementations =
        [display(item, variants), error(item, variants), catalog_error(item, variants), from(item, variants)];
    let index = index(item, variants);
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

/// The catalog that the enum's cases stand in: that of `WavesError`, or one of its own.
pub(crate) fn catalog_tokens(catalog: &Catalog, waves: bool) -> TokenStream {
    if waves {
        return quote! { const CATALOG: __waves_errors::Catalog = __waves_errors::WAVES; };
    }
    // `quote!` would write the text itself, character by character and without optimisation.
    let packed = tokens(&string_literal(&table(catalog)), Span::call_site());
    quote! {
        static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new(#packed);
        const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);
    }
}

fn binding(n: usize) -> Ident {
    format_ident!("__field{n}")
}

/// The binding of a field where it is used: rustc then shows the field for what its type cannot do.
fn located(n: usize, field: &VariantField<'_>) -> Ident {
    Ident::new(&format!("__field{n}"), place(field))
}

fn place(field: &VariantField<'_>) -> Span {
    field.ty.span().resolved_at(Span::call_site())
}

/// A field as a trait object.
fn as_error(n: usize, field: &VariantField<'_>) -> TokenStream {
    let inner = located(n, field);
    let call = quote_spanned! { place(field)=> #inner.__as_error() };
    quote! { { use __waves_errors::AsError as _; #call } }
}

/// The fields that an arm uses, and what it does.
type Arm<'v> = (Vec<(usize, &'v VariantField<'v>)>, TokenStream);

/// `match self { ... }` with an arm for each variant that needs one, and `rest` for the others: what an arm costs in rustc
/// grows with their number. The pattern gives an arm its fields by their bindings.
fn by_variant<'v>(
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

/// The one match with an arm for every variant: to its case's place in the catalog. A transparent one has none.
fn index(item: &DeriveInput, variants: &[Variant<'_>]) -> Option<TokenStream> {
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
    let (generics, types, clause) = item.generics.split_for_impl();
    Some(quote! {
        trait __Indexed {
            fn __index(&self) -> ::core::primitive::u16;
        }

        #[automatically_derived]
        impl #generics __Indexed for #name #types #clause {
            fn __index(&self) -> ::core::primitive::u16 {
                match self { #(#arms)* #rest }
            }
        }
    })
}

/// The case of a variant that is not transparent.
fn case() -> TokenStream {
    quote! { CATALOG.nth(__Indexed::__index(self)) }
}

/// The source field of a variant.
fn source<'v>(variant: &'v Variant<'v>) -> Option<(usize, &'v VariantField<'v>)> {
    variant.fields.iter().enumerate().find(|(_, field)| field.source)
}

/// The where clause of an implementation: the item's own, and what its generic fields must be able to do.
fn bounded(generics: &Generics, bounds: impl IntoIterator<Item = (Type, TokenStream)>) -> Option<WhereClause> {
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

fn display<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let mut bounds = Vec::new();
    for variant in variants {
        match &variant.kind {
            Kind::Transparent => {
                bounds.extend(variant.fields.iter().map(|field| (field.ty.clone(), quote!(::core::fmt::Display))));
            }
            Kind::Case(_, template) => {
                for argument in &template.arguments {
                    let printed_by = format_ident!("{}", argument.printed_by);
                    let field = variant.fields.iter().find(|field| same(&field.member, &argument.field));
                    bounds.extend(field.map(|field| (field.ty.clone(), quote!(::core::fmt::#printed_by))));
                }
            }
        }
    }
    let case = case();
    let text = quote! { __f.write_str(#case.display()) };
    let arm = |variant: &'v Variant<'v>| match &variant.kind {
        Kind::Transparent => {
            let inner = binding(0);
            Some((variant.fields.iter().enumerate().collect(), quote! { ::core::fmt::Display::fmt(#inner, __f) }))
        }
        // What the catalog has says it all.
        Kind::Case(_, template) if template.arguments.is_empty() => None,
        Kind::Case(_, template) => {
            let used = template.arguments.iter().filter_map(|argument| {
                variant.fields.iter().enumerate().find(|(_, field)| same(&field.member, &argument.field))
            });
            let arguments: Vec<_> = used.clone().map(|(n, field)| located(n, field)).collect();
            let mut bound: Vec<_> = used.collect();
            bound.sort_by_key(|(n, _)| *n);
            bound.dedup_by_key(|(n, _)| *n);
            let format = &template.format;
            Some((bound, quote! { ::core::write!(__f, #format #(, #arguments)*) }))
        }
    };
    let body = by_variant(variants, arm, &text);
    let (name, (generics, types, _)) = (&item.ident, item.generics.split_for_impl());
    let clause = bounded(&item.generics, bounds);
    quote! {
        #[automatically_derived]
        impl #generics ::core::fmt::Display for #name #types #clause {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #body
            }
        }
    }
}

fn error<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let arm = |variant: &'v Variant<'v>| match (&variant.kind, source(variant)) {
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
    let body = by_variant(variants, arm, &quote! { ::core::option::Option::None });
    let (name, (generics, types, _)) = (&item.ident, item.generics.split_for_impl());
    let mut clause = bounded(&item.generics, inner_bounds(variants));
    if item.generics.type_params().next().is_some() {
        let mut whole = item.generics.clone();
        whole.where_clause = clause;
        whole.make_where_clause().predicates.push(parse_quote!(Self: ::core::fmt::Debug + ::core::fmt::Display));
        clause = whole.where_clause;
    }
    quote! {
        #[automatically_derived]
        impl #generics ::core::error::Error for #name #types #clause {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                #body
            }
        }
    }
}

/// What transparent fields and sources must be, where they are generic.
fn inner_bounds(variants: &[Variant<'_>]) -> Vec<(Type, TokenStream)> {
    let inner = variants.iter().flat_map(|variant| {
        let transparent = matches!(variant.kind, Kind::Transparent);
        variant.fields.iter().filter(move |field| transparent || field.source)
    });
    let inner =
        inner.map(|field| (option_of(field.ty).unwrap_or(field.ty).clone(), quote!(::core::error::Error + 'static)));
    inner.collect()
}

/// The type inside of an `Option`, by its name.
fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn is_option(ty: &Type) -> bool {
    option_of(ty).is_some()
}

fn catalog_error<'v>(item: &DeriveInput, variants: &'v [Variant<'v>]) -> TokenStream {
    let case_of = |variant: &'v Variant<'v>| match &variant.kind {
        Kind::Case(..) => None,
        Kind::Transparent => {
            let inner = binding(0);
            let body = quote! { { use __waves_errors::{ByCase as _, ByNothing as _}; (&__waves_errors::Inner(#inner)).case_of() } };
            Some((variant.fields.iter().enumerate().collect(), body))
        }
    };
    let own = case();
    let case = by_variant(variants, case_of, &quote! { ::core::option::Option::Some(#own) });
    let evidence_of = |variant: &'v Variant<'v>| {
        let transparent =
            matches!(variant.kind, Kind::Transparent).then(|| variant.fields.first().map(|field| (0, field))).flatten();
        let (n, field) = transparent.or_else(|| source(variant).filter(|(_, field)| !is_option(field.ty)))?;
        let inner = binding(n);
        let body = quote! { { use __waves_errors::{ByCase as _, ByNothing as _}; (&__waves_errors::Inner(#inner)).evidence_of() } };
        Some((vec![(n, field)], body))
    };
    let evidence = by_variant(variants, evidence_of, &quote! { ::core::option::Option::None });
    let from_timeout = from_timeout(variants);
    let retries_ended = retries_ended(variants);
    let (name, (generics, types, _)) = (&item.ident, item.generics.split_for_impl());
    let mut clause = item.generics.clone();
    if clause.type_params().next().is_some() {
        clause.make_where_clause().predicates.push(parse_quote!(Self: ::core::error::Error));
    }
    let clause = clause.where_clause;
    quote! {
        #[automatically_derived]
        impl #generics __waves_errors::CatalogError for #name #types #clause {
            fn case(&self) -> ::core::option::Option<__waves_errors::Case> {
                #case
            }

            fn evidence(&self) -> ::core::option::Option<&__waves_errors::Evidence> {
                #evidence
            }

            #from_timeout

            #retries_ended
        }
    }
}

/// How a retry loop ended is recorded in the error of a transparent variant.
fn retries_ended(variants: &[Variant<'_>]) -> Option<TokenStream> {
    let transparent = variants.iter().filter(|variant| matches!(variant.kind, Kind::Transparent));
    let arms = transparent.flat_map(|variant| variant.fields.iter().map(move |field| (variant.name, &field.member)));
    let arms: Vec<_> = arms
        .map(|(name, member)| {
            quote! { Self::#name { #member: __inner } => (&mut __waves_errors::InnerMut(__inner)).record_end(__attempts, __reason), }
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

/// An attempt that exceeded a time limit becomes the first variant that is made from an error with a case.
fn from_timeout(variants: &[Variant<'_>]) -> Option<TokenStream> {
    // A transparent variant is what the timeout is; any other gives it a case of its own.
    let transparent = |variant: &&Variant<'_>| matches!(variant.kind, Kind::Transparent);
    let (first, rest): (Vec<_>, Vec<_>) = variants.iter().partition(transparent);
    let fields = first.into_iter().chain(rest).flat_map(|variant| variant.fields.iter());
    let types: Vec<_> = fields.filter(|field| field.from).map(|field| field.ty).collect();
    if types.is_empty() {
        return None;
    }
    Some(quote! {
        fn from_timeout(__timeout: &__waves_errors::TimedOut) -> ::core::option::Option<Self> {
            use __waves_errors::{NoTimeout as _, TimeoutByType as _};
            ::core::option::Option::None #(.or_else(|| {
                let made = (&__waves_errors::Of::<#types>(::core::marker::PhantomData)).timeout_error(__timeout);
                made.map(<Self as ::core::convert::From<#types>>::from)
            }))*
        }
    })
}

fn from(item: &DeriveInput, variants: &[Variant<'_>]) -> TokenStream {
    let (name, (generics, types, clause)) = (&item.ident, item.generics.split_for_impl());
    let all = variants
        .iter()
        .flat_map(|variant| variant.fields.iter().filter(|field| field.from).map(move |field| (variant, field)));
    let all = all.map(|(variant, field)| {
        let (variant, member, ty) = (variant.name, &field.member, field.ty);
        quote! {
            #[automatically_derived]
            impl #generics ::core::convert::From<#ty> for #name #types #clause {
                fn from(source: #ty) -> Self {
                    Self::#variant { #member: source }
                }
            }
        }
    });
    quote! { #(#all)* }
}
