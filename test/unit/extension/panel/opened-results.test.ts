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

const repeated = (): Partial<PytorchResults> => {
  const [base] = EQUIVALENT.variants;
  const repeat = { ...base, name: 'repeat', role: 'repeat' } as PytorchResults['variants'][number];
  return { variants: [...EQUIVALENT.variants, repeat] };
};
const DELTA_W = [
  { module: 'base_model.model.layers.0.q_proj', deviation: 0, control: 2e-7 },
  { module: 'lm_head', deviation: null, control: 0.25 },
];

/** All that is shown of each is in results-views.txt; `vitest -u` writes it anew. */
const VIEWS: Readonly<Record<string, ResultsView>> = {
  ...Object.fromEntries(
    (['identical', 'equivalent', 'different', 'undecided'] as const).map((verdict) => [verdict, viewOf({ verdict })]),
  ),
  ...Object.fromEntries(
    ['meta-llama/Llama-3.1-8B', '/home/me/models/qwen/', 'C:\\models\\qwen', 'x'.repeat(60)].map((model) => [
      `the model ${model}`,
      environment({ model }),
    ]),
  ),
  'a reason with numbers': viewOf({ why: 'loss 2e-07, ΔW 7e-07' }),
  'a reason that is a sentence': viewOf({ why: 'Every bit.' }),
  'a panel with another alpha': viewOf({}, { alpha: [16, 64], k: 4 }),
  'a panel with another config': viewOf({}, { config: 'b.yml' }),
  'a panel with another k': viewOf({}, { k: 12 }),
  'a panel with another plan': viewOf({}, { plan: 'keep-init' }),
  'a panel without a plan': viewOf({}, { plan: null }),
  'a config that was changed': viewOf({}, { isChanged: true }),
  'a panel with another config and plan': viewOf({}, { config: 'b.yml', plan: 'lr-only' }),
  'a panel that has no config yet': viewOf({}, null),
  'data of the user, on two processes': environment({ data: 'sets/train.jsonl', processes: '2 with DDP' }),
  // Drawn as rounding error.
  'a repeated baseline': viewOf(repeated()),
  'ΔW of each module': viewOf({ deltaW: DELTA_W }),
  "a trial in the user's own run": resultsView(resultsOf('own-run.json'), { id: -1, isShown: true, subject: null }),
};

it('shows results with what they belong to', async () => {
  const texts = Object.entries(VIEWS).map(([title, { tab, run, environment: ran, modules, remarks }]) => {
    const { kind, headline, evidence, detail, aside } = run.verdict;
    return [
      `--- ${title}: ${kind}${run.stale ? ', stale' : ''}`,
      ...[tab, headline, evidence, detail, aside, ran].map((line) => `  ${line}`),
      `  ${run.batches} ${run.curves.map(({ name, role }) => (name === role ? name : `${name}: ${role}`)).join(', ')}`,
      ...modules.rows.slice(0, 3).map((row) => `  | ${row.join(' | ')} |`),
      ...remarks.map(({ message, line }) => `  line ${line}: ${message}`),
      '',
    ].join('\n');
  });
  const text = texts.join('\n').replaceAll('\u00a0', ' ');
  await expect(text).toMatchFileSnapshot(path.join(import.meta.dirname, 'results-views.txt'));
});

describe('lossesOfResults', () => {
  it('has NaN where a loss is not finite', () => {
    const variants = [{ name: 'base', loss: [1, null, 2], maxDeviation: null, deltaW: 0 } as const];
    expect(
      lossesOfResults({ ...EQUIVALENT, variants: [...variants] as unknown as PytorchResults['variants'] }),
    ).toEqual([[1, NaN, 2]]);
  });
});
