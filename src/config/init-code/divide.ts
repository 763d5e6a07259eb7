import { initFacts } from '../../recipe/init/facts';
import type { Recipe } from '../../recipe/recipe';
import { LIBRARIES, type Library, type LibraryId } from './libraries';
import { pythonNumber, pythonSet } from './python';

/** What a plan asks of the fresh factors. */
export interface InitStart {
  /** Factors on A and B, 1/p and 1/q, against what the init gives at the old scaling. */
  init: { A: number; B: number };
  /** Factor of the scaling. */
  k: number;
  /** The init that filled them, by our name; null where nobody says. */
  method: Recipe['init'];
}

/**
 * By what A and B have to be divided once the init has run at the new scaling. An init that divides by the root of the
 * scaling itself has done that much already.
 */
export function divisorsOf({ init, k, method }: InitStart): { A: number; B: number } {
  const done = initFacts({ init: method }).scaling === 'divides' ? Math.sqrt(k) : 1;
  return { A: 1 / init.A / done, B: 1 / init.B / done };
}

/**
 * Python that divides a library's fresh factors in place and touches nothing else.
 * @param model what the model (kohya: the network) is called there; `torch` must be imported
 */
export function divideLines(library: LibraryId, start: InitStart, model = 'model'): string[] {
  const { A, B, arrays, hasBias }: Library = LIBRARIES[library];
  const divisors = divisorsOf(start);
  const parts =
    divisors.A === divisors.B
      ? [{ names: [...A, ...B], divisor: divisors.A }]
      : [
          { names: A, divisor: divisors.A },
          { names: B, divisor: divisors.B },
        ];
  const moving = parts.filter(({ divisor }) => divisor !== 1);
  if (arrays === 'mlx') return moving.flatMap(({ names, divisor }) => replaceArrays(names, divisor, model));
  return [
    'with torch.no_grad():',
    `    for name, p in ${model}.named_parameters():`,
    ...(hasBias ? ['        if name.endswith(".bias"):', '            continue'] : []),
    ...moving.flatMap(({ names, divisor }) => ifNamed(names, divisor)),
  ];
}

/** Inside a loop over parameters `name, p`. */
export function ifNamed(names: readonly string[], divisor: number): string[] {
  return [`        if ${pythonSet(names)} & set(name.split(".")):`, `            p.div_(${pythonNumber(divisor)})`];
}

/** MLX's arrays do not change; the model is given others. */
function replaceArrays(names: readonly string[], divisor: number, model: string): string[] {
  return [
    `fresh = tree_flatten(${model}.trainable_parameters())`,
    `fresh = [(name, p / ${pythonNumber(divisor)}) for name, p in fresh if name.split(".")[-1] in ${pythonSet(names)}]`,
    `${model}.update(tree_unflatten(fresh))`,
  ];
}
