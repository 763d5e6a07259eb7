import type { Run, Adapter } from '../understand/run';
import { placeAt, placeOf, type NumberPlace } from './place';
import type { ReadField } from '../reading';
import { scheduleOf } from '../trainers/schedules';
import { numberIn } from '../syntax/scalars';
import { nodeAt, type ScalarNode } from '../syntax/tree';
import { under } from '../syntax/table';
import type { LinkedKey } from '../trainers/trainer';
import { key, type Key } from '../trainers/shared/fields';

/** A number that changes by the same factor as a field, and its place. */
export interface LinkedNumber {
  place: NumberPlace;
  from: number;
}

/** The numbers that change with `field`: copies of alpha, other learning rates, those of the schedule, other ratios. */
export function linkedNumbers(run: Run, adapter: Adapter, field: string): LinkedNumber[] {
  const main = placeOf(run, adapter.fields[field as ReadField])?.node ?? null;
  const stated = (keys: readonly Key[]): LinkedNumber[] =>
    keys
      .flatMap((each) => scalarsAt(run, each))
      .flatMap(({ key: itemKey, node }) => {
        const place = placeAt(itemKey, node);
        const from = numberIn(String(node.value));
        // A learning rate of 0 means that this part is not trained.
        return from && place.node?.inner.start !== main?.inner.start ? [{ place, from }] : [];
      });
  const { linkedRates = [], linkedRatios = [] } = run.layout;
  const keys = { learningRate: linkedRates, loraplusLrRatio: linkedRatios };
  const others = [...(run.layout.linkedKeys?.(run.root) ?? []), ...scheduleRates(run, adapter)];
  const own = others.filter((other) => other.field === field);
  const written = stated([...(under(keys, field) ?? []), ...own.map((other) => other.key)]);
  return [...written, ...own.flatMap((other) => unwritten(run, other))];
}

/** The learning rates among the arguments of the file's scheduler, if the file has a place for them. */
function scheduleRates({ layout: { schedule } }: Run, { recipe }: Adapter): LinkedKey[] {
  if (!schedule || schedule.at === null) return [];
  const { at, schedules, beside = [] } = schedule;
  const rates = scheduleOf(schedules, recipe.scheduler)?.rates ?? {};
  return Object.entries(rates).map(([name, rate]) => ({
    field: 'learningRate',
    key: key(at === '' ? name : `${at}.${name}`),
    default: rate,
    beside,
  }));
}

/** A default of the trainer has to be written into the file, or it stays. */
function unwritten({ root }: Run, { key: at, default: from, beside = [] }: LinkedKey): LinkedNumber[] {
  if (!from || nodeAt(root, at.path) !== null) return [];
  return [{ place: { key: at, node: null, isStated: false, lock: null, beside }, from }];
}

/** The scalars at `key`: one, the items of a list, or the values of a map. */
function scalarsAt({ root }: Run, at: Key): { key: Key; node: ScalarNode }[] {
  const node = nodeAt(root, at.path);
  if (node?.kind === 'scalar') return [{ key: at, node }];
  if (node?.kind === 'map') {
    return node.entries.flatMap(({ key: name, value }) =>
      value.kind === 'scalar' ? [{ key: { path: [...at.path, name], label: `${at.label}.${name}` }, node: value }] : [],
    );
  }
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item, i) =>
    item.kind === 'scalar' ? [{ key: { path: [...at.path, String(i)], label: `${at.label}[${i}]` }, node: item }] : [],
  );
}
