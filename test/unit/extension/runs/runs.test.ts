import { describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import type { TrainedRun } from '../../../../src/experiment/spec';
import { outlookOf } from '../../../../src/extension/panel/outlook';
import { type Experiment, type RunPage, type Runs, createRuns } from '../../../../src/extension/runs/runs';
import type { RunsDeps } from '../../../../src/extension/runs/runs';
import type { RunListener, Runner } from '../../../../src/worker/runner';
import { nodeRunner } from '../../../../src/worker/node/runner';
import { ASSETS, bundle } from '../../worker/support/bundle';

const TEXT = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\noptimizer: sgd\nlearning_rate: 0.1\n';

function experimentFor(alpha: number, backend: 'cpu' | 'webgl' = 'cpu'): Experiment {
  const source = { text: TEXT, reading: readConfig(TEXT, 'a.yml') };
  const choice = { network: 0, target: { alpha }, plan: 'symmetric', task: 'linear' } as const;
  const experiment = outlookOf(source, choice, { backend })?.experiment;
  if (!experiment) throw new Error('the fixture can be trained');
  return experiment;
}

/** A run whose end the test decides: what is tested here is the order of events, which a real one leaves to chance. */
interface Held {
  listener: RunListener;
  signal: AbortSignal | undefined;
  resolve: (result: TrainedRun) => void;
  reject: (error: Error) => void;
}

const silent: RunPage = { call: () => new Promise(() => undefined), notify: () => undefined, dispose: () => undefined };

function setUp(
  first: Experiment,
  page: Partial<RunPage> = {},
): { runs: Runs; held: Held[]; next: (experiment: Experiment) => void } {
  const held: Held[] = [];
  const runner: Runner = {
    kill: () => false,
    run: (_spec, listener, signal) =>
      new Promise((resolve, reject) => {
        held.push({ listener, signal, resolve, reject });
      }),
    dispose: () => undefined,
  };
  let experiment = first;
  const deps: RunsDeps = {
    createRunner: () => runner,
    page: { ...silent, ...page },
    next: () => experiment,
    changed: () => undefined,
    log: { error: () => undefined } as unknown as RunsDeps['log'],
    kept: null,
  };
  return { runs: createRuns(deps), held, next: (other) => (experiment = other) };
}

function resultFor({ spec }: Experiment): TrainedRun {
  const losses = spec.variants.map((_, index) => [1, 0.5 + index]);
  return { backend: 'cpu', losses, weights: [], stopped: false, ms: 12 };
}

describe('createRuns', () => {
  it('collects points as they come and judges at the end', async () => {
    const experiment = experimentFor(64);
    const { runs, held } = setUp(experiment);
    runs.start();
    held[0]?.listener.onStart?.({ backend: 'cpu', note: null });
    held[0]?.listener.onPoints?.({ from: 0, losses: experiment.spec.variants.map(() => [1]) });
    expect(runs.current().view).toMatchObject({ state: 'running', steps: experiment.spec.steps });
    expect(runs.current().losses[0]).toEqual([1]);
    held[0]?.resolve(resultFor(experiment));
    await vi.waitFor(() => expect(runs.current().view.state).toBe('done'));
    expect(runs.current().view.verdict).not.toBeNull();
  });

  it('stops the old run when a new one starts, and listens to it no more', async () => {
    const { runs, held, next } = setUp(experimentFor(64));
    runs.start();
    next(experimentFor(32));
    runs.start();
    expect(held[0]?.signal?.aborted).toBe(true);
    held[0]?.resolve({ ...resultFor(experimentFor(64)), stopped: true });
    held[0]?.listener.onPoints?.({ from: 0, losses: [[9]] });
    held[1]?.resolve(resultFor(experimentFor(32)));
    await vi.waitFor(() => expect(runs.current().view.state).toBe('done'));
    expect(runs.current().view.id).toBe(2);
    expect(runs.current().losses[0]).toEqual([1, 0.5]);
  });

  it('shows the run of a target again when the user comes back to it, with its points', async () => {
    const told: unknown[] = [];
    const notify = ((_: string, points: unknown) => told.push(points)) as unknown as RunPage['notify'];
    const [first, second] = [experimentFor(64), experimentFor(32)];
    const { runs, held, next } = setUp(first, { notify });
    for (const [i, experiment] of [first, second].entries()) {
      next(experiment);
      runs.start();
      held[i]?.resolve(resultFor(experiment));
      await vi.waitFor(() => expect(runs.view(experiment.key)).toMatchObject({ state: 'done', stale: false }));
    }
    const again = runs.view(first.key);
    expect(again).toMatchObject({ id: 3, state: 'done', stale: false });
    expect(again.verdict).not.toBeNull();
    expect(runs.current().key).toBe(first.key);
    expect(told.at(-1)).toMatchObject({ id: 3, from: 0, losses: runs.current().losses });
    expect(runs.view(first.key).id).toBe(3);
    expect(runs.view('of another file')).toMatchObject({ id: 3, stale: true });
  });

  it('shows a failure in one sentence, and the next run works', async () => {
    const { runs, held } = setUp(experimentFor(64));
    runs.start();
    held[0]?.reject(new Error('the worker died'));
    await vi.waitFor(() => expect(runs.current().view).toMatchObject({ state: 'failed', error: 'the worker died' }));
    runs.start();
    expect(runs.current().view).toMatchObject({ state: 'running', error: null });
  });

  it('waits for the page when only the page can train, and begins anew when it was hidden meanwhile', async () => {
    const asked: string[] = [];
    const call = ((method: string) => {
      asked.push(method);
      return new Promise(() => undefined);
    }) as unknown as RunPage['call'];
    const { runs, held } = setUp(experimentFor(64, 'webgl'), { call });
    runs.start();
    expect(asked).toEqual([]);
    runs.pageIsReady();
    await vi.waitFor(() => expect(asked).toEqual(['runHere']));
    runs.pageIsGone();
    await vi.waitFor(() => expect(runs.current().view.state).toBe('none'));
    runs.pageIsReady();
    await vi.waitFor(() => expect(asked).toEqual(['runHere', 'runHere']));
    expect(held).toEqual([]);
  });

  it('keeps two runs in the page apart: what the first still says is not the second’s', async () => {
    const asked: { run: number; resolve: (result: TrainedRun) => void }[] = [];
    const call = ((_method: string, { run }: { run: number }) =>
      new Promise<TrainedRun>((resolve) => asked.push({ run, resolve }))) as unknown as RunPage['call'];
    const { runs, next } = setUp(experimentFor(64, 'webgl'), { call });
    runs.pageIsReady();
    runs.start();
    next(experimentFor(32, 'webgl'));
    runs.start();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    const [first, second] = asked.map(({ run }) => run) as [number, number];
    runs.answers.herePoints({ run: first, from: 0, losses: [[9]] });
    asked[0]?.resolve({ ...resultFor(experimentFor(64)), stopped: true });
    await Promise.resolve();
    runs.answers.herePoints({ run: second, from: 0, losses: [[1], [2]] });
    expect(runs.current().losses.slice(0, 2)).toEqual([[1], [2]]);
    asked[1]?.resolve(resultFor(experimentFor(32)));
    await vi.waitFor(() => expect(runs.current().view.state).toBe('done'));
  });

  it('ends its thread when the panel is closed in the middle of a run, and nobody hears of it', async () => {
    const workerPath = await bundle('src/worker/node/main.ts');
    const runner = nodeRunner({ workerPath, assets: ASSETS });
    const experiment = experimentFor(64);
    const spec = { ...experiment.spec, steps: 100_000 };
    let told = 0;
    const changed = (): void => void told++;
    const log = { error: changed } as unknown as RunsDeps['log'];
    const next = (): Experiment => ({ ...experiment, spec });
    const runs = createRuns({ createRunner: () => runner, page: silent, next, changed, log, kept: null });
    runs.start();
    await vi.waitFor(() => expect(runs.current().losses[0]?.length).toBeGreaterThan(0), { timeout: 20_000 });
    const [heard, points] = [told, runs.current().losses[0]?.length];
    runs.dispose();
    await expect(runner.run(spec, {})).rejects.toThrow('The training has been shut down.');
    await new Promise((resolve) => setImmediate(resolve));
    expect(runner.kill()).toBe(false);
    expect([told, runs.current().losses[0]?.length]).toEqual([heard, points]);
  });
});
