import * as l10n from '@vscode/l10n';
import { placeWords, type Document } from './documents/document';
import { documentsOf } from './documents/split';
import { findingsOf, placed } from './findings/findings';
import { Notes } from './understand/notes';
import { findSwept, mayHoldSearch } from './sweep/find-swept';
import { mayHoldLora } from './hint';
import { interpret } from './understand/interpret';
import { notUnderstoodOf, type FileFacts, type FoundRun, type Interpretation } from './understand/interpretation';
import type { Finding, Reading, ReadRecipe, SyntaxId, TreeSyntax } from './reading';
import { recognise, trainersHintedAt, trainersPrograms, type Recognised } from './understand/recognise';
import { trainerOfBrokenText } from './understand/closest';
import { tooLong, tooMany } from './syntax/bounds';
import { parseText, syntaxOf } from './syntax/parse';
import type { Parsed, Root } from './syntax/tree';
import { TRAINERS } from './trainers/all';
import { loaderOf } from './trainers/loader-of';
import type { Trainer } from './trainers/trainer';

/** One document with its runs. */
interface Opened {
  found: readonly FoundRun[];
  findings: readonly Finding[];
  /** The trainer of a text that cannot be parsed, if it is clear. */
  broken: { trainer: Trainer | null } | null;
}

/** A text with its runs. */
interface Understood {
  runs: readonly Interpretation[];
  /** Notes about the text, beside those of its runs. */
  findings: readonly Finding[];
  /** The first document that could not be parsed. */
  broken: Opened['broken'];
}

/**
 * A config file as its trainer understands it. Never throws: a broken file, or an invalid value,
 * becomes a finding. Cheap for files without a LoRA config.
 * @param path decides the syntax by its extension; nothing is read from disk
 * @param facts what the caller knows of the folder
 */
export function readConfig(text: string, path: string, facts: FileFacts = {}): Reading {
  const syntax = syntaxOf(path);
  const nothing = {
    isLora: false,
    trainer: null,
    trainerName: null,
    syntax,
    recipes: [],
    findings: [],
    notUnderstood: [],
  };
  if (!syntax) return nothing;
  const { runs, findings, broken } = understand(text, syntax, facts);
  const [first] = runs;
  const trainer = first?.trainer ?? broken?.trainer;
  if (!trainer) return { ...nothing, isLora: broken !== null, findings };
  const reading: Reading = {
    isLora: true,
    trainer: trainer.id,
    trainerName: trainer.name,
    ...(runs.some((run) => run.trainer.isGuess) ? { isGuess: true } : {}),
    ...(trainer.source ? { source: trainer.source } : {}),
    syntax,
    ...(first ? { layout: first.layout.id } : {}),
    recipes: runs.flatMap(recipesOf),
    findings: [...findings, ...runs.flatMap(findingsOf)],
    notUnderstood: runs.flatMap(notUnderstoodOf),
  };
  BEHIND.set(reading, { text, runs });
  return reading;
}

function recipesOf({ networks }: Interpretation): ReadRecipe[] {
  return networks.map(({ recipe }) => recipe);
}

/** The source of each reading, so that planning at every keystroke does not parse the text again. */
const BEHIND = new WeakMap<Reading, { text: string; runs: readonly Interpretation[] }>();

/** One recipe of a reading: the run it is part of, and its number among that run's networks. */
export interface Located {
  file: Interpretation;
  index: number;
}

/**
 * The run of recipe number `recipeIndex` of a reading, or null.
 * @param text the text of `reading`; another text is read again
 */
export function interpretationOf(text: string, reading: Reading, recipeIndex: number): Located | null {
  return locatedIn(runsOf(text, reading), recipeIndex);
}

/** All runs of the text; see {@link interpretationOf}. */
export function runsOf(text: string, reading: Reading): readonly Interpretation[] {
  const behind = BEHIND.get(reading);
  if (behind?.text === text) return behind.runs;
  return reading.syntax ? interpretText(text, reading.syntax) : [];
}

function locatedIn(runs: readonly Interpretation[], recipeIndex: number): Located | null {
  let index = recipeIndex;
  for (const file of runs) {
    if (index < file.networks.length) return { file, index };
    index -= file.networks.length;
  }
  return null;
}

/** The runs of a text; empty if it is broken or no LoRA config. */
export function interpretText(text: string, syntax: SyntaxId): readonly Interpretation[] {
  return understand(text, syntax, {}).runs;
}

