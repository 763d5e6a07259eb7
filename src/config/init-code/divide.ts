import { type Library } from './library';
import { initFacts } from '../../recipe/init/facts';
import type { Recipe } from '../../recipe/recipe';
import { pythonNumber, pythonSet, pythonTuple } from './python';

/** How a plan changes the factors after their init. */
export interface InitStart {
  /** Factors on A and B, 1/p and 1/q, relative to the init at the old scaling. */
  init: { A: number; B: number };
  /** Factor of the scaling. */
  k: number;
  /** The init method, by our name; null if the file names none. */
  method: Recipe['init'];
  /** PEFT's name of the adapter; `default` unless given. */
  adapter?: string;
}

/** PEFT's default name of an adapter. */
const DEFAULT_ADAPTER = 'default';

/**
 * The divisors of A and B after the init has run at the new scaling. Some inits divide by the root of the scaling
 * themselves, so that part is done already.
 */
export function divisorsOf({ init, k, method }: InitStart): { A: number; B: number } {
  const done = initFacts({ init: method }).scaling === 'divides' ? Math.sqrt(k) : 1;
  return { A: 1 / init.A / done, B: 1 / init.B / done };
}

/**
 * Python that divides a library's fresh factors in place and touches nothing else. The code uses `p.data`, so that it
 * needs no `torch.no_grad()` and no import: `import torch` inside a function would hide the script's own `torch` above
 * that line.
 * @param model name of the model (kohya: the adapter) in the trainer's code
 */
export function divideLines(library: Library, start: InitStart, model = 'model'): string[] {
  const { A, B, arrays, hasAdapters } = library;
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
  if (hasAdapters) {
    return [
      ...moving.flatMap(({ names, divisor }) => divideNamed(endsOf(names, start), divisor, model, adapterOf(start))),
      ...biasLines(start, model),
    ];
  }
  return [
    `for name, p in ${model}.named_parameters():`,
    ...moving.flatMap(({ names, divisor }) => ifNamed(names, divisor)),
  ];
}

/** The ends of the names of one adapter's parameters. Those of embedding layers have no `weight`. */
export function endsOf(names: readonly string[], start: Pick<InitStart, 'adapter'>): string[] {
  const adapter = adapterOf(start);
  return names.map((name) => `.${name}.${adapter}${name.includes('embedding') ? '' : '.weight'}`);
}

export function adapterOf({ adapter }: Pick<InitStart, 'adapter'>): string {
  return adapter ?? DEFAULT_ADAPTER;
}

/** Divides the parameters of an adapter by the ends of their names, and stops if there are none. */
function divideNamed(ends: readonly string[], divisor: number, model: string, adapter: string): string[] {
  return [
    `ends = ${pythonTuple(ends)}`,
    `factors = [p for name, p in ${model}.named_parameters() if name.endswith(ends)]`,
    `assert factors, "the model has no adapter ${adapter}"`,
    'for p in factors:',
    `    p.data.div_(${pythonNumber(divisor)})`,
  ];
}

/** The bias of B (lora_bias) is zero unless the init is random; it is divided by k. */
function biasLines(start: InitStart, model: string): string[] {
  if (start.method !== 'random-b') return [];
  return [
    `for name, p in ${model}.named_parameters():`,
    `    if name.endswith(".lora_B.${adapterOf(start)}.bias"):`,
    `        p.data.div_(${pythonNumber(start.k)})`,
  ];
}

/** Inside a loop over parameters `name, p`. */
function ifNamed(names: readonly string[], divisor: number): string[] {
  return [`    if ${pythonSet(names)} & set(name.split(".")):`, `        p.data.div_(${pythonNumber(divisor)})`];
}

/** MLX's arrays are immutable, so the model gets new ones. */
function replaceArrays(names: readonly string[], divisor: number, model: string): string[] {
  return [
    `fresh = tree_flatten(${model}.trainable_parameters())`,
    `fresh = [(name, p / ${pythonNumber(divisor)}) for name, p in fresh if name.split(".")[-1] in ${pythonSet(names)}]`,
    `${model}.update(tree_unflatten(fresh))`,
  ];
}
