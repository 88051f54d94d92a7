#!/usr/bin/env python3
"""Writes RESULTS.md from the results of the benchmarks: each target with its measured value, and the commands to measure it again.

Targets without a result are listed as "not measured".
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMMANDS = """
```sh
tests/benches/compile.py --cold --rounds 3 --into target/compile.json                                         # 10 minutes
tests/benches/compile.py --cases 10,30,100,1000,5000 --rounds 3 --instructions --into target/compile.json   # an hour, most of it in valgrind
cargo build --release -p waves-errors-cli
cargo bench -p waves-errors-benches
tests/benches/redact.py    # ripgrep: cargo install ripgrep --root target/tools
tests/benches/results.py   # writes this page
```
"""

# The reasons for missed targets, by the first words of their rows.
REASONS = {
    "classify a JSON response": "Besides the parse: three copies that outlive the body (code, message, request id), four lookups in the parsed tree, two in the "
    "table of codes, and the alternatives that no index finds, such as those for phrases and closes. The Waves catalog has 54 of them, and their lists "
    "are decoded one by one. An encoding that tests lists without decoding them would be faster, but a microsecond for each failed request cannot be felt.",
    "code to case, 16 codes": "The speed of this machine varies, and the target was set on a faster one, where phf takes 31 ns. Compare the ratios.",
    "`explain 429`": "Half of it is the cost of any process on this machine (`--version`).",
    "`classify` as a process": "Most of it is the cost of any process on this machine (`--version`).",
    "`check`, 10 cases": "The macro runs unoptimized, and reads, checks and encodes a catalog for every build. At ten cases its fixed cost outweighs the "
    "`match` functions that rustc compiles otherwise.",
    "`check`, 30 cases": "As for 10 cases.",
    "`check`, 1,000 cases": "More than half of the instructions belong to the macro, which runs unoptimized: it reads and checks the file (half of that), "
    "writes the code (a third), and rustc's lexer reads it. The other half is rustc's work on an enum with so many documented variants.",
    "the same, 5,000 cases": "As for 1,000 cases.",
    "peak memory": "rustc keeps the documentation of each variant as tokens, as syntax and as attributes at the same time.",
    "linear": "rustc's own cost per variant grows slightly.",
    "cold build with default features": "The macro checks whole catalogs, points at each mistake, and classifies the catalog's examples. For this it builds parsers "
    "for TOML, Markdown, JSON and XML and a renderer for messages, besides syn. The parsers for JSON and XML and `waves-errors-core` are built twice: compiled for the "
    "macro, and checked for the crate itself. Without examples the build would save about a fifth, and would still miss the target. The last list has the cost of each crate. Callers who do "
    "not write catalogs avoid all of it: `default-features = false, features = [\"waves\"]`.",
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


def compare(target, group, ours, peers, ratio=None, limit=None):
    """Returns a row with our time and those of peers in the same run. The target is at most `limit` nanoseconds, or `ratio` times the first peer."""
    own = nanoseconds(group, ours)
    others = [(name, nanoseconds(group, name)) for name in peers]
    if own is None or any(value is None for _, value in others):
        return f"| {target} | not measured | | |"
    beside = ", ".join(f"{name} {time(value)} (ratio {own / value:.2f})" for name, value in others)
    good = (limit is None or own <= limit) and (ratio is None or own <= ratio * others[0][1])
    reached = verdict(good) if limit or ratio else "no target"
    return f"| {target} | {time(own)}{rate(group, ours)} | {beside} | {reached} |"


def redaction():
    """Returns the rows of the command line's `redact`, with sed, ripgrep and Python in the same run."""
    path = ROOT / "target" / "redact.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    out = []
    for log, limit, target in (
        ("clean", 150, "`redact`, 10 MB of log without a secret: at least 150 MB/s"),
        ("secret", 60, "`redact`, a secret in every 20th line: at least 60 MB/s"),
        ("real", None, "`redact`, lines of 70 real programs, chosen because they look secret"),
        ("line", None, "`redact`, one line of 50 MB"),
    ):
        if log not in results:
            out.append(f"| {target} | not measured | | |")
            continue
        rates = results[log]
        own = rates["waves-errors"]
        beside = ", ".join(f"{name} {rate:.0f} MB/s" for name, rate in rates.items() if name != "waves-errors")
        out.append(f"| {target} | {own:.0f} MB/s | {beside} | {verdict(own >= limit) if limit else 'no target'} |")
    return out


