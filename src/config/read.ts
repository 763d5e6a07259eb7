import * as l10n from '@vscode/l10n';
import { forLast } from './syntax/for-last';
import { documentsOf } from './documents/split';
import { findingsOf, placed } from './findings/findings';
import { loraAt, mayHoldLora } from './hint';
import { interpret } from './understand/interpret';
import { notUnderstoodOf, type FileFacts, type Interpretation } from './understand/interpretation';
import { notReadBecause } from './understand/recognise/not-read';
import { opened, type Opened } from './understand/recognise/opened';
import { trainersHintedAt } from './understand/recognise/recognise';
import type { Finding, Reading, ReadRecipe, SyntaxId, TreeSyntax } from './reading';
import { tooLong, tooMany } from './syntax/bounds';
import { syntaxOf } from './syntax/parse';

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
  const notRead = notReadBecause(text, path);
  if (notRead !== null) {
    const finding = { code: 'format-not-read', severity: 'info', message: notRead, line: null, range: null } as const;
    return { ...nothing, findings: [finding] };
  }
  if (!syntax) return nothing;
  const { runs, findings, broken } = understand(text, syntax, facts.hasWeights ?? false);
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
  return understand(text, syntax, false).runs;
}

/** The last two texts: before and after a rewrite, which reads its own result. The editor reads the same text again. */
const understand = forLast(2, (text: string, syntax: SyntaxId, hasWeights: boolean): Understood => {
  if (!mayHoldLora(text)) return { runs: [], findings: [], broken: null };
  const long = tooLong(text, syntax);
  if (long !== null) return refused(text, syntax, long);
  const documents = documentsOf(text, syntax);
  const many = tooMany('documents', documents.length);
  if (many !== null) return refused(text, syntax, many);
  const all = documents.map(opened);
  const found = all.flatMap(({ found }) => found);
  const unread = found.reduce((sum, run) => sum + (run.unread?.length ?? 0), 0);
  const much = tooMany('runs', found.length) ?? tooMany('unread', unread);
  if (much !== null) return refused(text, syntax, much);
  return {
    // Several runs in a text need names.
    runs: found.map((one, i) =>
      interpret(one, found.length > 1 ? (one.name ?? l10n.t`run ${i + 1}`) : null, { hasWeights }),
    ),
    findings: all.flatMap(({ document, notes }) => placed(document, notes)),
    broken: all.find(({ broken }) => broken)?.broken ?? null,
  };
});

/** The part of a too long file that is searched for a trainer's hint, in characters: around its first word of LoRA. */
const GLANCE = 1_000_000;

/** The result for a file that is too long or holds too much: a finding if that part looks like a config. */
function refused(text: string, syntax: SyntaxId, why: string): Understood {
  const start = Math.max(0, loraAt(text) - GLANCE / 2);
  const part = text.slice(start, start + GLANCE);
  const syntaxes: readonly TreeSyntax[] = syntax === 'notebook' ? ['python', 'shell'] : [syntax];
  const isHinted = syntaxes.some((one) => trainersHintedAt({ text: part, syntax: one }).length > 0);
  const findings: Finding[] = isHinted
    ? [{ code: 'too-long', severity: 'info', message: why, line: null, range: null }]
    : [];
  return { runs: [], findings, broken: null };
}
