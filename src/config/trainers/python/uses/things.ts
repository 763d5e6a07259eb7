import type { Kind, Thing } from './kinds';

export const NONE: readonly Thing[] = [];

/** What transformers hands a callback under this name. */
export function ofCallback(name: string | undefined): readonly Thing[] {
  const kinds: Readonly<Record<string, Kind>> = {
    ...{ args: 'args', model: 'model', optimizer: 'optimizer', lr_scheduler: 'scheduler', kwargs: 'callback-kwargs' },
  };
  const kind = name === undefined ? undefined : kinds[name];
  return kind ? [{ kind, made: -1 }] : NONE;
}

/** In a dict or a list that is made of them, parameters are a container of parameters. */
export function contents(things: readonly Thing[]): readonly Thing[] {
  return mapped(things, ({ kind }) => (kind === 'parameter' ? 'parameters' : kind));
}

export function mapped(things: readonly Thing[], kindOf: (thing: Thing) => Kind | undefined): readonly Thing[] {
  if (things.length === 0) return NONE;
  return united([
    things.flatMap((thing): Thing[] => {
      const kind = kindOf(thing);
      return kind ? [{ kind, made: thing.made }] : [];
    }),
  ]);
}

/** Whether two lists have the same items in any order. */
export function areSame(some: readonly Thing[] = NONE, others: readonly Thing[]): boolean {
  const has = (list: readonly Thing[], { kind, made }: Thing): boolean =>
    list.some((thing) => thing.kind === kind && thing.made === made);
  return some.length === others.length && some.every((thing) => has(others, thing));
}

export function united(lists: readonly (readonly Thing[])[]): readonly Thing[] {
  const found: Thing[] = [];
  for (const list of lists) {
    for (const thing of list) {
      if (!found.some(({ kind, made }) => kind === thing.kind && made === thing.made)) found.push(thing);
    }
  }
  return found.length === 0 ? NONE : found;
}