function understand(text: string, syntax: SyntaxId, facts: FileFacts): Understood {
  if (!mayHoldLora(text)) return { runs: [], findings: [], broken: null };
  const long = tooLong(text, syntax);
  if (long !== null) return refused(text, syntax, long);
  const documents = documentsOf(text, syntax);
  const many = tooMany('documents', documents.length);
  if (many !== null) return refused(text, syntax, many);
  const opened = documents.map(open);
  const found = opened.flatMap(({ found }) => found);
  const runs = tooMany('runs', found.length);
  if (runs !== null) return refused(text, syntax, runs);
  return {
    // Several runs in a text need names.
    runs: found.map((one, i) => interpret(one, found.length > 1 ? (one.name ?? l10n.t`run ${i + 1}`) : null, facts)),
    findings: opened.flatMap(({ findings }) => findings),
    broken: opened.find(({ broken }) => broken)?.broken ?? null,
  };
}

/** A name of alpha that only LoRA uses. */
const NAMED_ALPHA = /(?:lora|peft)[_-]?alpha/i;

/** The part of a too long file that is searched for a trainer's hint, in characters. */
const GLANCE = 1_000_000;

/** The result for a file that is too long or holds too much: a finding if its beginning looks like a config. */
function refused(text: string, syntax: SyntaxId, why: string): Understood {
  const beginning = text.slice(0, GLANCE);
  const syntaxes: readonly TreeSyntax[] = syntax === 'notebook' ? ['python', 'shell'] : [syntax];
  const isHinted = syntaxes.some((one) => trainersHintedAt({ text: beginning, syntax: one }).length > 0);
  const findings: Finding[] = isHinted
    ? [{ code: 'too-long', severity: 'info', message: why, line: null, range: null }]
    : [];
  return { runs: [], findings, broken: null };
}

/** The runs of a document, or the notes about a document that is broken or no LoRA config. */
function open(document: Document): Opened {
  const notes = new Notes();
  const opened = (found: readonly FoundRun[], trainer?: Trainer | null): Opened => ({
    found,
    findings: placed(document, notes.list),
    broken: trainer === undefined ? null : { trainer },
  });
  const candidates = trainersHintedAt(document);
  if (candidates.length === 0) return opened([]);
  const { text } = document;
  // A guess needs a tree, so nothing is said about a broken text of an unknown trainer.
  const strict = candidates.filter(({ isGuess }) => !isGuess);
  const [first] = strict;
  const long = tooLong(text, document.syntax);
  if (long !== null) {
    if (first) notes.add('info', 'too-long', long, null);
    return opened([]);
  }
  const options = { where: (offset: number) => placeWords(document, offset), programs: trainersPrograms() };
  const stops = ({ offset, message }: Stops): void => {
    const start = Math.min(offset, text.length);
    notes.add('error', 'syntax', message, { start, end: Math.min(start + 1, text.length) });
  };
  const parsed = parseText(text, document.syntax, options);
  if (!parsed.ok && parsed.code) {
    if (first) notes.add('info', parsed.code, parsed.message, null);
    return opened([]);
  }
  if (!parsed.ok) {
    // The hint of a search matches many texts, so a broken one may be anything.
    const likely = strict.filter(
      ({ layouts }) => NAMED_ALPHA.test(text) || layouts.some(({ fields }) => fields.alpha !== undefined),
    );
    if (likely.length === 0) return opened([]);
    const trainer = trainerOfBrokenText(
      text,
      likely,
      TRAINERS.filter(({ isGuess, syntaxes }) => !isGuess && syntaxes.includes(document.syntax)),
    );
    stops(parsed);
    return opened([], trainer);
  }
  const many = tooMany('parts', parsed.roots.length);
  if (many !== null) {
    if (first) notes.add('info', 'too-long', many, null);
    return opened([]);
  }
  const trees = treesOf(document, parsed, candidates);
  const [known] = trees.flatMap(({ recognised }) => (recognised && 'runs' in recognised ? recognised.runs : []));
  const loader = known && loaderOf(known.trainer, document.syntax);
  // Only now is it known who reads the text, and some readers take less than others.
  const exact = loader ? parseText(text, document.syntax, { ...options, loader }) : parsed;
  if (!exact.ok) {
    stops(exact);
    return opened([], known?.trainer ?? null);
  }
  const isSearch = mayHoldSearch(text);
  const found = (exact === parsed ? trees : treesOf(document, exact, candidates)).flatMap((tree) => {
    if (isSearch && tree.node.kind === 'map') findSwept(tree.node, notes);
    if (tree.recognised && 'not' in tree.recognised) notes.add('info', 'other-adapter', tree.recognised.not, null);
    return foundIn(document, tree);
  });
  return opened(found);
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
