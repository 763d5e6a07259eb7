import fc from 'fast-check';
import { parseText } from '../../../src/config/syntax/parse';
import { LOADERS, type LoaderId } from '../../../src/config/syntax/loaders';
import { loadedBy } from './ask';
import { compared } from './compare';
import { jsonText } from './generate-json';
import { plainTomlText, tomlText } from './generate-toml';
import { yamlText } from './generate-yaml';

/** The loaders that can be asked, and texts of their syntax. */
export const ASKED = {
  'yaml.safe_load': ['yaml', yamlText],
  'yaml.SafeLoader with floats': ['yaml', yamlText],
  'yaml.FullLoader': ['yaml', yamlText],
  'json.load': ['json', jsonText],
  'tomllib.load': ['toml', tomlText],
  'toml.load': ['toml', plainTomlText],
} as const satisfies Partial<Record<LoaderId, unknown>>;

export type Asked = keyof typeof ASKED;

/** What many texts came to. */
export interface Tally {
  loader: Asked;
  texts: number;
  /** Texts at which the loader stops. */
  stops: number;
  /** Texts that the reader leaves alone although the loader reads them. */
  unread: number;
  /** Leaves whose value the reader claims to know, and those it does not. */
  known: number;
  unknown: number;
  /** Texts that the reader and the loader read differently, the shortest first. */
  differ: readonly { text: string; how: string }[];
}

/**
 * Lets a loader of Python and our reader read the same texts.
 * @param root the project's folder
 */
export function differential(root: string, python: string, loader: Asked, runs: number, seed: number): Tally {
  const [syntax, text] = ASKED[loader];
  const texts = fc.sample(text, { numRuns: runs, seed });
  const loaded = loadedBy(root, python, loader, texts);
  const all = texts.map((text, i) => {
    const parsed = parseText(text, syntax, { loader: LOADERS[loader] });
    return { text, ...compared(parsed, loaded[i] ?? null, LOADERS[loader]) };
  });
  const sum = (count: 'known' | 'unknown'): number => all.reduce((total, one) => total + one[count], 0);
  const differ = all
    .flatMap(({ text, differs }) => (differs === null ? [] : [{ text, how: differs }]))
    .toSorted((one, other) => one.text.length - other.text.length);
  return {
    loader,
    texts: runs,
    stops: all.filter(({ stops }) => stops).length,
    unread: all.filter(({ isUnread }) => isUnread).length,
    known: sum('known'),
    unknown: sum('unknown'),
    differ,
  };
}
