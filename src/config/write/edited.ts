import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { editsInFile } from '../documents/document';
import { asWritten } from '../init-code/placed';
import { interpretText } from '../read';
import type { ReadRecipe, TextEdit } from '../reading';
import type { Run } from '../understand/run';
import { applyEdits } from './edits';
import { editsFor, type Writing } from './writing';

interface Edited {
  edits: TextEdit[];
  text: string;
  runs: readonly Run[];
}

export interface Refused {
  refusal: Caveat;
}

export const refused = (code: string, message: string): Refused => ({ refusal: { code, message } });

/** The error that has to be fixed before anything is written, or null. */
export function errorIn({ notes }: Run): Caveat | null {
  const error = notes.find(({ severity }) => severity === 'error');
  return error ? { code: error.code, message: l10n.t`Fix this first: ${error.message}` } : null;
}

/** Numbers written into the file of a run, with the smallest edits, and new code for its own; or why they cannot be. */
export function edited(text: string, run: Run, writings: readonly Writing[], code = ''): Edited | Refused {
  const inDocument = editsFor(run, writings);
  if (!Array.isArray(inDocument)) return { refusal: inDocument };
  const edits = editsInFile(run.document, [...inDocument, ...codeEdits(run, code)]);
  if (!edits) return refused('in-pieces', l10n.t('A value is split into several pieces; change it by hand.'));
  const after = applyEdits(text, edits);
  const { place, syntax } = run.document;
  return { edits, text: after, runs: interpretText(after, place ? (place.inCell ? 'notebook' : 'python') : syntax) };
}

/** Changes our code where it stands, line by line, as a notebook's file holds it. */
function codeEdits({ document, own: { at } }: Run, code: string): TextEdit[] {
  if (!at || code === '') return [];
  const now = asWritten(code, at.indent, document.text).split('\n');
  const was = document.text.slice(at.range.start, at.range.end).split('\n');
  let end = at.range.start - 1;
  return was.flatMap((line, i): TextEdit[] => {
    const start = end + 1;
    end = start + line.length;
    // The lines that are more come with the last one; where they are fewer, the new text is refused.
    const text = i < was.length - 1 ? (now[i] ?? '') : now.slice(i).join('\n');
    return text === line ? [] : [{ range: { start, end }, text }];
  });
}

export const recipesIn = (runs: readonly Run[]): ReadRecipe[] =>
  runs.flatMap(({ adapters }) => adapters.map(({ recipe }) => recipe));

/** Whether two recipes are alike except for these fields, whatever their lines. */
export function isSameRecipe(
  one: ReadRecipe | undefined,
  other: ReadRecipe | undefined,
  ...except: readonly (keyof ReadRecipe)[]
): boolean {
  const left = Object.fromEntries(['stated', 'assumed', 'initFactors', ...except].map((key) => [key, null]));
  return isEqual(one && { ...one, ...left }, other && { ...other, ...left });
}

/** Whether two runs have the same recipes, whatever their lines. */
export const isSameRun = ({ adapters }: Run, other: Run | undefined): boolean =>
  adapters.length === other?.adapters.length &&
  adapters.every(({ recipe }, i) => isSameRecipe(recipe, other.adapters[i]?.recipe));

export const isEqual = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);

/** Sorts the keys of objects, so that equal objects give equal JSON. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
