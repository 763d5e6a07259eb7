import * as l10n from '@vscode/l10n';
import { lawOf, numberLabel, roundSignificant } from '../../recipe/notation';
import { constantOf, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { Change, Field, Plan } from '../../recipe/plans/plan';
import { alphaFor, type Recipe } from '../../recipe/recipe';
import type { Destination } from '../../recipe/target';
import { linkedNumbers } from './linked-numbers';
import { locate } from '../documents/document';
import type { Interpretation, Network } from '../understand/interpretation';
import { isSamePlace, literalFor, placeAt, placeOf, switchFor, type NumberPlace } from './place';
import { type ConfigChange, isChanged } from './config-change';
import type { Range } from '../reading';
import { reasonFor, SAME_ALPHA, SAME_DECAY, SAME_K, SAME_RATE, SAME_RATIO } from './reasons';
import { formatNumber } from '../syntax/numbers';
import { plainScalar } from '../syntax/scalars';
import type { Origin, ScalarNode } from '../syntax/tree';

/** A row of the plan's table, with the place of its number; null if it is not in this file. */
export interface PlacedChange {
  row: ConfigChange;
  place: NumberPlace | null;
}

interface PlanInFile {
  file: Interpretation;
  network: Network;
  plan: Plan;
  target: Destination;
  digits: number;
}

/** All changes of `plan` in this file: its own, and those of linked numbers. */
export function placedChanges(task: PlanInFile): PlacedChange[] {
  const { plan, file } = task;
  const row = rowOf(task.network.recipe);
  const own = plan.changes.map((change) => ownMove(task, change, row));
  const [inCode, rest] = [own.filter(isCode), own.filter((move) => !isCode(move))];
  const beside = rest.flatMap((move): PlacedChange[] => [
    move,
    ...(move.row.field === 'alpha' ? otherAlphas(task) : []),
    ...movesAlong(task, move),
  ]);
  return [...behindNames(file, beside), ...scriptMoves(task, row), ...inCode];
}

/**
 * If all uses of a name change to the same number, the number is written at the assignment of the name. If not, the
 * name keeps its value, and each changed use gets its own number.
 */
function behindNames(file: Interpretation, moves: readonly PlacedChange[]): PlacedChange[] {
  const originOf = ({ row, place }: PlacedChange): Origin | undefined =>
    isChanged(row) ? place?.node?.origin : undefined;
  const next = moves.map((move): PlacedChange => {
    const { row, place } = move;
    const origin = originOf(move);
    if (!place || !origin?.node) return move;
    const { inner } = origin.node;
    const alike = moves.filter(
      (other) => originOf(other)?.node?.inner.start === inner.start && other.row.written === row.written,
    );
    const behind = placeAt(place.key, origin.node);
    if (new Set(alike.map((other) => other.place?.node?.inner.start)).size < origin.uses || behind.lock) return move;
    return { row: rowAt(file, behind, { ...row, from: null }, row.why), place: behind };
  });
  return next.some((move, i) => move !== moves[i]) ? behindNames(file, next) : next;
}

function isCode({ row }: PlacedChange): boolean {
  return row.place === 'code';
}

/** The row whose rules the plan follows. */
function rowOf({ optimizer }: Recipe): OptimizerRow {
  const row = rowFor(optimizer);
  if (!row) throw new Error(`no rule is known for the optimizer ${optimizer.name}`);
  return row;
}

function ownMove({ file, network, plan }: PlanInFile, change: Change, row: OptimizerRow): PlacedChange {
  const { field } = change;
  const why = reasonFor(field, plan, row);
  if (field === 'init') return { row: { ...initRow(change, plan), why }, place: null };
  const place = placeOf(file, network.fields[field]);
  if (change.of !== undefined) {
    const named = place?.key.label ?? file.layout.inScript?.[field] ?? field;
    return { row: { ...groupRow(change, l10n.t`${named} of ${change.of}`), why }, place: null };
  }
  // An unknown number is in the user's script, or where the expression says.
  if (!place || change.from === null || network.recipe.unresolved?.[field] !== undefined) {
    const key = file.layout.inScript?.[field] ?? place?.key.label ?? field;
    return { row: { ...change, key, from: null, to: null, why, place: 'script', line: null }, place: null };
  }
  return { row: rowAt(file, place, change, why), place };
}

function initRow(change: Change, { init }: Plan): Omit<ConfigChange, 'why'> {
  const to = change.written === null ? null : formatNumber(change.written, false);
  return { ...change, key: l10n.t`init of ${init.A === 1 ? 'B' : 'A'}`, from: '1', to, place: 'code', line: null };
}

/** A number that code multiplies for one factor; the file stays. */
function groupRow(change: Change, key: string): Omit<ConfigChange, 'why'> {
  const shown = (value: number | null): string | null =>
    value === null ? null : formatNumber(roundSignificant(value, 6), false);
  return { ...change, key, from: shown(change.from), to: shown(change.written), place: 'code', line: null };
}

function rowAt(file: Interpretation, place: NumberPlace, change: Change, why: string): ConfigChange {
  const { node, key, isStated } = place;
  const now = isStated && node ? node.raw : change.from === null ? null : literalOf(file, place, change, change.from);
  return {
    ...change,
    key: key.label,
    from: now,
    ...(isStated && comesTo(node)),
    // An unchanged number keeps its spelling.
    to:
      change.written === null
        ? null
        : change.factor === 1 && change.field !== 'useRslora'
          ? now
          : literalOf(file, place, change, change.written),
    why,
    place: isStated ? 'file' : 'default',
    ...lineOf(file, node && node.inner),
  };
}

/** The number behind a name or an expression. */
function comesTo(node: ScalarNode | null): Pick<ConfigChange, 'comesTo'> | null {
  const { raw, value } = node ?? {};
  if (typeof value !== 'number' || raw === undefined || typeof plainScalar(raw) === 'number') return null;
  return { comesTo: numberLabel(value) };
}

/** The line, and in a notebook the cell, of a range. */
function lineOf({ document }: Interpretation, range: Range | null): Pick<ConfigChange, 'line' | 'inCell'> {
  if (!range) return { line: null };
  const { line, inCell } = locate(document, range);
  return { line, ...(inCell && { inCell }) };
}

function literalOf(file: Interpretation, place: NumberPlace, { field }: Change, value: number): string {
  if (field === 'useRslora') return switchFor(file, place, value === 1);
  const rate = placeOf(file, file.networks[0]?.fields.learningRate)?.node ?? null;
  return literalFor(file, place, value, field === 'alpha', rate);
}

/** The alphas of the other networks: by their own number, so that their scalings move by the same k. */
function otherAlphas({ file, network, target, digits }: PlanInFile): PlacedChange[] {
  const taken = [placeOf(file, network.fields.alpha)];
  return file.networks.flatMap((other): PlacedChange[] => {
    const place = placeOf(file, other.fields.alpha);
    if (!place || taken.some((known) => isSamePlace(known, place))) return [];
    taken.push(place);
    const { alpha, scaling, rank, multiplier } = other.recipe;
    const change =
      target.scalingRule === other.recipe.scalingRule
        ? moved('alpha', alpha, target.k, lawOf(1), digits)
        : moved(
            'alpha',
            alpha,
            alphaFor(target.scalingRule, scaling * target.k, rank, multiplier) / alpha,
            l10n.t('to the same k'),
            digits,
          );
    return [{ row: rowAt(file, place, change, SAME_K), place }];
  });
}

/** Numbers that move by the same factor as the one that `move` is about. */
function movesAlong({ file, network, digits }: PlanInFile, move: PlacedChange): PlacedChange[] {
  const { field, factor, law } = move.row;
  const why = WHY_ALONG[field];
  if (factor === 1 || why === undefined) return [];
  return linkedNumbers(file, network, field).map(({ place, from }) => ({
    row: rowAt(file, place, moved(field, from, factor, law, digits), why),
    place,
  }));
}

const WHY_ALONG: Partial<Record<Field, string>> = {
  alpha: SAME_ALPHA,
  learningRate: SAME_RATE,
  weightDecay: SAME_DECAY,
  loraplusLrRatio: SAME_RATIO,
};

/** What the user's own script must move, where the optimizer is not in this file. */
function scriptMoves({ file, target: { k }, plan }: PlanInFile, row: OptimizerRow): PlacedChange[] {
  const { shared } = plan;
  if (shared === null) return [];
  const powers: Partial<Record<Field, number>> = {
    weightDecay: row.decayPower * shared,
    eps: (constantOf(row, 'eps')?.power ?? 0) * shared,
    maxGradNorm: shared,
  };
  const known = new Set(plan.changes.map(({ field }) => field));
  return (Object.entries(file.layout.inScript ?? {}) as [Field, string][]).flatMap(([field, key]): PlacedChange[] => {
    const power = powers[field];
    if (known.has(field) || power === undefined || power === 0) return [];
    const why = reasonFor(field, plan, row);
    const change: Change = { field, from: null, exact: null, written: null, factor: k ** power, law: lawOf(power) };
    return [{ row: { ...change, key, from: null, to: null, why, place: 'script', line: null }, place: null }];
  });
}

function moved(field: Field, from: number, factor: number, law: string, digits: number): Change {
  const exact = from * factor;
  return { field, from, exact, written: roundSignificant(exact, digits), factor, law };
}
