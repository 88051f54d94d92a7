#!/usr/bin/env python3
"""Measures the compile time of error enums: crates with N cases and equal texts, implemented in several ways, built in turns.

    tests/benches/compile.py [--cases 10,100,1000] [--rounds 5] [--ways thiserror,derive] [--instructions] [--into target/compile.json]
    tests/benches/compile.py --cold [--rounds 3] [--into target/compile.json]

For each crate: the CPU time and peak memory of rustc for `check` and for a release build, minus those of an empty crate ("net"), the
size of its rlib and of a program that uses all of its functions, the CPU time of an incremental `check` after a change of one text,
and, with --instructions, the instructions of `check`. With --cold: the CPU time of a cold build of the dependencies, one rustc at a
time, and the number of crates. Needs Python 3.9 and, for the first run, the registry. Prints ratios, because times differ between
machines.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "target" / "compile-time"
PEERS = {
    "empty": "",
    "by hand": "",
    "thiserror": 'thiserror = "2"',
    "snafu": 'snafu = "0.8"',
    "strum": 'thiserror = "2"\nstrum = { version = "0.27", features = ["derive"] }',
    "miette": 'thiserror = "2"\nmiette = { version = "7", default-features = false, features = ["derive"] }',
    "error_catalog!": f'waves-errors = {{ path = "{ROOT}/waves-errors", default-features = false, features = ["macros"] }}',
    "derive": f'waves-errors = {{ path = "{ROOT}/waves-errors", default-features = false, features = ["macros"] }}',
}


def case(n):
    """Returns the texts of a case: equal in all crates, and about as long as those of the Waves catalog."""
    return {
        "id": f"case-{n}",
        "variant": f"Case{n}",
        "status": 400 + n % 100,
        "code": f"CODE_{n}",
        "display": f"Case {n}: The request with the number {n} was refused by the service",
        "summary": f"The request with the number {n} was refused by the service.",
        "cause": f"A parameter of the request {n} is missing, misspelt or out of its range; the response names it.",
        "fix": f"Read the message in the response, correct the parameter {n}, and send the request again.",
    }


def texts(c):
    """Returns each text of a case once, and its title, which is generated from the status."""
    known = c["status"] in list(HTTPStatus)
    return [str(value) for value in c.values()] + [f"{c['status']} {HTTPStatus(c['status']).phrase}" if known else str(c["status"])]


def docs(c):
    return f"    /// {c['summary']}\n    ///\n    /// **Common causes.**\n    ///\n    /// - {c['cause']}\n    ///\n    /// **Fix.**\n    ///\n    /// - {c['fix']}\n"


def matches(cases, name):
    """Returns functions for the status, code, help and retry policy of each variant, as written by hand."""

    def function(title, kind, arm):
        arms = "\n".join(f"            Self::{c['variant']} => {arm(c)}," for c in cases)
        return f"    pub fn {title}(&self) -> {kind} {{\n        match self {{\n{arms}\n        }}\n    }}\n"

    text = f"impl {name} {{\n"
    text += function("status", "u16", lambda c: c["status"])
    text += function("code", "&'static str", lambda c: f"\"{c['code']}\"")
    text += function("help", "&'static str", lambda c: f"\"{c['fix']}\"")
    text += function("retries", "(u32, u64)", lambda c: "(5, 500)" if c["status"] == 429 else "(0, 0)")
    arms = "\n".join(f"            \"{c['code']}\" => Self::{c['variant']}," for c in cases)
    text += f"    pub fn from_code(code: &str) -> Option<Self> {{\n        Some(match code {{\n{arms}\n            _ => return None,\n        }})\n    }}\n"
    return text + "}\n"


def toml(cases):
    text = 'schema = 1\n[catalog]\nid = "bench"\n[wire]\ncodes = ["/code"]\n[retry.often]\ninitial = "500ms"\nmax-retries = 5\n'
    for c in cases:
        retry = 'retry = "often"\n' if c["status"] == 429 else ""
        text += f"[case.{c['id']}]\nstatus = {c['status']}\ncode = \"{c['code']}\"\nmatch = [{{ code = \"{c['code']}\" }}]\ndisplay = \"{c['display']}\"\n"
        text += f"summary = \"{c['summary']}\"\ncauses = [\"{c['cause']}\"]\nfixes = [\"{c['fix']}\"]\n{retry}"
    return text


def program(how):
    """Returns a program that finds a case by its code and prints all of its data."""
    found = "error.status(), error.code(), error.help(), error.retries()"
    if how == "error_catalog!":
        found = "error.status(), error.code(), error.to_case().fixes().next().map(|fix| fix.text()), error.retry()"
    show = f'if let Some(error) = leaf::Error::from_code(&code) {{ println!("{{error}} {{error:?}} {{:?}}", ({found})); }}'
    if how == "empty":
        show = 'println!("{code}");'
    return f"fn main() {{\n    let code = std::env::args().nth(1).unwrap_or_default();\n    {show}\n}}\n"


def crate(how, cases):
    """Returns the files of a crate: src/lib.rs and, for waves-errors, the catalog."""
    derives = "Debug, Clone, Copy, PartialEq, Eq, Hash"
    if how == "empty":
        return {"src/lib.rs": "//! Nothing.\n"}
    if how == "error_catalog!":
        return {
            "catalog.toml": toml(cases),
            "src/lib.rs": '//! Errors.\nwaves_errors::error_catalog! {\n    /// Errors.\n    pub enum Error = "catalog.toml";\n}\n',
        }
    if how == "derive":
        body = "".join(f"{docs(c)}    {c['variant']},\n" for c in cases)
        return {
            "catalog.toml": toml(cases),
            "src/lib.rs": f'//! Errors.\n/// Errors.\n#[derive({derives}, waves_errors::CatalogError)]\n#[catalog("catalog.toml")]\npub enum Error {{\n{body}}}\n',
        }
    use, attributes, of = "", "", lambda c: ""
    if how in ("thiserror", "strum"):
        derives += ", thiserror::Error"
        of = lambda c: f"    #[error(\"{c['display']}\")]\n"
    if how == "strum":
        derives += ", strum::EnumIter, strum::IntoStaticStr, strum::EnumString"
    if how == "miette":
        derives += ", thiserror::Error, miette::Diagnostic"
        of = lambda c: f"    #[error(\"{c['display']}\")]\n    #[diagnostic(code({c['code'].lower()}), help(\"{c['fix']}\"))]\n"
    if how == "snafu":
        derives += ", snafu::Snafu"
        of = lambda c: f"    #[snafu(display(\"{c['display']}\"))]\n"
    body = "".join(f"{docs(c)}{of(c)}    {c['variant']},\n" for c in cases)
    text = f"//! Errors.\n{use}/// Errors.\n#[derive({derives})]\n{attributes}pub enum Error {{\n{body}}}\n{matches(cases, 'Error')}"
    if how == "by hand":
        arms = "\n".join(f"            Self::{c['variant']} => \"{c['display']}\"," for c in cases)
        text += "impl std::fmt::Display for Error {\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n        f.write_str(match self {\n"
        text += f"{arms}\n        }})\n    }}\n}}\nimpl std::error::Error for Error {{}}\n"
    return {"src/lib.rs": text}


def wrapper():
    """Runs rustc as cargo's RUSTC_WRAPPER, and appends its CPU time and memory, or its instructions, to the log: a line per crate."""
    log = Path(os.environ["COMPILE_TIME_LOG"])
    command = sys.argv[1:]
    name = command[command.index("--crate-name") + 1] if "--crate-name" in command else ""
    if name == "leaf" and os.environ.get("COMPILE_TIME_VALGRIND"):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=no", *command]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        count = re.search(r"Collected : (\d+)", done.stderr)
        with log.open("a") as file:
            file.write(json.dumps({"crate": name, "instructions": int(count[1]) if count else 0}) + "\n")
        return done.returncode
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    with log.open("a") as file:
        file.write(json.dumps({"crate": name, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss}) + "\n")
    return os.waitstatus_to_exitcode(status)