def runtime():
    return [
        "| target | waves-errors | peers in the same run | reached |",
        "| --- | ---: | --- | --- |",
        compare("code to case, 16 codes: at most 40 ns", "code of 16", "ours", ["phf", "HashMap"], limit=40),
        compare("code to case, 5,000 codes: at most 250 ns", "code of 5000", "ours", ["phf", "HashMap"], limit=250),
        compare("code to case, the Waves catalog", "code of 22 cases", "ours", ["match (5 cases)"]),
        compare("status to case: at most 5 ns", "status", "ours", ["match (5 cases)", "HashMap"], limit=5),
        compare("classify a JSON response of 500 bytes: at most 1.5 times its parse", "classify 500 bytes", "ours", ["serde_json alone"], ratio=1.5),
        compare("`Display` of a case", "display", "ours", ["thiserror"]),
        compare("next delay", "next delay", "ours", ["backon", "tower", "retry-policies"]),
        compare("`Retry-After` with a date", "Retry-After", "ours, date", ["httpdate alone, date"]),
        compare("redact a JSON body of 64 kB", "redact", "JSON of 64 kB", ["serde_json alone, there and back"]),
        compare("redact 64 kB of log lines", "redact", "text of 64 kB", []),
        compare("the line of a failure with a message of 64 kB: at most 1 ms", "redact", "a line with a message of 64 kB", [], limit=1e6),
        compare("the same with a hostile message: at most 1 ms", "redact", "a line with a hostile message of 64 kB", [], limit=1e6),
        *redaction(),
        compare("a ticket, from a classified failure to Markdown", "ticket", None, []),
        compare("`explain 429` as a process: at most 5 ms", "process", "explain", ["--version"], limit=5e6),
        compare("`classify` as a process: at most 5 ms", "process", "classify", ["--version"], limit=5e6),
        compare("`check` of 5,000 cases as a process: at most 0.5 s", "process", "check of 5,000 cases", ["--version"], limit=5e8),
        "| lookups, `Display` and delays: no allocation | none | counted by `tests/it/allocations.rs` | yes |",
        "| `WavesError` and its `Option`: 2 bytes at most; `Failure`: one pointer | 2 bytes; one pointer | asserted by `tests/it/public.rs` | yes |",
    ]


def leaf_targets(numbers):
    """Returns the rows of the targets for the crate with the enum."""
    ours = "error_catalog!"
    rows = {(row["cases"], row["how"]): row for row in numbers["rows"]}
    out = []
    for cases, factor, target in (
        (10, 1, "`check`, 10 cases: net CPU not above thiserror with `match` functions"),
        (30, 1, "`check`, 30 cases: not above thiserror"),
        (1000, 4, "`check`, 1,000 cases: 4 times less"),
    ):
        value = rows[cases, ours]["check ratio"]
        counts = rows[cases, "thiserror"].get("instructions"), rows[cases, ours].get("instructions")
        by_instructions = f"; by instructions {counts[0] / counts[1]:.1f}" if all(counts) else ""
        out.append(f"| {target} | {value:.1f} times less{by_instructions} | {verdict(value >= factor)} |")
    large, small, peer = rows[5000, ours], rows[1000, ours], rows[5000, "thiserror"]
    # The number of instructions differs between runs by less than a thousandth, unlike the time.
    key = "instructions" if "instructions" in large and "instructions" in small else "check"
    value = peer[key] / large[key]
    out.append(f"| the same, 5,000 cases: 10 times fewer instructions | {value:.1f} times fewer ({key}) | {verdict(value >= 10)} |")
    share = large["memory"] / peer["memory"]
    out.append(f"| peak memory at 5,000 cases: at most a fifth of thiserror's | {share:.2f} of it | {verdict(share <= 0.2)} |")
    share = large[key] / small[key] / 5
    out.append(f"| linear: net cost of a case at 5,000 not above that at 1,000 | {share:.2f} of it ({key}) | {verdict(share < 1.005)} |")
    return out


