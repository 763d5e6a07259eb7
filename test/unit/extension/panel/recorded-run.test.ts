import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordedView, seriesOf, type Ran } from '../../../../src/extension/panel/recorded-run';
import { secondChart } from '../../../../src/plot/chart';
import type { Recording } from '../../../../src/run/recording';
import { group, module, recording } from '../../../support/recording';

type Held = Pick<Ran, 'findings' | 'agrees'>;
type Groups = Recording['optimizers'][number]['groups'];
const AGREES: Held = { agrees: true, findings: [] };

const differs = (...messages: string[]): Held => ({
  agrees: false,
  findings: messages.map((message, i) => ({
    ...({ code: 'run-differs', severity: 'warning', message, line: i + 1, range: null } as const),
  })),
});
const rate = (lr: number[], ...roles: string[]): Groups[number] =>
  group({ lr, roles: Object.fromEntries(roles.map((role) => [role, 2])) });
const of = (...groups: Groups): Partial<Recording> => ({
  optimizers: [{ class: 'torch.optim.adamw.AdamW', groups }],
});
const clipping = (clip: Pick<Recording['clips'][number], 'threshold' | 'norms'>): Partial<Recording> => ({
  clips: [{ kind: 'norm', over: 'lora', ...clip }],
});

/** All that is shown of each is in recorded-run.txt; `vitest -u` writes it anew. */
const CASES: Readonly<Record<string, readonly [own: Partial<Recording>, ran: Held | null]>> = {
  'it agrees': [{}, AGREES],
  'it differs': [{}, differs()],
  'it is not compared yet': [{}, null],
  'it is empty': [{ steps: 0, reason: 'It ended.' }, AGREES],
  'it was refused': [{ refused: 'no rule' }, AGREES],
  'what differs is listed once': [
    {},
    differs('0.01 was read.', 'The recording differs from this file: 0.01 was read.'),
  ],
  'what differs besides': [
    {},
    differs('0.01 was read.', 'The recording differs from this file: a step in a CUDA graph.'),
  ],
  'one rate': [of(rate([1, 2, 3], 'A', 'B')), AGREES],
  'LoRA+': [of(rate([1, 1, 1], 'A'), rate([4, 4, 4], 'B')), AGREES],
  'groups of equal rates': [of(rate([1, 1, 1], 'A'), rate([1, 1, 1], 'B')), AGREES],
  'a head beside LoRA': [of(rate([1, 1, 1], 'A', 'B'), rate([9, 9, 9], 'other')), AGREES],
  'nine rates, of which six are drawn': [of(...Array.from({ length: 9 }, (_, i) => rate([i, i, i], 'A', 'B'))), AGREES],
  'two micro-batches': [{ losses: [4, 2, 3, 1, 2, 0] }, AGREES],
  'no loss': [{ losses: [] }, AGREES],
  'clipping that fires': [clipping({ threshold: 0.5, norms: [0.1, 0.6, 0.7] }), AGREES],
  'clipping by value': [{ clips: [{ kind: 'value', threshold: 2, over: 'mixed', norms: [null, null] }] }, AGREES],
  'no clipping': [clipping({ threshold: Infinity, norms: [0.1] }), AGREES],
  'a cluster': [{ clips: [], world: { size: 8, rank: 0 }, precision: { autocast: 'bfloat16' } }, AGREES],
  'modules, and how large ΔW became': [
    {
      modules: [module({ name: 'base_model.model.q_proj' }), module({ name: 'v_proj', scaling: null })],
      sketches: [{ step: 3, modules: { 'base_model.model.q_proj.default': { norm: 0.12345, values: [], sha: '' } } }],
    },
    AGREES,
  ],
};

it('shows a recording, its losses and learning rates, and what the file has otherwise', async () => {
  const texts = Object.entries(CASES).map(([title, [own, ran]]) => {
    const { run, environment, modules, remarks } = recordedView(recording(own), ran, -1, true);
    const { curves, values } = seriesOf(recording(own));
    const second = secondChart(curves, values);
    return [
      `--- ${title}: ${run.verdict.kind}`,
      ...[run.verdict.headline, run.verdict.evidence, environment].map((line) => `  ${line}`),
      ...curves.map(({ label }, i) => `  ${label}: ${values[i]?.join(' ')}`),
      `  ${run.steps} steps, ${second.title}: ${second.lines.map(({ label }) => label).join('; ')}`,
      ...[modules.title, modules.head.join(' | '), ...modules.rows.map((row) => row.join(' | '))].map(
        (row) => `  | ${row}`,
      ),
      ...remarks.map(({ message, line }) => `  line ${line}: ${message}`),
      '',
    ].join('\n');
  });
  await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'recorded-run.txt'));
});
