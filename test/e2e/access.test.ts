import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { offences } from './support/offences';
import { openPanel, panelOf, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('the panel', () => {
  let panel: Panel;
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL }, settings: TRAINED_SOON }, async (workbench) => {
    panel = await openPanel(workbench, 'mine.yml');
  });
  it('nothing that has the focus is under the bar', async () => {
    const { page } = workbench();
    await panel.by('target').locator('input').focus();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      const covered = await panel.body.evaluate(() => {
        const bar = document.querySelector('.actions');
        const has = document.activeElement;
        if (!bar || !has || bar.contains(has) || has === document.body) return '';
        return has.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1
          ? has.outerHTML.slice(0, 120)
          : '';
      });
      expect(covered).toBe('');
    }
  });

  it('a narrow panel has one column and nothing to scroll sideways', async () => {
    const { page } = workbench();
    await page.setViewportSize({ width: 1000, height: 900 });
    await expect.poll(() => panel.body.evaluate(() => innerWidth)).toBeLessThan(480);
    const overflow = await panel.body.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    const [changes, plot] = [await panel.by('changes').boundingBox(), await panel.by('loss-plot').boundingBox()];
    expect(Math.abs((changes?.x ?? 0) - (plot?.x ?? 1000))).toBeLessThan(40);
    expect(await offences(panel.body)).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL }, settings: TRAINED_SOON });

  it('from the file to the applied change', async () => {
    const { page, open, command, read } = workbench();
    await open('mine.yml');
    await command('LoRA: Check alpha equivalence');
    const panel = panelOf(page);
    await panel.ready();
    await panel.run('done');
    const focused = (): Promise<string> => panel.body.evaluate(() => document.activeElement?.closest('[id]')?.id ?? '');
    /** Tabs until the focus is on the element with this id. */
    async function tabTo(id: string): Promise<void> {
      for (let presses = 0; presses < 60 && (await focused()) !== id; presses++) await page.keyboard.press('Tab');
      expect(await focused()).toBe(id);
    }
    expect(await panel.frame.getByRole('textbox', { name: 'Target alpha' }).count()).toBe(1);
    await tabTo('target');
    // Tab selects what stands in a field.
    const field = panel.by('target').locator('input');
    const selected = (): Promise<string> =>
      field.evaluate((input: HTMLInputElement) =>
        input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
      );
    await expect.poll(selected).toBe('64');
    await page.keyboard.type('256');
    await expect.poll(() => panel.frame.locator('header').innerText()).toMatch(/→ 16/);
    await tabTo('plan-symmetric');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => panel.by('plan-keep-init').getAttribute('aria-checked')).toBe('true');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => panel.by('plan-symmetric').getAttribute('aria-checked')).toBe('true');
    await panel.settled();
    await tabTo('run');
    await page.keyboard.press('Enter');
    await panel.settled();
    await expect.poll(focused).toBe('run');
    await tabTo('apply');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-diff-editor').waitFor();
    await expect.poll(focused).toBe('write');
    await tabTo('discard');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('apply');
    // The same from anywhere in the page.
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).not.toBe('apply');
    await page.keyboard.press('Control+Enter');
    await page.locator('.monaco-diff-editor').waitFor();
    await expect.poll(focused).toBe('write');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('create-code');
    await command('File: Save All Files');
    await expect.poll(() => read('mine.yml')).toMatch(/^lora_alpha: 256 /m);
  });
});
