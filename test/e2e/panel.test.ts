import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, hideAndShow, openPanel, panelOf, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('the panel', () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e.yml';
  let panel: Panel;
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL, [hostile]: AXOLOTL } }, async (workbench) => {
    panel = await openPanel(workbench, 'mine.yml');
  });

  const header = (): Promise<string> => panel.frame.locator('header').innerText();
  it('follows what is typed into the file, unsaved', async () => {
    const { page, editor, goTo, read } = workbench();
    await editor().click();
    await goTo(6, 'lora_alpha: '.length + 1);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.type('32');
    await expect.poll(header).toMatch(/scaling 2 → 4/);
    expect(read('mine.yml')).toBe(AXOLOTL);
    await page.keyboard.press('ControlOrMeta+Z');
    await expect.poll(header).toMatch(/scaling 1 → 4/);
    await panel.settled();
  });

  it('copies the init code', async () => {
    const { page } = workbench();
    await panel.by('copy-code').click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/lora_A/);
  });

  it('is as it was when it is hidden and shown, in the middle of a run, too', async () => {
    const summary = await panel.by('run-summary').textContent();
    const isAsBefore = async (): Promise<void> => {
      await hideAndShow(workbench(), 'mine.yml');
      await panel.settled();
      expect(await panel.target()).toBe('64');
      await expectVerdict(panel, 'identical');
      await expect.poll(() => panel.by('loss-table').locator('tbody td').count()).toBeGreaterThan(20);
    };
    await isAsBefore();
    expect(await panel.by('run-summary').textContent()).toBe(summary);
    await panel.by('run').click();
    await isAsBefore();
  });

  it('shows a hostile name as text', async () => {
    const { page, open, codeLens, command } = workbench();
    await command('File: Revert File');
    await command('View: Close All Editors');
    await open('onerror');
    await codeLens('Check alpha equivalence').first().click();
    await page.locator('.tab', { hasText: 'LoRA: <img' }).waitFor();
    const own = panelOf(page);
    await expect.poll(() => own.frame.locator('header h1').textContent()).toBe(hostile.replace('\u202e', '\\u202e'));
    expect(await own.frame.locator('img').count()).toBe(0);
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
