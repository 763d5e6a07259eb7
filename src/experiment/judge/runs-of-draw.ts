import { deviationsOf, largest, vanishing } from './deviations';
import type { ExperimentSpec, RunResult, VariantRole, VariantSpec } from '../spec';

/** A variant, its losses and their deviations from the baseline. */
export interface TrainedVariant {
  variant: VariantSpec;
  losses: readonly number[];
  steps: readonly number[];
  deviation: number;
}

/** The runs of one draw. */
export interface DrawRuns {
  draw: number;
  /** Number of mini-batches, which are used in turn. */
  batches: number;
  base: TrainedVariant;
  of(role: VariantRole): TrainedVariant[];
  /** Index of a variant in the spec → its deviation at every step. */
  all: ReadonlyMap<number, readonly number[]>;
}

/** @throws Error where the draw has no variant */
export function runsOfDraw(
  { variants, batches }: ExperimentSpec,
  { losses }: Pick<RunResult, 'losses'>,
  draw: number,
): DrawRuns {
  const places = variants.flatMap((variant, i) => (variant.draw === draw ? [{ variant, i }] : []));
  const from = places.find(({ variant }) => variant.role === 'base') ?? places[0];
  if (!from) throw new Error(`no variant belongs to draw ${draw}`);
  const base = losses[from.i] ?? [];
  const curves = places.map(({ variant, i }) => {
    const own = losses[i] ?? [];
    const steps = deviationsOf(own, base, vanishing(base));
    return { i, curve: { variant, losses: own, steps, deviation: largest(steps) } };
  });
  return {
    draw,
    batches,
    base: { variant: from.variant, losses: base, steps: [], deviation: 0 },
    of: (role) => curves.filter(({ curve }) => curve.variant.role === role).map(({ curve }) => curve),
    all: new Map(curves.map(({ i, curve }) => [i, curve.steps])),
  };
}
