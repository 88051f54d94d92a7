#!/bin/sh
# Checks a change to a repository with a catalog: the catalog, the pages generated from it, and the version bump that the change
# requires.
#
#   catalog-ci.sh CATALOG PAGES BASE [LEVEL]
#
#   CATALOG  the catalog's root file
#   PAGES    the directory that `waves-errors doc --out PAGES --flavor gfm` writes
#   BASE     the branch that the change is merged into, such as origin/main
#   LEVEL    the smallest required version bump that fails: major (the default), minor or never
#
# Run it at the repository's root, with the history of BASE (actions/checkout: `fetch-depth: 0`). It runs all three checks even if one
# fails. Exit code: 0 all pass, 1 a check fails, 2 a check could not run.
set -u

if [ $# -lt 3 ]; then
    echo "usage: $0 CATALOG PAGES BASE [LEVEL]" >&2
    exit 2
fi
catalog=$1 pages=$2 base=$3 level=${4:-major}

worst=0
step() {
    echo "== $*"
    code=0
    "$@" || code=$?
    if [ "$code" -gt "$worst" ]; then worst=$code; fi
}

format=human
if [ "${GITHUB_ACTIONS:-}" = true ]; then format=github; fi
step waves-errors check --deny warnings --format "$format" "$catalog"
step waves-errors --catalog "$catalog" doc --out "$pages" --flavor gfm --check

# Compare with the commit at which this change branched off: later commits on the base are not part of the change.
start=$(git merge-base "$base" HEAD) || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"; git worktree prune' EXIT
git worktree add --quiet --detach "$folder/base" "$start" || exit 2
if [ -e "$folder/base/$catalog" ]; then
    step waves-errors diff "$folder/base/$catalog" "$catalog" --fail-on "$level"
else
    echo "== $catalog is new: nothing depends on it yet"
fi

exit "$worst"
