import { placeWords, type Document } from '../../documents/document';
import { parseText } from '../../syntax/parse';
import { syntaxErrorIn } from '../../syntax/python/syntax-error';
import type { MapNode, ParseFailure, Root } from '../../syntax/tree';
import type { Unread } from '../../reading';
import { completedElsewhere, switchedOutside } from '../unknown-keys';
import { loaderOf, type Layout, type Trainer } from '../../trainers/trainer';
import { Notes, type Note } from '../notes';
import { recognise, trainersHintedAt, trainersPrograms, type Recognised } from './recognise';

export interface FoundRun {
  document: Document;
  trainer: Trainer;
  layout: Layout;
  root: MapNode;
  /** Name shown to the user if the file has several runs. */
  name?: string;
  /** What was not understood while the file was split into runs. */
  unread: readonly Unread[];
}

export interface Opened {
  document: Document;
  found: readonly FoundRun[];
  notes: readonly Note[];
  /** A text of LoRA that its loader cannot parse. */
  isBroken: boolean;
}

const NAMED_ALPHA = /(?:lora|peft)[_-]?alpha/i;

/** The runs of a document, or the notes about a document that is broken or no LoRA config. */
export function opened(document: Document): Opened {
  const notes = new Notes();
  const result = (found: readonly FoundRun[], isBroken = false): Opened => {
    return { document, found, notes: notes.list, isBroken };
  };
  const candidates = trainersHintedAt(document);
  if (candidates.length === 0) return result([]);
  const { text, syntax } = document;
  // A guess needs a tree, so nothing is said about a broken text of an unknown trainer.
  const strict = candidates.filter(({ isGuess }) => !isGuess);
  const tooLarge = (message: string): Opened => {
    if (strict.length > 0) notes.add('info', 'too-large', message, null);
    return result([]);
  };
  const stops = ({ offset, message }: ParseFailure): Opened => {
    const start = Math.min(offset, text.length);
    notes.add('error', 'syntax', message, { start, end: Math.min(start + 1, text.length) });
    return result([], true);
  };
  const options = { where: (offset: number) => placeWords(document, offset), programs: trainersPrograms() };
  const parsed = parseText(text, syntax, options);
  if (!parsed.ok) {
    if (parsed.code) return tooLarge(parsed.message);
    // The hint of a search matches many texts, so a broken one may be anything.
    const hasAlpha = ({ layouts }: Trainer): boolean => layouts.some(({ fields }) => fields.alpha !== undefined);
    const isLikely = strict.some((trainer) => NAMED_ALPHA.test(text) || hasAlpha(trainer));
    return isLikely ? stops(parsed) : result([]);
  }
  const treesOf = ({ roots }: { roots: readonly Root[] }): (Root & { recognised: Recognised })[] =>
    roots.map((root) => {
      const node = document.amend?.(root.node) ?? root.node;
      return { ...root, node, recognised: node.kind === 'map' ? recognise(node, candidates) : null };
    });
  const trees = treesOf(parsed);
  const [known] = trees.flatMap(({ recognised }) => (recognised && 'runs' in recognised ? recognised.runs : []));
  const loader = known && loaderOf(known.trainer, syntax);
  // Only now is it known who reads the text, and some readers take less than others.
  const exact = loader ? parseText(text, syntax, { ...options, loader }) : parsed;
  if (!exact.ok) return stops(exact);
  // A cell with an error stops nothing but itself.
  const broken = syntax === 'python' && document.place === null ? syntaxErrorIn(text) : [];
  const switched = switchedOutside(document);
  const isData = syntax === 'yaml' || syntax === 'json' || syntax === 'toml';
  const found = (exact === parsed ? trees : treesOf(exact)).flatMap(({ recognised, name, node }): FoundRun[] => {
    if (!recognised) return [];
    if ('not' in recognised) {
      notes.add('info', 'other-adapter', recognised.not, null);
      return [];
    }
    return recognised.runs.map(({ trainer, layout, run }) => {
      const title = [name, run.name].filter((part) => part !== undefined).join(', ');
      const unread = [
        ...broken,
        ...switched,
        ...(run.unread ?? []),
        ...(node.kind === 'map' && isData ? completedElsewhere(node, layout) : []),
      ];
      return { document, trainer, layout, root: run.root, ...(title ? { name: title } : {}), unread };
    });
  });
  return result(found);
}
