import { describe, expect, it } from 'vitest';
import { changeJson, verdictLine } from '../../../../../src/messages/answers';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { reportHtml, type ReportData } from '../../../../../src/cli/output/report/report';
import { variantRows, VERDICTS } from '../../../../../src/cli/output/run-text';
import { sweepHeadline } from '../../../../../src/cli/commands/sweep';
import type { ConfigChange } from '../../../../../src/config/plan/changes';
import type { ExperimentSpec, TrainedRun, VariantRole, VariantSpec } from '../../../../../src/experiment/spec';
import { sweepSpec } from '../../../../../src/experiment/specs/sweep';
import { runVerdict } from '../../../../../src/experiment/verdict/verdict';
import { AXOLOTL } from '../../../../support/axolotl';

const variant = (name: string, role: VariantRole, scaling = 1): VariantSpec => {
  // Under SGD the rate moves by k.
  const c = role === 'rescaled' ? Math.sqrt(scaling) : 1;
  const factor = { lr: 0.1 / c ** 2, weightDecay: 0, constants: { eps: 0 } };
  const clipping = { maxGradValue: null, maxGradNorm: null };
  const start = { init: { A: 1 / c, B: 1 / c }, gauge: { p: c, q: c }, ulpSeed: null };
  return { name, role, draw: 0, scaling, a: factor, b: factor, ...clipping, ...start };
};

const spec: ExperimentSpec = {
  ...sweepSpec({ alphas: [4], backend: 'cpu' }).spec,
  steps: 3,
  variants: [
    ...[variant('base', 'base'), variant('rescaled', 'rescaled', 4), variant('alpha-only', 'alpha-only', 4)],
    ...[variant('control-1', 'control'), variant('control-2', 'control')],
  ],
};

const SAME = [1, 0.75, 0.5];
const losses = [SAME, SAME, [1, 0.5, 0.25], SAME, [1, 0.75, 0.50000006]];
const result: TrainedRun = { backend: 'cpu', losses, weights: [], stopped: false, ms: 1234 };
const verdict = runVerdict(spec, result);

const data: ReportData = {
  ...{ title: '<script>alert(1)</script>.yml', what: 'Trainer "x" & Co', answer: null, signature: '1-f00' },
  ...{ spec, result, verdict, assumptions: ['One <b>layer</b>.'] },
};

