#!/bin/sh
# Checks a change to a repository that keeps a catalog: the catalog itself, the pages made from it, and what the change asks
# of those who depend on it.
#
#   catalog-ci.sh CATALOG PAGES BASE [LEVEL]
#
#   CATALOG  the catalog's root file
#   PAGES    the directory that `waves-errors doc --out PAGES --flavor gfm` writes
#   BASE     what the change is merged into, like origin/main
#   LEVEL    the least version bump that fails: major (the default), minor or never
#
# Run it at the repository's root, with the base's history at hand (actions/checkout: `fetch-depth: 0`). All three checks are
# made even if one fails. Exit code: 0 all pass, 1 one does not, 2 one could not be made.
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

# The base as it was where this change left it: what was merged there since is not this change's.
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