def cold_targets(cold):
    """Returns the rows of the targets for the builds of the dependencies."""
    ours, light, strum = cold["waves-errors"], cold["waves-errors without macros"], cold["strum"]
    share = light["cpu"] / strum["cpu"]
    out = [f"| cold build without `macros`: CPU at most 1.25 of thiserror with strum | {share:.2f} | {verdict(share <= 1.25)} |"]
    out.append(f"| cold build without `macros`: at most 12 crates | {light['crates']} | {verdict(light['crates'] <= 12)} |")
    more = {name: cold[f"application with {name}"]["cpu"] - cold["application"]["cpu"] for name in ("strum", "waves-errors", "waves-errors without macros")}
    share = more["waves-errors without macros"] / more["strum"]
    out.append(f"| added to an application, without `macros`: CPU at most that of thiserror with strum | {share:.2f} | {verdict(share <= 1)} |")
    share = ours["cpu"] / strum["cpu"]
    out.append(f"| cold build with default features: CPU at most 1.95 of thiserror with strum | {share:.2f} | {verdict(share <= 1.95)} |")
    return out


def leaf_table(numbers):
    out = [
        "| cases | implementation | `check`, net CPU | instructions | edit, net CPU | release, net CPU | peak memory | rlib | program |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in numbers["rows"]:
        instructions = f"{row['instructions'] / 1e6:.0f} M" if "instructions" in row else ""
        program = f"{row['binary'] // 1000} kB" if row["binary"] else ""
        out.append(
            f"| {row['cases']} | {row['how']} | {row['check']:.0f} ms | {instructions} | {row['edit']:.0f} ms | {row['release']:.0f} ms "
            f"| {row['memory']:.0f} MB | {row['rlib'] // 1000} kB | {program} |"
        )
    return out


def cold_table(cold):
    out = ["| cold build of the dependencies | CPU | crates |", "| --- | ---: | ---: |"]
    out += [f"| {how} | {one['cpu']:.1f} s | {one['crates']} |" for how, one in cold.items()]
    for how in ("waves-errors", "waves-errors without macros"):
        parts = sorted(cold[how]["parts"].items(), key=lambda part: -part[1])
        out += ["", f"Crates of {how}: " + ", ".join(f"{name} {cpu:.1f} s" for name, cpu in parts if cpu >= 0.1) + "."]
    return out


def reasons(lines):
    """Returns a line with the reason for each missed target."""
    missed = [line.removeprefix("| ") for line in lines if line.endswith("| **no** |")]
    out = []
    for line in missed:
        found = [reason for words, reason in REASONS.items() if line.startswith(words)]
        assert len(found) == 1, f"no reason in REASONS for the missed target: {line}"
        out.append(f"- {line.split(' | ')[0].split(':')[0]}: {found[0]}")
    return out


def main():
    path = ROOT / "target" / "compile.json"
    numbers = json.loads(path.read_text()) if path.exists() else {}
    targets = ["| target | measured | reached |", "| --- | --- | --- |"]
    tables = []
    if "rows" in numbers:
        targets += leaf_targets(numbers)
        tables += ["", *leaf_table(numbers)]
    if "cold" in numbers:
        targets += cold_targets(numbers["cold"])
        tables += ["", *cold_table(numbers["cold"])]
    speed = runtime()
    out = [
        "# Results",
        "",
        "The targets and the measured values, on a machine with two cores that other jobs share. Compare within a row, not across runs.",
        "To measure again:",
        *COMMANDS.splitlines(),
        "",
        "## At run time",
        "",
        *speed,
        "",
        "## At compile time",
        "",
        "All crates have the same texts. \"Net\" values subtract those of an empty crate, which are in the first row for each number of cases.",
        "Below a hundred cases, most of the time is that of the empty crate.",
        "",
        *targets,
        *tables,
        "",
        "## Reasons for missed targets",
        "",
        *reasons(speed + targets),
    ]
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
