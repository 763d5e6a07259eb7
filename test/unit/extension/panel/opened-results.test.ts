import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { describe, expect, it } from 'vitest';
import { readResults, type PytorchResults } from '../../../../src/export/results';
import { lossesOfResults, openedResults, resultsView } from '../../../../src/extension/panel/opened-results';
import type { PanelSubject, ResultsFile } from '../../../../src/extension/panel/opened-results';
import type { PanelState, ResultsView } from '../../../../src/messages/panel';
import { claimWords } from '../../../../src/config/plan/claim';
import { readConfig } from '../../../../src/config/read';
import { outlookOf } from '../../../../src/extension/panel/outlook';
import type { Recording } from '../../../../src/run/recording';
import type { Ran } from '../../../../src/extension/panel/recorded-run';
import { recording, textOf as recordingText } from '../../../support/recording';

const resultsOf = (name: string): PytorchResults => {
  const file = path.join(import.meta.dirname, '../../../fixtures/results', name);
  return readResults(readFileSync(file, 'utf8'), name) as PytorchResults;
};
const [RESULTS, EQUIVALENT] = [resultsOf('identical.json'), resultsOf('equivalent.json')];

/** Of a config that was checked at 1000 ms. */
const file = (name: string): ResultsFile => ({
  written: 1000,
  uri: { toString: () => name } as vscode.Uri,
  results: { ...RESULTS, environment: { ...RESULTS.environment, model: name } },
});

interface Opened {
  results: ReturnType<typeof openedResults>;
  /** What the page was sent, and how often the panel was drawn anew. */
  sent: { id: number; curves: number }[];
  drawn: () => number;
  /** Answers the reading of the kept file. */
  answer: (file: ResultsFile | null) => Promise<void>;
}

function opened(kept: PanelState['results'], time = 0, hold: (recording: string) => Ran | null = () => null): Opened {
  const sent: Opened['sent'] = [];
  let drawn = 0;
  let resolve: (file: ResultsFile | null) => void = () => undefined;
  const reading = new Promise<ResultsFile | null>((done) => (resolve = done));
  const results = openedResults({
    page: {
      notify: (method, params) => {
        if (method === 'results') {
          const { id, losses } = params as { id: number; losses: number[][] };
          sent.push({ id, curves: losses.length });
        }
      },
    },
    read: () => reading,
    hold: (recording) => Promise.resolve(hold(recording)),
    saved: () => Promise.resolve(time),
    changed: () => drawn++,
    kept,
  });
  const answer = async (read: ResultsFile | null): Promise<void> => {
    resolve(read);
    await reading;
  };
  return { results, sent, drawn: () => drawn, answer };
}

