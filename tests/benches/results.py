#!/usr/bin/env python3
"""Writes RESULTS.md from what the benchmarks left: each target beside its measured value.

    tests/benches/compile.py --into target/compile.json
    cargo build --release -p waves-errors-cli
    cargo bench -p waves-errors-tests --bench runtime
    tests/benches/results.py

What was not measured is said to be missing.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def nanoseconds(group, name=None):
    """The median of a criterion benchmark."""
    folder = ROOT / "target" / "criterion" / group.replace("/", "_")
    path = (folder / name if name else folder) / "new" / "estimates.json"
    return json.loads(path.read_text())["median"]["point_estimate"] if path.exists() else None


def time(value):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} ns"


def verdict(good):
    return "yes" if good else "**no**"


def against(target, group, ours, peers, most=None, limit=None):
    """A row: our time beside others' in the same run; at most so many nanoseconds, or so many times the first other."""
    own = nanoseconds(group, ours)
    others = [(name, nanoseconds(group, name)) for name in peers]
    if own is None or any(value is None for _, value in others):
        return f"| {target} | not measured | | |"
    beside = ", ".join(f"{name} {time(value)} (ours is {own / value:.2f} of it)" for name, value in others)
    good = (limit is None or own <= limit) and (most is None or own <= most * others[0][1])
    reached = verdict(good) if limit or most else "no target"
    return f"| {target} | {time(own)} | {beside} | {reached} |"


def runtime():
    return [
        "| target | ours | others, in the same run | reached |",
        "| --- | ---: | --- | --- |",
        against("`Display` of a case: not slower than thiserror's", "display", "ours", ["thiserror"], most=1.0),
        against("code to case, 16 codes: at most 40 ns", "code of 16", "ours", ["phf", "HashMap"], limit=40),
        against("code to case, 5,000 codes: at most 250 ns", "code of 5000", "ours", ["phf", "HashMap"], limit=250),
        against("code to case, the Waves catalog", "code of 22 cases", "ours", ["match (5 cases)"]),
        against("status to case: at most 5 ns", "status", "ours", ["match (5 cases)", "HashMap"], limit=5),
        against("classify a JSON answer of 500 bytes: at most 1.5 times its parse", "classify 500 bytes", "ours", ["serde_json alone"], most=1.5),
        against("next delay: at most 5 ns", "next delay", "ours", ["backon", "tower", "retry-policies"], limit=5),
        against("`Retry-After` with a date", "Retry-After", "ours, date", ["httpdate alone, date"]),
        against("redact a body of 64 kB of JSON", "redact", "JSON of 64 kB", ["serde_json alone, there and back"]),
        against("redact 64 kB of log lines", "redact", "text of 64 kB", []),
        against("a ticket, from a classified failure to Markdown", "ticket", None, []),
        against("`explain 429` as a process: at most 5 ms", "process", "explain", ["--version"], limit=5e6),
        against("`classify` as a process: at most 5 ms", "process", "classify", ["--version"], limit=5e6),
    ]


def compiler(numbers):
    rows = {(row["cases"], row["how"]): row for row in numbers["rows"]}
    ours = "error_catalog!"
    out = ["| target | measured | reached |", "| --- | --- | --- |"]
    for cases, key, least, what in (
        (1000, "check", 3, "`check`, 1,000 cases: net CPU at least 3 times less than thiserror with match functions (stretch: 7)"),
        (5000, "check", 4, "the same, 5,000 cases: at least 4 times (stretch: 12)"),
        (1000, "release", 8, "release build, 1,000 cases: net at least 8 times less"),
        (1000, "edit", 2, "one text edited, incremental `check`, 1,000 cases: at most half"),
    ):
        row = rows.get((cases, ours))
        value = row and row[f"{key} ratio"]
        said = f"{value:.1f} times less" if row else "not measured"
        if key == "check" and row and "instructions" in row:
            said += f"; by instructions {rows[cases, 'thiserror']['instructions'] / row['instructions']:.1f}"
        out.append(f"| {what} | {said} | {verdict(value >= least) if row else ''} |")
    if (5000, ours) in rows and (1000, ours) in rows:
        # Instructions repeat to a thousandth; times do not.
        key = "instructions" if all("instructions" in rows[cases, ours] for cases in (1000, 5000)) else "check"
        share = rows[5000, ours][key] / rows[1000, ours][key] / 5
        out.append(f"| linear: net cost of a case at 5,000 not above that at 1,000 | {share:.2f} of it ({key}) | {verdict(share < 1.005)} |")
        share = rows[5000, ours]["memory"] / rows[5000, "thiserror"]["memory"]
        out.append(f"| peak memory at 5,000 cases: at most a fifth of thiserror's | {share:.2f} of it | {verdict(share <= 0.2)} |")
    if (1000, ours) in rows:
        size = rows[1000, ours]["rlib"] / rows[1000, "by hand"]["rlib"]
        out.append(f"| rlib, 1,000 cases: not larger than code written by hand | {size:.2f} of it | {verdict(size <= 1)} |")
    cold = numbers["cold"]
    share = cold[ours]["cpu"] / cold["strum"]["cpu"]
    out.append(f"| cold build with default features: CPU at most 1.25 of thiserror with strum | {share:.2f} | {verdict(share <= 1.25)} |")
    out.append(f"| the same: at most 20 crates | {cold[ours]['crates']} | {verdict(cold[ours]['crates'] <= 20)} |")
    out += ["", "| cases | how | `check`, net CPU | instructions | edit, net CPU | release, net CPU | peak memory | rlib |", "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in numbers["rows"]:
        instructions = f"{row['instructions'] / 1e6:.0f} M" if "instructions" in row else ""
        out.append(f"| {row['cases']} | {row['how']} | {row['check']:.0f} ms | {instructions} | {row['edit']:.0f} ms | {row['release']:.0f} ms | {row['memory']:.0f} MB | {row['rlib'] // 1000} kB |")
    out += ["", "| cold build of what it depends on | CPU | crates |", "| --- | ---: | ---: |"]
    out += [f"| {how} | {one['cpu']:.1f} s | {one['crates']} |" for how, one in cold.items()]
    return out


def main():
    path = ROOT / "target" / "compile.json"
    out = [
        "# Results",
        "",
        "Each target beside what was measured, on a machine with two cores that others use too: compare within a table, not across runs.",
        "Written by `results.py`, which says how to measure again.",
        "",
        "## At run time",
        "",
        *runtime(),
        "",
        "## In the compiler",
        "",
        "The same texts in each crate. \"Net\" is less what rustc needs for an empty crate, which stands in each table's first row as it is; below",
        "a hundred cases that is nearly everything.",
        "",
        *(compiler(json.loads(path.read_text())) if path.exists() else ["Not measured."]),
    ]
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
