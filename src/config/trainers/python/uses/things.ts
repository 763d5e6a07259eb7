import { kindByName, type Kind, type Thing } from './kinds';

export const NONE: readonly Thing[] = [];

/** In a dict or a list that is made of them, parameters are a container of parameters. */
export function contents(things: readonly Thing[]): readonly Thing[] {
  return mapped(things, ({ kind }) => (kind === 'parameter' ? 'parameters' : kind));
}

export function mapped(things: readonly Thing[], kindOf: (thing: Thing) => Kind | undefined): readonly Thing[] {
  return united(
    things.map((thing): Thing[] => {
      const kind = kindOf(thing);
      return kind ? [{ ...thing, kind }] : [];
    }),
  );
}

/** All things of some lists, each once. */
export function united(lists: readonly (readonly Thing[])[]): readonly Thing[] {
  const found: Thing[] = [];
  for (const thing of lists.flat()) {
    if (!found.some(({ kind, made }) => kind === thing.kind && made === thing.made)) found.push(thing);
  }
  return found.length === 0 ? NONE : found;
}

/** An object of which the text does not show where it is made. */
export const unknownOf = (kind: Kind): Thing => ({ kind, made: -1 });

/** `kwargs["optimizer"]`: an object by the word for it. */
export function ofWord(word: string | null): readonly Thing[] {
  const kind = word === null ? undefined : kindByName(word);
  return kind ? [unknownOf(kind === 'base' ? 'model' : kind)] : NONE;
}