describe('openedResults', () => {
  it('has nothing to show, to keep or to send before results are opened', () => {
    const { results, sent } = opened(null);
    results.show(true);
    results.tellAll();
    expect([results.view(null, 'text'), results.state(), sent]).toEqual([null, null, []]);
  });

  it('sends the losses of each file that is opened, under a number of their own', () => {
    const { results, sent, drawn } = opened(null);
    results.open(file('one'));
    results.open(file('two'));
    results.tellAll();
    expect(sent).toEqual([-1, -2, -2].map((id) => ({ id, curves: 6 })));
    expect(results.view(null, 'text')).toMatchObject({ tab: 'PyTorch: two', isShown: true, run: { id: -2 } });
    expect(drawn()).toBe(2);
  });

  it('goes to the run of the panel and back', () => {
    const { results } = opened(null);
    results.open(file('one'));
    results.show(false);
    expect([results.view(null, 'text')?.isShown, results.state()]).toEqual([false, { uri: 'one', isShown: false }]);
    results.show(true);
    expect(results.view(null, 'text')?.isShown).toBe(true);
  });

  it.each([true, false])('reads a kept file again, shown: %s', async (isShown) => {
    const { results, answer } = opened({ uri: 'kept', isShown });
    // Nothing is lost while it is read.
    expect([results.view(null, 'text'), results.state()]).toEqual([null, { uri: 'kept', isShown }]);
    await answer(file('kept'));
    expect(results.view(null, 'text')).toMatchObject({ tab: 'PyTorch: kept', isShown });
  });

  it('forgets a kept file that is gone', async () => {
    const { results, answer } = opened({ uri: 'kept', isShown: true });
    await answer(null);
    expect([results.view(null, 'text'), results.state()]).toEqual([null, null]);
  });

  it('keeps what was opened while the kept file was read', async () => {
    const { results, answer } = opened({ uri: 'kept', isShown: true });
    results.open(file('new'));
    await answer(file('kept'));
    expect([results.view(null, 'text')?.tab, results.state()?.uri]).toEqual(['PyTorch: new', 'new']);
  });

  it.each([
    ['the text it was opened on', 0, {}, ['text', 'text'], false],
    ['an edit after that', 0, {}, ['text', 'other'], true],
    ['an edit that was taken back', 0, {}, ['text', 'other', 'text'], false],
    ['a config that was saved before', 1000, {}, ['text'], false],
    ['a config that was saved later', 1001, {}, ['text'], true],
    ['the text that was checked', 1001, { checked: 'text' }, ['text'], false],
    ['another text than that', 0, { checked: 'text' }, ['other'], true],
  ])('says whether the config has changed since: %s', async (_, time, more, texts, isStale) => {
    const { results } = opened(null, time);
    results.open({ ...file('one'), ...more });
    await Promise.resolve();
    const subject = { ...RESULTS.check, titles: {} };
    const seen = texts.map((text) => results.view(subject, text)?.run.stale);
    expect(seen.at(-1)).toBe(isStale);
  });
});

it('holds a recording against each text of the config, and keeps the last answer until the next is there', async () => {
  const asked: string[] = [];
  const answers: Ran[] = [
    { agrees: true, findings: [], why: null, about: 'train.py' },
    { agrees: false, findings: [], why: 'The run had another lr.', about: 'train.py' },
  ];
  const { results, sent } = opened(null, 0, (text) => (asked.push(text), answers[asked.length - 1] ?? null));
  const text = recordingText();
  results.open({ uri: { toString: () => 'run.json' } as vscode.Uri, recording: recording(), text, written: 0 });
  const seen = (config: string): string => results.view(null, config)?.run.verdict.headline ?? '';
  const shown: string[] = [];
  for (const config of ['one', 'one', 'two', 'two']) {
    shown.push(seen(config));
    await Promise.resolve();
    await Promise.resolve();
  }
  const [waits, agrees, differs] = ['was recorded', 'agrees with this file', 'differs from this file'];
  expect(shown).toEqual([waits, agrees, agrees, differs].map((words) => `Your run ${words}`));
  expect([asked, sent]).toEqual([[text, text], [{ id: -1, curves: 2 }]]);
  expect(results.view(null, 'two')).toMatchObject({ tab: 'Your run', isRecording: true, run: { stale: false } });
});

it.each([
  ['agrees', { agrees: true, why: null }, 'exact', 'exact for the run recorded'],
  ['differs', { agrees: false, why: 'The run had another rate.' }, 'approximate', 'approximate'],
])('gives the plans the claim that a recording leaves them: it %s', async (_what, ran, exactness, words) => {
  const config =
    'adapter: lora\nlora_r: 8\nlora_alpha: 16\noptimizer: adamw_torch\nlearning_rate: 3e-4\nbase_model: a/b\n';
  const source = { text: config, reading: readConfig(config, 'train.yml') };
  const outlook = outlookOf(
    source,
    { network: 0, target: { alpha: 64 }, plan: 'symmetric', task: 'linear' },
    { backend: 'cpu' },
  );
  const { results } = opened(null, 0, () => ({ findings: [], about: 'train.py', ...ran }));
  expect(results.settled(outlook)).toBe(outlook);
  const open = (change: Partial<Recording>): void =>
    results.open({
      uri: { toString: () => 'run.json' } as vscode.Uri,
      recording: recording(change),
      text: recordingText(),
      written: 0,
    });
  open({});
  results.view(null, config);
  await Promise.resolve();
  await Promise.resolve();
  const settled = results.settled(outlook);
  expect(settled?.plan).toMatchObject({ id: 'symmetric', exactness });
  expect(settled?.plan && claimWords(settled.plan.claim)).toBe(words);
  expect(settled?.plans.plans.map((plan) => plan.exactness)).toContain(exactness);
  // What recorded no training says nothing of the file.
  open({ steps: 0, reason: 'It ended.' });
  expect(results.settled(outlook)).toBe(outlook);
});

