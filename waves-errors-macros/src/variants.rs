//! Parses the variants of a derived enum: the case and the source field of each.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Field, Ident, Index, Member, Type};
use waves_errors_catalog::render;
use waves_errors_catalog::{Case, Catalog, nearest};

use crate::derive::{VariantOptions, variant_options};
use crate::template::{Template, parse};

/// A variant.
pub(crate) struct Variant<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) fields: Vec<VariantField<'a>>,
    pub(crate) kind: Kind,
}

/// A field of a variant.
pub(crate) struct VariantField<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) source: bool,
    pub(crate) from: bool,
}

/// The kind of a variant.
pub(crate) enum Kind {
    /// Transparent: it has the case and the text of its only field.
    Transparent,
    /// A case of the catalog, by its index, and the template of the line that it prints.
    Case(usize, Template),
}

/// The indexes of the cases by their Rust names.
type ByName = HashMap<String, usize>;

/// Returns the variants of an enum, or all errors in them.
pub(crate) fn variants<'a>(
    item: &'a DeriveInput,
    catalog: &Catalog,
    exhaustive: bool,
) -> Result<Vec<Variant<'a>>, Vec<syn::Error>> {
    let data = enum_data(item).map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    let mut all = Vec::new();
    let mut seen: HashMap<usize, &Ident> = HashMap::new();
    let by_name = catalog.cases.iter().enumerate().map(|(index, case)| (render::variant(case), index)).collect();
    for variant in &data.variants {
        match parse_variant(variant, catalog, &by_name) {
            Ok(variant) => {
                if let Kind::Case(index, _) = variant.kind
                    && let Some(first) = seen.insert(index, variant.name)
                {
                    let message =
                        format!("duplicate case `{}`: `{first}` has it already", catalog.cases[index].id.value);
                    errors.push(syn::Error::new(variant.name.span(), message));
                }
                all.push(variant);
            }
            Err(error) => errors.push(error),
        }
    }
    if exhaustive && errors.is_empty() {
        let missing = (0..catalog.cases.len()).filter(|index| !seen.contains_key(index));
        let missing: Vec<_> = missing.map(|index| format!("`{}`", render::variant(&catalog.cases[index]))).collect();
        if !missing.is_empty() {
            let message = format!("`exhaustive` requires a variant for each case; missing: {}", missing.join(", "));
            errors.push(syn::Error::new(item.ident.span(), message));
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Returns variants that print nothing, for an enum with an invalid catalog or invalid attributes, so that code that
/// uses it still compiles.
pub(crate) fn fallback_variants(item: &DeriveInput) -> Vec<Variant<'_>> {
    let Data::Enum(data) = &item.data else { return Vec::new() };
    let empty = || Kind::Case(0, Template { format: String::new(), arguments: Vec::new() });
    data.variants
        .iter()
        .map(|variant| Variant { name: &variant.ident, fields: fields(variant).unwrap_or_default(), kind: empty() })
        .collect()
}

fn enum_data(item: &DeriveInput) -> syn::Result<&DataEnum> {
    match &item.data {
        Data::Enum(data) => Ok(data),
        Data::Struct(_) => {
            Err(syn::Error::new(item.ident.span(), "`CatalogError` can only be derived for enums, not for structs"))
        }
        Data::Union(_) => {
            Err(syn::Error::new(item.ident.span(), "`CatalogError` can only be derived for enums, not for unions"))
        }
    }
}

fn parse_variant<'a>(variant: &'a syn::Variant, catalog: &Catalog, by_name: &ByName) -> syn::Result<Variant<'a>> {
    let options = variant_options(&variant.attrs)?;
    let fields = fields(variant)?;
    if let Some(transparent) = &options.transparent {
        if fields.len() != 1 {
            return Err(syn::Error::new(transparent.span(), "a transparent variant must have exactly one field"));
        }
        return Ok(Variant { name: &variant.ident, fields, kind: Kind::Transparent });
    }
    let (index, span) = find_case(variant, &options, catalog, by_name)?;
    let case = &catalog.cases[index];
    let text = render::template(catalog, case);
    let error_at =
        |message: String| syn::Error::new(span, format!("{message}\n --> {}", display_location(catalog, case)));
    let template = parse(&text).map_err(|message| error_at(format!("`{text}`: {message}")))?;
    for argument in &template.arguments {
        if !fields.iter().any(|field| is_same_member(&field.member, &argument.field)) {
            let known_fields: Vec<_> = fields.iter().map(|field| format!("`{}`", member_name(&field.member))).collect();
            let known_fields = if known_fields.is_empty() {
                "it has no fields".to_owned()
            } else {
                format!("its fields are {}", known_fields.join(", "))
            };
            return Err(error_at(format!(
                "no field `{}` in `{}` for its text: {known_fields}",
                member_name(&argument.field),
                variant.ident
            )));
        }
    }
    Ok(Variant { name: &variant.ident, fields, kind: Kind::Case(index, template) })
}

