import * as l10n from '@vscode/l10n';
import { lawOf, numberLabel, roundSignificant, WRITTEN_DIGITS } from '../../recipe/notation';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { Change, Field, Plan } from '../../recipe/plans/plan';
import type { RankPlan } from '../../recipe/rank/plan';
import { alphaFor } from '../../recipe/recipe';
import { heldNumbers } from '../../recipe/signature';
import type { Destination } from '../../recipe/target';
import { locate } from '../documents/document';
import type { InCell } from '../reading';
import { formatNumber } from '../syntax/numbers';
import { plainScalar } from '../syntax/scalars';
import type { ScalarNode } from '../syntax/tree';
import type { Run, Adapter } from '../understand/run';
import { linkedNumbers, isSamePlace, literalFor, placeAt, placeOf, switchFor, type NumberPlace } from './place';
import { reasonFor, SAME_K, WHY_ALONG } from './reasons';

/** One change, in the words of the file. A change of only A or B is made by code. */
export interface ConfigChange extends Omit<Change, 'from'> {
  /** The trainer's key, or `init of A`, `init of B`. */
  key: string;
  /** The old value as the file has it, or as its default would be written; null if unknown. */
  from: string | null;
  /** The value of `from` if that is a name or an expression: `2e-4` for `lr`. */
  comesTo?: string;
  /** The new value as it will be written; null if unknown. */
  to: string | null;
  why: string;
  /**
   * `file`: the value is in the file; `default`: the value is a default of the trainer and must now be written down;
   * `code`: the init snippet; `script`: the number is not in this file.
   */
  where: 'file' | 'default' | 'code' | 'script';
  line: number | null;
  inCell?: InCell;
}

/** The old value as the table shows it: `16`, `lr = 2e-4`; null if unknown. */
export const oldValueWords = ({ from, comesTo }: Pick<ConfigChange, 'from' | 'comesTo'>): string | null =>
  comesTo === undefined ? from : `${from} = ${comesTo}`;

/** The last column of the table: where a number comes from if it is not in the file. */
export const WHERE_WORDS: Readonly<Record<ConfigChange['where'], string>> = {
  file: '',
  default: l10n.t('default'),
  code: l10n.t('in code'),
  script: l10n.t('in your script'),
};

/** Whether the number changes. If not, the file keeps its own spelling of it. */
export function isChanged({ field, written, from, factor, exact }: ConfigChange): boolean {
  // At rank 1 rsLoRA does not change the scaling, but the user asked for the switch.
  if (field === 'useRslora') return true;
  return written !== null && factor !== 1 && !(from !== null && Number(from) === written && exact === written);
}

/** A row of the plan's table, with the place of its number; null if it is not in this file. */
export interface PlacedChange {
  change: ConfigChange;
  place: NumberPlace | null;
}

interface PlanInFile {
  run: Run;
  adapter: Adapter;
  plan: Plan;
  target: Destination;
  digits: number;
}

/** All changes of `plan` in this file: its own, and those of linked numbers. */
export function placedChanges(task: PlanInFile): PlacedChange[] {
  const { plan, run, adapter } = task;
  const row = rowFor(adapter.recipe.optimizer);
  if (!row) throw new Error(`no rule is known for the optimizer ${adapter.recipe.optimizer.name}`);
  const own = plan.changes.map((change) => ownMove(task, change, row));
  const isInCode = ({ change }: PlacedChange): boolean => change.where === 'code';
  const inFile = own.filter((placed) => !isInCode(placed));
  const beside = inFile.flatMap((placed) => [
    ...[placed, ...(placed.change.field === 'alpha' ? otherAlphas(task) : [])],
    ...movesAlong(task, placed.change),
  ]);
  return [...behindNames(run, beside), ...scriptMoves(task, row), ...own.filter(isInCode)];
}

/**
 * If all uses of a name change to the same number, the number is written at the assignment of the name. If not, the
 * name keeps its value, and each changed use gets its own number.
 */
function behindNames(run: Run, changes: readonly PlacedChange[]): PlacedChange[] {
  const startOf = ({ node }: NumberPlace): number | undefined => node?.inner.start;
  const behindOf = ({ change, place }: PlacedChange): ScalarNode | null =>
    (isChanged(change) ? place?.node?.origin?.node : null) ?? null;
  const next = changes.map((placed): PlacedChange => {
    const { change, place } = placed;
    const node = behindOf(placed);
    if (!place || !node) return placed;
    const alike = changes.filter(
      (other) => behindOf(other)?.inner.start === node.inner.start && other.change.written === change.written,
    );
    const uses = new Set(alike.map((other) => other.place && startOf(other.place))).size;
    const behind = placeAt(place.key, node);
    if (uses < (place.node?.origin?.uses ?? 0) || behind.lock) return placed;
    return changeAt(run, behind, { ...change, from: null }, change.why);
  });
  return next.some((placed, i) => placed !== changes[i]) ? behindNames(run, next) : next;
}

function ownMove({ run, adapter, plan }: PlanInFile, change: Change, row: OptimizerRow): PlacedChange {
  const { field, of, from, written } = change;
  const why = reasonFor(field, plan, row);
  const place = placeOf(run, adapter.fields[field]);
  const inScript = run.layout.inScript?.[field];
  const shown = (value: number | null): string | null => (value === null ? null : formatNumber(value, false));
  if (field === 'init') {
    const key = l10n.t`init of ${plan.init.A === 1 ? 'B' : 'A'}`;
    return unplaced(change, { key, from: '1', to: shown(written), why, where: 'code' });
  }
  if (of !== undefined) {
    // A number that code multiplies for one factor; the file stays.
    const [old, now] = [from, written].map((value) => shown(value && roundSignificant(value, 6)));
    const key = l10n.t`${place?.key.label ?? inScript ?? field} of ${of}`;
    return unplaced(change, { key, from: old ?? null, to: now ?? null, why, where: 'code' });
  }
  return moveInFile(run, adapter, change, why);
}

