import { knownStart, textOf, type Word } from './words';

const LAUNCHERS = new Set(
  `python %run accelerate torchrun deepspeed ray srun uv uvx poetry pdm pipenv conda mamba micromamba docker
    podman singularity apptainer mpirun mpiexec horovodrun colossalai nohup time exec sudo env command nice
    ionice stdbuf numactl setsid winpty xvfb-run caffeinate systemd-inhibit ipexrun nsys wandb`.split(/\s+/),
);

/** Whether a program of this name runs another. */
export const isLauncher = (name: string): boolean => LAUNCHERS.has(programName(name));

/** Modules that run a script, as `python -m torch.distributed.run`. */
const LAUNCHER_MODULES =
  /^(torch\.distributed\.(launch|run)|torch\.distributed\.elastic.*|accelerate\.commands\.(launch|accelerate_cli)|deepspeed(\.launcher\..*)?|pdb|cProfile|debugpy|coverage|kernprof|memory_profiler)$/;

const SCRIPT = /\.pyw?$/i;
const OPTION = /^--?[A-Za-z]/;
/** Options of interpreters without a value, so that the program follows. */
const SWITCH = /^(-[uOBEsSWiIx]|-OO|--no_python|--multi_gpu|--tpu|--ipex|--use_deepspeed|--no_local_rank|--)$/;

/** The name of a program without folder, `.exe` and version. */
function programName(text: string): string {
  const base = text.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return /^(python|pythonw|py)[\d.]*$/.test(base) ? 'python' : base;
}

/**
 * Separates the launcher's words from the program's. In `accelerate launch --num_processes 1 train.py --lora_rank 8`,
 * `--num_processes` is no option of the script.
 * @param programs programs with their own options
 * @returns the words that name the program, without options (`accelerate launch train.py`), its own word, and its arguments
 */
export function programOf(
  words: readonly Word[],
  programs: ReadonlySet<string> = new Set(),
): { program: string; named: Word | undefined; args: readonly Word[] } {
  const texts = words.map((word) => textOf(word) ?? scriptIn(word));
  const end = programEnd(texts, programs);
  const behind = texts.slice(end + 1);
  // Words before the first option name the program too: `swift sft`, `axolotl train cfg.yml`.
  const flagAt = behind.findIndex((text) => OPTION.test(text) || text === '' || text.includes('='));
  const subcommands = behind.slice(0, flagAt === -1 ? behind.length : flagAt);
  // Neither options nor, as far as known, their values name a program.
  const names = texts.slice(0, end + 1).filter((text, at) => {
    const before = texts[at - 1] ?? '';
    const isValue = at < end && OPTION.test(before) && !before.includes('=') && !SWITCH.test(before);
    return text !== '' && text !== '--' && !OPTION.test(text) && !isValue;
  });
  const program = [...names, ...subcommands].join(' ').trim();
  return { program, named: words[end], args: words.slice(end + 1 + subcommands.length) };
}

/** What is known of a word: `/finetune.py` of `"$ROOT/finetune.py"`, `kohya/train_network.py` of `kohya/$SCRIPT`. */
function scriptIn(word: Word): string {
  const start = knownStart(word);
  const last = word.pieces.at(-1);
  const end = last?.text ?? last?.script ?? '';
  return /^-|=/.test(start) || !SCRIPT.test(end) ? start : start + end;
}

/** Index of the last word that names the program. */
function programEnd(texts: readonly string[], programs: ReadonlySet<string>): number {
  const [first = ''] = texts;
  if (programs.has(programName(first))) return 0;
  // `"${LAUNCH[@]}" -m verl.trainer.main_ppo`: unknown words launch the module after them.
  const isLauncher = first === '' || LAUNCHERS.has(programName(first));
  for (const [at, text] of texts.entries()) {
    const [before = '', next] = [texts[at - 1], texts[at + 1]];
    if (/^(-m|--module)$/.test(text) && next !== undefined && !LAUNCHER_MODULES.test(next) && isLauncher) return at + 1;
    if (at > 0 && SCRIPT.test(text)) return at;
    const isValue = /^--?[\w-]+$/.test(before) && !SWITCH.test(before);
    if (isLauncher && at > 0 && !isValue && programs.has(programName(text))) return at;
    // A program of an unknown name may launch the word right after it.
    if (!isLauncher && at > 0 && OPTION.test(text)) return 0;
  }
  return 0;
}
