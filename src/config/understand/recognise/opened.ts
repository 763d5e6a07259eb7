import { placeWords, type Document } from '../../documents/document';
import { findSwept, mayHoldSearch } from '../../sweep/find-swept';
import { tooLong, tooMany } from '../../syntax/bounds';
import { parseText } from '../../syntax/parse';
import type { Lock, MapNode, Parsed, Root } from '../../syntax/tree';
import type { Unread } from '../../reading';
import { TRAINERS } from '../../trainers/all';
import { loaderOf } from '../../trainers/loader-of';
import type { Layout, Trainer } from '../../trainers/trainer';
import { trainerOfBrokenText } from './closest';
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
  const { text } = document;
  // A guess needs a tree, so nothing is said about a broken text of an unknown trainer.
  const strict = candidates.filter(({ isGuess }) => !isGuess);
  const [first] = strict;
  const long = tooLong(text, document.syntax);
  if (long !== null) {
    if (first) notes.add('info', 'too-long', long, null);
    return result([]);
  }
  const options = { where: (offset: number) => placeWords(document, offset), programs: trainersPrograms() };
  const stops = ({ offset, message }: Stops): void => {
    const start = Math.min(offset, text.length);
    notes.add('error', 'syntax', message, { start, end: Math.min(start + 1, text.length) });
  };
  const parsed = parseText(text, document.syntax, options);
  if (!parsed.ok && parsed.code) {
    if (first) notes.add('info', parsed.code, parsed.message, null);
    return result([]);
  }
  if (!parsed.ok) {
    // The hint of a search matches many texts, so a broken one may be anything.
    const likely = strict.filter(
      ({ layouts }) => NAMED_ALPHA.test(text) || layouts.some(({ fields }) => fields.alpha !== undefined),
    );
    if (likely.length === 0) return result([]);
    const trainer = trainerOfBrokenText(
      text,
      likely,
      TRAINERS.filter(({ isGuess, syntaxes }) => !isGuess && syntaxes.includes(document.syntax)),
    );
    stops(parsed);
    return result([], trainer);
  }
  const many = tooMany('parts', parsed.roots.length);
  if (many !== null) {
    if (first) notes.add('info', 'too-long', many, null);
    return result([]);
  }
  const trees = treesOf(document, parsed, candidates);
  const [known] = trees.flatMap(({ recognised }) => (recognised && 'runs' in recognised ? recognised.runs : []));
  const loader = known && loaderOf(known.trainer, document.syntax);
  // Only now is it known who reads the text, and some readers take less than others.
  const exact = loader ? parseText(text, document.syntax, { ...options, loader }) : parsed;
  if (!exact.ok) {
    stops(exact);
    return result([], known?.trainer ?? null);
  }
  const isSearch = mayHoldSearch(text);
  const found = (exact === parsed ? trees : treesOf(document, exact, candidates)).flatMap((tree) => {
    if (isSearch && tree.node.kind === 'map') findSwept(tree.node, notes);
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
