//! Lints for URLs: the URLs of links, of pages and of the site are absolute.

use crate::location::Located;
use crate::model::Model;
use crate::problem::{Problem, Problems};
use crate::text::is_absolute_url;

/// Checks that URLs are absolute, and that `site` is set if `site:` is used.
pub(super) fn check_urls(model: &Model, problems: &Problems) {
    let is_on_site =
        |address: &str| address.strip_prefix("site:").is_some_and(|rest| is_absolute_url(&format!("https://{rest}")));
    let pages = model.pages.iter().filter_map(|page| page.docs.as_ref());
    let cases = model.cases.iter().filter_map(|case| case.docs.as_ref());
    for address in model.site.iter().chain(pages).chain(cases).filter(|address| !is_absolute_url(address)) {
        problems.add(url_problem(address));
    }
    for (_, address) in model.links.iter().filter(|(_, address)| !address.is_empty()) {
        if is_on_site(address) && model.site.is_none() && model.broken.site {
            continue;
        }
        if is_on_site(address) && model.site.is_none() {
            let problem = Problem::error("no-site", address.location, "`site:` requires `site` in `[catalog]`");
            problems.add(problem.help("add `site = \"https://.../\"` to `[catalog]`"));
        } else if !is_on_site(address) && !is_absolute_url(address) {
            problems.add(url_problem(address));
        }
    }
    for docs in model.pages.iter().filter_map(|page| page.docs.as_ref()).filter(|docs| docs.contains('#')) {
        problems.add(Problem::error("bad-url", docs.location, "the URL of a page cannot contain `#`"));
    }
    if let Some(site) = model.site.as_ref().filter(|site| is_absolute_url(site) && !site.ends_with('/')) {
        problems.add(Problem::error("bad-url", site.location, "`site` must end with `/`"));
    }
}

fn url_problem(address: &Located<String>) -> Problem {
    let message = format!("invalid URL `{}`", address.value);
    Problem::error("bad-url", address.location, message)
        .help("write an absolute URL, `https://...`, without spaces, quotes or brackets")
}