describe('reportHtml', () => {
  const html = reportHtml(data);

  it('escapes every text from outside', () => {
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>layer');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;.yml');
    expect(html).toContain('Trainer &quot;x&quot; &amp; Co');
  });

  it('holds the verdict, both plots with their names, and every deviation', () => {
    expect(html).toContain('class="verdict identical"');
    expect(html).toMatch(
      /aria-labelledby="loss-title loss-desc"[\s\S]*aria-labelledby="deviation-title deviation-desc"/,
    );
    expect(html).toContain('<td>alpha alone</td><td>50 %</td>');
    expect(html).toContain('cpu · 5 variants × 3 steps · 1.23 s');
    expect(html).toContain(' · signature 1-f00</footer>');
  });

  it('names every colour it uses, in light and in dark', () => {
    expect(html).toContain('stroke:light-dark(#1f6fd0,#62a8ff)');
    expect(html.replace(/light-dark\(#[0-9a-f]{6}, ?#[0-9a-f]{6}\)/g, '')).not.toMatch(/#[0-9a-f]{6}/i);
    for (const [, name] of html.matchAll(/var\((--[a-z]+)\)/g)) expect(html).toMatch(new RegExp(`${name}: light-dark`));
  });
});

describe('the report of a check', () => {
  const reading = readConfig(AXOLOTL, 'a.yml');
  const { plans } = planConfig(AXOLOTL, reading, 0, 64);
  const [plan] = plans;
  if (!plan) throw new Error('the fixture has plans');
  const scaling = 's = α/r = 16/16 = 1 → α/r = 64/16 = 4';
  const html = reportHtml({ ...data, answer: { from: 'alpha 16', to: 'alpha 64', scaling, plan, plans } });

  it('says the answer first: the target, the large numbers, the rows, the verdict', () => {
    const order = [
      'alpha 16 →</span> <b>64</b>',
      'learning_rate <span class="muted">was 0.0002</span></dt><dd>0.0001</dd>',
      'init of A <span class="muted">in code</span></dt><dd>× 0.5</dd>',
      '<tr><td>weight_decay</td><td>0.01</td><td><b>0.02</b></td><td>× √k</td></tr>',
      'Ways to do it',
      'class="verdict identical"',
      'aria-labelledby="loss-title',
    ].map((part) => html.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
  });

  it('has one line for every way, and only the checked one unfolded', () => {
    expect(html.match(/<details class="way"/g)).toHaveLength(plans.length);
    expect(html.match(/<details class="way" open>/g)).toHaveLength(1);
    expect(html).toContain('exact, same bits');
  });

  it('keeps reasons, code and notes folded', () => {
    for (const label of ['Why each one changes', 'Also needed: code for this plan', 'How it was trained'])
      expect(html).toContain(`<details class="disclosure"><summary>${label}</summary>`);
    expect(html).toContain('p.data.div_(2.0)');
  });
});

describe('variantRows', () => {
  it('has the controls in one row and the base in none', () => {
    expect(variantRows(data)).toEqual([
      ['rescaled', '0 (same bits)'],
      ['alpha alone', '50 %'],
      ['rounding alone (2 controls)', '1.2e-5 %'],
    ]);
  });

  it('gives a curve of several draws its worst, and the best single learning rate a row; what one draw shows alone says so', () => {
    const [base, rescaled] = spec.variants as [VariantSpec, VariantSpec];
    const further = [base, rescaled].map((each) => ({ ...each, seed: 2, draw: 1 }));
    const two = { ...spec, seeds: [1, 2], variants: [...spec.variants, ...further] };
    const seen = { ...result, fit: { lr: 0.5, deviation: 0.02, losses: [1, 0.76, 0.51] } };
    const rows = variantRows({
      ...{ ...data, spec: two, result: seen },
      verdict: { ...verdict, deviations: [...verdict.deviations, 0, 0.25] },
    });
    expect(rows).toEqual([
      ['rescaled', '25 %'],
      ['alpha alone (seed 1)', '50 %'],
      ['best lr alone (seed 1)', '2 %'],
      ['rounding alone (2 controls)', '1.2e-5 %'],
    ]);
  });
});

describe('verdictLine', () => {
  it('is one line of whole sentences', () => {
    const line = verdictLine({ ...data, assumptions: ['No dropout'] });
    expect(line).toMatch(/^The same run, to the last bit\. .*No dropout\.$/);
    expect(line).not.toContain('\n');
  });
});

describe('VERDICTS', () => {
  it('end with the status scripts rely on', () => {
    const statuses = Object.entries(VERDICTS).map(([kind, { exitCode }]) => `${kind} ${exitCode}`);
    expect(statuses).toEqual(['identical 0', 'equivalent 0', 'different 1', 'nearly 2', 'undecided 2']);
  });
});

describe('sweepHeadline', () => {
  const swept = (loss: number, weights: number): string => {
    const variants = [variant('base', 'base'), variant('alpha-1', 'rescaled'), variant('alpha-4', 'rescaled', 4)];
    const losses = [0.5, 0.5, loss].map((last) => [1, last]);
    const run = { ...result, losses, weights: [0, 0, weights].map((off) => [Float64Array.of(1 + off)]) };
    const twin = { ...spec, variants };
    return sweepHeadline({ spec: twin, result: run, verdict: runVerdict(twin, run) });
  };

  it('says what is equal and what is not', () => {
    expect(swept(0.5, 0)).toBe('Both curves are equal to the last bit; the weights too.');
    expect(swept(0.5, 1e-7)).toBe('Both curves are equal to the last bit; the weights differ by at most 1e-5 %.');
    expect(swept(0.75, 2)).toBe('Both curves differ by at most 50 %, the weights by 200 %.');
  });
});

describe('changeJson', () => {
  const change: ConfigChange = {
    ...{ field: 'learningRate', key: 'learning_rate', from: "'2e-4'", to: "'1.0e-4'", written: 1e-4, exact: 1e-4 },
    ...{ factor: 0.5, law: '÷ √k', why: '', where: 'file', line: 3 },
  };

  it('speaks in numbers, whatever the quotes in the file', () => {
    expect(changeJson(change)).toEqual({ key: 'learning_rate', from: 2e-4, to: 1e-4, factor: 0.5 });
  });

  it('has null where nobody says, and computes what the text does not give', () => {
    const unknown = { from: null, to: null, written: null, exact: null };
    expect(changeJson({ ...change, ...unknown })).toMatchObject({ from: null, to: null });
    expect(changeJson({ ...change, from: '${rate}' })).toMatchObject({ from: 2e-4 });
  });
});
