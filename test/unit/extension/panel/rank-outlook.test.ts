import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { outlookOf, type Outlook, type PanelChoice } from '../../../../src/extension/panel/outlook';
import { viewOf } from '../../../../src/extension/panel/panel-view';
import { remarkOn } from '../../../../src/extension/panel/rank-outlook';
import { noRun } from '../../../../src/extension/runs/runs';
import type { PanelView } from '../../../../src/messages/panel';
import { axolotl } from '../../export/export-of';

const choice = (rank: number, rule = ''): PanelChoice => {
  return { network: 0, target: { alpha: 16, rank }, plan: 'symmetric', task: 'auto', rule };
};

function outlookAt(text: string, rank: number, rule = ''): Outlook {
  const outlook = outlookOf({ text, reading: readConfig(text, 'a.yml') }, choice(rank, rule), { backend: 'cpu' });
  if (!outlook) throw new Error('the fixture has a recipe');
  return outlook;
}

function viewAt(text: string, rank: number, rule = '', measured: Record<string, number> = {}): PanelView {
  const file = { name: 'a.yml', path: 'a.yml', state: 'ok', message: null, line: null } as const;
  const nothing = { results: null, proposal: null, applied: null };
  const source = { reading: readConfig(text, 'a.yml') };
  const outlook = outlookAt(text, rank, rule);
  return viewOf({ ...nothing, file, run: noRun().view, source, choice: choice(rank, rule), outlook, measured });
}

const TEXT = axolotl('optimizer: adamw_torch');

describe('another rank in the panel', () => {
  it('shows the recommended rule first, with the rate that stays', () => {
    const view = viewAt(TEXT, 32);
    expect(view.ranked?.heading).toBe('Recommended');
    expect(view.plan).toBe('keep-alpha');
    expect(view.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['lora_r', '8', '32'],
      ['lora_alpha', '16', '16'],
      ['learning_rate', '2e-4', '2e-4'],
    ]);
    expect([view.canApply, view.refusal, view.target.rank, view.target.scaling]).toEqual([true, null, 32, 0.5]);
  });

  it('shows a habit under its own heading, and what a test saw of each rule', () => {
    const view = viewAt(TEXT, 32, 'scaling-kept', { 'keep-alpha': 1.06, 'scaling-kept': 0.5 });
    expect(view.ranked).toMatchObject({ heading: 'A habit', note: expect.stringMatching(/^Not recommended here\./) });
    expect(view.plans.find(({ id }) => id === 'keep-alpha')?.rule).toEqual({
      numbers: 'alpha 16 · lr 2e-4',
      measured: 'best lr × 1.06',
    });
    expect(view.plans.find(({ id }) => id === 'scaling-kept')?.rule?.measured).toBe('best lr ÷ 2');
    expect(view.changes.map(({ to }) => to)).toEqual(['32', '64', '2e-4']);
  });

  it.each([
    ['the rank of the file', TEXT, 8, 'The rank is 8 already.'],
    ['an optimizer that nobody knows', axolotl('optimizer: mine'), 32, null],
  ])('says what is there for %s', (_, text, rank, refusal) => {
    const outlook = outlookAt(text, rank);
    expect([outlook.refusal, outlook.ranked?.test]).toEqual([refusal, null]);
  });

  it('names what no rule takes into account', () => {
    expect(viewAt(axolotl('optimizer: sgd'), 32).ranked?.note).toMatch(/No rule is recommended for SGD/);
    expect(viewAt(TEXT, 32).ranked?.note).toBe('A recommendation: another rank is another run.');
  });

  it('has one test for all rules, and another for another rank', () => {
    const key = (rank: number, rule = ''): string | undefined => outlookAt(TEXT, rank, rule).ranked?.test?.key;
    expect(key(32)).toBe(key(32, 'scaling-kept'));
    expect(key(32)).not.toBe(key(64));
    const dora = outlookAt(`${TEXT}\npeft_use_dora: true\n`, 32).ranked?.test;
    expect(dora?.recipe.useDora).toBe(true);
    expect(dora?.key).not.toBe(key(32));
  });

  it('hands Apply the alpha of the rule', () => {
    const { ranked, writing } = outlookAt(TEXT, 32, 'scaling-kept');
    expect(ranked?.plan?.to).toMatchObject({ alpha: 64, rank: 32 });
    expect(ranked?.plan && remarkOn(ranked.plan)).toMatch(/^Not recommended here\./);
    expect(writing).toHaveProperty('edits');
  });
});
