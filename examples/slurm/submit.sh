#!/bin/bash
# Submits a study as an array of N tasks, and the job that merges their results once all
# are finished. Options behind N go to both jobs, such as --partition or --time; --wait
# waits for the results.
#
#   submit.sh STUDY.yaml N [SBATCH OPTIONS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 2 ]; then
    echo "usage: submit.sh STUDY.yaml N [SBATCH OPTIONS]" >&2
    exit 2
fi
study=$1
n=$2
shift 2
options=()
wait=()
for option in "$@"; do
    if [ "$option" = --wait ]; then wait=(--wait); else options+=("$option"); fi
done
array=$(sbatch --parsable --array="1-$n" "${options[@]}" "$here/kolmo-array.sh" "$study" "$n")
array=${array%%;*}
echo "array of $n tasks: job $array"
# If a task fails the merge is cancelled. Submit again: what is finished is kept.
merge=$(sbatch --parsable "${wait[@]}" --dependency="afterok:$array" --kill-on-invalid-dep=yes "${options[@]}" \
    "$here/kolmo-merge.sh" "$study" "$n")
merge=${merge%%;*}
echo "merge: job $merge"
if [ ${#wait[@]} -gt 0 ] && scontrol show job "$merge" | grep -q JobState=CANCELLED; then
    echo "a task failed, see kolmo-${array}_*.out; the merge is cancelled" >&2
    exit 1
fi
