#!/bin/bash
# A study as a Slurm array: task K of 1 to N computes share K of N. submit.sh adds the job
# that puts them together.
#
#   sbatch --array=1-8 kolmo-array.sh STUDY.yaml 8
#
# A task that was stopped goes on from what it had finished when it is submitted again, also
# alone, as with --array=3; N stays the number of all shares.
#SBATCH --job-name=kolmo
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --output=kolmo-%A_%a.out
set -eu
if [ $# != 2 ]; then
    echo "usage: sbatch --array=1-N kolmo-array.sh STUDY.yaml N" >&2
    exit 2
fi
export GOMAXPROCS="${SLURM_CPUS_PER_TASK:-1}" # results do not depend on it
exec kolmo run --log-format json --shard "slurm/$2" "$1"
