import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { addNested } from '../../syntax/shell/command';
import { bareScalar, commandIn, nodeAt, scalarAt, withScalars, type Command, type MapNode } from '../../syntax/tree';
import { has, isOnOrFilled, writeKey, type Fields } from './fields';
import { float16, unclear, type Trap } from './trap';

/** How a trainer is started from a command line. The flags have the same layouts and keys as its files. */
export interface CommandLine {
  /** Matches the words that name the program, without options: `accelerate launch train_network.py`. */
  program: RegExp;
  /** The name is common, so that a command that this trainer does not recognise may be a home-made one. */
  isCommonName?: true | ((root: MapNode) => boolean);
  /** Matches scripts that may start it: a test that is cheap enough for every keystroke. */
  hint: RegExp;
  /** The config file with the values that no flag sets, or null. */
  config?: (root: MapNode) => string | null;
  /** It uses Hydra's `key=value` words. */
  isHydra?: true;
  /** Whether it accepts `key=value` but not `--key value` with a config file. */
  takesOverrides?: (root: MapNode) => boolean;
  /** Converts the flags to the keys of the layouts. */
  tree?: (root: MapNode) => MapNode;
}

export const commandOf = (root: MapNode): string => commandIn(root)?.program ?? '';

export const rangeOfCommand = (root: MapNode): Range | null => commandIn(root)?.range ?? null;

/** The config file that one of these flags names. */
export const flagged =
  (...names: string[]) =>
  (root: MapNode): string | null => {
    const found = names.map((name) => scalarAt(root, [name])).find((value) => value !== undefined);
    return found === undefined ? null : String(found);
  };

/** The config file among the words after the program: `axolotl train config.yml`. */
export function positional(root: MapNode): string | null {
  const files = commandOf(root)
    .split(/\s+/)
    .map((word) => /^.+\.(?:ya?ml|json|toml)\b/.exec(word)?.[0]);
  return files.find((file) => file !== undefined) ?? null;
}

/** Adds a value that the program itself implies. */
export const withProgramValue =
  (key: string, value: string | boolean) =>
  (root: MapNode): MapNode => {
    if (root.entries.some((entry) => entry.key === key)) return root;
    const at = rangeOfCommand(root) ?? root.range;
    const lock = { code: 'program', message: l10n.t('This is what the program does.') };
    return { ...root, entries: [...root.entries, { key, keyRange: at, value: bareScalar('', at, value, lock) }] };
  };

/**
 * Marks the values that no flag sets as unresolved, because they are in the config file that the command names.
 * @param file as the command names it
 */
export function besideConfig(root: MapNode, command: Command, fields: Fields, file: string): MapNode {
  const { range: at } = command;
  const message = l10n.t`The command reads ${file}, and its flags override the values there. Open that file to see the run, and change the value there.`;
  const node = { ...bareScalar('', at, null, { code: 'config-file', message }), unresolved: l10n.t`in ${file}` };
  const copy: MapNode = { ...withScalars(root, (scalar) => scalar), tag: { ...command, config: file } };
  for (const source of Object.values(fields)) {
    // A flag overrides the file. Keys after the one that a flag sets have lower priority, and the file may set them.
    const stated = source.keys.findIndex(({ path }) => nodeAt(root, path) !== null);
    const write = writeKey(source);
    const missing = stated === -1 ? (write ? [write] : []) : source.keys.slice(stated + 1);
    for (const { path } of missing) {
      if (nodeAt(copy, path) === null) addNested(copy, path, { key: '', keyRange: at, value: node });
    }
  }
  return copy;
}

/** For a command that names a config file. */
export const BESIDE_CONFIG: Trap = {
  code: 'config-file',
  severity: 'info',
  message: l10n.t`This command reads a config file, and its flags override the values there. All other values are in that file, also weight decay, eps and clipping, which have to change with alpha.`,
  applies: (root) => commandIn(root)?.config !== undefined,
  at: rangeOfCommand,
  limits: 'approximate',
};

const launcherOf = (root: MapNode): string => commandIn(root)?.launcher ?? '';
const hasPrecision = (root: MapNode): boolean =>
  has(root, 'mixed_precision') || ['bf16', 'use_peft'].some((name) => isOnOrFilled(root, name));
/** Of accelerate's own settings, which are in another file or in the words before the program. */
export const MAY_BE_DEEPSPEED = l10n.t`accelerate may start DeepSpeed here, which clips at a number of its own and keeps LoRA's weights in 16 bits in mixed precision.`;
const BY_FILE = /\baccelerate\b.*--config[_-]file\b/s;

/**
 * accelerate's switch, or its config file, counts where the program behind it has none of its own (with use_peft it is
 * TRL's, which is bf16 by default). A variable may turn float16 on.
 */
export const LAUNCHED_IN_FLOAT16: Trap = {
  ...float16('--mixed_precision', (root) => {
    const isOther = /--mixed[_-]precision[=\s](?![\s"']*(?:no|bf16|fp8)\b)/s.test(launcherOf(root));
    return !hasPrecision(root) && (isOther || BY_FILE.test(launcherOf(root)));
  }),
  at: rangeOfCommand,
};

/** @see https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/accelerator.py (clip_grad_norm_) */
export const LAUNCHED_WITH_DEEPSPEED = unclear('--use_deepspeed', MAY_BE_DEEPSPEED, {
  when: (root) =>
    /--use[_-]deepspeed\b/.test(launcherOf(root)) || (hasPrecision(root) && BY_FILE.test(launcherOf(root))),
  at: rangeOfCommand,
});
