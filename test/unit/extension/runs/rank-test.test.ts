import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import { noRun } from '../../../../src/extension/runs/runs';
import { finishedTest, startedTest, type RankTest } from '../../../../src/extension/runs/rank-test';
import { outlookOf } from '../../../../src/extension/panel/outlook';
import type { RunWithCurves } from '../../../../src/messages/run';
import { rateChart } from '../../../../src/plot/chart';
import { axolotl } from '../../export/export-of';

function testOf(rank: number): RankTest {
  const text = axolotl('optimizer: adamw_torch');
  const choice = { network: 0, target: { alpha: 16, rank }, plan: 'symmetric', task: 'auto' } as const;
  const test = outlookOf({ text, reading: readConfig(text, 'a.yml') }, choice, { backend: 'cpu' })?.ranked?.test;
  if (!test) throw new Error('the fixture can be tested');
  return test;
}

/** Losses whose best learning rate keeps lr·√(s·r), as the rule of µA has it. */
function losses({ variants, steps, rank }: ExperimentSpec): number[][] {
  return variants.map(({ a, scaling, draw }) => {
    const off = a.lr === 0 ? Infinity : Math.log2(a.lr) + 7 + Math.log2(scaling * rank) / 2 + draw / 50;
    return Array.from({ length: steps }, () => Math.min(3, 1 + off ** 2 / 8));
  });
}

/** @param isStopped of the n-th training */
async function finished(isStopped: (training: number) => boolean): Promise<{ run: RunWithCurves; done: number[] }> {
  const test = testOf(32);
  const done: number[] = [];
  let trainings = 0;
  const train = (spec: ExperimentSpec, onStep: (step: number) => void) => {
    onStep(1);
    return Promise.resolve({ losses: losses(spec), stopped: isStopped(trainings++) });
  };
  const run = await finishedTest(startedTest(noRun(), 1, test), test, train, (steps) => done.push(steps));
  return { run, done };
}

describe('a test of ranks', () => {
  it('measures every rule, and says how far it is', async () => {
    const { run, done } = await finished(() => false);
    const { view, measured } = run;
    expect(view).toMatchObject({ state: 'done', verdict: { headline: expect.stringMatching(/100 steps/) } });
    expect(measured['keep-alpha']).toBeCloseTo(1, 1);
    expect(measured['mua-scaling']).toBeCloseTo(1, 1);
    expect(measured['scaling-kept']).toBeCloseTo(0.5, 1);
    expect(done.at(-1)).toBeLessThanOrEqual(view.steps);
    expect([...done].sort((one, other) => one - other)).toEqual(done);
  });

  it('draws a curve for the present rank, and one for each alpha of the new one, with the rate of its rule', async () => {
    const { run } = await finished(() => false);
    const { curves, rates = [] } = run.view;
    expect(curves.map(({ label }) => label)).toEqual([
      'rank 8',
      'rank 32, alpha 16',
      'rank 32, alpha 32',
      'rank 32, alpha 64',
    ]);
    expect(new Set(run.losses.map((curve) => curve.length))).toEqual(new Set([rates.length]));
    const chart = rateChart(curves, run.losses, rates);
    expect(chart.describe()).toMatch(
      /^Loss over learning rate\. rank 8: lowest at [\d.e-]+; rank 32, alpha 16: lowest at/,
    );
    expect(chart.x?.labels).toHaveLength(rates.length);
  });

  it('has no verdict where it was stopped', async () => {
    const { run } = await finished((training) => training === 3);
    expect(run.view).toMatchObject({ state: 'stopped', verdict: null, curves: [] });
  });
});
