import { plainWord } from '../trainers/generic/aliases';
import { mapsIn, nodeAt, type Entry, type MapNode, type Scalar, type SyntaxNode } from '../syntax/tree';
import type { Range } from '../reading';

/** A hyperparameter of a search, with its possible values. */
export interface Dimension {
  /** As the file has it: `lora_alpha`, `model.lora.alpha`. */
  name: string;
  at: Range;
  /** Its values, or a range. A single value is not varied. */
  choice: SweptValues;
}

export type SweptValues =
  { kind: 'values'; values: readonly Exclude<Scalar, null>[] } | { kind: 'range'; from: number; to: number };

/** Blocks that hold a search space: W&B, Optuna's storages and wrappers, Hydra's sweepers, Ray Tune. */
const SPACES: ReadonlySet<string> = new Set([
  'parameters',
  'params',
  'search_space',
  'param_space',
  'space',
  'hp_space',
  'distributions',
]);

/**
 * Everything that the searches in a tree vary or hold.
 * @see https://docs.wandb.ai/models/sweeps/sweep-config-keys (parameters: values, value, min and max, nested parameters)
 * @see https://optuna.readthedocs.io/en/stable/reference/generated/optuna.trial.Trial.html (suggest_*)
 * @see https://hydra.cc/docs/plugins/optuna_sweeper/ (choice, interval, range, tag)
 */
export function dimensionsIn(root: MapNode): readonly Dimension[] {
  const spaces = mapsIn(root).filter(
    ({ path }) =>
      SPACES.has(plainWord(path.at(-1) ?? '')) && path.filter((step) => SPACES.has(plainWord(step))).length === 1,
  );
  return [
    ...spaces.flatMap(({ map }) => map.entries.flatMap((entry) => dimensionsOf(entry, []))),
    ...suggestedIn(root),
  ];
}

function dimensionsOf(entry: Entry, above: readonly string[]): Dimension[] {
  const name = [...above, entry.key];
  const inner = nodeAt(entry.value, ['parameters']);
  if (inner?.kind === 'map') return inner.entries.flatMap((one) => dimensionsOf(one, name));
  const choice = choiceOf(entry.value);
  return choice ? [{ name: name.join('.'), at: entry.keyRange, choice }] : [];
}

function choiceOf(node: SyntaxNode): SweptValues | null {
  if (node.kind === 'list') return valuesOf(node);
  if (node.kind === 'scalar') return typeof node.value === 'string' ? fromHydra(node.value) : held(node.value);
  const list = ['values', 'choices', 'options', 'grid_search']
    .map((name) => nodeAt(node, [name]))
    .find((one) => one?.kind === 'list');
  if (list) return valuesOf(list);
  const value = nodeAt(node, ['value']);
  if (value?.kind === 'scalar') return held(value.value);
  return rangeOf(nodeAt(node, ['min']) ?? nodeAt(node, ['low']), nodeAt(node, ['max']) ?? nodeAt(node, ['high']));
}

function valuesOf(node: SyntaxNode): SweptValues | null {
  if (node.kind !== 'list') return null;
  const values = node.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.value] : []));
  return values.length > 0 && values.length === node.items.length ? { kind: 'values', values } : null;
}

const held = (value: Scalar): SweptValues | null => (value === null ? null : { kind: 'values', values: [value] });

function rangeOf(low: SyntaxNode | null, high: SyntaxNode | null): SweptValues | null {
  const [from, to] = [low, high].map((node) =>
    node?.kind === 'scalar' ? Number(node.value ?? Number.NaN) : Number.NaN,
  );
  return from !== undefined && to !== undefined && from < to ? { kind: 'range', from, to } : null;
}

/** `choice(16,32)`, `interval(1e-5,1e-3)`, `range(8,64)`, `tag(log, interval(…))`, `16,32`. */
function fromHydra(text: string): SweptValues | null {
  const call = /^(?:tag\(\s*\w+\s*,\s*)?(choice|interval|range)\(([^()]{1,500})\)\)?$/.exec(text.trim());
  const items = (call?.[2] ?? text).split(',').map((item) => item.trim());
  if (call && call[1] !== 'choice') {
    const [from = Number.NaN, to = Number.NaN] = items.map(Number);
    return from < to ? { kind: 'range', from, to } : null;
  }
  if (!call && items.length < 2) return { kind: 'values', values: [text] };
  return { kind: 'values', values: items.map((item) => (Number.isFinite(Number(item)) ? Number(item) : item)) };
}

/** `trial.suggest_float("lr", 1e-5, 1e-3, log=True)` in Python. */
function suggestedIn(root: MapNode): Dimension[] {
  return root.entries.flatMap((entry): Dimension[] => {
    const kind = /\.suggest_(categorical|float|int|uniform|loguniform|discrete_uniform)$/.exec(entry.key)?.[1];
    const name = nodeAt(entry.value, ['0']) ?? nodeAt(entry.value, ['name']);
    if (!kind || name?.kind !== 'scalar' || typeof name.value !== 'string') return [];
    const first = nodeAt(entry.value, ['1']);
    const choice =
      kind === 'categorical'
        ? valuesOf(first ?? nodeAt(entry.value, ['choices']) ?? entry.value)
        : rangeOf(first ?? nodeAt(entry.value, ['low']), nodeAt(entry.value, ['2']) ?? nodeAt(entry.value, ['high']));
    return choice ? [{ name: name.value, at: name.range, choice }] : [];
  });
}
