//! Parses the template of the line that a variant prints.

use syn::Member;

/// A template in the form that `format_args!` accepts: positional placeholders, and their arguments.
pub(crate) struct Template {
    /// The text, with `{}` or `{:spec}` for each argument and doubled braces.
    pub(crate) format: String,
    pub(crate) arguments: Vec<Argument>,
}

/// A field and its formatting trait.
pub(crate) struct Argument {
    pub(crate) field: Member,
    /// The trait of `core::fmt` that prints it.
    pub(crate) format_trait: &'static str,
}

/// Parses a template, or returns an error message.
pub(crate) fn parse(text: &str) -> Result<Template, String> {
    let mut template = Template { format: String::new(), arguments: Vec::new() };
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (front, back) = rest.split_at(at);
        template.format.push_str(front);
        if back.starts_with("{{") || back.starts_with("}}") {
            template.format.push_str(&back[..2]);
            rest = &back[2..];
            continue;
        }
        let inside = back.strip_prefix('{').ok_or("unmatched `}`: write `}}` for a literal brace")?;
        let (inside, after) = inside.split_once('}').ok_or("unmatched `{`: write `{{` for a literal brace")?;
        let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
        template.format.push_str(&if spec.is_empty() { "{}".to_owned() } else { format!("{{:{spec}}}") });
        template.arguments.push(Argument { field: field(name.trim())?, format_trait: format_trait(spec)? });
        rest = after;
    }
    template.format.push_str(rest);
    Ok(template)
}

fn field(name: &str) -> Result<Member, String> {
    if let Ok(index) = name.parse::<u32>() {
        return Ok(Member::from(usize::try_from(index).unwrap_or(usize::MAX)));
    }
    let raw = syn::parse_str(name).or_else(|_| syn::parse_str(&format!("r#{name}")));
    raw.map(Member::Named)
        .map_err(|_: syn::Error| format!("invalid field `{{{name}}}`: write the name or the index of a field"))
}

fn format_trait(spec: &str) -> Result<&'static str, String> {
    if spec.contains(['$', '*', '{']) {
        return Err(format!("unsupported format `{{:{spec}}}`: write the width and the precision as numbers"));
    }
    Ok(match spec.chars().next_back() {
        Some('?') => "Debug",
        Some('x') => "LowerHex",
        Some('X') => "UpperHex",
        Some('o') => "Octal",
        Some('b') => "Binary",
        Some('e') => "LowerExp",
        Some('E') => "UpperExp",
        Some('p') => "Pointer",
        _ => "Display",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_positional() {
        let template = parse("only {left} of {{{sku:?}}} at {0:>8.2}").unwrap();
        assert_eq!(template.format, "only {} of {{{:?}}} at {:>8.2}");
        let named = |name| Member::Named(syn::parse_str(name).unwrap());
        let expected = [(named("left"), "Display"), (named("sku"), "Debug"), (Member::from(0), "Display")];
        assert_eq!(template.arguments.len(), expected.len());
        for (argument, (field, format_trait)) in template.arguments.iter().zip(expected) {
            assert!(argument.field == field && argument.format_trait == format_trait);
        }
        assert!(parse("{type:x}").unwrap().arguments[0].field == named("r#type"));
    }

    #[test]
    fn invalid_templates_are_rejected() {
        for bad in ["{", "}", "{a", "{}", "{a b}", "{a:1$}", "{a:.*}"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
