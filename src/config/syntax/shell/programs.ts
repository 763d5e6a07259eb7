import { knownStart, textOf, type Word } from './words';

/** A command line, split into the launcher's words and the program's words. */
export interface ProgramCall {
  /** The words that name it, without options: `accelerate launch train.py`. */
  command: string;
  /** The words before the program: the launcher and its options. */
  launcher: readonly Word[];
  /** The arguments of the program. */
  args: readonly Word[];
}

/** Programs that run another program. */
const LAUNCHERS = new Set(
  `python accelerate torchrun deepspeed ray srun uv uvx poetry pdm pipenv conda mamba micromamba docker
    podman singularity apptainer mpirun mpiexec horovodrun colossalai nohup time exec sudo env command nice
    ionice stdbuf numactl setsid winpty xvfb-run caffeinate systemd-inhibit ipexrun nsys wandb`.split(/\s+/),
);

/** Modules that run a script, as `python -m torch.distributed.run`. */
const LAUNCHER_MODULES =
  /^(torch\.distributed\.(launch|run)|torch\.distributed\.elastic.*|accelerate\.commands\.(launch|accelerate_cli)|deepspeed(\.launcher\..*)?|pdb|cProfile|debugpy|coverage|kernprof|memory_profiler)$/;

const SCRIPT = /\.pyw?$/i;

/** The name of a program without folder, `.exe` and version. A notebook's `{sys.executable}` is Python. */
function programName(text: string): string {
  if (text === '{sys.executable}') return 'python';
  const base = text.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return /^(python|pythonw|py)[\d.]*$/.test(base) ? 'python' : base;
}

/**
 * Separates the launcher's words from the program's. In `accelerate launch --num_processes 1 train.py --lora_rank 8`,
 * `--num_processes` is no option of the script.
 * @param programs programs with their own options
 */
export function programOf(words: readonly Word[], programs: ReadonlySet<string> = new Set()): ProgramCall {
  const texts = words.map((word) => textOf(word) ?? (knownStart(word) || scriptAtEnd(word)));
  const end = programEnd(texts, programs);
  const named = texts.slice(0, end + 1);
  const behind = texts.slice(end + 1);
  // Words before the first option name the program too: `swift sft`, `axolotl train cfg.yml`.
  const flagAt = behind.findIndex((text) => isOption(text) || text === '' || text.includes('='));
  const subcommands = behind.slice(0, flagAt === -1 ? behind.length : flagAt);
  const command = [...withoutOptions(named), ...subcommands].join(' ').trim();
  return { command, launcher: words.slice(0, end), args: words.slice(end + 1 + subcommands.length) };
}

/** `/finetune.py` of `"$ROOT/finetune.py"`: the folder is unknown, the script is known; empty if no script is named. */
function scriptAtEnd({ pieces }: Word): string {
  const text = pieces.at(-1)?.text ?? '';
  return SCRIPT.test(text) ? text : '';
}

/** Index of the last word that names the program. */
function programEnd(texts: readonly string[], programs: ReadonlySet<string>): number {
  const [first = ''] = texts;
  if (programs.has(programName(first))) return 0;
  // `"${LAUNCH[@]}" -m verl.trainer.main_ppo`: unknown words launch the module after them.
  const isLauncher = first === '' || LAUNCHERS.has(programName(first));
  for (const [at, text] of texts.entries()) {
    const next = texts[at + 1];
    const isValue = at > 0 && /^--?[\w-]+$/.test(texts[at - 1] ?? '') && !isSwitch(texts[at - 1] ?? '');
    if (/^(-m|--module)$/.test(text) && next !== undefined && !LAUNCHER_MODULES.test(next) && isLauncher) return at + 1;
    if (at > 0 && SCRIPT.test(text)) return at;
    if (isLauncher && at > 0 && !isValue && programs.has(programName(text))) return at;
    // A program of an unknown name may launch the word right after it.
    if (!isLauncher && at > 0 && isOption(text)) return 0;
  }
  return 0;
}

/** Options of interpreters without a value, so that the program follows. */
function isSwitch(text: string): boolean {
  return /^(-[uOBEsSWiIx]|-OO|--no_python|--multi_gpu|--tpu|--ipex|--use_deepspeed|--no_local_rank|--)$/.test(text);
}

function isOption(text: string): boolean {
  return /^--?[A-Za-z]/.test(text);
}

/** The words that name programs: neither options nor, as far as known, their values. */
function withoutOptions(texts: readonly string[]): string[] {
  return texts.filter((text, at) => {
    if (isOption(text) || text === '--' || text === '') return false;
    const before = texts[at - 1] ?? '';
    const isLast = at === texts.length - 1;
    return isLast || !(isOption(before) && !before.includes('=') && !isSwitch(before));
  });
}
