#!/usr/bin/env python3
"""Writes RESULTS.md from the results of the benchmarks: each target with its measured value, and the commands to measure it again.

Targets without a result are listed as "not measured".
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


AGAIN = """
```sh
tests/benches/compile.py --cases 10,100,1000,5000 --rounds 3 --instructions --into target/compile.json   # an hour; valgrind counts
cargo build --release -p waves-errors-cli
cargo bench -p waves-errors-benches
tests/benches/results.py   # writes this page
```
"""

# The reasons for missed targets, by the first words of their rows.
HELD = {
    "`Display` of a case": "thiserror's line is an address in the code; ours is looked up in the packed table first: an offset of five characters, a length of two. "
    "A table of addresses would save those few nanoseconds and cost the compiler about as much for each case as the enum itself.",
    "classify a JSON answer": "Beside the parse: three copies that outlive the body (code, message, request id), four lookups in the parsed tree, two in the table of codes.",
    "code to case, 16 codes": "The absolute figure is this machine's, which runs at different speeds from one minute to the next: the one that the target was set on "
    "takes 31 ns for phf. The peers beside it tell more.",
    "next delay": "As said of codes: the machine that the target was set on takes 10 to 14 ns for backon.",
    "`explain 429`": "Half of it is what any process takes here (`--version`), and this machine runs at different speeds from one minute to the next.",
    "`check`, 1,000 cases": "More than half of the instructions are the macro's own, which runs without optimisation in everybody's builds: reading and checking the file takes "
    "half of that, writing the code a third, rustc's lexer the rest. What rustc does with an enum of so many documented variants is the other half; the stretch leaves no room for both.",
    "release build": "There is hardly anything to optimise in a table, so that nearly all of it is what `check` needs as well: the macro, and the enum's documentation.",
    "one text edited": "The macro always reads, checks and writes everything; only what rustc does with it afterwards is saved.",
    "peak memory": "The documentation of every variant, which rustc keeps as tokens, as syntax and as attributes at one time.",
    "rlib": "The accessors are `const fn`, so that the rlib contains the table twice: as data, and for constants of other crates. Code by hand whose functions are `const` as well "
    "is as large as ours to within some hundredths. Programs have the table once.",
    "cold build": "A macro that checks whole catalogs and points at each mistake brings a parser of TOML, one of Markdown and a renderer of messages beside syn, and classifies the "
    "catalog's examples, for which it reads JSON and XML. The list above says what each crate takes: those of this repository alone come close to thiserror with strum. "
    "Only a default build without the macro would reach the target.",
    "the same: at most 60 bytes": "Offsets, lengths, the slots of the hash table, and what the macro adds of its own.",
    "program, 1,000": "Code by hand has the display line, the code and one fix of a case; the table has its summary, causes and all fixes as well.",
    "the same: at most 20 crates": "As above: the parsers of TOML, Markdown, JSON and XML, the renderer of messages, syn, and what these depend on.",
}


def criterion(group, name, file):
    """Returns a result file of criterion for a benchmark, or `None` if the benchmark has not run."""
    folder = ROOT / "target" / "criterion" / group.replace("/", "_")
    path = (folder / name if name else folder) / "new" / file
    return json.loads(path.read_text()) if path.exists() else None


def nanoseconds(group, name=None):
    """Returns the median time of a benchmark, in nanoseconds, or `None` if it has not run."""
    estimates = criterion(group, name, "estimates.json")
    return estimates and estimates["median"]["point_estimate"]


def rate(group, name):
    """Returns the throughput of a benchmark that declares the size of its input, or an empty text."""
    size = ((criterion(group, name, "benchmark.json") or {}).get("throughput") or {}).get("Bytes")
    return f", {1000 * size / nanoseconds(group, name):.1f} MB/s" if size else ""


def time(value):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} ns"


def verdict(good):
    return "yes" if good else "**no**"


def against(target, group, ours, peers, most=None, limit=None):
    """Returns a row: our time, and others' in the same run. Target: at most `limit` nanoseconds, or `most` times the first other."""
    own = nanoseconds(group, ours)
    others = [(name, nanoseconds(group, name)) for name in peers]
    if own is None or any(value is None for _, value in others):
        return f"| {target} | not measured | | |"
    beside = ", ".join(f"{name} {time(value)} (ours is {own / value:.2f} of it)" for name, value in others)
    good = (limit is None or own <= limit) and (most is None or own <= most * others[0][1])
    reached = verdict(good) if limit or most else "no target"
    return f"| {target} | {time(own)}{rate(group, ours)} | {beside} | {reached} |"


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
        against("`check` of 5,000 cases as a process: at most 0.5 s", "process", "check of 5,000 cases", ["--version"], limit=5e8),
        "| lookups, `Display` and delays: no allocation | none | `tests/it/allocations.rs` counts them | yes |",
        "| `WavesError` and its `Option`: 2 bytes at most; `Failure`: one pointer | as asked | `tests/it/public.rs` asserts it | yes |",
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
        # The number of instructions differs between runs by less than a thousandth, unlike the time.
        key = "instructions" if all("instructions" in rows[cases, ours] for cases in (1000, 5000)) else "check"
        share = rows[5000, ours][key] / rows[1000, ours][key] / 5
        out.append(f"| linear: net cost of a case at 5,000 not above that at 1,000 | {share:.2f} of it ({key}) | {verdict(share < 1.005)} |")
        share = rows[5000, ours]["memory"] / rows[5000, "thiserror"]["memory"]
        out.append(f"| peak memory at 5,000 cases: at most a fifth of thiserror's | {share:.2f} of it | {verdict(share <= 0.2)} |")
    if (1000, ours) in rows:
        size = rows[1000, ours]["rlib"] / rows[1000, "by hand"]["rlib"]
        out.append(f"| rlib, 1,000 cases: not larger than code written by hand | {size:.2f} of it | {verdict(size <= 1)} |")
        size = rows[1000, ours]["binary"] / rows[1000, "by hand"]["binary"]
        out.append(f"| program, 1,000 cases: not larger than with code written by hand | {size:.2f} of it | {verdict(size <= 1)} |")
    if (5000, ours) in rows and (1000, ours) in rows:
        more = rows[5000, ours]["binary"] - rows[1000, ours]["binary"] - numbers["texts"]["5000"] + numbers["texts"]["1000"]
        out.append(f"| the same: at most 60 bytes a case beside its texts | {more / 4000:.0f} bytes | {verdict(more <= 60 * 4000)} |")
    cold = numbers["cold"]
    share = cold[ours]["cpu"] / cold["strum"]["cpu"]
    out.append(f"| cold build with default features: CPU at most 1.25 of thiserror with strum | {share:.2f} | {verdict(share <= 1.25)} |")
    out.append(f"| the same: at most 20 crates | {cold[ours]['crates']} | {verdict(cold[ours]['crates'] <= 20)} |")
    out += ["", "| cases | how | `check`, net CPU | instructions | edit, net CPU | release, net CPU | peak memory | rlib | program |", "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in numbers["rows"]:
        instructions = f"{row['instructions'] / 1e6:.0f} M" if "instructions" in row else ""
        program = f"{row['binary'] // 1000} kB" if row["binary"] else ""
        out.append(f"| {row['cases']} | {row['how']} | {row['check']:.0f} ms | {instructions} | {row['edit']:.0f} ms | {row['release']:.0f} ms | {row['memory']:.0f} MB | {row['rlib'] // 1000} kB | {program} |")
    out += ["", "| cold build of what it depends on | CPU | crates |", "| --- | ---: | ---: |"]
    out += [f"| {how} | {one['cpu']:.1f} s | {one['crates']} |" for how, one in cold.items()]
    parts = sorted(cold[ours]["parts"].items(), key=lambda part: -part[1])
    out += ["", "What the last one consists of: " + ", ".join(f"{name} {cpu:.1f} s" for name, cpu in parts if cpu >= 0.3) + "."]
    return out


def held(lines):
    """Returns a line with the reason for each missed target."""
    missed = [line for line in lines if line.endswith("| **no** |")]
    told = {line: [why for words, why in HELD.items() if line.startswith(f"| {words}")] for line in missed}
    for line, why in told.items():
        assert len(why) == 1, f"what holds this target? {line}"
    return [f"- {line.split(' | ')[0].removeprefix('| ').split(':')[0]}: {why[0]}" for line, why in told.items()]


def main():
    path = ROOT / "target" / "compile.json"
    tables = [runtime(), compiler(json.loads(path.read_text())) if path.exists() else ["Not measured."]]
    out = [
        "# Results",
        "",
        "Each target beside what was measured, on a machine with two cores that others use too: compare within a row, not across runs.",
        "How to measure again:",
        *AGAIN.splitlines(),
        "",
        "## At run time",
        "",
        *tables[0],
        "",
        "## In the compiler",
        "",
        "The same texts in each crate. \"Net\" is less what rustc needs for an empty crate, which is in the first row of each table as it is; below",
        "a hundred cases that is nearly everything.",
        "",
        *tables[1],
        "",
        "## What holds the targets that are missed",
        "",
        *held(tables[0] + tables[1]),
    ]
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
