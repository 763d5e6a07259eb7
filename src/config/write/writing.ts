import * as l10n from '@vscode/l10n';
import type { Run } from '../understand/run';
import { editsForNew, type NewKey } from './new-keys';
import type { NumberPlace } from '../plan/place';
import type { TextEdit, TreeSyntax } from '../reading';
import { formatNumber } from '../syntax/numbers';
import { commandIn, nodeAt, type Lock } from '../syntax/tree';
import type { Layout } from '../trainers/trainer';

export interface Writing {
  place: NumberPlace;
  literal: string;
}

/** The smallest edits that write all `writings`, or why one of them cannot be written. */
export function editsFor(run: Run, writings: readonly Writing[]): TextEdit[] | Lock {
  const joined = joinPairs(run, writings);
  if (!Array.isArray(joined)) return joined;
  const edits: TextEdit[] = [];
  const newKeys: NewKey[] = [];
  const newLists = new Map<string, Writing[]>();
  for (const writing of joined) {
    const { place, literal } = writing;
    if (place.lock) return place.lock;
    const list = argumentListOf(run, place);
    if (list) newLists.set(list, [...(newLists.get(list) ?? []), writing]);
    else if (place.node) {
      const { inner } = place.node;
      // `key:` without a value: the value needs its space.
      const gap = inner.start === inner.end && run.document.text[inner.start - 1] === ':' ? ' ' : '';
      edits.push({ range: inner, text: gap + literal });
    } else newKeys.push({ path: place.key.path, beside: place.beside, literal });
  }
  for (const [list, args] of newLists) {
    const begun = listInsertion(run, list, args);
    if (!begun) return noPlace(list);
    if ('path' in begun) newKeys.push(begun);
    else edits.push(begun);
  }
  const grown = editsForNew(run, newKeys);
  if ('noPlace' in grown) return noPlace(grown.noPlace.path.join('.'));
  const all = [...edits, ...grown];
  return deepestFirst(all.filter((edit, i) => !all.slice(0, i).some((other) => isSameEdit(edit, other))));
}

/** Merges edits: two keys after one neighbour need one comma, and two uses of a variable one new number. */
const isSameEdit = (a: TextEdit, b: TextEdit): boolean =>
  a.text === b.text && a.range.start === b.range.start && a.range.end === b.range.end;

/**
 * New lines at one place: behind the comma that their neighbour needs, those of an inner block before those of the
 * block around it, which they would end.
 */
function deepestFirst(edits: readonly TextEdit[]): TextEdit[] {
  const indentOf = ({ text }: TextEdit): number =>
    text === ',' ? Number.POSITIVE_INFINITY : (/^\r?\n([ \t]*)/.exec(text)?.[1]?.length ?? 0);
  const starts = [...new Set(edits.map(({ range }) => range.start))];
  return starts.flatMap((start) =>
    edits.filter(({ range }) => range.start === start).toSorted((a, b) => indentOf(b) - indentOf(a)),
  );
}

/** The arguments to create, if the list, map or string of arguments is missing or empty. */
function argumentListOf({ layout, root }: Run, { node, key }: NumberPlace): string | null {
  const { argumentLists = [], argumentsAt, argumentsAs, schedule } = layout;
  const isCommand = commandIn(root) !== null;
  const lists = [
    ...argumentLists,
    ...(argumentsAt !== undefined && argumentsAs !== undefined ? [argumentsAt] : []),
    ...(isCommand && schedule?.jsonFlag ? [schedule.at ?? ''] : []),
  ];
  const list = lists.find((label) => key.label.startsWith(`${label}.`));
  if (node || list === undefined) return null;
  // On a command line a map is several flags with dotted names.
  if (isCommand && list === argumentsAt && argumentsAs === 'map') return null;
  const found = nodeAt(root, list.split('.'));
  return found?.kind === 'map' && found.entries.length > 0 ? null : list;
}

/** Arguments in the notation of a trainer: what is before the names, between name and value, between pairs, behind. */
type Notation = readonly [before: string, mark: string, between: string, after: string];

const NOTATIONS: Readonly<
  Record<Exclude<Layout['argumentsAs'], undefined | 'map'> | 'list' | 'flag' | 'json', Notation>
> = {
  list: ['["', '=', '", "', '"]'],
  flag: ['"', '=', '" "', '"'],
  text: ['"', '=', ',', '"'],
  words: ['"', '=', ' ', '"'],
  json: [`'{"`, '": ', ', "', `}'`],
};

function mapIn(syntax: TreeSyntax): Notation {
  if (syntax === 'json' || syntax === 'python') return ['{ "', '": ', ', "', ' }'];
  return ['{ ', syntax === 'toml' ? ' = ' : ': ', ', ', ' }'];
}

/** The edit that fills an empty list of arguments, or the new key for them; null if the key has another value. */
function listInsertion(
  { root, layout, document: { text, syntax } }: Run,
  list: string,
  args: readonly Writing[],
): TextEdit | NewKey | null {
  const path = list.split('.');
  const style = layout.argumentsAs ?? 'list';
  const isCommand = commandIn(root) !== null;
  const isJson = isCommand && layout.schedule?.jsonFlag === true && layout.schedule.at === list;
  // Other shells remove the quotes of JSON.
  if (isJson && syntax !== 'shell') return null;
  const [before, mark, between, after] = isJson
    ? NOTATIONS.json
    : style === 'map'
      ? mapIn(syntax)
      : NOTATIONS[isCommand && style === 'list' ? 'flag' : style];
  const named = args.map(({ place, literal }) => `${place.key.path.slice(path.length).join('.')}${mark}${literal}`);
  const value = before + named.join(between) + after;
  const found = nodeAt(root, path);
  if (!found) return { path, beside: args[0]?.place.beside ?? [], literal: value };
  const isEmpty = /^(?:\[\s*\]|\{\s*\}|""|''|null)$/.test(text.slice(found.range.start, found.range.end));
  return isEmpty ? { range: found.range, text: value } : null;
}

/** Items of a missing pair, such as Adafactor's eps, become one writing of the whole pair. */
function joinPairs({ root, layout }: Run, writings: readonly Writing[]): Writing[] | Lock {
  const joined: Writing[] = [];
  const begun = new Map<string, { place: NumberPlace; items: string[] }>();
  for (const writing of writings) {
    const { place, literal } = writing;
    const parent = place.key.path.slice(0, -1);
    if (place.node || !place.pair) {
      joined.push(writing);
      continue;
    }
    if (nodeAt(root, parent)) return noPlace(place.key.label);
    const label = parent.join('.');
    const items = begun.get(label)?.items ?? place.pair.map((item) => formatNumber(item, true));
    items[Number(place.key.path.at(-1))] = literal;
    begun.set(label, { place: { ...place, key: { path: parent, label } }, items });
  }
  // If a space ends an argument, a pair is written without spaces.
  const gap = layout.argumentsAs === 'words' ? ',' : ', ';
  return [...joined, ...[...begun.values()].map(({ place, items }) => ({ place, literal: `[${items.join(gap)}]` }))];
}

function noPlace(label: string): Lock {
  const message = l10n.t`LoRA Alpha finds no line next to which it can add ${label}; add it yourself.`;
  return { code: 'no-place', message };
}
