import { placeWords, type Document } from '../../documents/document';
import { tooLong, tooMany } from '../../syntax/bounds';
import { parseText } from '../../syntax/parse';
import type { Lock, MapNode, Parsed, Root } from '../../syntax/tree';
import type { Unread } from '../../reading';
import { TRAINERS } from '../../trainers/all';
import type { Key } from '../../trainers/shared/fields';
import { loaderOf, type Layout, type Trainer } from '../../trainers/trainer';
import { Notes, type Note } from '../notes';
import { recognise, trainersHintedAt, trainersPrograms, type Recognised } from './recognise';

/** A run found in a document, with its trainer and layout. */
export interface FoundRun {
  document: Document;
  trainer: Trainer;
  layout: Layout;
  root: MapNode;
  /** Why no value of this run may be written; null if values may be written. */
  lock: Lock | null;
  /** Name shown to the user if the file has several runs. */
  name?: string;
  /** What was not understood while the file was split into runs. */
  unread?: readonly Unread[];
}

/** One document with its runs. */
export interface Opened {
  document: Document;
  found: readonly FoundRun[];
  notes: readonly Note[];
  /** The trainer of a text that cannot be parsed, if it is clear. */
  broken: { trainer: Trainer | null } | null;
}

/** A name of alpha that only LoRA uses. */
const NAMED_ALPHA = /(?:lora|peft)[_-]?alpha/i;

/** The runs of a document, or the notes about a document that is broken or no LoRA config. */
export function opened(document: Document): Opened {
  const notes = new Notes();
  const result = (found: readonly FoundRun[], trainer?: Trainer | null): Opened => ({
    ...{ document, found, notes: notes.list },
    broken: trainer === undefined ? null : { trainer },
  });
  const candidates = trainersHintedAt(document);
  if (candidates.length === 0) return result([]);
  const { text, syntax } = document;
  // A guess needs a tree, so nothing is said about a broken text of an unknown trainer.
  const strict = candidates.filter(({ isGuess }) => !isGuess);
  const tooLarge = (message: string): Opened => {
    if (strict.length > 0) notes.add('info', 'too-large', message, null);
    return result([]);
  };
  const long = tooLong(text, syntax);
  if (long !== null) return tooLarge(long);
  const options = { where: (offset: number) => placeWords(document, offset), programs: trainersPrograms() };
  const stops = ({ offset, message }: Stops, trainer: Trainer | null): Opened => {
    const start = Math.min(offset, text.length);
    notes.add('error', 'syntax', message, { start, end: Math.min(start + 1, text.length) });
    return result([], trainer);
  };
  const parsed = parseText(text, syntax, options);
  if (!parsed.ok && parsed.code) return tooLarge(parsed.message);
  if (!parsed.ok) {
    // The hint of a search matches many texts, so a broken one may be anything.
    const likely = strict.filter(
      ({ layouts }) => NAMED_ALPHA.test(text) || layouts.some(({ fields }) => fields.alpha !== undefined),
    );
    const all = TRAINERS.filter(({ isGuess, syntaxes }) => !isGuess && syntaxes.includes(syntax));
    return likely.length === 0 ? result([]) : stops(parsed, trainerOfBrokenText(text, likely, all));
  }
  const many = tooMany('parts', parsed.roots.length);
  if (many !== null) return tooLarge(many);
  const trees = treesOf(document, parsed, candidates);
  const [known] = trees.flatMap(({ recognised }) => (recognised && 'runs' in recognised ? recognised.runs : []));
  const loader = known && loaderOf(known.trainer, syntax);
  // Only now is it known who reads the text, and some readers take less than others.
  const exact = loader ? parseText(text, syntax, { ...options, loader }) : parsed;
  if (!exact.ok) return stops(exact, known?.trainer ?? null);
  const found = (exact === parsed ? trees : treesOf(document, exact, candidates)).flatMap((tree) => {
    if (tree.recognised && 'not' in tree.recognised) notes.add('info', 'other-adapter', tree.recognised.not, null);
    return foundIn(document, tree);
  });
  return result(found);
}

type Stops = Extract<Parsed, { ok: false }>;

/** A tree of a document, and whose it is. */
interface Tree extends Root {
  recognised: Recognised;
}

function treesOf(
  { amend }: Document,
  { roots }: Extract<Parsed, { ok: true }>,
  candidates: readonly Trainer[],
): readonly Tree[] {
  return roots.map((root) => {
    const node = amend?.(root.node) ?? root.node;
    return { ...root, node, recognised: node.kind === 'map' ? recognise(node, candidates) : null };
  });
}

function foundIn(document: Document, { recognised, lock, name }: Tree): FoundRun[] {
  if (!recognised || 'not' in recognised) return [];
  return recognised.runs.map(({ trainer, layout, run }) => {
    const title = [name, run.name].filter((part) => part !== undefined).join(', ');
    const unread = run.unread ? { unread: run.unread } : {};
    return { document, trainer, layout, root: run.root, lock, ...(title ? { name: title } : {}), ...unread };
  });
}

/**
 * The trainer of a file that cannot be parsed: the one with the most keys in the text, if no other comes close.
 * Hints match too much (`lora_alpha:` is a key of many trainers), so they only break ties: the hint of the best must be
 * much longer than that of the second. No trainer without a hint in the text may have more keys.
 * @param trainers whose hints match
 * @param all every trainer with files of this syntax
 */
export function trainerOfBrokenText(
  text: string,
  trainers: readonly Trainer[],
  all: readonly Trainer[],
): Trainer | null {
  const words = new Set([...text.matchAll(KEY)].flatMap(([, word = '']) => word.split('.')));
  const countOf = ({ layouts }: Trainer): number => Math.max(0, ...layouts.map((layout) => keysIn(layout, words)));
  const ranked = trainers
    .map((trainer) => ({ trainer, count: countOf(trainer), hint: trainer.hint.exec(text)?.[0].length ?? 0 }))
    .toSorted((a, b) => b.count - a.count || b.hint - a.hint);
  const [best, second] = ranked;
  if (!best || best.count === 0 || all.some((other) => countOf(other) > best.count)) return null;
  const isTied = second?.count === best.count && best.hint < second.hint * FAR_MORE;
  return isTied ? null : best.trainer;
}

/** A hint must be this much longer to win a tie: `tuner_type: lora` against `lora_alpha:`. */
const FAR_MORE = 1.5;

/** A word before a colon or an equals sign, or the name of a table. */
const KEY = /(?<![\w.-])-{0,2}([\w.-]+)["']?[ \t]*[:=\]]/g;

/** Most trainers have their own names for rank and alpha; `learning_rate` is common. */
const TELLING: ReadonlySet<string> = new Set(['rank', 'alpha']);

function keysIn({ fields }: Layout, words: ReadonlySet<string>): number {
  const isThere = ({ path }: Key): boolean => path.every((step) => words.has(step));
  return Object.entries(fields).reduce((sum, [field, { keys }]) => {
    return keys.some(isThere) ? sum + (TELLING.has(field) ? 3 : 1) : sum;
  }, 0);
}