/// Returns the index of a variant's case, by its `case` option or its name, and the span for errors.
fn find_case(
    variant: &syn::Variant,
    options: &VariantOptions,
    catalog: &Catalog,
    by_name: &ByName,
) -> syn::Result<(usize, Span)> {
    if let Some(id) = &options.case {
        return catalog.index_of(&id.value()).map(|index| (index, id.span())).ok_or_else(|| {
            let ids: Vec<_> = catalog.cases.iter().map(|case| case.id.as_str()).collect();
            let help = nearest(&id.value(), &ids).map(|near| format!("\n  = help: did you mean `{near}`?"));
            let (id, span, help) = (id.value(), id.span(), help.unwrap_or_default());
            syn::Error::new(span, format!("no case `{id}` in the catalog `{}`{help}", catalog.id.value))
        });
    }
    let name = variant.ident.unraw().to_string();
    by_name.get(&name).map(|index| (*index, variant.ident.span())).ok_or_else(|| {
        let names: Vec<_> = catalog.cases.iter().map(render::variant).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let near = nearest(&name, &names).map(|near| format!("did you mean `{near}`? otherwise, "));
        let message = format!(
            "no case for the variant `{name}` in the catalog `{}`\n  = help: {}name the case: `#[catalog(case = \"...\")]`",
            catalog.id.value,
            near.unwrap_or_default()
        );
        syn::Error::new(variant.ident.span(), message)
    })
}

/// Returns the location of the line that a case prints: file, line and column.
fn display_location(catalog: &Catalog, case: &Case) -> String {
    let location = case.display.as_ref().map_or(case.id.location, |display| display.location);
    let Some(source) = catalog.sources().get(location.file) else { return String::new() };
    let (line, column) = source.position(location.start);
    format!("{}:{line}:{column}", source.name())
}

/// Returns the name of a field as written in templates.
fn member_name(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Returns whether two members are the same field.
pub(crate) fn is_same_member(member: &Member, other: &Member) -> bool {
    member_name(member) == member_name(other)
}

fn fields(variant: &syn::Variant) -> syn::Result<Vec<VariantField<'_>>> {
    let has = |field: &Field, name: &str| field.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    let mut fields: Vec<_> = variant
        .fields
        .iter()
        .zip(0..)
        .map(|(field, index)| {
            let member = field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named);
            let from = has(field, "from");
            VariantField { member, ty: &field.ty, source: from || has(field, "source"), from }
        })
        .collect();
    let marked = fields.iter().filter(|field| field.source).count();
    if marked > 1 {
        return Err(syn::Error::new(variant.ident.span(), "two sources: a variant has at most one"));
    }
    if marked == 0
        && let Some(field) = fields.iter_mut().find(|field| member_name(&field.member) == "source")
    {
        field.source = true;
    }
    if fields.len() > 1 && fields.iter().any(|field| field.from) {
        return Err(syn::Error::new(variant.ident.span(), "`#[from]` requires that the variant has no other field"));
    }
    Ok(fields)
}
