import type { ReadField, ReadRecipe } from '../../src/config/reading';
import type { Case } from './cases';

/** What a judge prints of a file: its networks, or why the trainer would stop. See judging.py. */
export type Seen = Values | readonly Values[] | { refused: string };

type Values = Readonly<Record<string, unknown>> & { rest?: unknown };

const OWN = ['rank', 'alpha', 'scaling', 'useDora', 'learningRate', 'loraplusLrRatio', 'maxGradNorm'] as const;
const OF_OPTIMIZER = ['weightDecay', 'eps', 'betas', 'momentum'] as const;

/** Where our reading keeps what a judge, or a person, may name. */
export const FIELDS: Readonly<Record<string, (recipe: ReadRecipe) => unknown>> = {
  ...Object.fromEntries(OWN.map((name) => [name, (recipe: ReadRecipe) => recipe[name]])),
  ...Object.fromEntries(OF_OPTIMIZER.map((name) => [name, ({ optimizer }: ReadRecipe) => optimizer[name]])),
  useRslora: ({ scalingRule }) => scalingRule === 'rslora',
  optimizer: ({ optimizer }) => optimizer.name,
  d0: ({ optimizer }) => optimizer.constants.d0,
  maxGradValue: ({ maxGradValue }) => maxGradValue,
  warmup: ({ warmup }) => warmup,
  dropout: ({ dropout }) => dropout,
};

/**
 * What the trainer's loader reads otherwise than we do, or otherwise than the plan asked for; empty where all is well.
 * @param before what the judge read in the fixture as it is
 * @param seen what it read in the case's text
 */
export function faultsOf(of: Case, before: Seen, seen: Seen): string[] {
  const { recipes, findings, notUnderstood } = of.reading;
  if ('refused' in seen) {
    const wasRefused = of.plan === null || 'refused' in before;
    // Where a line that may move what trains is not understood, no plan is written, and the line is named.
    const isNamed =
      findings.some(({ severity }) => severity !== 'info') || notUnderstood.some(({ mayMove }) => mayMove);
    return wasRefused && isNamed ? [] : [`the trainer stops (${String(seen.refused)}), and no finding says so`];
  }
  // A key that may move and is not understood can make further networks: no plan is written then.
  const isAll = !notUnderstood.some(({ mayMove }) => mayMove);
  const networks = listOf(seen).slice(0, isAll ? undefined : recipes.length);
  if (networks.length !== recipes.length) {
    return [`the trainer sees ${networks.length} networks, the reading ${recipes.length}`];
  }
  // A plan may write the very number at which the trainer stopped.
  const was = 'refused' in before ? null : listOf(before);
  return networks.flatMap((values, i) => {
    const recipe = recipes[i];
    const read = recipe ? readOtherwise(values, recipe) : [];
    if (of.plan === null) return read;
    const asked = i === of.recipe ? notAsAsked(values, of) : [];
    return [...read, ...asked, ...(was ? changedBesides(was[i], values, of) : [])];
  });
}

/** Where the judge's values are not those of our reading. */
function readOtherwise(values: Values, recipe: ReadRecipe): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (name === 'rest') return [];
    const ours = FIELDS[name]?.(recipe);
    if (ours === undefined) return [`the judge names "${name}", which is not a field here`];
    // What this optimizer has no use for, or nobody says, stands on neither side.
    if (value === null || value === undefined) {
      const isStated = recipe.stated[name as ReadField] !== undefined;
      return isStated ? [`${name} is stated as ${JSON.stringify(ours)}, and the trainer reads nothing`] : [];
    }
    if (ours === null && recipe.stated[name as ReadField] === undefined) return [];
    return same(ours, value) ? [] : [`${name}: the trainer reads ${JSON.stringify(value)}, we ${JSON.stringify(ours)}`];
  });
}

/** The numbers of the plan that the judge does not read, or reads otherwise. */
function notAsAsked(values: Values, { plan, reading }: Case): string[] {
  const own =
    plan?.configChanges.filter(
      ({ field }, i, changes) => changes.findIndex((change) => change.field === field) === i,
    ) ?? [];
  return own.flatMap(({ field, written, where, factor }) => {
    if (written === null || factor === 1 || (where !== 'file' && where !== 'default')) return [];
    const value = field === 'useRslora' ? Number(values[field]) : values[field];
    if (value === undefined) return [`the plan writes ${field}, which the ${reading.trainer} judge does not name`];
    return same(value, written)
      ? []
      : [`${field}: the plan asks for ${written}, the trainer reads ${JSON.stringify(value)}`];
  });
}

/** Everything else that the judge reads otherwise than before, but for what moves along with the plan. */
function changedBesides(was: Values | undefined, is: Values, { plan }: Case): string[] {
  const changes = plan?.configChanges ?? [];
  const moved = new Set(changes.map(({ field }) => field as string));
  if (moved.has('alpha')) moved.add('scaling');
  const own = Object.keys({ ...was, ...is }).filter((name) => name !== 'rest' && !moved.has(name));
  const changed = own
    .filter((name) => !same(was?.[name], is[name]))
    .map((name) => `${name} went from ${JSON.stringify(was?.[name])} to ${JSON.stringify(is[name])}`);
  const [before, after] = [flat(was?.rest), flat(is.rest)];
  const planned = new Map(changes.map(({ key, written }) => [key.replace(/\[(\d+)\]/g, '.$1'), written]));
  const besides = [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    if (same(from, to) || (planned.has(path) && same(planned.get(path), to))) return [];
    return [`${path} went from ${JSON.stringify(from)} to ${JSON.stringify(to)}`];
  });
  return [...changed, ...besides];
}

function listOf(seen: Values | readonly Values[]): readonly Values[] {
  return Array.isArray(seen) ? (seen as readonly Values[]) : [seen as Values];
}

/** Every leaf by its dotted path. */
function flat(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  const leaves = Object.entries(value).flatMap(([key, item]) => [...flat(item, path === '' ? key : `${path}.${key}`)]);
  return new Map(leaves);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
