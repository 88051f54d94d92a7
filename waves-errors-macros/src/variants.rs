//! The variants of an enum that is derived from a catalog: which case each is, which field is its source.

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

/// What a variant is.
pub(crate) enum Kind {
    /// What its only field is.
    Transparent,
    /// A case of the catalog, by its place, and the line that it prints.
    Case(usize, Template),
}

/// The cases by their Rust names.
type ByName = HashMap<String, usize>;

/// The variants of an enum; the errors are all that is wrong with them.
pub(crate) fn variants<'a>(
    item: &'a DeriveInput,
    catalog: &Catalog,
    exhaustive: bool,
) -> Result<Vec<Variant<'a>>, Vec<syn::Error>> {
    let data = enumeration(item).map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    let mut all = Vec::new();
    let mut seen: HashMap<usize, &Ident> = HashMap::new();
    let by_name = catalog.cases.iter().enumerate().map(|(index, case)| (render::variant(case), index)).collect();
    for one in &data.variants {
        match variant(one, catalog, &by_name) {
            Ok(variant) => {
                if let Kind::Case(index, _) = variant.kind
                    && let Some(first) = seen.insert(index, variant.name)
                {
                    let message = format!("`{first}` is the case `{}` already", catalog.cases[index].id.value);
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
            let message = format!("`exhaustive`, and no variant for {}", missing.join(", "));
            errors.push(syn::Error::new(item.ident.span(), message));
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Variants that print nothing: what is made of an enum whose catalog or attributes are wrong, so that code which uses it
/// is no further error.
pub(crate) fn stand_ins(item: &DeriveInput) -> Vec<Variant<'_>> {
    let Data::Enum(data) = &item.data else { return Vec::new() };
    let empty = || Kind::Case(0, Template { format: String::new(), arguments: Vec::new() });
    data.variants
        .iter()
        .map(|one| Variant { name: &one.ident, fields: fields(one).unwrap_or_default(), kind: empty() })
        .collect()
}

fn enumeration(item: &DeriveInput) -> syn::Result<&DataEnum> {
    match &item.data {
        Data::Enum(data) => Ok(data),
        Data::Struct(_) => {
            Err(syn::Error::new(item.ident.span(), "a struct has no variants to be cases: make it an enum"))
        }
        Data::Union(_) => {
            Err(syn::Error::new(item.ident.span(), "a union has no variants to be cases: make it an enum"))
        }
    }
}

fn variant<'a>(one: &'a syn::Variant, catalog: &Catalog, by_name: &ByName) -> syn::Result<Variant<'a>> {
    let options = variant_options(&one.attrs)?;
    let fields = fields(one)?;
    if let Some(transparent) = &options.transparent {
        if fields.len() != 1 {
            return Err(syn::Error::new(transparent.span(), "a transparent variant has exactly one field"));
        }
        return Ok(Variant { name: &one.ident, fields, kind: Kind::Transparent });
    }
    let (index, span) = case(one, &options, catalog, by_name)?;
    let case = &catalog.cases[index];
    let text = render::template(catalog, case);
    let told = |message: String| syn::Error::new(span, format!("{message}\n --> {}", place(catalog, case)));
    let template = parse(&text).map_err(|message| told(format!("`{text}`: {message}")))?;
    for argument in &template.arguments {
        if !fields.iter().any(|field| same(&field.member, &argument.field)) {
            let have: Vec<_> = fields.iter().map(|field| format!("`{}`", name(&field.member))).collect();
            let have = if have.is_empty() { "no field".to_owned() } else { format!("only {}", have.join(", ")) };
            return Err(told(format!("`{}` prints `{{{}}}` and has {have}", one.ident, name(&argument.field))));
        }
    }
    Ok(Variant { name: &one.ident, fields, kind: Kind::Case(index, template) })
}

/// The case of a variant: the one that it names, or the one of its name.
fn case(
    one: &syn::Variant,
    options: &VariantOptions,
    catalog: &Catalog,
    by_name: &ByName,
) -> syn::Result<(usize, Span)> {
    if let Some(id) = &options.case {
        return catalog.index_of(&id.value()).map(|index| (index, id.span())).ok_or_else(|| {
            let ids: Vec<_> = catalog.cases.iter().map(|case| case.id.as_str()).collect();
            syn::Error::new(
                id.span(),
                format!("the catalog `{}` has no case `{}`{}", catalog.id.value, id.value(), meant(&id.value(), &ids)),
            )
        });
    }
    let name = one.ident.unraw().to_string();
    by_name.get(&name).map(|index| (*index, one.ident.span())).ok_or_else(|| {
        let names: Vec<_> = catalog.cases.iter().map(render::variant).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let message = format!(
            "the catalog `{}` has no case for `{name}`{}; or name one: `#[catalog(case = \"...\")]`",
            catalog.id.value,
            meant(&name, &names)
        );
        syn::Error::new(one.ident.span(), message)
    })
}

fn meant(name: &str, known: &[&str]) -> String {
    nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Where the line that a case prints is said: file, line and column.
fn place(catalog: &Catalog, case: &Case) -> String {
    let at = case.display.as_ref().map_or(case.id.location, |display| display.location);
    let Some(source) = catalog.sources().get(at.file) else { return String::new() };
    let (line, column) = source.position(at.start);
    format!("{}:{line}:{column}", source.name())
}

/// The name of a field, as templates write it.
fn name(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Whether two members name one field.
pub(crate) fn same(one: &Member, other: &Member) -> bool {
    name(one) == name(other)
}

fn fields(one: &syn::Variant) -> syn::Result<Vec<VariantField<'_>>> {
    let has = |field: &Field, name: &str| field.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    let mut fields: Vec<_> = one
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
        return Err(syn::Error::new(one.ident.span(), "an error has one source"));
    }
    if marked == 0
        && let Some(field) = fields.iter_mut().find(|field| name(&field.member) == "source")
    {
        field.source = true;
    }
    if fields.len() > 1 && fields.iter().any(|field| field.from) {
        return Err(syn::Error::new(
            one.ident.span(),
            "`#[from]` makes the variant of its field alone, and there are others",
        ));
    }
    Ok(fields)
}
