import * as l10n from '@vscode/l10n';
import { scalingEquation } from '../../recipe/notation';
import { locate, type Document } from '../documents/document';
import type { Finding, Reading } from '../reading';
import { writeKey } from '../trainers/shared/fields';
import { goesOnFrom, rangeOfTrap } from '../trainers/shared/trap';
import { statedAt } from '../understand/fields/values';
import type { Run } from '../understand/run';
import { furtherWords, isMissing, isScriptArgument } from '../understand/not-understood';
import { Notes, type Note } from '../understand/notes';

/**
 * What is said about one run, and what was not understood of it, so that the editor marks its lines.
 * @param index of the run among those of the text
 */
export function findingsOf(run: Run, index: number): Finding[] {
  const unread = run.unreadParts.map(({ line, inCell, range, source, why }): Finding => {
    const message = isMissing({ source }) ? why : l10n.t`Not understood: ${`\`${source}\``}. ${why}`;
    return { code: 'not-understood', severity: 'info', message, line, ...(inCell && { inCell }), range };
  });
  return [...findingsIn(run.document, notesOf(run)).map((finding) => ({ ...finding, run: index })), ...unread];
}

/** All notes about a run: those of reading it, and those that its recipes and its traps give. */
export function notesOf(run: Run): readonly Note[] {
  const notes = new Notes();
  notes.list.push(...run.notes);
  for (const note of [noteTraps, noteScriptArguments, noteImpliedAlpha]) note(notes, run);
  return notes.list;
}

/** Notes of a document as findings of its file; the same code at the same place is one. */
export function findingsIn(document: Document, notes: readonly Note[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const { code, severity, message, range, goesOn } of notes) {
    const at = range && locate(document, range);
    const about = `${code} ${at?.range.start}`;
    if (found.has(about)) continue;
    found.set(about, {
      ...{ code, severity, message, line: at?.line ?? null, range: at?.range ?? null },
      ...(at?.inCell && { inCell: at.inCell }),
      ...(goesOn && { goesOn }),
    });
  }
  return [...found.values()];
}

/** Why a file has no recipe: an error, an unresolved value, or why it is not read at all. */
export function withoutRecipe({ isLora, findings }: Pick<Reading, 'isLora' | 'findings'>): Finding | null {
  return (
    findings.find(({ severity }) => severity === 'error') ??
    findings.find(({ code }) => code === 'value-elsewhere') ??
    (isLora ? null : (findings[0] ?? null))
  );
}

function noteTraps(notes: Notes, { traps, root }: Run): void {
  for (const trap of traps) {
    const { severity, code, message, fixes } = trap;
    if (!severity || !trap.applies(root)) continue;
    notes.add(severity, code, message, rangeOfTrap(trap, root), fixes, goesOnFrom(trap, root));
  }
}

/** Words that the script is called with (`"$@"`): empty in the run as written, but they would override its flags. */
function noteScriptArguments(notes: Notes, { root }: Run): void {
  for (const { inner, unresolved, raw } of furtherWords(root).filter(isScriptArgument)) {
    const code = `\`${unresolved ?? raw}\``;
    const message = l10n.t`Arguments of the script are added here (${code}). LoRA Alpha reads the command without them. A flag passed there overrides the same flag before it and every default.`;
    notes.add('info', 'arguments-added', message, inner);
  }
}

/** An alpha outside of half to twice the rank that is a default; the fix writes alpha down. */
function noteImpliedAlpha(notes: Notes, { adapters, root }: Run): void {
  for (const [alphaOf, { recipe, fields }] of adapters.entries()) {
    const why = recipe.assumed.alpha;
    const isUsual = recipe.scaling >= 0.5 && recipe.scaling <= 2;
    const key = fields.alpha && writeKey(fields.alpha);
    if (why === undefined || isUsual || !key) continue;
    const message = l10n.t`${key.label} is not set. ${why} The scaling is then s = ${scalingEquation(recipe)}. Set ${key.label}, so that the file says what is trained.`;
    const near = fields.rank && statedAt(root, fields.rank);
    const fix = { title: l10n.t`Set ${key.label} = ${recipe.alpha}`, preferred: true, alphaOf };
    notes.add('warning', 'alpha-implied', message, near?.node.inner ?? null, [fix]);
  }
}
