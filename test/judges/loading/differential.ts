import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseText } from '../../../src/config/syntax/parse';
import { LOADERS, type LoaderId } from '../../../src/config/syntax/loaders';
import { compared, type Loaded } from './compare';
import { jsonText } from './generate-json';
import { plainTomlText, tomlText } from './generate-toml';
import { yamlText } from './generate-yaml';

/**
 * The loaders that can be asked, texts of their syntax, and the share of them that may be refused here alone: of YAML,
 * those with tags, merge keys and tabs.
 */
export const ASKED = {
  'yaml.safe_load': ['yaml', yamlText, 0.2],
  'yaml.SafeLoader with floats': ['yaml', yamlText, 0.2],
  'yaml.FullLoader': ['yaml', yamlText, 0.2],
  'json.load': ['json', jsonText, 0],
  'tomllib.load': ['toml', tomlText, 0],
  'toml.load': ['toml', plainTomlText, 0.2],
} as const satisfies Partial<Record<LoaderId, unknown>>;

export type Asked = keyof typeof ASKED;

/**
 * What many texts came to: at how many the loader stops, how many are refused here although it reads them, the leaves whose
 * value the reader claims to know and those it does not, and texts that both read differently, the shortest first.
 */
type Tally = Record<'stops' | 'unread' | 'known' | 'unknown', number> & { differ: { text: string; how: string }[] };

/** Lets a loader of Python and our reader read the same texts. */
export function differential(python: string, loader: Asked, runs: number, seed: number): Tally {
  const [syntax, arbitrary] = ASKED[loader];
  const texts = fc.sample(arbitrary, { numRuns: runs, seed });
  const loaded = JSON.parse(run(python, [], JSON.stringify(texts.map((text) => [loader, text])))) as Loaded[];
  const all = texts.map((text, i) => {
    const parsed = parseText(text, syntax, { loader: LOADERS[loader] });
    return { text, ...compared(parsed, loaded[i] ?? null, LOADERS[loader]) };
  });
  const sum = (numberOf: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + numberOf(one), 0);
  return {
    stops: sum(({ stops }) => Number(stops)),
    unread: sum(({ isUnread }) => Number(isUnread)),
    known: sum(({ known }) => known),
    unknown: sum(({ unknown }) => unknown),
    differ: all
      .flatMap(({ text, differs }) => (differs === null ? [] : [{ text, how: differs }]))
      .toSorted((one, other) => one.text.length - other.text.length),
  };
}

/** The loaders that this Python has; none where there is no Python. */
export function loadersOf(python: string): readonly string[] {
  try {
    return JSON.parse(run(python, ['--loaders'], '')) as string[];
  } catch {
    return [];
  }
}

const SCRIPT = join('test', 'judges', 'loading', 'loads.py');

function run(python: string, args: readonly string[], input: string): string {
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 30 } as const;
  const { stdout, stderr, status, error } = spawnSync(python, [SCRIPT, ...args], options);
  if (error) throw error;
  if (status !== 0) throw new Error(`${python} ${SCRIPT} ended with ${String(status)}: ${stderr.slice(-2000)}`);
  return stdout;
}