function moveInFile(run: Run, adapter: Adapter, change: Change, why: string): PlacedChange {
  const { field, from } = change;
  const place = placeOf(run, adapter.fields[field]);
  // An unknown number is in the user's script, or where the expression says.
  if (place && from !== null && adapter.recipe.unresolved?.[field] === undefined) {
    return changeAt(run, place, change, why);
  }
  const key = run.layout.inScript?.[field] ?? place?.key.label ?? field;
  return unplaced(change, { key, why, where: 'script', ...lineOf(run, place) });
}

/** The changes for another rank, and those of linked learning rates. */
export function rankChanges(run: Run, adapter: Adapter, { changes, says }: RankPlan): PlacedChange[] {
  const own = changes.map((change) => moveInFile(run, adapter, change, change.field === 'rank' ? '' : says));
  return behindNames(
    run,
    own.flatMap((placed) => [placed, ...movesAlong({ run, adapter, digits: WRITTEN_DIGITS }, placed.change)]),
  );
}

/** The line of the expression that a value outside of the file comes from. */
function lineOf({ document }: Run, place: NumberPlace | null): Pick<ConfigChange, 'line' | 'inCell'> {
  if (!place?.node) return { line: null };
  const { line, inCell } = locate(document, place.node.inner);
  return { line, ...(inCell && { inCell }) };
}

function unplaced(
  change: Change,
  about: Pick<ConfigChange, 'key' | 'why' | 'where'> & Partial<Pick<ConfigChange, 'from' | 'to' | 'line' | 'inCell'>>,
): PlacedChange {
  return { change: { ...change, from: null, to: null, line: null, ...about }, place: null };
}

function changeAt(run: Run, place: NumberPlace, change: Change, why: string): PlacedChange {
  const { node, key, isStated } = place;
  const literalOf = (value: number | null): string | null => {
    if (value === null) return null;
    if (change.field === 'useRslora') return switchFor(run, place, value === 1);
    const rate = placeOf(run, run.adapters[0]?.fields.learningRate)?.node ?? null;
    return literalFor(run, place, value, ['alpha', 'rank'].includes(change.field), rate);
  };
  const now = isStated && node ? node.raw : literalOf(change.from);
  // An unchanged number keeps its spelling.
  const isKept = change.factor === 1 && change.field !== 'useRslora' && change.written !== null;
  const { raw, value } = node ?? {};
  const isName = isStated && typeof value === 'number' && raw !== undefined && typeof plainScalar(raw) !== 'number';
  const row: ConfigChange = {
    ...change,
    ...{ key: key.label, from: now, to: isKept ? now : literalOf(change.written), why, ...lineOf(run, place) },
    where: isStated ? 'file' : 'default',
    ...(isName ? { comesTo: numberLabel(value) } : {}),
  };
  return { change: row, place };
}

/** The alphas of the other adapters: by their own number, so that their scalings move by the same k. */
function otherAlphas({ run, adapter, target, digits }: PlanInFile): PlacedChange[] {
  const taken = [placeOf(run, adapter.fields.alpha)];
  return run.adapters.flatMap((other): PlacedChange[] => {
    const place = placeOf(run, other.fields.alpha);
    if (!place || taken.some((known) => isSamePlace(known, place))) return [];
    taken.push(place);
    const { alpha, scaling, rank, multiplier, scalingRule } = other.recipe;
    const isSameRule = target.scalingRule === scalingRule;
    const factor = isSameRule ? target.k : alphaFor(target.scalingRule, scaling * target.k, rank, multiplier) / alpha;
    const law = isSameRule ? lawOf(1) : l10n.t('to the same k');
    return [changeAt(run, place, moved('alpha', alpha, factor, law, digits), SAME_K)];
  });
}

function movesAlong(
  { run, adapter, digits }: Pick<PlanInFile, 'run' | 'adapter' | 'digits'>,
  { field, factor, law }: ConfigChange,
): PlacedChange[] {
  const why = WHY_ALONG[field];
  if (factor === 1 || why === undefined) return [];
  return linkedNumbers(run, adapter, field).map(({ place, from }) =>
    changeAt(run, place, moved(field, from, factor, law, digits), why),
  );
}

/** What must move outside of this file: in the user's own script, or behind an expression that nobody can follow. */
function scriptMoves({ run, adapter, target: { k }, plan }: PlanInFile, row: OptimizerRow): PlacedChange[] {
  const { shared } = plan;
  if (shared === null) return [];
  const held = heldNumbers(row).filter(({ field }) => plan.changes.every((change) => change.field !== field));
  const names = run.layout.inScript ?? {};
  const fields = new Set([...(Object.keys(names) as Field[]), ...held.map(({ field }) => field)]);
  return [...fields].flatMap((field): PlacedChange[] => {
    const place = adapter.recipe.unresolved?.[field] === undefined ? null : placeOf(run, adapter.fields[field]);
    const key = names[field] ?? place?.key.label;
    const power = (held.find((number) => number.field === field)?.power ?? 0) * shared;
    if (power === 0 || key === undefined) return [];
    const change: Change = { field, from: null, exact: null, written: null, factor: k ** power, law: lawOf(power) };
    return [unplaced(change, { key, why: reasonFor(field, plan, row), where: 'script', ...lineOf(run, place) })];
  });
}

function moved(field: Field, from: number, factor: number, law: string, digits: number): Change {
  const exact = from * factor;
  return { field, from, exact, written: roundSignificant(exact, digits), factor, law };
}
