import type { ExperimentSpec } from '../../../../src/experiment/spec';
import { trainable, type TaskKind } from './every-run';

const WIDE = { width: 16, batch: 16, rank: 2 };

/** A spec whose variants are of so many draws in turn. */
function onDraws(spec: ExperimentSpec, draws: number): ExperimentSpec {
  return {
    ...spec,
    seeds: Array.from({ length: draws }, (_, i) => i + 1),
    variants: spec.variants.map((variant, i) => ({
      ...variant,
      draw: i % draws,
      ...(i < draws ? { role: 'base' as const } : {}),
    })),
  };
}

const one = (task: TaskKind, fields: Partial<ExperimentSpec>, draws = 1, count = 6): ExperimentSpec =>
  onDraws(trainable(fields.useDora ? 'sgd' : 'adamw', task, count, { ...WIDE, ...fields }), draws);

const all = { dropout: 0.2, batches: 3, useDora: true };
const tokens = { width: 8, batch: 4, rank: 2 };

/** What a run may have beside its task and its optimizer, one at a time and all at once. */
export const FEATURES: readonly [name: string, spec: ExperimentSpec][] = [
  ['linear with dropout', one('linear', { dropout: 0.2 })],
  ['linear on mini-batches', one('linear', { batches: 16 })],
  ['linear on three draws and mini-batches', one('linear', { batches: 8 }, 3)],
  ['dora with dropout on two draws', one('dora', { dropout: 0.2 }, 2)],
  ['dora on wide layers', one('dora', { width: 96, batch: 4 })],
  ['mlp with DoRA on wide layers', one('mlp', { width: 48, batch: 4, useDora: true })],
  ['mlp with everything on two draws', one('mlp', all, 2)],
  ['transformer with dropout', one('transformer', { ...tokens, dropout: 0.2 })],
  ['transformer with DoRA', one('transformer', { ...tokens, useDora: true })],
  ['transformer with everything on two draws', one('transformer', { ...tokens, ...all }, 2)],
];
