#!/usr/bin/env python3
"""Compares the throughput of `waves-errors redact`, sed, ripgrep and Python on the same logs, and writes `target/redact.json` for results.py.

usage: redact.py [--rounds N]
Needs `cargo build --release -p waves-errors-cli`. ripgrep is skipped if neither PATH nor `target/tools` has it; to install it:
`cargo install ripgrep --root target/tools`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/waves-errors"
SIZE = 10_000_000

# The four patterns of sed, ripgrep and Python: a key, a scheme with a credential, a named value, an email address.
PATTERNS = [
    (r"sk_[A-Za-z0-9_]{6,}", "***"),
    (r"(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}", r"\1 ***"),
    (r"((password|token|secret|api_key)[\"']?[:=] ?[\"']?)[^\"' ,;&]+", r"\1***"),
    (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", "***"),
]
PYTHON = "import re, sys\npatterns = [(re.compile(p), r) for p, r in %r]\nfor line in sys.stdin:\n    for p, r in patterns:\n        line = p.sub(r, line)\n    sys.stdout.write(line)\n" % (PATTERNS,)


def tracing(number):
    return (
        f"2026-11-22T14:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}Z INFO request_id=req_{number:07} method=POST path=/waves/v1/tts "
        f"status=200 duration_ms={number * 7 % 900 + 20} bytes={number * 97 % 90000} voice=magnus model=lightning-v3.1\n"
    )


def write_logs(folder):
    """Writes the logs: one without a secret, one with a secret in every 20th line, and the lines of real programs."""
    folder.mkdir(parents=True, exist_ok=True)
    count = SIZE // len(tracing(0))
    lines = [tracing(number) for number in range(count)]
    (folder / "clean.log").write_text("".join(lines))
    for number in range(0, count, 20):
        lines[number] = lines[number].rstrip() + f' authorization="Bearer sk_{number:032x}"\n'
    (folder / "secret.log").write_text("".join(lines))
    real = "".join(path.read_text() for path in sorted((ROOT / "tests/data/precision").glob("*.log")))
    (folder / "real.log").write_text(real * (SIZE // len(real.encode()) + 1))
    (folder / "line.log").write_text("one word and " * (50_000_000 // 13) + "\n")


def run(command, log, out):
    """Returns the seconds that a command needs for a log."""
    with open(log, "rb") as source, open(out, "wb") as target:
        start = time.monotonic()
        status = subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL).returncode
        seconds = time.monotonic() - start
    # ripgrep returns 1 if nothing matches.
    assert status in (0, 1), command
    return seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    if not PROGRAM.exists():
        sys.exit("build it first: cargo build --release -p waves-errors-cli")
    folder = ROOT / "target/redact"
    write_logs(folder)
    ripgrep = shutil.which("rg", path=f"{ROOT / 'target/tools/bin'}:{os.environ['PATH']}")
    sed = [part for pattern, replacement in PATTERNS for part in ("-e", f"s/{pattern}/{replacement}/g".replace("+/=", r"+\/="))]
    # ripgrep has one replacement: a pattern with alternatives.
    alternatives = "|".join(f"(?:{pattern})" for pattern, _ in PATTERNS)
    commands = {"waves-errors": [PROGRAM, "redact"], "sed -E": ["sed", "-E", *sed], "Python": [sys.executable, "-c", PYTHON]}
    if ripgrep:
        commands["ripgrep"] = [ripgrep, "--passthru", "--no-line-number", "--color=never", "--replace", "***", alternatives]
    results = {}
    for log in ("clean", "secret", "real", "line"):
        path = folder / f"{log}.log"
        size = path.stat().st_size
        best = {}
        for _ in range(rounds):
            for name, command in commands.items():
                best[name] = min(best.get(name, 1e9), run(command, path, folder / "out.log"))
        results[log] = {name: size / 1e6 / seconds for name, seconds in best.items()}
        for name, rate in results[log].items():
            print(f"{log:8} {name:14} {rate:8.1f} MB/s")
    (ROOT / "target/redact.json").write_text(json.dumps(results))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
