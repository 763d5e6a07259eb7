import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { UNSLOTH } from '../support/notebook';
import { expectVerdict, openPanel, panelOf, type Panel } from './support/panel';
import { useWorkbench } from './support/suite';

describe('nothing is lost', () => {
  let panel: Panel;
  const workbench = useWorkbench(
    {
      files: {
        'mine.yml': AXOLOTL,
        'other.yml': AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'),
        'mine.ipynb': UNSLOTH,
      },
      // A notebook makes only the cells that are in sight.
      height: 1400,
    },
    async (workbench) => {
      panel = await openPanel(workbench, 'mine.yml');
      await panel.setTarget('256');
      await panel.scaling(16);
      await panel.settled();
      await expectVerdict(panel, 'identical');
    },
  );

  async function isAsItWas(): Promise<void> {
    await panel.ready();
    await panel.settled();
    expect(await panel.target()).toBe('256');
    await expectVerdict(panel, 'identical');
    await expect.poll(() => panel.by('loss-table').locator('tbody td').count()).toBeGreaterThan(20);
  }
  /** Another tab over the panel hides it, which ends its page. */
  async function hideAndShow(): Promise<void> {
    const { page, command } = workbench();
    await command('File: New Untitled Text File');
    await page.locator('iframe.webview.ready').waitFor({ state: 'hidden' });
    await command('View: Close Editor');
    await page.locator('.tab', { hasText: 'LoRA: mine.yml' }).click();
  }

  it('when the panel is hidden and shown', async () => {
    const { page } = workbench();
    const summary = await panel.by('run-summary').textContent();
    await page.locator('.tab', { hasText: 'LoRA: mine.yml' }).click();
    await hideAndShow();
    await isAsItWas();
    expect(await panel.by('run-summary').textContent()).toBe(summary);
  });

  it('when it is hidden in the middle of a run', async () => {
    const { page } = workbench();
    await page.locator('.tab', { hasText: 'LoRA: mine.yml' }).click();
    await panel.by('run').click();
    await hideAndShow();
    await isAsItWas();
  });

  it('when it is hidden in the middle of a run that its own page trains', { timeout: 180_000 }, async () => {
    const { page, set } = workbench();
    set({ 'loraAlpha.backend': 'webgl' });
    await panel.run('running');
    await page.locator('.tab', { hasText: 'LoRA: mine.yml' }).click();
    await hideAndShow();
    await panel.ready();
    await panel.run('done', 100_000);
    expect(await panel.by('run-summary').textContent()).toMatch(/^webgl/);
    set({});
    await expect.poll(() => panel.by('run-summary').textContent(), { timeout: 30_000 }).toMatch(/^(wasm|cpu)/);
    await panel.settled();
  });

  it('when the window is loaded again, as in a notebook and a comparison', { timeout: 180_000 }, async () => {
    const { page, open, codeLens, command, reload, violations } = workbench();
    const tab = (name: RegExp): Locator => page.locator('.tab', { hasText: name });
    const summary = await panel.by('run-summary').textContent();
    // The group of the editors, not that of the panel.
    await tab(/^mine\.yml/).click();
    await open('mine.ipynb');
    await codeLens('Check alpha equivalence').first().click();
    await tab(/^LoRA: mine\.ipynb/).waitFor();
    await panelOf(page).settled();
    await tab(/^mine\.yml/).click();
    await command('LoRA: Compare alpha with…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'other.yml' }).click();
    // It opens where the file is; of two pages in sight none could be told from the other here.
    await tab(/^LoRA: mine\.yml ↔/).waitFor();
    await command('View: Move Editor into Next Group');
    const isCompared = (): Promise<void> => panelOf(page).frame.locator('body[data-verdict="different"]').waitFor();
    await isCompared();
    await panelOf(page).by('run').click();
    const isTrained = (): Promise<void> =>
      panelOf(page).frame.locator('#trained[data-kind="different"]').waitFor({ timeout: 60_000 });
    await isTrained();
    const trained = await panelOf(page).by('run-summary').textContent();

    await reload();
    await isCompared();
    await isTrained();
    expect(await panelOf(page).by('run-summary').textContent()).toBe(trained);
    expect(await panelOf(page).by('first').locator('h1').innerText()).toBe('mine.yml');
    await tab(/^LoRA: mine\.ipynb/).click();
    await panelOf(page).frame.locator('.s-answer button[title="Show cell 4, line 6"]').waitFor();
    await panelOf(page).settled(60_000);
    expect(await panelOf(page).verdict()).toBe('identical');
    await tab(/^LoRA: mine\.yml(?! ↔)/).click();
    panel = panelOf(page);
    await panel.frame.locator('header h1', { hasText: 'mine.yml' }).waitFor();
    await isAsItWas();
    expect(await panel.by('run-summary').textContent()).toBe(summary);
    expect(violations).toEqual([]);
  });

  it('and the panel that came back still follows and trains', async () => {
    await panel.setTarget('64');
    await panel.scaling(4);
    await panel.settled();
    await expectVerdict(panel, 'identical');
  });
});
