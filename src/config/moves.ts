import { lawOf } from '../recipe/notation';
import { constantOf, lrPower, type OptimizerRow } from '../recipe/optimizer-row';
import { optimizerRow } from '../recipe/optimizers';
import { ASSUMED_ROW, type Change, type Field, type Plan } from '../recipe/plans';
import type { Recipe } from '../recipe/recipe';
import { roundSignificant } from '../recipe/rounding';
import type { Interpretation, Network } from './interpret';
import { literalFor, placeAt, placeOf, type Place } from './place';
import type { ConfigChange } from './planned';
import { reasonFor, SAME_K, SAME_RATE } from './reasons';
import { lineAt } from './syntax/lines';
import { formatNumber } from './syntax/numbers';
import { numberIn } from './syntax/scalars';
import { nodeAt, type ScalarNode } from './syntax/tree';
import type { Key } from './trainers/trainer';

/** A row of the plan's table, and where in the file its number goes (null: not in this file). */
export interface Move {
  row: ConfigChange;
  place: Place | null;
}

interface Task {
  file: Interpretation;
  network: Network;
  plan: Plan;
  k: number;
  digits: number;
}

/** Everything that moves under `plan`: its own changes, and what stands beside them in this file and must move along. */
export function movesOf(task: Task): Move[] {
  const { plan } = task;
  const row = rowOf(task.network.recipe);
  const own = plan.changes.map((change) => ownMove(task, change, row));
  const [inCode, rest] = [own.filter(isCode), own.filter((move) => !isCode(move))];
  const beside = rest.flatMap((move): Move[] => {
    if (move.row.field === 'alpha') return [move, ...otherAlphas(task)];
    return move.row.field === 'learningRate' ? [move, ...otherRates(task, row, move.row.law)] : [move];
  });
  return [...beside, ...(plan.id === 'symmetric' ? scriptMoves(task, row) : []), ...inCode];
}

function isCode({ row }: Move): boolean {
  return row.place === 'code';
}

/** The row whose rules the plan follows. */
function rowOf({ optimizer }: Recipe): OptimizerRow {
  const row = optimizerRow(optimizer.row ?? ASSUMED_ROW);
  if (!row) throw new Error(`no optimizer row ${optimizer.row}`);
  return row;
}

function ownMove({ file, network, plan }: Task, change: Change, row: OptimizerRow): Move {
  const { field } = change;
  const why = reasonFor(field, plan.id, row);
  if (field === 'init') return { row: { ...initRow(change), why }, place: null };
  const place = placeOf(file, network.fields[field]);
  // A rate that nobody knows cannot be written: it stands in the user's own script.
  if (!place || change.from === null) {
    const key = file.layout.inScript?.[field] ?? place?.key.label ?? field;
    return { row: { ...change, key, from: null, to: null, why, place: 'script', line: null }, place: null };
  }
  return { row: rowAt(file, place, change, why), place };
}

function initRow(change: Change): Omit<ConfigChange, 'why'> {
  const to = change.written === null ? null : formatNumber(change.written, false);
  return { ...change, key: 'init of A', from: '1', to, place: 'code', line: null };
}

function rowAt(file: Interpretation, place: Place, change: Change, why: string): ConfigChange {
  const { node, key, isStated } = place;
  const isAlpha = change.field === 'alpha';
  const now = isStated && node ? node.raw : change.from === null ? null : formatNumber(change.from, !isAlpha);
  return {
    ...change,
    key: key.label,
    from: now,
    to: change.written === null ? null : literalFor(place, change.written, isAlpha),
    why,
    place: isStated ? 'file' : 'default',
    line: node ? lineAt(file.text, node.inner.start) : null,
  };
}

/** The alphas of the other networks: by their own number, times the same k. */
function otherAlphas({ file, network, k, digits }: Task): Move[] {
  const taken = [placeOf(file, network.fields.alpha)];
  return file.networks.flatMap((other): Move[] => {
    const place = placeOf(file, other.fields.alpha);
    if (!place || taken.some((known) => known && isSame(known, place))) return [];
    taken.push(place);
    const from = other.recipe.alpha;
    const change = moved('alpha', from, k, 1, digits);
    return [{ row: rowAt(file, place, change, SAME_K), place }];
  });
}

/** Rates beside the learning rate. */
function otherRates({ file, network, plan, k, digits }: Task, row: OptimizerRow, law: string): Move[] {
  const own = placeOf(file, network.fields.learningRate)?.node ?? null;
  const power = lrPower(row) / (plan.id === 'symmetric' ? 2 : 1);
  return (file.layout.ridersOfRate ?? []).flatMap((key) =>
    scalarsAt(file, key)
      .filter(({ node }) => node.inner.start !== own?.inner.start)
      .flatMap(({ key: itemKey, node }): Move[] => {
        const from = numberIn(String(node.value));
        // A rate of 0 says that this part is not trained.
        if (!from) return [];
        const place = placeAt(itemKey, node);
        const change = { ...moved('learningRate', from, k, power, digits), law };
        return [{ row: rowAt(file, place, change, SAME_RATE), place }];
      }),
  );
}

/** What the user's own script must move, where the optimizer is not in this file. */
function scriptMoves({ file, k, plan }: Task, row: OptimizerRow): Move[] {
  const powers: Partial<Record<Field, number>> = {
    weightDecay: row.decayPower / 2,
    eps: (constantOf(row, 'eps')?.power ?? 0) / 2,
    maxGradNorm: 1 / 2,
  };
  const known = new Set(plan.changes.map(({ field }) => field));
  return (Object.entries(file.layout.inScript ?? {}) as [Field, string][]).flatMap(([field, key]): Move[] => {
    const power = powers[field];
    if (known.has(field) || power === undefined || power === 0) return [];
    const why = reasonFor(field, plan.id, row);
    const change: Change = { field, from: null, exact: null, written: null, factor: k ** power, law: lawOf(power) };
    return [{ row: { ...change, key, from: null, to: null, why, place: 'script', line: null }, place: null }];
  });
}

function moved(field: Field, from: number, k: number, power: number, digits: number): Change {
  const factor = k ** power;
  const exact = from * factor;
  return { field, from, exact, written: roundSignificant(exact, digits), factor, law: lawOf(power) };
}

/** The scalars at `key`: one, or the items of a list. */
function scalarsAt({ root }: Interpretation, key: Key): { key: Key; node: ScalarNode }[] {
  const node = nodeAt(root, key.path);
  if (node?.kind === 'scalar') return [{ key, node }];
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item, i) =>
    item.kind === 'scalar'
      ? [{ key: { path: [...key.path, String(i)], label: `${key.label}[${i}]` }, node: item }]
      : [],
  );
}

function isSame(a: Place, b: Place): boolean {
  return a.node && b.node ? a.node.inner.start === b.node.inner.start : a.key.label === b.key.label;
}
