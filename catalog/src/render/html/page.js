"use strict";
{
  const by = (id) => document.getElementById(id);
  const query = by("_query"), count = by("_count"), theme = by("_theme");
  // The search matches the beginnings of words.
  const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  const entries = new Map([...document.querySelectorAll("nav ol a")].map((link) => [link.hash.slice(1), link.parentElement]));
  const index = by("_search").dataset.index;
  const cases = [...document.querySelectorAll(".case")].map((element) => ({
    element,
    entry: entries.get(element.id),
    text: ` ${words(`${element.dataset.names} ${element.textContent}`).join(" ")}`,
  }));
  // Browsers may deny access to storage, for example for local files.
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* the value is lost with the page */ } };

  const filter = () => {
    if (index) return;
    const asked = words(query.value);
    let shown = 0;
    for (const { element, entry, text } of cases) {
      const fits = asked.every((word) => text.includes(` ${word}`));
      element.hidden = !fits;
      if (entry) entry.hidden = !fits;
      shown += fits;
    }
    count.textContent = asked.length === 0 ? "" : shown === 0 ? "No error matches" : `${shown} of ${cases.length} shown`;
    const url = new URL(location);
    if (asked.length > 0) url.searchParams.set("q", query.value);
    else url.searchParams.delete("q");
    history.replaceState(null, "", url);
  };
  const clear = () => { query.value = ""; filter(); };

  // The target of a link is always visible: a search that hides it is cleared.
  const land = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* not encoded */ }
    const place = id && by(id);
    if (place?.closest(".case")?.hidden) clear();
    place?.scrollIntoView();
  };

  const dress = (name) => {
    if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
    theme.textContent = `Theme: ${document.documentElement.dataset.theme ?? "system"}`;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  query.addEventListener("input", filter);
  by("_search").addEventListener("submit", (event) => {
    event.preventDefault();
    if (index) location.href = `${index}?q=${encodeURIComponent(query.value)}`;
  });
  theme.addEventListener("click", () => {
    const next = { undefined: "dark", dark: "light", light: "system" }[document.documentElement.dataset.theme];
    dress(next);
    store("theme", next);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== query && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape" && event.target === query) clear();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const url = new URL(location);
    url.search = "";
    url.hash = button.closest(".case").id;
    await copy(url.href);
    button.focus();
    count.textContent = "Link copied";
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy link"; }, 1500);
  });
  addEventListener("hashchange", land);

  document.querySelector("header").hidden = false;
  for (const button of document.querySelectorAll(".copy")) button.hidden = false;
  dress(stored("theme"));
  query.value = new URL(location).searchParams.get("q") ?? "";
  if (query.value) filter();
  if (location.hash) land();
}
