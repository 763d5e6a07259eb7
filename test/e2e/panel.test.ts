import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import { until } from './support/workbench';

describe('by keyboard alone', () => {
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL }, settings: TRAINED_SOON });

  it('from a file that is no config to the applied change', async () => {
    const { page, open, command, read } = workbench();
    await open('README.md');
    const list = page.locator('.quick-input-widget', { hasText: 'Which config is to be checked?' });
    // A view that has just closed can take the focus away from the list.
    await until(() => command('LoRA: Check alpha equivalence'), list);
    // The list draws only the rows in sight.
    await list.locator('.quick-input-box input').fill('mine');
    const rows = list.locator('.monaco-list-row');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([expect.stringMatching(/^mine\.yml[^]*Axolotl/), 'Another file…']);
    await page.keyboard.press('Enter');
    const panel = panelOf(page);
    await panel.ready();
    await panel.run('done');
    const focused = (): Promise<string> => panel.body.evaluate(() => document.activeElement?.closest('[id]')?.id ?? '');
    /** Tabs until the focus is on the element with this id. */
    async function tabTo(id: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
      for (let presses = 0; presses < 60 && (await focused()) !== id; presses++) await page.keyboard.press(key);
      expect(await focused()).toBe(id);
    }
    await panel.frame.getByRole('textbox', { name: 'Target alpha' }).waitFor();
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
    await tabTo('copy-code', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/lora_A/);
    // Forward, the way leads through the whole window.
    await tabTo('apply', 'Shift+Tab');
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
    // The first of what is still to be done.
    await expect.poll(focused).toBe('save-config');
    await command('File: Save All Files');
    await expect.poll(() => read('mine.yml')).toMatch(/^lora_alpha: 256 /m);
  });
});
