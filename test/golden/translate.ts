import type { ExperimentSpec, RateSchedule, VariantSpec } from '../../src/experiment/spec';
import { controlsOf } from '../../src/experiment/variants/draws';
import { baseOf } from '../../src/experiment/variants/variants';
import { rescale } from '../../src/recipe/gauge';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../src/recipe/optimizers/constants';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import { spec } from '../unit/experiment/support/lab';
import { GOLDEN_OPTIMIZERS, HYPER, REMARKS, SETTINGS, type GoldenOptimizer } from './optimizers';
import { problemOf, type GoldenProblem } from './problems';
import type { GoldenCase, GoldenFile, GoldenTwin } from './schema';
import { isKnownWord, movedBut } from './words';

/** A case in the product's own terms: the base first, then the twins, then controls. */
export interface Translated {
  spec: ExperimentSpec;
  problem: GoldenProblem;
  /** The twins that are trained, in the order of the variants. */
  twins: GoldenTwin[];
  /** Why the others are not. */
  leftOut: string[];
}

/** The case as a spec, or why it is left out. */
export function translate(file: GoldenFile, golden: GoldenCase): Translated | string {
  const set = file.tensors[golden.shape];
  if (!set) return `there are no tensors ${golden.shape}`;
  const problem = problemOf(set);
  if (typeof problem === 'string') return problem;
  const loss = problem.losses.find((candidate) => candidate === golden.loss);
  if (!loss) return `the loss ${golden.loss} is not trained with the task ${set.kind}`;
  const schedule = scheduleOf(golden.schedule);
  if (!schedule) return `the schedule ${golden.schedule} is not known`;
  const optimizer = optimizerOf(golden.opt, { ...file.optimizers[golden.opt], ...golden.hp });
  if (typeof optimizer === 'string') return optimizer;

  const { row, settings, hyper } = optimizer;
  const base = baseOf(golden.s, { a: hyper, b: hyper, maxGradValue: null, maxGradNorm: golden.clip });
  const trained = golden.twins.filter(({ error, variant }) => error === undefined && isKnownWord(variant));
  const strange = golden.twins.filter(({ error, variant }) => error === undefined && !isKnownWord(variant));
  const magnitudesMove = /same_lr_as_A/.test(golden.id);
  const { task, useDora, width, batch, rank, sizes } = problem;
  const asked = spec({
    ...{ task, useDora, width, batch, rank, sizes, loss, schedule, steps: file.steps },
    optimizer: settings,
    clipEps: golden.clip_eps ?? 0,
    backend: 'auto',
    variants: [base, ...trained.map((twin) => twinOf(base, row, twin, magnitudesMove)), ...controlsOf(base)],
  });
  return {
    spec: asked,
    problem,
    twins: trained,
    leftOut: strange.map(({ variant }) => `the word ${variant} is not known`),
  };
}

/** @param numbers the case's own and those of all cases with that optimizer */
function optimizerOf(name: string, numbers: Readonly<Record<string, unknown>>) {
  const golden = goldenOptimizerOf(name);
  const id = golden && golden.row + switched(golden, numbers);
  const row = optimizerRow(id ?? null);
  if (!golden || !row) return `the optimizer ${name} is not trained`;

  const hyper: Record<string, number> = {};
  const options: Record<string, number> = { ...row.options, ...golden.implied };
  for (const [key, value] of Object.entries(numbers)) {
    const values = numbersIn(value);
    const known = SETTINGS.has(key) || REMARKS.has(key) || key in (golden.switches ?? {});
    if (known || value === null) continue;
    if (golden.fixed && key in golden.fixed) {
      if (golden.fixed[key] !== value) return `the optimizer ${name} is not trained with ${key} = ${String(value)}`;
      continue;
    }
    const [places, target] = HYPER[key] ? [HYPER[key], hyper] : [optionsFor(key, golden, row), options];
    if (!places) return `the constant ${key} of the optimizer ${name} is not known`;
    values.forEach((number, i) => (target[places[i] ?? key] = number));
  }
  const { lr = 0, weightDecay = 0, ...constants } = hyper;
  return {
    row,
    settings: { row: row.id, ...settingsOf(row, numbers), options },
    hyper: {
      // A rate that the optimizer sets by itself is multiplied by 1 unless the file says otherwise.
      lr: row.rate === 'fixed' ? (numbersIn(numbers.relmult)[0] ?? 1) : lr,
      weightDecay,
      constants: constants as Partial<Record<ConstantId, number>>,
    },
  };
}

/** The longest name that this one begins with; else the row that has the name itself. */
function goldenOptimizerOf(name: string): GoldenOptimizer | undefined {
  const row = name.replaceAll('_', '-');
  const stems = Object.keys(GOLDEN_OPTIMIZERS).filter((stem) => name === stem || name.startsWith(`${stem}_`));
  const [longest] = stems.sort((one, other) => other.length - one.length);
  if (longest !== undefined && (longest === name || !optimizerRow(row))) return GOLDEN_OPTIMIZERS[longest];
  return optimizerRow(row) && { row };
}

/** Options of the row for a constant: those of the table, else the one of the same name. */
function optionsFor(key: string, golden: GoldenOptimizer, row: OptimizerRow): readonly string[] | undefined {
  const same = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return golden.options?.[key] ?? (row.options && same in row.options ? [same] : undefined);
}

function switched({ switches = {} }: GoldenOptimizer, numbers: Readonly<Record<string, unknown>>): string {
  return Object.entries(switches)
    .filter(([key]) => numbers[key] === true)
    .map(([, word]) => word)
    .join('');
}

function settingsOf(
  { defaults }: OptimizerRow,
  { betas, momentum, nesterov }: Readonly<Record<string, unknown>>,
): Omit<ExperimentSpec['optimizer'], 'row' | 'options'> {
  const [beta1, beta2] = numbersIn(betas);
  return {
    betas: [beta1 ?? defaults.betas?.[0] ?? 0.9, beta2 ?? defaults.betas?.[1] ?? 0.999],
    momentum: numbersIn(momentum)[0] ?? 0,
    nesterov: nesterov === true,
  };
}

/** A number, a list of numbers, or a yes or no, as numbers. */
function numbersIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'number');
  if (typeof value === 'boolean') return [Number(value)];
  return typeof value === 'number' ? [value] : [];
}

function scheduleOf(name: string | null): RateSchedule | null {
  if (name === null) return { kind: 'constant', warmupSteps: 0 };
  const [, kind, warmup] = /^(constant|linear|cosine)(?:_warmup(\d+))?$/.exec(name) ?? [];
  return kind === undefined ? null : { kind: kind as RateSchedule['kind'], warmupSteps: Number(warmup ?? 0) };
}

/**
 * The twin by the product's own table. The golden file clips it at p times the base's threshold, and trains DoRA's
 * magnitudes with A's numbers or with their own.
 */
function twinOf(base: VariantSpec, row: OptimizerRow, twin: GoldenTwin, magnitudesMove: boolean): VariantSpec {
  const { k, p, q, gauge, variant } = twin;
  const moved = rescale(row, k, { p, q });
  const a = movedBut(variant, base.a, moved.a, p);
  return {
    ...base,
    name: `${gauge}-${k}-${variant}`,
    role: 'rescaled',
    scaling: base.scaling * k,
    init: { A: moved.a.init, B: moved.b.init },
    gauge: { p, q },
    a,
    b: movedBut(variant, base.b, moved.b, q),
    m: magnitudesMove ? { ...a, early: [] } : base.a,
    maxGradNorm: base.maxGradNorm === null ? null : base.maxGradNorm * p,
  };
}
