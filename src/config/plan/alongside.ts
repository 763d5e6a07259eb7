import type { Interpretation, Network } from '../understand/interpretation';
import { placeAt, placeOf, type Place } from './place';
import type { ReadField } from '../reading';
import { scheduleOf } from '../trainers/schedules';
import { numberIn } from '../syntax/scalars';
import { nodeAt, type ScalarNode } from '../syntax/tree';
import { under } from '../syntax/table';
import type { AlongsideKey } from '../trainers/trainer';
import { key, type Key } from '../trainers/shared/fields';

/** A number that moves by the same factor as a field's own, and where it stands or would be written. */
export interface Alongside {
  place: Place;
  from: number;
}

/** Copies of alpha, rates of other parts and of the schedule, ratios of other parts: what moves with `field`. */
export function alongside(file: Interpretation, network: Network, field: string): Alongside[] {
  const main = placeOf(file, network.fields[field as ReadField])?.node ?? null;
  const stated = (keys: readonly Key[]): Alongside[] =>
    keys
      .flatMap((each) => scalarsAt(file, each))
      .flatMap(({ key: itemKey, node }) => {
        const place = placeAt(itemKey, node);
        const from = numberIn(String(node.value));
        // A rate of 0 says that this part is not trained.
        return from && place.node?.inner.start !== main?.inner.start ? [{ place, from }] : [];
      });
  const { ridersOfAlpha = [], ridersOfRate = [], ridersOfRatio = [] } = file.layout;
  const keys = { alpha: ridersOfAlpha, learningRate: ridersOfRate, loraplusLrRatio: ridersOfRatio };
  const others = [...(file.layout.alongside?.(file.root) ?? []), ...scheduleRates(file, network)];
  const own = others.filter((other) => other.field === field);
  const written = stated([...(under(keys, field) ?? []), ...own.map((other) => other.key)]);
  return [...written, ...own.flatMap((other) => unwritten(file, other))];
}

/** The learning rates that the arguments of the file's scheduler can hold, where the file has a place for them. */
function scheduleRates({ layout: { schedule } }: Interpretation, { recipe }: Network): AlongsideKey[] {
  if (!schedule || schedule.at === null) return [];
  const { at, schedules, beside = [] } = schedule;
  const rates = scheduleOf(schedules, recipe.scheduler)?.rates ?? {};
  return Object.entries(rates).map(([name, otherwise]) => ({
    field: 'learningRate',
    key: key(at === '' ? name : `${at}.${name}`),
    otherwise,
    beside,
  }));
}

/** A number that the trainer takes by itself has to be written down, or it stays. */
function unwritten({ root }: Interpretation, { key: at, otherwise, beside = [] }: AlongsideKey): Alongside[] {
  if (otherwise === 0 || nodeAt(root, at.path) !== null) return [];
  return [{ place: { key: at, node: null, isStated: false, lock: null, beside }, from: otherwise }];
}

/** The scalars at `key`: one, the items of a list, or the values of a map. */
function scalarsAt({ root }: Interpretation, at: Key): { key: Key; node: ScalarNode }[] {
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
