import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { UNSLOTH } from '../support/notebook';
import { resultsOf } from '../support/results';
import { expectVerdict, openPanel, panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/** Every page stands as a tab in one group, since of two in sight none could be told from the other here. */
describe('when the window is loaded again', () => {
  /** What the runs said of themselves, their time included: nothing was trained anew. */
  const summaries: Record<string, string | null> = {};
  const workbench = useWorkbench(
    {
      files: {
        'mine.yml': AXOLOTL,
        'other.yml': AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'),
        'mine.ipynb': UNSLOTH,
        'checked.yml': AXOLOTL,
        'lora-alpha-results/check.json': resultsOf('checked.yml'),
      },
      settings: { ...TRAINED_SOON, 'loraAlpha.recipes.exclude': { '**/*[-_]*': true } },
      // A notebook makes only the cells that are in sight.
      height: 1400,
    },
    async (workbench) => {
      const { page, open, codeLens, command, reload } = workbench;
      const panel = await openPanel(workbench, 'mine.yml');
      await panel.setTarget('256');
      await panel.scaling(16);
      await panel.settled();
      summaries['panel'] = await panel.by('run-summary').textContent();

      await tab(/^mine\.yml/).click();
      await openPanel(workbench, 'checked.yml');
      await panel.settled();
      await panel.by('more').click();
      await panel.by('open-results').click();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'check.json' }).click();
      await panel.frame.locator('#show-results[aria-selected="true"]').waitFor();

      await tab(/^mine\.yml/).click();
      await open('mine.ipynb');
      await codeLens('Check alpha equivalence').first().click();
      await tab(/^LoRA: mine\.ipynb/).waitFor();
      await panel.settled();

      await tab(/^mine\.yml/).click();
      await command('LoRA: Compare alpha with…');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'other.yml' }).click();
      await tab(COMPARISON).waitFor();
      await command('View: Move Editor into Next Group');
      await isCompared();
      await panel.by('run').click();
      await isTrained();
      summaries['comparison'] = await panel.by('run-summary').textContent();

      await command('LoRA: Open the recipes table');
      for (const name of ['mine.yml', 'other.yml']) await row(name).locator('input').check();
      await shown().frame.locator('#sort-file').click();

      await reload();
    },
  );
  const tab = (name: RegExp): Locator => workbench().page.locator('.tab', { hasText: name });
  const shown = (): ReturnType<typeof panelOf> => panelOf(workbench().page);
  const row = (name: string): Locator => shown().frame.locator('tbody tr', { hasText: name });
  const COMPARISON = /^LoRA: mine\.yml ↔/;
  const isCompared = (): Promise<void> => shown().frame.locator('body[data-verdict="different"]').waitFor();
  const isTrained = (): Promise<void> =>
    shown().frame.locator('#trained[data-kind="different"]').waitFor({ timeout: 60_000 });

  it('the table of recipes has its order and what was chosen', async () => {
    await shown().frame.locator('body[data-scan="done"]').waitFor();
    await expect
      .poll(() => shown().frame.locator('tbody .open').allInnerTexts())
      .toEqual(['other.yml', 'mine.yml', 'mine.ipynb', 'checked.yml']);
    expect(await shown().frame.locator('tr[aria-selected="true"] .open').allInnerTexts()).toEqual([
      'other.yml',
      'mine.yml',
    ]);
  });

  it('a comparison has its verdict and its training', async () => {
    await tab(COMPARISON).click();
    await isCompared();
    await isTrained();
    expect(await shown().by('run-summary').textContent()).toBe(summaries['comparison']);
    expect(await shown().by('first').locator('h1').innerText()).toBe('mine.yml');
  });

  it('a panel has the results of PyTorch', async () => {
    await tab(/^LoRA: checked\.yml/).click();
    await shown().frame.locator('#show-results[aria-selected="true"]').waitFor();
    expect(await shown().by('verdict').locator('strong').innerText()).toBe('Identical with tiny llama');
    const lastStep = shown().by('loss-table').locator('tbody tr').last().locator('th');
    await expect.poll(() => lastStep.textContent()).toBe('23');
  });

  it('a panel of a notebook knows its cells', async () => {
    await tab(/^LoRA: mine\.ipynb/).click();
    await shown().frame.locator('.s-answer button[title="Show cell 4, line 6"]').waitFor();
    await shown().settled(60_000);
    await expectVerdict(shown(), 'identical');
  });

  it('a panel has its target and its run, and still follows and trains', async () => {
    await tab(/^LoRA: mine\.yml(?! ↔)/).click();
    const panel = shown();
    await panel.frame.locator('header h1', { hasText: 'mine.yml' }).waitFor();
    await panel.settled();
    expect(await panel.target()).toBe('256');
    await expectVerdict(panel, 'identical');
    await expect.poll(() => panel.by('loss-table').locator('tbody td').count()).toBeGreaterThan(20);
    expect(await panel.by('run-summary').textContent()).toBe(summaries['panel']);
    await panel.setTarget('64');
    await panel.scaling(4);
    await panel.settled();
    await expectVerdict(panel, 'identical');
  });

  it('and the pages keep to their Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
