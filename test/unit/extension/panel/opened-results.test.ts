import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { describe, expect, it } from 'vitest';
import { readResults, type PytorchResults } from '../../../../src/export/results';

import { type OpenedResults, openedResults, type ResultsFile } from '../../../../src/extension/panel/opened-results';
import type { PanelState } from '../../../../src/messages/panel';

const FIXTURE = path.join(import.meta.dirname, '../../../fixtures/results/identical.json');
const RESULTS = readResults(readFileSync(FIXTURE, 'utf8'), 'identical.json') as PytorchResults;

/** Of a config that was checked at 1000 ms. */
const file = (name: string): ResultsFile => ({
  written: 1000,
  uri: { toString: () => name } as vscode.Uri,
  results: { ...RESULTS, environment: { ...RESULTS.environment, model: name } },
});

interface Opened {
  results: OpenedResults;
  /** What the page was sent, and how often the panel was drawn anew. */
  sent: { id: number; curves: number }[];
  drawn: () => number;
  /** Answers the reading of the kept file. */
  answer: (file: ResultsFile | null) => Promise<void>;
}

function opened(kept: PanelState['results'], time = 0): Opened {
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
    expect(results.view(null, 'text')).toMatchObject({ model: 'two', isShown: true, run: { id: -2 } });
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
    expect(results.view(null, 'text')).toMatchObject({ model: 'kept', isShown });
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
    expect([results.view(null, 'text')?.model, results.state()?.uri]).toEqual(['new', 'new']);
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