const SUBJECT: PanelSubject = {
  config: 'axolotl-llama3.yml',
  alpha: [16, 48],
  k: 3,
  plan: 'symmetric',
  titles: { symmetric: 'Rescale the init', 'keep-init': 'LoRA+ ratio' },
};

function viewOf(change: Partial<PytorchResults> = {}, subject: Partial<PanelSubject> | null = {}): ResultsView {
  const about = subject && { ...SUBJECT, ...subject };
  return resultsView({ ...EQUIVALENT, ...change }, { id: -1, isShown: true, subject: about });
}

const environment = (change: Partial<PytorchResults['environment']>): ResultsView =>
  viewOf({ environment: { ...EQUIVALENT.environment, ...change } });

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
    expect(view.tab).toBe(`PyTorch: ${short}`);
    expect(view.environment.startsWith(`${model} · `)).toBe(true);
  });

  it.each([
    ['loss 2e-07, ΔW 7e-07', 'Loss 2e-5 %, ΔW 7e-5 %.'],
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
    const [base] = EQUIVALENT.variants;
    const repeat = { ...base, name: 'repeat', role: 'repeat' } as PytorchResults['variants'][number];
    const variants = [...EQUIVALENT.variants, repeat];
    const drawn = viewOf({ variants }).run.curves.map(({ name, role }) => (name === role ? name : `${name}: ${role}`));
    const controls = ['control-1: control', 'control-2: control', 'control-3: control', 'repeat: control'];
    expect(drawn).toEqual(['base', 'rescaled', 'alpha-only', 'as-written', 'proof', ...controls]);
  });

  it('shows ΔW of each module beside the rounding error', () => {
    const deltaW = [
      { module: 'base_model.model.layers.0.q_proj', deviation: 0, control: 2e-7 },
      { module: 'lm_head', deviation: null, control: 0.25 },
    ];
    expect(viewOf({ deltaW }).modules.rows).toEqual([
      ['layers.0.q_proj', '0', '2e-5 %'],
      ['lm_head', 'not finite', '25 %'],
    ]);
  });
});

it("shows a trial in the user's own run in its own words", () => {
  const view = resultsView(resultsOf('own-run.json'), { id: -1, isShown: true, subject: null });
  expect([view.tab, view.run.verdict.headline, view.run.batches]).toEqual([
    'Your run',
    'The same run, up to rounding',
    1,
  ]);
  expect(view.run.verdict.evidence).toContain('the losses differ by 2.2e-5 %, ΔW by 1.9e-4 %');
  expect(view.environment).toBe('20 steps · float32 · torch\u00a02.13.0 · transformers\u00a05.24.0 · peft\u00a00.21.2');
  expect(view.remarks).toEqual([{ message: '0.01 was read for weight decay, and the run had 0.', line: 17 }]);
});

describe('lossesOfResults', () => {
  it('has NaN where a loss is not finite', () => {
    const variants = [{ name: 'base', loss: [1, null, 2], maxDeviation: null, deltaW: 0 } as const];
    expect(
      lossesOfResults({ ...EQUIVALENT, variants: [...variants] as unknown as PytorchResults['variants'] }),
    ).toEqual([[1, NaN, 2]]);
  });
});
