import { env } from '@tensorflow/tfjs-core';
import type { Backend } from '../../src/experiment/backends/backend';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { webgl } from '../../src/experiment/backends/webgl';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import type { BackendId, TrainedRun, VariantSpec } from '../../src/experiment/spec';
import { deviationsOf, weightDeviations } from '../../src/experiment/verdict/deviations';
import { runVerdict } from '../../src/experiment/verdict/verdict';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { hereRunner } from '../../src/webview/runs/live-run';
import { rowsOn, specOn, TASKS } from '../support/twin-specs';

/** A page that trains on every backend of a browser, for backends.mjs and the end-to-end tests; not part of the product. */

/** What came of one optimizer on one task. */
export interface Compared {
  task: string;
  row: string;
  /** By backend. */
  verdicts: Record<string, string>;
  /** Largest relative deviation of the twins at powers of four from the base, of losses and weights; 0 = the same bits. */
  twins: number;
  /** The same of the controls. */
  controls: number;
  /** Of the base on webgl from the base on cpu. */
  apart: number;
  ms: number;
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
  const results = new Map<BackendId, TrainedRun>();
  const verdicts: Record<string, string> = {};
  let ms = 0;
  for (const backend of [webgl, wasm, cpu]) {
    const spec = specOn(task, row, backend.id);
    const result = await runExperiment(spec, quiet([backend], assets));
    if (backend === webgl) ms = Math.round(result.ms);
    results.set(backend.id, result);
    verdicts[backend.id] = runVerdict(spec, result).kind;
  }
  const here = results.get('webgl');
  const there = results.get('cpu');
  const base = here?.losses[0] ?? [];
  const { variants } = specOn(task, row, 'webgl');
  const weightsOff = weightDeviations(variants, here?.weights ?? []);
  const worst = (role: VariantSpec['role'], weights: boolean): number =>
    Math.max(
      ...variants.flatMap((variant, i) =>
        variant.role === role ? [...deviationsOf(here?.losses[i] ?? [], base), weights ? (weightsOff[i] ?? 0) : 0] : [],
      ),
    );
  return {
    task,
    row: id,
    verdicts,
    twins: worst('proof', true),
    controls: worst('control', false),
    apart: Math.max(...deviationsOf(base, there?.losses[0] ?? [])),
    ms,
  };
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

const backendsPage = {
  list: (): [task: string, row: string][] =>
    Object.keys(TASKS).flatMap((task) => rowsOn(task).map(({ id }): [string, string] => [task, id])),
  compare,
  trainHere,
  trainWith,
};

export type BackendsPage = typeof backendsPage;

Object.assign(window, { backendsPage });
