import * as l10n from '@vscode/l10n';
import { commandIn, scalarAt, type MapNode } from '../../syntax/tree';

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

/** The words that name a command's program. */
export function commandOf(root: MapNode): string {
  return commandIn(root)?.program ?? '';
}

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

/** Hydra's config, unless the trainer provides it. */
export const hydra =
  (own: RegExp) =>
  (root: MapNode): string | null => {
    const name = flagged('config_name', 'cn')(root);
    return name !== null && !own.test(name) ? name : null;
  };

/** Adds a value that the program itself implies. */
export const withProgramValue =
  (key: string, value: string | boolean) =>
  (root: MapNode): MapNode => {
    if (root.entries.some((entry) => entry.key === key)) return root;
    const at = commandIn(root)?.range ?? root.range;
    const lock = { code: 'program', message: l10n.t('This is what the program does.') };
    const node = { kind: 'scalar', range: at, inner: at, raw: '', value, quoted: false, lock } as const;
    return { ...root, entries: [...root.entries, { key, keyRange: at, value: node }] };
  };
