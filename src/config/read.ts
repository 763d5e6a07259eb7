import * as l10n from '@vscode/l10n';
import { wholeFile, type Document } from './documents/document';
import { notebookDocuments } from './documents/notebook';
import { textsIn } from './documents/texts';
import type { FindingCode } from './findings/codes';
import { findingsIn, findingsOf } from './findings/findings';
import { loraAt, mayHoldLora } from './hint';
import type { Finding, Reading, SyntaxId, TreeSyntax } from './reading';
import { sizeOfAll, tooLong, tooMany } from './syntax/bounds';
import { forLast } from './syntax/for-last';
import { syntaxOf } from './syntax/parse';
import { interpret, notUnderstoodOf, type Adapter, type Beside, type Run } from './understand/run';
import { likeLora } from './understand/recognise/like-lora';
import { notReadBecause } from './understand/recognise/not-read';
import { opened, type FoundRun, type Opened } from './understand/recognise/opened';
import { startedIn } from './understand/started/started';
import { trainersHintedAt } from './understand/recognise/recognise';

/** A reading with the runs that it was made from, so that planning at every keystroke does not parse the text again. */
export interface ConfigReading extends Reading {
  runs: readonly Run[];
}

interface Understood {
  runs: readonly Run[];
  findings: readonly Finding[];
  /** A document of LoRA could not be parsed. */
  isBroken: boolean;
}

/**
 * A config file as its trainer understands it. Never throws: a broken file, or an invalid value,
 * becomes a finding. Cheap for files without a LoRA config.
 * @param path decides the syntax by its extension; nothing is read from disk
 */
export function readConfig(text: string, path: string, { hasWeights = false, code }: Beside = {}): ConfigReading {
  const syntax = syntaxOf(path);
  const why = notReadBecause(text, path);
  const { runs, findings, isBroken } =
    why !== null ? notRead('format-not-read', why) : syntax ? understand(text, syntax, hasWeights, code) : NOTHING;
  const trainer = runs[0]?.trainer;
  return {
    isLora: isBroken || trainer !== undefined,
    trainer: trainer?.id ?? null,
    trainerName: trainer?.name ?? null,
    ...(runs.some((run) => run.trainer.isGuess) ? { isGuess: true } : {}),
    ...(trainer?.source ? { source: trainer.source } : {}),
    syntax,
    ...(runs[0] ? { layout: runs[0].layout.id } : {}),
    recipes: runs.flatMap(({ adapters }) => adapters.map(({ recipe }) => recipe)),
    findings: [...findings, ...runs.flatMap(findingsOf)],
    notUnderstood: runs.flatMap(notUnderstoodOf),
    runs,
  };
}

/** One recipe of a reading: the run it is part of, and its place among that run's networks. */
export interface Located {
  run: Run;
  adapter: Adapter;
  index: number;
}

/**
 * The run of recipe number `recipeIndex` of a reading, or null.
 * @param text the text of `reading`; another text is read again
 */
export function runOfRecipe(text: string, reading: ConfigReading, recipeIndex: number): Located | null {
  let index = recipeIndex;
  for (const run of reading.recipes[recipeIndex] ? runsOf(text, reading) : []) {
    const adapter = run.adapters[index];
    if (adapter) return { run, adapter, index };
    index -= run.adapters.length;
  }
  return null;
}

export const runsOf = (text: string, { runs, syntax }: ConfigReading): readonly Run[] =>
  runs[0]?.document.file === text || !syntax ? runs : interpretText(text, syntax);

/** The runs of a text; empty if it is broken or no LoRA config. */
export const interpretText = (text: string, syntax: SyntaxId): readonly Run[] =>
  understand(text, syntax, false, undefined).runs;

const NOTHING: Understood = { runs: [], findings: [], isBroken: false };

/** The last two texts: before and after a rewrite, which reads its own result. The editor reads the same text again. */
const understand = forLast(2, (text: string, syntax: SyntaxId, hasWeights: boolean, code?: string): Understood => {
  if (!mayHoldLora(text)) return NOTHING;
  const long = tooLong(text, syntax);
  if (long !== null) return refused(text, syntax, long);
  const whole = syntax === 'notebook' ? notebookDocuments(text) : [wholeFile(text, syntax)];
  const documents = [...whole, ...whole.flatMap(textsIn)].filter(({ isMagic }) => !isMagic);
  const many = tooMany('documents', documents.length) ?? tooLongTogether(documents);
  if (many !== null) return refused(text, syntax, many, documents);
  const all: Opened[] = [];
  let nodes = 0;
  for (const document of documents) {
    const one = opened(document);
    nodes += sizeOfAll(one.found.map(({ root }) => root)).nodes;
    const much = tooMany('nodes', nodes);
    if (much !== null) return refused(text, syntax, much, documents);
    all.push(one);
  }
  const found = all.flatMap(({ found }) => found);
  const started = found.some(({ trainer }) => !trainer.isGuess) ? startedIn(whole, found) : [];
  const isSilent = found.length === 0 && all.every(({ notes, isBroken }) => notes.length === 0 && !isBroken);
  const [like] = isSilent ? documents.flatMap((document) => findingsIn(document, likeLora(document))) : [];
  if (like) return { ...NOTHING, findings: [like] };
  // Several runs in a text need names.
  const nameOf = (one: FoundRun, i: number): string | null =>
    found.length > 1 ? (one.name ?? l10n.t`run ${i + 1}`) : null;
  const runs: Run[] = [];
  let [unread, recipes] = [0, 0];
  for (const [i, one] of found.entries()) {
    const run = interpret(one, nameOf(one, i), { hasWeights, code });
    unread += run.unreadParts.length;
    recipes += run.adapters.length;
    const much = tooMany('runs', found.length) ?? tooMany('unread', unread) ?? tooMany('recipes', recipes);
    if (much !== null) return refused(text, syntax, much, documents);
    runs.push({ ...run, unreadParts: [...run.unreadParts, ...started] });
  }
  return {
    runs,
    findings: all.flatMap(({ document, notes }) => findingsIn(document, notes)),
    isBroken: all.some(({ isBroken }) => isBroken),
  };
});

/** What the cells of a notebook hold of one syntax has the bounds of one file. */
function tooLongTogether(documents: readonly Document[]): string | null {
  const syntaxes = [...new Set(documents.map(({ syntax }) => syntax))];
  const all = (of: TreeSyntax): string =>
    documents.flatMap(({ syntax, text }) => (syntax === of ? text : [])).join('\n');
  return syntaxes.reduce<string | null>((why, syntax) => why ?? tooLong(all(syntax), syntax), null);
}

/** The part of a too long file that is searched for a trainer's hint, in characters: around its first word of LoRA. */
const GLANCE = 1_000_000;

/** The result for a file that is too long or holds too much: a finding if that part looks like a config. */
function refused(text: string, syntax: SyntaxId, why: string, documents?: readonly Document[]): Understood {
  const syntaxes: readonly TreeSyntax[] = syntax === 'notebook' ? ['python', 'shell'] : [syntax];
  const isHinted = (documents ?? syntaxes.map((one) => ({ text, syntax: one }))).some((one) => {
    const start = Math.max(0, loraAt(one.text) - GLANCE / 2);
    return trainersHintedAt({ ...one, text: one.text.slice(start, start + GLANCE) }).length > 0;
  });
  return isHinted ? notRead('too-large', why) : NOTHING;
}

const notRead = (code: FindingCode, message: string): Understood => ({
  ...NOTHING,
  findings: [{ code, severity: 'info', message, line: null, range: null }],
});
