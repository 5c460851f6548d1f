#!/bin/bash
# The results of a study from the shares that kolmo-array.sh computed: out/NAME. It ends
# with exit code 3 if a row of the results is not certified.
#
#   sbatch --dependency=afterok:JOB kolmo-merge.sh STUDY.yaml N
#SBATCH --job-name=kolmo-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --output=kolmo-merge-%j.out
set -eu
if [ $# != 2 ]; then
    echo "usage: sbatch --dependency=afterok:JOB kolmo-merge.sh STUDY.yaml N" >&2
    exit 2
fi
name=$(sed -n 's/^name: *\([A-Za-z0-9._-]*\).*/\1/p' "$1")
export GOMAXPROCS="${SLURM_CPUS_PER_TASK:-1}"
exec kolmo merge --log-format json out/"$name".shard-*-of-"$2"
