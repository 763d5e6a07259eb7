import { isLauncher } from '../../syntax/shell/programs';
import { words } from '../../trainers/python/harmless';

/** A command that a text starts. */
export interface Started {
  words: readonly string[];
  /** What stands before it in its pipeline. */
  pipeline: string;
  /** What it reads from a heredoc. */
  input: string;
  /** Files that its output goes to. */
  targets: readonly string[];
  /** It is a run that is read. */
  isRun: boolean;
}

/** What is around a command. */
export interface Around {
  /** Programs of trainers. */
  programs: ReadonlySet<string>;
  /** Modules that Python imports, and scripts that a run starts. */
  used: ReadonlySet<string>;
  /** Everything that is cloned here is published, so `pip install .` installs published code. */
  isPublished: boolean;
  /** Whether code in another process may change what a run reads. */
  mayShell: (text: string) => boolean;
  mayPython: (text: string) => boolean;
}

/** Words for the places of installed packages and programs, and of accelerate's default config. */
export const PLACE =
  /(?:site|dist)-packages|\w\.__(?:file|path)__|get(?:user)?site|submodule_search|find_spec\([^)]*\)\.|getsourcefile|purelib|customize\.py|default_config\.yaml/;
const INSTALLED =
  /(?:^|[\s/])(?:peft|transformers|trl|torch|accelerate|bitsandbytes|unsloth|diffusers)\/|\bpip3? show|\bbin\/(?:python|accelerate|torchrun|deepspeed)/;

/** Addresses of publishers of trainers, libraries and drivers. */
const PUBLISHERS = `huggingface unslothai pytorch kohya-ss hiyouga modelscope axolotl-ai-cloud OpenAccess-AI-Collective
  bitsandbytes-foundation TimDettmers Dao-AILab state-spaces triton-lang facebookresearch NVIDIA NVIDIA-NeMo InternLM
  ROCm openai microsoft deepspeedai meta-pytorch`;
