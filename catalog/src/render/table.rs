//! Encodes the table that programs contain.

use waves_errors_core::internal::{CaseParts, ChecklistParts, ItemParts, PolicyParts, StepParts, TableParts, encode};
use waves_errors_core::internal::{Condition, Rule};

use crate::keys::At;
use crate::model::{Case, Catalog, Checklist, Item, Model, Step};
use crate::problem::Place;
use crate::validate::variant;

use super::words::{Links, anchor, display, linked, said, title};

/// Returns the encoded table of a catalog, which [`waves_errors_core`] decodes.
pub fn table(catalog: &Catalog) -> String {
    encode(&parts(catalog))
}

/// Returns an index as a table stores it. The checker rejects catalogs with more items.
fn index(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
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
            .flat_map(|(n, case)| rules(case, index(n)))
            .map(|(rule, _)| rule)
            .collect(),
    }
}

fn checklist_parts(model: &Model, checklist: &Checklist) -> ChecklistParts {
    let absolute = |text: &str| linked(model, text, Links::Absolute);
    let item = |item: &Item| ItemParts {
        text: absolute(&item.text),
        collect: item.collect.iter().map(|word| word.value.clone()).collect(),
    };
    ChecklistParts {
        id: checklist.id.value.clone(),
        intro: checklist.intro.as_ref().map_or_else(String::new, |intro| absolute(intro)),
        items: checklist.items.iter().map(item).collect(),
    }
}

fn case_parts(model: &Model, case: &Case) -> CaseParts {
    let policy = model.policy_of(case);
    let page = model.page_of(case).filter(|&page| model.pages[page].docs.is_some());
    let absolute = |text: &str| said(model, case, text, Links::Absolute);
    let step = |step: &Step| StepParts {
        id: step.id.as_ref().map_or_else(String::new, |id| id.value.clone()),
        text: absolute(&step.text),
        check: step.check.as_ref().map_or_else(String::new, |check| check.value.clone()),
        causes: step.causes.iter().map(|id| id.value.clone()).collect(),
    };
    CaseParts {
        id: case.id.value.clone(),
        variant: variant(case),
        status: case.status.as_ref().map_or(0, |status| status.value),
        code: case.code.as_ref().map_or_else(String::new, |code| code.value.clone()),
        policy: policy.and_then(|(id, _)| model.policy_index(id)).map(index),
        refines: case.refines.as_ref().and_then(|id| model.index_of(id)).map(index),
        page: page.map(index),
        title: title(model, case),
        anchor: page.map_or_else(String::new, |page| anchor(model, &model.pages[page], case)),
        display: display(model, case),
        summary: absolute(&case.summary),
        severity: case.severity as u16,
        aliases: case.aliases.iter().map(|alias| alias.value.clone()).collect(),
        causes: case.causes.iter().map(step).collect(),
        fixes: model.fixes_of(case).fixes.iter().map(step).collect(),
    }
}

/// The rules of a case and where each is said: its `match`, or else its code, or else its status.
pub(crate) fn rules(case: &Case, index: u16) -> Vec<(Rule, Place)> {
    let rule = |conditions: Vec<Condition>, at| (Rule { case: index, conditions }, at);
    if let Some(alternatives) = &case.matches {
        let readable = alternatives.iter().filter(|one| !one.broken);
        return readable.map(|one| rule(one.conditions.clone(), one.at)).collect();
    }
    let code = case.code.as_ref().map(|code| rule(vec![Condition::Code(code.value.clone())], code.at));
    let status = |status: &At<u16>| rule(vec![Condition::Status(vec![(status.value, status.value)])], status.at);
    code.or_else(|| case.status.as_ref().map(status)).into_iter().collect()
}
