import { UNKNOWN, type Aspect, type Does, type Engine, type Range } from './engine';
import { ROWS } from './rows';

/** The days on which sources were read and run. */
const [READ, RAN] = ['2026-11-27', '2026-11-30'];

const VERBS = new Map(
  Object.entries({ right: 'right', ignores: 'ignored', drops: 'dropped', refuses: 'refused', unknown: 'unknown' }),
);

/** What nearly every run asks: the scaling and the settings of PEFT's config; of files without a config. */
const ASKED: Readonly<Record<string, string>> = {
  scales: 'scale rslora alphaPattern rankPattern missing zero',
  files: 'scale rankPattern missing zero',
};

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

function rangeOf([first = '', run = '']: readonly string[], sets: Sets): Range {
  const [, since, until, read, alone = until, clauses = ''] = VERSIONS.exec(first) ?? [];
  const [, version, asked = ''] = /^ran (.+): (.+)$/.exec(run) ?? [];
  const aspects = asked.replace(/scales|files/, (name) => ASKED[name] ?? '').split(' ') as Aspect[];
  const ran = version === undefined ? null : { version, aspects };
  return { read: read ?? alone ?? '', does: doesOf(clauses, sets), since, until, date: ran ? RAN : READ, ran };
}

/** Lines without an indent, each with the lines below that have one, which loses two blanks. */
const blocks = (text: string): readonly string[][] =>
  text.split(/\n+(?=\S)/).map((block) => block.split(/\n {2}(?=\S| {2}\S)/));

/**
 * `id | name | repository | files`, below it ranges of versions, and below each what a run of the engine's own code was
 * asked. `name = clauses` names a set of clauses for the lines after it; a line that ends in `;`, `,` or `|` goes on.
 */
function enginesIn(text: string): readonly Engine[] {
  const sets: Sets = new Map();
  return blocks(text).flatMap(([head = '', ...below]) => {
    const [id = '', name, repo = '', files = ''] = head.split(' | ');
    const [set = '', clauses] = head.split(' = ');
    if (clauses !== undefined) sets.set(set, doesOf(clauses, sets));
    if (name === undefined) return [];
    const ranges = blocks(below.join('\n')).map((lines) => rangeOf(lines, sets));
    return [{ id, name, repo, files, ranges }];
  });
}

/** In the order in which they are shown. */
export const ENGINES = enginesIn(ROWS.trim().replace(/([;,|])\n +/g, '$1 '));