const SITES = `(?:pytorch|ollama|nvidia|rustup|amd|googleapis)\\.\\w+|astral\\.sh|github(?:usercontent)?\\.com/`;
export const PUBLISHED = new RegExp(
  `(?:git\\+)?\\w{2,9}://(?:[\\w-]{1,30}\\.){0,3}(?:${SITES}(?:${[...words(PUBLISHERS)].join('|')}))(?=[/\\s]|$)\\S*`,
  'gi',
);
/** `.`: the folder itself; and arguments that install another copy of a package than its published one. */
const FOLDER = /(?:^|\s)(?:-e |--editable )?\.(?:\[\S*)?(?=\s|$)/;
const COPY =
  /:\/\/(?!\S*(?:simple|pypi))|(?:^|[\s=])(?:-c (?!\S*(?:forge|pytorch|nvidia|defaults|huggingface|\.txt))|(?:-e|--editable|\.{1,2}|~?\.{0,2}\/\S+|[^\s=]+\.(?:whl|zip|gz))(?=[\s[]|$))/;
/** Scripts and modules that work on data or models, by their names. */
const PLAIN =
  /(?:^|[/_.-])(?:pre_?process|prepare|data|download|tokeni[sz]e|convert|eval|test|infer|predict|generate|demo|chat|merge|export|quanti[sz]e|plot|cache|latent|caption|split|serve|server|upload|push|train|finetune|sft|dpo|grpo|venv|http)/i;

/** Programs and magics that change nothing that a run reads, or only with these words; and whether they write files. */
const PROGRAMS: readonly (readonly [string, RegExp | null, isWriting?: true])[] = [
  [
    `: [ test true false echo printf ls dir tree cat head tail less wc sort uniq cut tr grep egrep rg which type
    whereis pwd cd pushd popd mkdir rmdir rm touch chmod chown df du free top htop uptime date sleep wait kill pkill
    killall ps lsof uname hostname whoami id nproc lscpu nvidia-smi rocm-smi amd-smi rocminfo hipconfig npu-smi nvcc
    ulimit export set unset shopt read declare local readonly typeset let shift return exit break continue module apt
    apt-get apt-key dpkg dpkg-query rpm yum dnf apk brew snap add-apt-repository systemctl service update-alternatives
    ldconfig expr locale-gen huggingface-cli hf wandb tensorboard kaggle gsutil gcloud aws s3cmd azcopy rclone ffmpeg
    zip gzip gunzip 7z unrar zstd md5sum sha256sum jq yes seq basename dirname realpath readlink tput clear reset stty
    git-lfs tmux screen ollama jupyter ngrok cloudflared ssh-keygen umount scontrol squeue sinfo scancel getopts
    mapfile readarray diff cmp file stat base64 openssl ping ip ifconfig lspci synthetic-data-kit tpu-info %cd %pwd
    %ls %matplotlib %autoreload %%time %%timeit %%capture %%html %%javascript %%js %%latex %%markdown %%svg %config
    %pylab %who %whos %reset %debug %pdb %xmode %history %tensorboard %colors %precision %mkdir %cat %rm %prun %%prun
    %notebook %env %set_env %%python %%python3 %xdel %watermark %unload_ext %wandb %%wandb %time %timeit Write-Host
    Write-Output Write-Error Write-Warning Read-Host Set-Location Get-Location Push-Location Pop-Location Test-Path
    New-Item Start-Sleep Get-Date Out-Null Get-ChildItem Join-Path activate Activate.ps1 activate.ps1 deactivate`,
    null,
  ],
  ['tee wget curl gdown aria2c unzip tar %%writefile %%file', null, true],
  ['cp mv ln dd rsync install', /\.(?:py|patch|diff)(?![\w.])/, true],
  [
    'sed gsed awk gawk',
    />\s?"|(?:^|\s)(?:-\w*i|--in-place)(?!.*(?:\.(?:txt|jsonl?|csv|tsv|md|ya?ml|toml|ini|cfg|conf|list|log|html|xml|env)|\s\/etc\/\S+)$)/,
  ],
  ['find', /-exec(?:dir)?\s+(?!grep|ls|rm|cat|wc|echo|chmod)|-fprint/],
  [
    'git',
    /^(?!(?:-[Cc] \S+ )*(?:clone|lfs|config|init|add|commit|push|pull|fetch|checkout|switch|branch|status|log|diff|show|rev-parse|reset|submodule|describe|tag|ls-remote|clean|credential\S*)\b)/,
  ],
  ['pip pip3 %pip uv %uv pipx conda mamba micromamba %conda', COPY],
  [
    '%load_ext %reload_ext',
    /^(?!(?:autoreload|tensorboard|dotenv|watermark|rich|google\.\S+|\w+_black|autotime|cudf\S*|wandb)$)/,
  ],
  ['%run', /^/],
  // Files that only set up an environment
  ['source .', /^(?!(?:\S*\/)?(?:activate|conda\.sh|\.\w*(?:rc|profile)|\.cargo\/env)$|\/(?:usr|opt|etc)\/)/],
];
const ROWS = new Map(PROGRAMS.flatMap((row) => [...words(row[0])].map((name) => [name, row] as const)));
const SHELLS = /^(?:eval|trap|(?:ba|z)?sh)$/;
/** What `eval` runs only to set up an environment. */
const SETS_UP = /^\$\((?:\S*\/)?(?:conda|mamba|micromamba|ssh-agent)\s/;
/** Programs that run another, which their words name. */
const WRAPPERS = words(`sudo nohup time exec env command nice ionice stdbuf setsid timeout srun numactl builtin docker
  %time %timeit %sx %system`);

const nameOf = (word: string): string => word.replace(/^(?:.*\/(?=.)|!+)/, '').replace(/^(python|pip)[\d.]+$/, '$1');

/** Whether a command may change code or settings that a run reads. */
export function mayChange(started: Started, around: Around): boolean {
  const { words: all, pipeline, input, targets, isRun } = started;
  const isRead = (word: string): boolean => {
    const [, name = '', end = ''] = /([\w-]{1,99})(\.py|\/?)$/.exec(word) ?? [];
    return PLACE.test(word) || INSTALLED.test(word) || around.used.has(end === '.py' ? name : `${name}/`);
  };
  if (targets.some(isRead)) return true;
  const isProgram = (name: string): boolean =>
    ROWS.has(name) || SHELLS.test(name) || isLauncher(name) || around.programs.has(name);
  const inner = all.findIndex((word, i) => i > 0 && isProgram(nameOf(word)) && !WRAPPERS.has(nameOf(word)));
  const isRunner = /^(?:uv|conda|mamba|micromamba)$/.test(all[0] ?? '') && all[1] === 'run';
  const start = isRunner || WRAPPERS.has(nameOf(all[0] ?? '')) ? Math.max(inner, isRunner ? 2 : 0) : 0;
  const [first = '', ...given] = all.slice(start);
  const name = nameOf(first);
  if (isRun) return all.includes('-S') || !(isProgram(name) || /^\$|\.py$/.test(first));
  const at = given.findIndex((word) => /^-\w*c$|^-m$|\.(?:py|sh)$/.test(word));
  const isText = /^-\w*c$/.test(given[at] ?? '');
  const script = given[/^-/.test(given[at] ?? '') ? at + 1 : at];
  const text = isText ? (script ?? '') : input;
  if (/^(?:eval|trap)$/.test(name)) {
    const code = name === 'eval' ? given.join(' ') : (given[0] ?? '');
    return !SETS_UP.test(code) && around.mayShell(code);
  }
  if (SHELLS.test(name)) {
    if (text !== '') return around.mayShell(text);
    return script === undefined ? pipeline === pipeline.replace(PUBLISHED, '') : !PLAIN.test(script);
  }
  if (name === 'python' && text !== '') return around.mayPython(text);
  if (name === 'python' && /^(?:pip|uv)$/.test(script ?? ''))
    return mayChange({ ...started, words: given.slice(at + 1) }, around);
  // Statements of PowerShell that start no program: `$list += 1`, `$a = 2`
  if (/^=|^\$\w+=/.test(first) || given[0]?.startsWith('=')) return false;
  const row = ROWS.get(name);
  if (!row && /\.(?:py|sh)$/.test(first)) return !PLAIN.test(first);
  // `accelerate config default` writes settings, by default without mixed precision.
  if (!row && given[0] === 'config') return given.join(' ').includes('fp16');
  if (!row && isLauncher(name)) return !PLAIN.test(script ?? given[0] ?? '');
  if (!row) return name !== '' && !around.programs.has(name);
  const [, pattern, isWriting] = row;
  const own = given.map((word) => word.replace(PUBLISHED, ''));
  // What another command prints is looked at where that stands.
  const behind = own.filter((word) => !/^(?:\$\(|`)/.test(word)).join(' ');
  const changes = pattern?.test(around.isPublished ? behind.replace(FOLDER, '') : behind);
  return changes === true || (isWriting === true && own.some(isRead));
}
