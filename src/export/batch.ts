/** The first line of an exported batch file after `#!`. */
const BATCH_MARK = '# LoRA Alpha: runs a check with PyTorch under SLURM.';

/** Whether a text was exported by this version or an earlier one, perhaps edited since. */
export function isBatch(text: string): boolean {
  return text.startsWith(`#!/bin/bash\n${BATCH_MARK}`);
}

/**
 * The batch file that runs an exported check under SLURM, on all GPUs of all nodes of the job.
 * @param check the name of the check's file, which lies beside
 */
export function batchFile(check: string): string {
  return `#!/bin/bash
${BATCH_MARK} Start it in its folder: sbatch FILE [--steps 100 …]
# The verdict is in the log, and as JSON in lora-alpha-results; options go to the check.

# What your cluster needs. Lines with ## are off; remove one # to use them.
#SBATCH --job-name=lora-alpha
#SBATCH --output=lora-alpha-%j.log
#SBATCH --time=00:30:00
#SBATCH --nodes=1
#SBATCH --gpus-per-node=1
#SBATCH --cpus-per-task=8
##SBATCH --partition=gpu
##SBATCH --account=my-account
# The environment with torch, transformers and peft:
# source ~/venv/bin/activate

# One torchrun for each node, which starts one process for each GPU.
#SBATCH --ntasks-per-node=1
set -euo pipefail
gpus=\${SLURM_GPUS_ON_NODE:-1}
export SRUN_CPUS_PER_TASK=\${SLURM_CPUS_PER_TASK:-1}
# All nodes meet at the first one. Jobs that share a node need different ports.
read -r first < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
port=$((20000 + SLURM_JOB_ID % 20000))
srun torchrun --nnodes "$SLURM_NNODES" --nproc-per-node "$gpus" \\
  --rdzv-id "$SLURM_JOB_ID" --rdzv-backend c10d --rdzv-endpoint "$first:$port" \\
  ${quoted(check)} --save lora-alpha-results "$@"
`;
}

/** A word of bash that means exactly this text, and is no option. */
function quoted(name: string): string {
  const word = name.startsWith('-') ? `./${name}` : name;
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