def build(folder, arguments, valgrind=False, target=HOME / "target"):
    """Runs cargo. Returns the measurements of each rustc. The dependencies are built once for all crates."""
    log = HOME / "log"
    log.unlink(missing_ok=True)
    environment = dict(os.environ, RUSTC_WRAPPER=str(Path(__file__).resolve()), COMPILE_TIME_LOG=str(log), CARGO_TERM_QUIET="true")
    environment.pop("RUSTFLAGS", None)
    environment["CARGO_TARGET_DIR"] = str(target)
    if valgrind:
        environment["COMPILE_TIME_VALGRIND"] = "1"
    subprocess.run(["cargo", *arguments], cwd=folder, env=environment, check=True)
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def leaf(lines):
    return next((line for line in lines if line["crate"] == "leaf"), {"cpu": 0.0, "memory": 0, "instructions": 0})


def manifest(dependencies):
    return f'[package]\nname = "leaf"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{dependencies}\n\n[workspace]\n'


def write(folder, how, count):
    cases = [case(n) for n in range(count)]
    files = {"Cargo.toml": manifest(PEERS[how]), **crate(how, cases)}
    if how != "derive":  # A derived enum has no lookup by code.
        files["examples/show.rs"] = program(how)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return cases


def touch(folder, how):
    """Changes one text of the last case, so that the crate must be rebuilt."""
    path = folder / ("catalog.toml" if (folder / "catalog.toml").exists() else "src/lib.rs")
    text = path.read_text()
    if how == "empty":
        path.write_text(text + "// More.\n")
    else:
        head, mark, tail = text.rpartition("and send the request again")
        path.write_text(head + mark + " once" + tail)


