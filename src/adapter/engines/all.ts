import { UNKNOWN, type Does, type Engine, type Range } from './engine';
import { ROWS } from './rows';

/** The days on which sources were read and run. */
const [READ, RAN] = ['2026-11-27', '2026-11-30'];

/** What nearly every run asks: the scaling and the settings of PEFT's config; of files without a config. */
const ASKED: Readonly<Record<string, string>> = {
  scales: 'scale rslora alphaPattern rankPattern missing zero',
  files: 'scale rankPattern missing zero',
};

const VERBS = new Map(
  Object.entries({ right: 'right', ignores: 'ignored', drops: 'dropped', refuses: 'refused', unknown: 'unknown' }),
);

type Sets = Map<string, Does>;

/** `global; refuses dora saved; missing 8`: a set, parts behind a verb, or a field. A later clause goes before others. */
function doesOf(clauses: string, sets: Sets): Does {
  const does: Record<string, unknown> = { ...UNKNOWN };
  for (const clause of clauses.split('; ')) {
    const [first = '', ...words] = clause.split(' ');
    const handling = VERBS.get(first);
    const said = handling === undefined ? [[first, fieldOf(first, words)]] : words.map((part) => [part, handling]);
    const set: object = sets.get(first) ?? Object.fromEntries(said);
    const strange = Object.keys(set).find((key) => !(key in UNKNOWN));
    if (strange !== undefined) throw new Error(`${strange} is unknown: ${clauses}`);
    Object.assign(does, set);
  }
  return does as unknown as Does;
}

function fieldOf(name: string, words: readonly string[]): unknown {
  const usual: unknown = UNKNOWN[name as keyof Does];
  const [word = ''] = words;
  return Array.isArray(usual) ? words : typeof usual === 'boolean' ? true : /^\d+$/.test(word) ? Number(word) : word;
}

/** `0.8.0 to 0.13.2 (what was read): clauses`; `0.14.0 on (…)`, `to 0.7.1 (…)`; only what was read. */
const VERSIONS = /^(?:(?:(\S+) )??(?:to (\S+)|on)(?: \((.+?)\))?|([^:]+)): ([^]+)$/;

function rangeOf(line: string, sets: Sets): Range {
  const [, since, until, seen, alone = until, clauses = ''] = VERSIONS.exec(line) ?? [];
  const [read = '', last = read] = [seen ?? alone, until];
  const label = since === last ? since : since !== undefined ? `${since} to ${last}` : until ? `to ${until}` : read;
  const does = doesOf(clauses, sets);
  return { label, read, does, since, until, date: does.ran.length > 0 ? RAN : READ };
}

/**
 * `id | name | repository | files`, below it ranges of versions. `name = clauses` names a set of clauses for the lines
 * after it; a line that ends in `;`, `,` or `|` goes on.
 */
function enginesIn(text: string): readonly Engine[] {
  const sets: Sets = new Map();
  return text.split(/\n+(?=\S)/).flatMap((block) => {
    const [head = '', ...lines] = block.split('\n  ');
    const [id = '', name, repo = '', files = ''] = head.split(' | ');
    const [set = '', clauses] = head.split(' = ');
    if (clauses !== undefined) sets.set(set, doesOf(clauses, sets));
    return name === undefined ? [] : [{ id, name, repo, files, ranges: lines.map((line) => rangeOf(line, sets)) }];
  });
}

/** In the order in which they are shown. */
export const ENGINES = enginesIn(
  ROWS.trim()
    .replace(/([;,|])\n +/g, '$1 ')
    .replace(/(?<=; ran )(?:scales|files)/g, (name) => ASKED[name] ?? ''),
);
