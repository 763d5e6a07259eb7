/** How each trainer is started with its config `{file}`, and by what its scripts run. */
const COMMANDS: Readonly<Record<string, string>> = {
  axolotl: 'axolotl train {file}',
  automodel: 'automodel finetune llm -c {file}',
  'ai-toolkit': 'python run.py {file}',
  'diffusion-pipe': 'deepspeed --num_gpus=1 train.py --deepspeed --config {file}',
  kohya: 'accelerate launch train_network.py --config_file {file}',
  litgpt: 'litgpt finetune_lora --config {file}',
  llamafactory: 'llamafactory-cli train {file}',
  ludwig: 'ludwig train --config {file}',
  'ms-swift': 'swift sft --config {file}',
  onetrainer: 'python scripts/train.py --config-path {file}',
  torchtune: 'tune run lora_finetune_single_device --config {file}',
  trl: 'trl sft --config {file}',
};

/**
 * The command that trains: a script runs by itself, a config by its trainer's command.
 * @param file its path from the folder of the workspace
 * @param shell the path of the user's shell
 * @returns an empty text where a shell could run a part of a name
 */
export function commandFor(file: string, trainer: string | null, python: string, shell: string): string {
  const [script, interpreter] = [inShell(file.replace(/^-/, './-')), inShell(python)];
  if (script === null || interpreter === null) return '';
  if (/\.(?:sh|bash|zsh|slurm|sbatch)$/.test(file)) return `bash ${script}`;
  if (!file.endsWith('.py')) {
    return (COMMANDS[trainer ?? ''] ?? 'python train.py --config {file}').replace('{file}', () => script);
  }
  // PowerShell takes a line that begins with a quote for a string, not for a program.
  const isString = /^["']/.test(interpreter) && /(?:pwsh|powershell)(?:\.exe)?$/i.test(shell);
  return `${isString ? '& ' : ''}${interpreter} ${script}`;
}

/** A path as sh, fish, PowerShell and cmd all take it; null where they differ. PowerShell quotes with “ and ‘, too. */
function inShell(path: string): string | null {
  const isWindows = process.platform === 'win32';
  if (!isWindows && path.includes('\\')) return null;
  if (/^[\w./:+-]+$/.test(path)) return path;
  if (!/["“”„$`%!\p{Cc}]/u.test(path)) return `"${path}"`;
  return isWindows || /['‘’‚‛\p{Cc}]/u.test(path) ? null : `'${path}'`;
}