def measure(counts, ways, rounds, instructions):
    results = {}
    folders = {}
    for count in counts:
        for how in ways:
            folder = HOME / f"{how.strip('!').replace(' ', '-')}-{count}"
            shutil.rmtree(folder, ignore_errors=True)
            write(folder, how, count)
            # Build the dependencies before the measurements.
            build(folder, ["check"])
            folders[how, count] = folder
            results[how, count] = {"check": [], "memory": [], "edit": [], "release": [], "rlib": 0, "binary": None}
    plain = ["check", "--config", "profile.dev.incremental=false"]
    for turn in range(rounds):
        for (how, count), folder in folders.items():
            print(f"round {turn + 1}: {how}, {count}", file=sys.stderr)
            one = results[how, count]
            touch(folder, how)
            lines = leaf(build(folder, plain))
            one["check"].append(lines["cpu"])
            one["memory"].append(lines["memory"])
            build(folder, ["check"])
            touch(folder, how)
            one["edit"].append(leaf(build(folder, ["check"]))["cpu"])
            if turn < 2:
                touch(folder, how)
                one["release"].append(leaf(build(folder, ["build", "--release"]))["cpu"])
                one["rlib"] = (HOME / "target/release/libleaf.rlib").stat().st_size
            if turn == 0 and (folder / "examples").exists():
                build(folder, ["build", "--release", "--example", "show", "--config", "profile.release.strip=true"])
                one["binary"] = (HOME / "target/release/examples/show").stat().st_size
    for (how, count), folder in folders.items():
        one = results[how, count]
        if instructions:
            touch(folder, how)
            count = leaf(build(folder, plain, valgrind=True)).get("instructions")
            if count:
                one["instructions"] = count
    return results


OURS = f'waves-errors = {{ path = "{ROOT}/waves-errors" }}'
WITHOUT_MACROS = f'waves-errors = {{ path = "{ROOT}/waves-errors", default-features = false, features = ["waves"] }}'
APPLICATION = """reqwest = { version = "0.13", default-features = false }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt", "time"] }"""
# The dependencies of each cold build.
COLD = {
    "thiserror": PEERS["thiserror"],
    "strum": PEERS["strum"],
    "snafu": PEERS["snafu"],
    "miette": PEERS["miette"],
    "waves-errors": OURS,
    "waves-errors without macros": WITHOUT_MACROS,
    "application": APPLICATION,
    "application with strum": f"{APPLICATION}\n{PEERS['strum']}",
    "application with waves-errors": f"{APPLICATION}\n{OURS}",
    "application with waves-errors without macros": f"{APPLICATION}\n{WITHOUT_MACROS}",
}


