#!/bin/bash
# An array of SLURM: 10 tasks, each with its tenth of the pictures in ./photos.
#
#   mkdir -p parts && sbatch slurm.sh
#
# SLURM tells each task SLURM_ARRAY_TASK_ID, _MIN, _STEP and _COUNT; rice takes its share by itself.
#SBATCH --job-name=rice-predict
#SBATCH --array=0-9
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --time=01:00:00
#SBATCH --output=parts/%a.log

set -eu

# Exit code 1 says that some pictures were unreadable: they are in the part.
rice predict photos --recursive --threads "$SLURM_CPUS_PER_TASK" --format ndjson \
  --output "parts/$SLURM_ARRAY_TASK_ID.ndjson" || [ $? -eq 1 ]
