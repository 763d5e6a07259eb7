import type { TrainerId } from '../../reading';
import { COMMAND } from '../../syntax/command';
import { scalarAt, type MapNode } from '../../syntax/tree';

/** How a trainer is started from a command line. Its layouts are those of its files: the flags have the files' keys. */
export interface CommandLine {
  /** Matches the words that name the program, without options: `accelerate launch train_network.py`. */
  program: RegExp;
  /** Matches scripts that may start it: a test that is cheap enough for every keystroke. */
  hint: RegExp;
  /** The file that brings whatever no flag says, or null where there is none. */
  config?: (root: MapNode) => string | null;
  /** Its `key=value` words are Hydra's. */
  isHydra?: true;
  /** Whether it takes `key=value`, and no `--key value`, beside its config file. */
  takesOverrides?: (root: MapNode) => boolean;
  /** The program takes the numbers of the optimizer from a config file alone. */
  optimizerInFile?: true;
  /** The flags as the trainer's layouts know them. */
  tree?: (root: MapNode) => MapNode;
}

/** The words that name a command's program. */
export function commandOf(root: MapNode): string {
  return String(scalarAt(root, [COMMAND]) ?? '');
}

/** The config file that one of these flags names. */
const flagged =
  (...names: string[]) =>
  (root: MapNode): string | null => {
    const found = names.map((name) => scalarAt(root, [name])).find((value) => value !== undefined);
    return found === undefined ? null : String(found);
  };

/** The config file among the words behind the program: `axolotl train config.yml`. */
function positional(root: MapNode): string | null {
  const files = commandOf(root)
    .split(/\s+/)
    .map((word) => /^.+\.(?:ya?ml|json|toml)\b/.exec(word)?.[0]);
  return files.find((file) => file !== undefined) ?? null;
}

/** Hydra's config, unless it is one that the trainer brings along. */
const hydra =
  (own: RegExp) =>
  (root: MapNode): string | null => {
    const name = flagged('config_name', 'cn')(root);
    return name !== null && !own.test(name) ? name : null;
  };

/** A tree with what the program itself says. */
export const saying =
  (key: string, value: string | boolean) =>
  (root: MapNode): MapNode => {
    if (root.entries.some((entry) => entry.key === key)) return root;
    const at = root.entries[0]?.keyRange ?? root.range;
    const lock = { code: 'program', message: 'This is what the program does.' };
    const node = { kind: 'scalar', range: at, inner: at, raw: '', value, quoted: false, lock } as const;
    return { ...root, entries: [...root.entries, { key, keyRange: at, value: node, home: 'fixed' }] };
  };

const SD_SCRIPTS = /(?:^|[\s/\\_])train_network(?:\.py)?\b/;

/** The trainers that are started with their settings on the command line. */
export const COMMAND_LINES: Partial<Record<TrainerId, CommandLine>> = {
  kohya: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  fluxgym: { program: /\bflux_train_network\.py\b/, hint: /\bflux_train_network\b/ },
  musubi: { program: SD_SCRIPTS, hint: SD_SCRIPTS, config: flagged('config_file') },
  llamafactory: {
    program:
      /\b(?:llamafactory-cli|lmf|llamafactory) train\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b|(?:^|[ /\\])llamafactory[/\\]/,
    hint: /\bllamafactory-cli\b|\blmf\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b/,
    takesOverrides: (root) => positional(root) !== null,
    config: positional,
  },
  axolotl: {
    program: /\baxolotl train\b|\baxolotl\.cli\.train\b/,
    hint: /\baxolotl\b/,
    config: positional,
    tree: saying('adapter', 'lora'),
  },
  trl: {
    program:
      /\btrl (?:sft|dpo|kto|grpo|rloo|reward|orpo|cpo)\b|\b(?:sft|dpo|kto|orpo|cpo|grpo|rloo|ppo|gkd|reward_modeling|online_dpo|run_sft|run_dpo|run_orpo)(?:_\w+)?\.py\b/,
    hint: /--use_peft\b/,
    config: flagged('config'),
  },
  'ms-swift': {
    program: /\b(?:swift|megatron) (?:sft|pt|rlhf)\b|\bswift[/\\]cli[/\\]_?(?:megatron[/\\])?(?:sft|pt|rlhf)\.py\b/,
    hint: /\b(?:swift|megatron)\b/,
    config: (root) => flagged('config')(root) ?? positional(root),
  },
  litgpt: {
    program: /\blitgpt finetune(?:_lora)?\b|\bfinetune[/\\]lora\.py\b/,
    hint: /\blitgpt\b|\bfinetune[/\\]lora\.py\b/,
    config: flagged('config'),
    tree: saying('checkpoint_dir', 'named'),
    optimizerInFile: true,
  },
  torchtune: {
    program: /\btune run\b/,
    hint: /\btune run\b/,
    takesOverrides: () => true,
    config: (root) => flagged('config')(root) ?? 'its config',
  },
  'mlx-lm': { program: /\bmlx_lm[._ ]lora\b/, hint: /\bmlx_lm[._ ]lora\b/, config: flagged('config', 'c') },
  verl: {
    program: /\bverl[./\\]trainer[./\\]\w+/,
    hint: /\bverl[./\\]trainer[./\\]/,
    isHydra: true,
    config: hydra(/^(?:ppo_(?:megatron_)?trainer|sft_trainer\w*)(?:\.yaml)?$/),
  },
  nemo: {
    program: /\bmegatron_gpt_(?:finetuning|peft)\w*\.py\b|\bnemo\b/,
    isHydra: true,
    hint: /\bpeft_scheme=|\bpeft\.lora_tuning\./,
    config: (root) => flagged('config_name')(root) ?? "the script's config",
  },
  automodel: {
    program: /\bautomodel\b|\bfinetune\.py\b/,
    hint: /\bautomodel\b|--peft\.dim\b/,
    config: flagged('config', 'c'),
  },
  openrlhf: { program: /\bopenrlhf\.cli\.train_\w+/, hint: /\bopenrlhf\.cli\.train_/ },
  diffusers: {
    program: /\btrain_\w*lora\w*\.py\b|\btrain_dreambooth\.py\b/,
    hint: /\btrain_\w*lora\w*\.py\b/,
  },
  loralib: { program: /\.py\b/, hint: /--apply_lora\b/ },
  // Scripts and modules of people's own (guess/commands.ts).
  generic: { program: /\.py\b|(?:^| )\w+(?:\.\w+)+(?: |$)/, hint: /\blora[_-]?alpha\b/i },
};
