import * as l10n from '@vscode/l10n';
import type { Loader } from '../loaders';
import type { Parsed } from '../tree';
import { TomlReader } from './reader';
import { Odd, TomlSource } from './source';
import { refusal, Stop } from '../stop';

/** What tomllib's words mean to someone who writes configs. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/Invalid value/, l10n.t('Strings need quotes, true and false are lower case, and numbers have only digits.')],
  [/Cannot overwrite a value/, l10n.t('This key is set twice.')],
  [/Unclosed inline table/, l10n.t('An inline table is on one line, without a comma after its last entry.')],
];

/**
 * Parse TOML 1.0 as Python's tomllib does, into a tree with the ranges of the source; tables become maps, arrays of tables
 * lists of maps. Never throws.
 */
export function parseToml(text: string, loader?: Loader): Parsed {
  const source = new TomlSource(text);
  // Some readers pass over a byte order mark.
  if (!loader && text.startsWith('\uFEFF')) source.at = 1;
  try {
    return {
      ok: true,
      roots: [{ node: new TomlReader(source, text, loader?.readsPlain ?? false).root(), lock: null }],
    };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const advice = ADVICE.find(([words]) => words.test(error.message))?.[1];
    const offset = Math.min(source.inFile(error.offset), text.length);
    if (error instanceof Odd) return { ok: false, offset, message: error.message };
    return refusal(loader?.name ?? 'tomllib', offset, error.message, advice);
  }
}