def cold(rounds):
    """Cold builds of the dependencies of each way: the median CPU time, the number of crates, and the CPU time of each crate."""
    found = {how: {"cpu": [], "parts": []} for how in COLD}
    for turn in range(rounds):
        for how, dependencies in COLD.items():
            print(f"cold build {turn + 1}: {how}", file=sys.stderr)
            folder = HOME / "cold"
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "src").mkdir(parents=True)
            (folder / "Cargo.toml").write_text(manifest(dependencies))
            (folder / "src/lib.rs").write_text("//! Nothing.\n")
            shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
            subprocess.run(["cargo", "fetch", "--quiet"], cwd=folder, check=True)
            shutil.rmtree(HOME / "cold-target", ignore_errors=True)
            parts = {}
            for line in build(folder, ["check", "--jobs", "1"], target=HOME / "cold-target"):
                if line["crate"] not in ("", "___", "leaf"):
                    parts[line["crate"]] = parts.get(line["crate"], 0.0) + line["cpu"]
            found[how]["cpu"].append(sum(parts.values()))
            found[how]["parts"].append(parts)
    for one in found.values():
        one["cpu"] = statistics.median(one["cpu"])
        one["parts"] = {name: statistics.median(parts[name] for parts in one["parts"]) for name in one["parts"][0]}
        one["crates"] = len([name for name in one["parts"] if not name.startswith("build_script")])
    return found


def print_cold(numbers):
    strum, application = numbers["strum"]["cpu"], numbers["application"]
    for how, one in numbers.items():
        if how.startswith("application with "):
            cpu, crates = one["cpu"] - application["cpu"], one["crates"] - application["crates"]
            print(f"cold: {how}: {cpu:.1f} s CPU and {crates} crates more than without")
        else:
            print(f"cold: {how}: {one['cpu']:.1f} s CPU, {one['crates']} crates, {one['cpu'] / strum:.2f} of thiserror with strum")


def save(numbers, path):
    if path:
        path.write_text(json.dumps(numbers, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="10,100,1000", help="the numbers of cases, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", help="the implementations to measure, separated by commas; always includes an empty crate and thiserror")
    parser.add_argument("--instructions", action="store_true", help="count the instructions of `check` with valgrind, which takes minutes for a large crate")
    parser.add_argument("--cold", action="store_true", help="measure the cold builds only")
    parser.add_argument("--into", type=Path, help="the JSON file to write the measurements to")
    options = parser.parse_args()
    counts = [int(count) for count in options.cases.split(",")]
    selected = options.ways.split(",") if options.ways else PEERS
    ways = [how for how in PEERS if how in selected or how in ("empty", "thiserror")]
    HOME.mkdir(parents=True, exist_ok=True)
    # Measurements of an earlier run stay in the file.
    numbers = json.loads(options.into.read_text()) if options.into and options.into.exists() else {}
    if options.cold:
        numbers["cold"] = cold(options.rounds)
        print_cold(numbers["cold"])
        save(numbers, options.into)
        return
    results = measure(counts, ways, options.rounds, options.instructions)
    rows = []
    for count in counts:
        empty = results["empty", count]
        net = lambda one, key: max(statistics.median(one[key]) - statistics.median(empty[key]), 1e-4)
        peer = results["thiserror", count]
        for how in ways:
            one = results[how, count]
            row = {"cases": count, "how": how, "rlib": one["rlib"], "binary": one["binary"], "memory": statistics.median(one["memory"]) / 1024}
            for key in ("check", "edit", "release"):
                row[key] = 1000 * (statistics.median(one[key]) if how == "empty" else net(one, key))
                row[f"{key} ratio"] = None if how == "empty" else net(peer, key) / net(one, key)
            if "instructions" in one and "instructions" in empty:
                row["instructions"] = one["instructions"] - (0 if how == "empty" else empty["instructions"])
            rows.append(row)
    lengths = {count: sum(len(text) for n in range(count) for text in texts(case(n))) for count in counts}
    numbers |= {"rows": rows, "texts": lengths}
    save(numbers, options.into)
    for row in rows:
        ratios = ", ".join(f"{key} {row[key]:.0f} ms" + (f" (thiserror needs {row[key + ' ratio']:.2f} times that)" if row[f"{key} ratio"] else "") for key in ("check", "edit", "release"))
        instructions = f", {row['instructions'] / 1e6:.0f} M instructions" if "instructions" in row else ""
        print(f"{row['cases']:5} {row['how']:15} net {ratios}; {row['memory']:.0f} MB, rlib {row['rlib']}, binary {row['binary']}{instructions}")


if __name__ == "__main__":
    sys.exit(wrapper() if "COMPILE_TIME_LOG" in os.environ else main())
