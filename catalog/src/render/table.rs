//! Encodes the model as the table that programs contain.

use waves_errors_core::internal::{
    CaseParts, ChecklistParts, Condition, ItemParts, PolicyParts, Rule, StepParts, TableParts, encode,
};

use crate::location::{Located, Location};
use crate::model::{Case, Catalog, Checklist, ChecklistItem, Model, Step};

use super::texts::{Links, anchor, display, fill_case_text, fill_links, title};

/// Returns the encoded table of a catalog, which [`waves_errors_core`] decodes.
pub fn table(catalog: &Catalog) -> String {
    encode(&parts(catalog))
}

/// Returns an index as a table stores it. The checker rejects catalogs with more cases.
fn to_u16(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

pub(crate) fn parts(model: &Model) -> TableParts {
    TableParts {
        id: model.id.value.clone(),
        wire: model.wire.clone(),
        key: model.key.clone(),
        redact: model.redact.clone(),
        pages: model
            .pages
            .iter()
            .map(|page| page.docs.as_ref().map_or_else(String::new, |docs| docs.value.clone()))
            .collect(),
        policies: model.policies.iter().map(|(id, policy)| PolicyParts::new(&id.value, policy)).collect(),
        checklists: model.checklists.iter().map(|checklist| checklist_parts(model, checklist)).collect(),
        cases: model.cases.iter().map(|case| case_parts(model, case)).collect(),
        rules: model
            .cases
            .iter()
            .enumerate()
            .flat_map(|(n, case)| case_rules(case, to_u16(n)))
            .map(|(rule, _)| rule)
            .collect(),
    }
}

fn checklist_parts(model: &Model, checklist: &Checklist) -> ChecklistParts {
    let fill = |text: &str| fill_links(model, text, Links::Absolute);
    let item = |item: &ChecklistItem| ItemParts {
        text: fill(&item.text),
        collect: item.collect.iter().map(|word| word.value.clone()).collect(),
    };
    ChecklistParts {
        id: checklist.id.value.clone(),
        intro: checklist.intro.as_ref().map_or_else(String::new, |intro| fill(intro)),
        items: checklist.items.iter().map(item).collect(),
    }
}

fn case_parts(model: &Model, case: &Case) -> CaseParts {
    let policy = model.policy_of(case);
    let page = model.page_index(case).filter(|&page| model.pages[page].docs.is_some());
    let fill = |text: &str| fill_case_text(model, case, text, Links::Absolute);
    let step = |step: &Step| StepParts {
        id: step.id.as_ref().map_or_else(String::new, |id| id.value.clone()),
        text: fill(&step.text),
        check: step.check.as_ref().map_or_else(String::new, |check| check.value.clone()),
        causes: step.causes.iter().map(|id| id.value.clone()).collect(),
    };
    CaseParts {
        id: case.id.value.clone(),
        variant: case.name.clone(),
        status: case.status.as_ref().map_or(0, |status| status.value),
        code: case.code.as_ref().map_or_else(String::new, |code| code.value.clone()),
        policy: policy.and_then(|(id, _)| model.policy_index(id)).map(to_u16),
        refines: case.refines.as_ref().and_then(|id| model.index_of(id)).map(to_u16),
        page: page.map(to_u16),
        title: title(model, case),
        anchor: page.map_or_else(String::new, |page| anchor(model, &model.pages[page], case)),
        display: display(model, case),
        summary: fill(&case.summary),
        severity: case.severity as u16,
        aliases: case.aliases.iter().map(|alias| alias.value.clone()).collect(),
        causes: case.causes.iter().map(step).collect(),
        fixes: model.case_with_fixes(case).fixes.iter().map(step).collect(),
    }
}

/// Returns the rules of a case and their locations: from its `match`, or else its code, or else its status.
pub(crate) fn case_rules(case: &Case, index: u16) -> Vec<(Rule, Location)> {
    let rule = |conditions: Vec<Condition>, location| (Rule { case: index, conditions }, location);
    if let Some(alternatives) = &case.matches {
        let valid = alternatives.iter().filter(|alternative| !alternative.broken);
        return valid.map(|alternative| rule(alternative.conditions.clone(), alternative.location)).collect();
    }
    let code = case.code.as_ref().map(|code| rule(vec![Condition::Code(code.value.clone())], code.location));
    let status =
        |status: &Located<u16>| rule(vec![Condition::Status(vec![(status.value, status.value)])], status.location);
    code.or_else(|| case.status.as_ref().map(status)).into_iter().collect()
}
