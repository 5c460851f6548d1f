#!/bin/bash
# A study as a Slurm array: every task computes one share of it. kolmo reads from the
# environment which, so the array's size is the number of shares; submit.sh adds the job
# that puts them together.
#
#   sbatch --array=1-8 kolmo-array.sh STUDY.yaml
#
# A task that was stopped goes on from what it had finished when it is submitted again.
#SBATCH --job-name=kolmo
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --output=kolmo-%A_%a.out
set -eu
if [ $# != 1 ]; then
    echo "usage: sbatch --array=1-N kolmo-array.sh STUDY.yaml" >&2
    exit 2
fi
export GOMAXPROCS="${SLURM_CPUS_PER_TASK:-1}" # results do not depend on it
exec kolmo run --log-format json "$1"
