import * as l10n from '@vscode/l10n';
import { commandIn, scalarAt, type MapNode } from '../../syntax/tree';

/** How a trainer is started from a command line. Its layouts are those of its files: the flags have the files' keys. */
export interface CommandLine {
  /** Matches the words that name the program, without options: `accelerate launch train_network.py`. */
  program: RegExp;
  /** Whether other people's scripts have such names too, so that a command it leaves may be a guess. */
  isCommonName?: true | ((root: MapNode) => boolean);
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
  return commandIn(root)?.program ?? '';
}

/** The config file that one of these flags names. */
export const flagged =
  (...names: string[]) =>
  (root: MapNode): string | null => {
    const found = names.map((name) => scalarAt(root, [name])).find((value) => value !== undefined);
    return found === undefined ? null : String(found);
  };

/** The config file among the words behind the program: `axolotl train config.yml`. */
export function positional(root: MapNode): string | null {
  const files = commandOf(root)
    .split(/\s+/)
    .map((word) => /^.+\.(?:ya?ml|json|toml)\b/.exec(word)?.[0]);
  return files.find((file) => file !== undefined) ?? null;
}

/** Hydra's config, unless it is one that the trainer brings along. */
export const hydra =
  (own: RegExp) =>
  (root: MapNode): string | null => {
    const name = flagged('config_name', 'cn')(root);
    return name !== null && !own.test(name) ? name : null;
  };

/** A tree with what the program itself says. */
export const withProgramValue =
  (key: string, value: string | boolean) =>
  (root: MapNode): MapNode => {
    if (root.entries.some((entry) => entry.key === key)) return root;
    const at = commandIn(root)?.range ?? root.range;
    const lock = { code: 'program', message: l10n.t('This is what the program does.') };
    const node = { kind: 'scalar', range: at, inner: at, raw: '', value, quoted: false, lock } as const;
    return { ...root, entries: [...root.entries, { key, keyRange: at, value: node }] };
  };
