import { describe, expect, it } from 'vitest';
import { recordedView, seriesOf, type Ran } from '../../../../src/extension/panel/recorded-run';
import type { ResultsView } from '../../../../src/messages/panel';
import { secondChart } from '../../../../src/plot/chart';
import type { Recording } from '../../../../src/run/recording';
import { group, module, recording } from '../../../support/recording';

type Held = Pick<Ran, 'findings' | 'agrees'>;
const AGREES: Held = { agrees: true, findings: [] };
const viewOf = (own: Partial<Recording> = {}, ran: Held | null = AGREES): ResultsView =>
  recordedView(recording(own), ran, -1, true);

const differs = (...messages: string[]): Held['findings'] =>
  messages.map((message, i) => ({ code: 'run-differs', severity: 'warning', message, line: i + 1, range: null }));

describe('the headline of a recording', () => {
  const refused = { refused: 'no rule' };
  it.each<[string, Partial<Recording>, Held | null, string, string]>([
    ['agrees', {}, AGREES, 'Your run agrees with this file', 'identical'],
    ['differs', {}, { agrees: false, findings: [] }, 'Your run differs from this file', 'different'],
    ['is not compared yet', {}, null, 'Your run was recorded', 'undecided'],
    ['is empty', { steps: 0, reason: 'It ended.' }, AGREES, 'No training of LoRA was recorded', 'undecided'],
    ['was refused', refused, AGREES, 'No training of LoRA was recorded', 'undecided'],
  ])('where it %s', (_what, own, ran, headline, kind) => {
    expect(viewOf(own, ran).run.verdict).toMatchObject({ headline, kind });
  });

  it('has the reason where nothing trained, and the program elsewhere', () => {
    expect(viewOf({ steps: 0, reason: 'It ended.' }).run.verdict.evidence).toBe('No step of LoRA was seen. It ended.');
    expect(viewOf().run.verdict.evidence).toBe('train.py, 3 steps, torch 2.13.0.');
  });
});

it('lists what differs once', () => {
  const findings = differs('0.01 was read.', 'The recording differs from this file: 0.01 was read.');
  expect(viewOf({}, { agrees: false, findings }).remarks).toEqual([{ message: '0.01 was read.', line: 1 }]);
  const unseen = differs('0.01 was read.', 'The recording differs from this file: a step in a CUDA graph.');
  expect(viewOf({}, { agrees: false, findings: unseen }).remarks).toHaveLength(2);
});

describe('the curves of a recording', () => {
  const rate = (lr: number[], ...roles: string[]) =>
    group({ lr, roles: Object.fromEntries(roles.map((role) => [role, 2])) });
  const of = (...groups: Recording['optimizers'][number]['groups']): Partial<Recording> => ({
    optimizers: [{ class: 'torch.optim.adamw.AdamW', groups }],
  });
  it.each<[string, Partial<Recording>, string[], number[][]]>([
    [
      'one rate',
      of(rate([1, 2, 3], 'A', 'B')),
      ['your run', 'A, B'],
      [
        [3, 2.5, 2],
        [1, 2, 3],
      ],
    ],
    [
      'LoRA+',
      of(rate([1, 1, 1], 'A'), rate([4, 4, 4], 'B')),
      ['your run', 'A', 'B'],
      [
        [3, 2.5, 2],
        [1, 1, 1],
        [4, 4, 4],
      ],
    ],
    [
      'groups of equal rates',
      of(rate([1, 1, 1], 'A'), rate([1, 1, 1], 'B')),
      ['your run', 'A, B'],
      [
        [3, 2.5, 2],
        [1, 1, 1],
      ],
    ],
    [
      'a head beside LoRA',
      of(rate([1, 1, 1], 'A', 'B'), rate([9, 9, 9], 'other')),
      ['your run', 'A, B'],
      [
        [3, 2.5, 2],
        [1, 1, 1],
      ],
    ],
    [
      'two micro-batches',
      { losses: [4, 2, 3, 1, 2, 0] },
      ['your run', 'A, B'],
      [
        [3, 2, 1],
        [1e-3, 1e-3, 1e-3],
      ],
    ],
    ['no loss', { losses: [] }, ['A, B'], [[1e-3, 1e-3, 1e-3]]],
  ])('%s', (_what, own, labels, values) => {
    const series = seriesOf(recording(own));
    expect(series.curves.map(({ label }) => label)).toEqual(labels);
    expect(series.values).toEqual(values);
    expect(viewOf(own).run.steps).toBe(3);
  });

  it('are the loss and, in a plot of their own, at most six learning rates', () => {
    const layers = Array.from({ length: 9 }, (_, i) => rate([i, i, i], 'A', 'B'));
    const { curves, values } = seriesOf(recording(of(...layers)));
    const { title, lines } = secondChart(curves, values);
    expect([title, lines.map(({ label }) => label)]).toEqual([
      'Learning rate',
      [1, 2, 3, 4, 5, 6].map((i) => `A, B (${i})`),
    ]);
  });
});

it.each<[string, Partial<Recording>, string]>([
  ['AdamW', {}, 'AdamW · clipping at 1, never reached · float32'],
  [
    'clipping that fires',
    { clips: [{ kind: 'norm', threshold: 0.5, over: 'lora', norms: [0.1, 0.6, 0.7] }] },
    'AdamW · clipping at 0.5 · float32',
  ],
  [
    'clipping by value',
    { clips: [{ kind: 'value', threshold: 2, over: 'mixed', norms: [null, null] }] },
    'AdamW · clipping at 2, never reached · float32',
  ],
  ['no clipping', { clips: [{ kind: 'norm', threshold: Infinity, over: 'lora', norms: [0.1] }] }, 'AdamW · float32'],
  [
    'a cluster',
    { clips: [], world: { size: 8, rank: 0 }, precision: { autocast: 'bfloat16' } },
    'AdamW · autocast bfloat16 · processes: 8',
  ],
])('says in a line how it trained: %s', (_what, own, line) => {
  expect(viewOf(own).environment).toBe(line);
});

it('lists every module with its rank, its scaling, and how large ΔW became', () => {
  const [known, unknown] = [module({ name: 'base_model.model.q_proj' }), module({ name: 'v_proj', scaling: null })];
  const sketch = { step: 3, modules: { 'base_model.model.q_proj.default': { norm: 0.12345, values: [], sha: '' } } };
  expect(viewOf({ modules: [known, unknown], sketches: [sketch] }).modules).toEqual({
    title: 'Modules (2)',
    head: ['module', 'rank', 'scaling', '‖ΔW‖ at step 3'],
    rows: [
      ['q_proj', '8', '2', '0.1235'],
      ['v_proj', '8', '–', '–'],
    ],
  });
});
