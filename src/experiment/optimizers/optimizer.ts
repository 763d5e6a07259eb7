import { type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { ConstantId } from '../../recipe/optimizers/constants';
import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import type { ExperimentSpec, FactorHyper, VariantSpec } from '../spec';
import type { Parameter, WeightBlock } from '../tasks/task';

/** A block before its first step. Every tensor is [parameters, variants, rows, columns] or broadcasts to it. */
export interface Start {
  block: WeightBlock;
  weights: Tensor;
  settings: ExperimentSpec['optimizer'];
  beta1: number;
  beta2: number;
  /**
   * A tensor [parameters, variants, 1, 1] of a number, computed in float64 from each factor's hyperparameters as in
   * PyTorch. `lr` is that of this step after the schedule (before the first step: of step 1).
   */
  each(compute: (hyper: FactorHyper, owner: NumberOwner) => number): Tensor;
}

export interface NumberOwner {
  parameter: Parameter;
  variant: VariantSpec;
  /** Before the schedule. */
  baseLr: number;
}

/** A block at one step. It also has the optimizer's state after the step before, by the state's names. */
export interface Step extends Start {
  gradient: Tensor;
  /** From 1. */
  number: number;
  /** Whether any factor of any variant has weight decay. */
  decays: boolean;
}

export type State = Readonly<Record<string, Tensor | undefined>>;

export type Updated<S extends State = State> = S & { weights: Tensor };

/** The step function of an optimizer: pure, on all variants at once, with PyTorch's order of operations. */
export interface Optimizer {
  /** The state of a block before the first step. */
  start(start: Start): State;
  /**
   * Updates all blocks at once: some optimizers share state between all parameters; every block then has a copy of it.
   */
  update(steps: readonly Step[]): Updated[];
  /** The factor it freezes; its gradient is zero, also for clipping. */
  frozen?: Parameter['factor'];
}

/** Step functions, by the rows of src/recipe/optimizers that they are of. */
export type ByRow = Partial<Record<OptimizerId, Optimizer>>;

export function blockwise<S extends State>(
  start: (start: Start) => S,
  update: (step: Step & S) => Updated<S>,
): Optimizer {
  return { start, update: (steps) => steps.map((step) => update(step as Step & S)) };
}

/** An optimizer whose blocks depend on each other. `first` has the numbers that all parameters of a variant share. */
export function sharing<S extends State>(
  start: (start: Start) => S,
  update: (steps: readonly (Step & S)[], first: Step & S) => Updated<S>[],
): Optimizer {
  return { start, update: (steps) => update(steps as (Step & S)[], steps[0] as Step & S) };
}

export function zeros<Name extends string>(...names: Name[]): (start: Start) => Record<Name, Tensor> {
  return ({ weights }) => Object.fromEntries(names.map((name) => [name, zerosLike(weights)])) as Record<Name, Tensor>;
}

/* Numbers for each factor, [parameters, variants, 1, 1]. */

export function rateOf({ each }: Pick<Start, 'each'>, factor = 1): Tensor {
  return each(({ lr }) => lr * factor);
}

export function decayOf({ each }: Pick<Start, 'each'>): Tensor {
  return each(({ weightDecay }) => weightDecay);
}

export function constant({ each }: Pick<Start, 'each'>, id: ConstantId): Tensor {
  return each(({ constants }) => constants[id] ?? 0);
}

/** An option without a unit, by its name in the optimizer's row. */
export function option({ settings }: Pick<Start, 'settings'>, name: string, usual: number): number {
  return settings.options[name] ?? usual;
}

/** √(1 − β₂ᵗ), which corrects the root of the mean square. */
export function rootCorrection({ beta2, number }: Pick<Step, 'beta2' | 'number'>): number {
  return Math.sqrt(1 - beta2 ** number);
}

/** Adam's bias correction as a factor on the rate; eps is not corrected. */
export function biasCorrection(step: Pick<Step, 'beta1' | 'beta2' | 'number'>): number {
  return rootCorrection(step) / (1 - step.beta1 ** step.number);
}
