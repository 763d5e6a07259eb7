import { env } from '@tensorflow/tfjs-core';
import type { Backend } from '../../src/experiment/backends/backend';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { webgl } from '../../src/experiment/backends/webgl';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import type { BackendId, VariantSpec } from '../../src/experiment/spec';
import { deviationsOf, weightDeviations } from '../../src/experiment/verdict/deviations';
import { runVerdict } from '../../src/experiment/verdict/verdict';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { hereRunner } from '../../src/webview/runs/live-run';
import { rowsOn, specOn } from '../support/twin-specs';

/** A page that trains on every backend of a browser, for the end-to-end tests; not part of the product. */

/** What came of one optimizer on one task. */
export interface Compared {
  /** By backend. */
  verdicts: Record<string, string>;
  /** Largest relative deviation of the twins at powers of four from the base, of losses and weights; 0 = the same bits. */
  twins: number;
  /** The same of the controls. */
  controls: number;
}

const quiet = (backends: readonly Backend[], assets: string): RunOptions => ({
  ...{ backends, assets, isStopped: () => false, pause: () => Promise.resolve() },
  ...{ onStart: () => undefined, onPoints: () => undefined },
});

interface Said {
  backend: string;
  note: string | null;
}

function sgd(): OptimizerRow {
  const [row] = OPTIMIZER_ROWS;
  if (!row) throw new Error('the table of optimizers is empty');
  return row;
}

/** Trains one row on one task on webgl, wasm and cpu. */
async function compare(task: string, id: string, assets: string): Promise<Compared> {
  const row = rowsOn(task).find((each) => each.id === id);
  if (!row) throw new Error(`no twins of ${id} on ${task}`);
  const verdicts: Record<string, string> = {};
  const found = { twins: Number.NaN, controls: Number.NaN };
  for (const backend of [webgl, wasm, cpu]) {
    const spec = specOn(task, row, backend.id);
    const result = await runExperiment(spec, quiet([backend], assets));
    verdicts[backend.id] = runVerdict(spec, result).kind;
    if (backend !== webgl) continue;
    const { losses, weights } = result;
    const weightsOff = weightDeviations(spec.variants, weights);
    const lossesOff = losses.map((each) => Math.max(...deviationsOf(each, losses[0] ?? [])));
    const worst = (wanted: VariantSpec['role'], off: readonly number[][]): number =>
      Math.max(...spec.variants.flatMap(({ role }, i) => (role === wanted ? off.map((each) => each[i] ?? 0) : [])));
    found.twins = worst('proof', [lossesOff, weightsOff]);
    found.controls = worst('control', [lossesOff]);
  }
  return { verdicts, ...found };
}

/** Trains as the panel's page does, in a web worker: which backend it took, and what it said. */
async function trainHere(backend: BackendId, worker: string, assets: string): Promise<Said & { losses: number[][] }> {
  let said: Said = { backend: '', note: null };
  const here = hereRunner({ worker, assets }, () => ({ onStart: (start) => (said = start) }));
  const { losses } = await here.run(1, specOn('linear', sgd(), backend));
  return { ...said, losses };
}

/** Trains in the page itself, with tfjs's flags set as on another device. */
async function trainWith(flags: Readonly<Record<string, boolean>>, assets: string): Promise<Said> {
  let said: Said = { backend: '', note: null };
  for (const [flag, value] of Object.entries(flags)) env().set(flag, value);
  const options = { ...quiet([webgl, wasm, cpu], assets), onStart: (start: Said) => (said = start) };
  await runExperiment(specOn('linear', sgd(), 'webgl'), options);
  return said;
}

const backendsPage = { compare, trainHere, trainWith };

export type BackendsPage = typeof backendsPage;

Object.assign(window, { backendsPage });
