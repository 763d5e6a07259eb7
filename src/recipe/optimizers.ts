/**
 * THE table: what an optimizer's update does when gradient and parameter change their units.
 *
 * With an update `lr · u(g, w)` and `u(c·g, w/c) = c^(d − e) · u(g, w)`, a factor that starts as
 * `w/c` (and so sees the gradient `c·g`) follows the original run when `lr' = lr · c^(e − d − 1)`.
 */
export interface OptimizerRow {
  /** Key of the row, also the name of the experiment's implementation. */
  id: string;
  title: string;
  /** Degree of homogeneity in the gradient. */
  d: number;
  /** Degree of homogeneity in the parameter. */
  e: number;
  /** `coupled`: added to the gradient; `decoupled`: `w -= lr·wd·w`; `none`: the optimizer has no decay. */
  decay: 'coupled' | 'decoupled' | 'none';
  /** Power of c by which weight decay moves. */
  decayPower: number;
  /** Further constants that carry a unit, with the power of c by which each moves. */
  moves: readonly { constant: MovingConstant; power: number }[];
  /** Whether a moved recipe is the same run in exact arithmetic. */
  exactness: 'exact' | 'nearly' | 'approximate';
  /** One sentence for a newcomer: why the learning rate moves as it does. */
  why: string;
  /** What the implementation uses where neither the config nor the trainer says. */
  defaults: Readonly<OptimizerDefaults>;
  /** Paper or source the degrees were read from. */
  source: string;
}

/** Constants of an optimizer that carry a unit. Names as in {@link OptimizerSettings}. */
export type MovingConstant = 'eps';

export interface OptimizerDefaults {
  learningRate: number;
  betas: readonly [number, number] | null;
  eps: number | null;
  weightDecay: number;
  momentum: number | null;
}

const ADAM_WHY =
  'Adam divides the gradient by its own size, so a step does not grow with the scaling; only the init does: the rate moves by √k. The well-known lr/k holds for SGD only.';

const ROWS: readonly OptimizerRow[] = [
  {
    id: 'sgd',
    title: 'SGD',
    d: 1,
    e: 0,
    decay: 'coupled',
    decayPower: 2,
    moves: [],
    exactness: 'exact',
    why: 'A step of SGD is as large as the gradient, and the gradient grows with the scaling as well as the init: the rate moves by k. This is the rule lr/k, and here it is right.',
    defaults: { learningRate: 1e-3, betas: null, eps: null, weightDecay: 0, momentum: 0 },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  },
  {
    id: 'adam',
    title: 'Adam',
    d: 0,
    e: 0,
    decay: 'coupled',
    decayPower: 2,
    moves: [{ constant: 'eps', power: 1 }],
    exactness: 'exact',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/1412.6980',
  },
  {
    id: 'adamw',
    title: 'AdamW',
    d: 0,
    e: 0,
    decay: 'decoupled',
    decayPower: 1,
    moves: [{ constant: 'eps', power: 1 }],
    exactness: 'exact',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01, momentum: null },
    source: 'https://arxiv.org/abs/1711.05101',
  },
];

const BY_ID: ReadonlyMap<string, OptimizerRow> = new Map(ROWS.map((row) => [row.id, row]));

/** All rows, in the order they are documented. */
export function optimizerRows(): readonly OptimizerRow[] {
  return ROWS;
}

/** The row with this id, or undefined when we know no rule for the optimizer. */
export function optimizerRow(id: string | null): OptimizerRow | undefined {
  return id === null ? undefined : BY_ID.get(id);
}

/** Power of c by which the learning rate of a factor moves: `lr' = lr · c^lrPower`. */
export function lrPower(row: OptimizerRow): number {
  return row.e - row.d - 1;
}
