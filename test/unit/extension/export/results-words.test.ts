import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, type PytorchResults } from '../../../../src/export/results';
import { type PanelSubject, lossesOfResults, resultsView } from '../../../../src/extension/panel/opened-results';
import type { ResultsView } from '../../../../src/messages/panel';

const FIXTURE = path.join(import.meta.dirname, '../../../fixtures/results/equivalent.json');
const RESULTS = readResults(readFileSync(FIXTURE, 'utf8'), 'equivalent.json') as PytorchResults;
const SUBJECT: PanelSubject = {
  config: 'axolotl-llama3.yml',
  alpha: [16, 48],
  k: 3,
  plan: 'symmetric',
  titles: { symmetric: 'Rescale the init', 'keep-init': 'LoRA+ ratio' },
};

function viewOf(change: Partial<PytorchResults> = {}, subject: Partial<PanelSubject> | null = {}): ResultsView {
  const about = subject && { ...SUBJECT, ...subject };
  return resultsView({ ...RESULTS, ...change }, { id: -1, isShown: true, subject: about });
}

const environment = (change: Partial<PytorchResults['environment']>): ResultsView =>
  viewOf({ environment: { ...RESULTS.environment, ...change } });

describe('resultsView', () => {
  it.each([
    ['identical', 'Identical with tiny llama'],
    ['equivalent', 'Equivalent with tiny llama'],
    ['different', 'Different with tiny llama'],
    ['undecided', 'Undecided with tiny llama'],
  ] as const)('says the verdict %s with the name of the model', (verdict, headline) => {
    expect(viewOf({ verdict }).run.verdict).toMatchObject({ kind: verdict, headline, aside: '' });
  });

  it.each([
    ['meta-llama/Llama-3.1-8B', 'Llama-3.1-8B'],
    ['/home/me/models/qwen/', 'qwen'],
    ['C:\\models\\qwen', 'qwen'],
    ['x'.repeat(60), `${'x'.repeat(40)}…`],
  ])('calls the model %s %s, and names it in full beside its versions', (model, short) => {
    const view = environment({ model });
    expect(view.model).toBe(short);
    expect(view.environment.startsWith(`${model} · `)).toBe(true);
  });

  it.each([
    ['loss 2e-07, ΔW 7e-07', 'Loss 2e-07, ΔW 7e-07.'],
    ['Every bit.', 'Every bit.'],
  ])('makes a sentence of the reason %s', (why, evidence) => {
    expect(viewOf({ why }).run.verdict.evidence).toBe(evidence);
  });

  it.each([
    [{}, ''],
    [{ alpha: [16, 64], k: 4 } as const, 'These results checked alpha 16 → 48. The panel shows alpha 16 → 64.'],
    [{ config: 'b.yml' }, 'These results checked axolotl-llama3.yml. The panel shows b.yml.'],
    [{ k: 12 }, 'These results checked k = 3. The panel shows k = 12.'],
    [{ plan: 'keep-init' } as const, 'These results checked Rescale the init. The panel shows LoRA+ ratio.'],
    [{ plan: null }, ''],
    [{ isChanged: true }, 'axolotl-llama3.yml was saved or edited after this check.'],
    [
      { config: 'b.yml', plan: 'lr-only' } as const,
      'These results checked axolotl-llama3.yml, Rescale the init. The panel shows b.yml, lr-only.',
    ],
  ])('says what the panel shows instead: %j', (subject: Partial<PanelSubject>, words) => {
    const { stale, verdict } = viewOf({}, subject).run;
    expect(verdict.aside.replaceAll('\u00a0', ' ')).toBe(words);
    expect(stale).toBe(words !== '');
  });

  it('says nothing of a panel that has no config yet', () => {
    expect(viewOf({}, null).run.stale).toBe(false);
  });

  it.each([
    [{}, '24 steps · random tokens · float32 · cpu · torch 2.13.0 · transformers 5.24.0 · peft 0.21.2'],
    [
      { data: 'sets/train.jsonl', processes: '2 with DDP' },
      '24 steps · train.jsonl · float32 · cpu · processes: 2 with DDP · torch 2.13.0 · transformers 5.24.0 · peft 0.21.2',
    ],
  ])('says in one line what was run: %j', (change, line) => {
    expect(environment(change).environment.replaceAll('\u00a0', ' ')).toBe(line);
  });

  it('draws controls and a repeated baseline as rounding error', () => {
    const [base] = RESULTS.variants;
    const variants = [
      ...RESULTS.variants,
      { ...base, name: 'repeat', role: 'repeat' } as PytorchResults['variants'][number],
    ];
    expect(viewOf({ variants }).run.curves.map(({ name, role }) => [name, role])).toEqual([
      ['base', 'base'],
      ['rescaled', 'rescaled'],
      ['alpha-only', 'alpha-only'],
      ['as-written', 'as-written'],
      ['proof', 'proof'],
      ['control-1', 'control'],
      ['control-2', 'control'],
      ['control-3', 'control'],
      ['repeat', 'control'],
    ]);
  });

  it('shows ΔW of each module beside the rounding error', () => {
    const deltaW = [
      { module: 'base_model.model.layers.0.q_proj', deviation: 0, control: 2e-7 },
      { module: 'lm_head', deviation: null, control: 0.25 },
    ];
    expect(viewOf({ deltaW }).modules).toEqual([
      { module: 'layers.0.q_proj', deviation: '0', control: '2e-7' },
      { module: 'lm_head', deviation: 'not finite', control: '25 %' },
    ]);
  });
});

describe('lossesOfResults', () => {
  it('has NaN where a loss is not finite', () => {
    const variants = [{ name: 'base', loss: [1, null, 2], maxDeviation: null, deltaW: 0 } as const];
    expect(lossesOfResults({ ...RESULTS, variants: [...variants] as unknown as PytorchResults['variants'] })).toEqual([
      [1, NaN, 2],
    ]);
  });
});
