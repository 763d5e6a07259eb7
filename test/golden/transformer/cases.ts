import type { BlockSpec, ExperimentSpec, FactorHyper } from '../../../src/experiment/spec';
import { deviationsOf } from '../../../src/experiment/verdict/deviations';
import { spec, variant } from '../../unit/experiment/support/lab';

/** Transformer experiments that PyTorch trains as well. */

const ALL = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
const LLAMA: BlockSpec = { norm: 'rms', gated: true, targets: ALL, pretrainSteps: 0 };
const OLD: BlockSpec = { norm: 'layer', gated: false, targets: ['q', 'v'], pretrainSteps: 0 };

interface Case extends Pick<ExperimentSpec, 'useDora' | 'batches' | 'seeds'> {
  block: BlockSpec;
  row: 'adam' | 'adamw' | 'sgd';
  lr: number;
  momentum: number;
  weightDecay: number;
  maxGradNorm: number | null;
  layers: number;
  data: Pick<ExperimentSpec['data'], 'inputUnit' | 'lossUnit'>;
}

const USUAL: Case = {
  ...{ block: LLAMA, row: 'adamw', lr: 5e-3, momentum: 0, weightDecay: 0.01, maxGradNorm: null },
  ...{ useDora: false, batches: 1, seeds: [11], layers: 1, data: {} },
};

const CASES: Readonly<Record<string, Partial<Case>>> = {
  'llama-adamw': {},
  'llama-sgd': { row: 'sgd', lr: 0.02, momentum: 0.9, weightDecay: 0 },
  'llama-clipped': { maxGradNorm: 0.3 },
  'llama-units': { data: { inputUnit: 3, lossUnit: 20 }, maxGradNorm: 5 },
  'two-blocks': { layers: 2 },
  'layer-norm-plain-mlp': { block: OLD, row: 'adam' },
  'llama-dora': { useDora: true },
  'dora-on-layer-norm': { useDora: true, block: { ...OLD, targets: ['q', 'v', 'o', 'up', 'down'] }, row: 'adam' },
  'mini-batches': { batches: 3 },
  'two-draws': { seeds: [11, 12], batches: 2 },
  'mlp-only': { block: { ...LLAMA, targets: ['gate', 'up', 'down'] } },
  'llama-known-base': { block: { ...LLAMA, pretrainSteps: 60 } },
};

/** Names of the cases, and of those whose base is drawn and not trained: these can be kept in a file. */
export const NAMES = Object.keys(CASES);
export const KEPT_NAMES = NAMES.filter((name) => caseOf(name).block.pretrainSteps === 0);

/** Two variants that differ, the second on the last draw, and what moving A by its last digit does to the first. */
export function specOf(name: string, backend: 'cpu' | 'wasm'): ExperimentSpec {
  const { row, lr, momentum, weightDecay, maxGradNorm, layers, data, ...rest } = caseOf(name);
  const constants = row === 'sgd' ? {} : { eps: 1e-6 };
  const factor = (rate: number): FactorHyper => ({ lr: rate, weightDecay, constants });
  const base = variant({ a: factor(lr), b: factor(lr), m: factor(lr / 2), maxGradNorm });
  const draw = rest.seeds.length - 1;
  const other = variant({ ...base, name: 'alone', role: 'alpha-only', draw, scaling: 5, b: factor(2 * lr) });
  const control = (ulpSeed: number) => variant({ ...base, name: `control-${ulpSeed}`, role: 'control', ulpSeed });
  return spec({
    ...{ task: 'transformer', width: 12, batch: 3, loss: 'ce', steps: 25, clipEps: 1e-6, backend, ...rest },
    sizes: { hidden: 20, layers, sequence: 6, heads: 3, vocabulary: 10 },
    optimizer: { row, betas: [0.9, 0.99], momentum, nesterov: false, options: {} },
    variants: [base, other, ...[1, 2, 3].map(control)],
    data: { target: 'map', inputScale: 1, targetScale: 1, ...data },
  });
}

function caseOf(name: string): Case {
  return { ...USUAL, ...CASES[name] };
}

/** Two float32 runs of one recipe differ by rounding, by a few 1e-7; controls show by how much it is amplified. */
const CLOSE = 1e-6;
const AMPLIFIED = 8;

/**
 * Holds our losses, [variants][steps], against PyTorch's: their largest relative deviation, how far rounding alone drifts,
 * and how far the base's loss comes, as what moves nothing shows nothing.
 */
export function compared(
  { variants }: ExperimentSpec,
  ours: readonly number[][],
  torch: readonly (readonly number[])[],
): Record<'deviation' | 'drift' | 'moved', number> & { ok: boolean } {
  const [base = []] = ours;
  const drift = Math.max(
    ...variants.flatMap(({ role }, i) => (role === 'control' ? deviationsOf(ours[i] ?? [], base) : [])),
  );
  const deviation = Math.max(...ours.flatMap((losses, i) => deviationsOf(losses, torch[i] ?? [])));
  const moved = Math.abs((base.at(-1) ?? Number.NaN) / (base[0] ?? Number.NaN) - 1);
  const ok = deviation <= Math.max(CLOSE, AMPLIFIED * drift) && moved > 0.01 && ours.length === torch.length;
  return { deviation, drift, moved, ok };
}
