import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { useWorkbench } from './support/suite';
import { until } from './support/workbench';

/** At a rate of its own, so that none of the examples says the same run. */
const MINE = AXOLOTL.replace('learning_rate: 0.0002', 'learning_rate: 0.00037');
const withAlpha = (alpha: number): string => MINE.replace('lora_alpha: 16', `lora_alpha: ${alpha}`);
const ALPHA_LINE = MINE.split('\n').findIndex((line) => line.startsWith('lora_alpha')) + 1;

describe('the recipes of a workspace', () => {
  const workbench = useWorkbench({
    // A list draws only what fits, and the Explorer gives it five rows: without the examples, whose names have a - or _.
    settings: { 'loraAlpha.recipes.exclude': { '**/*[-_]*': true } },
    files: { 'mine.yml': MINE, 'twin.yml': `# copied\n${MINE}`, 'other.yml': withAlpha(64) },
  });
  /** Rows of the view; those in a group are on level 2. */
  const rows = (text: string, level?: number): Locator => {
    const of = level === undefined ? '' : `[aria-level="${level}"]`;
    return workbench().page.locator(`.tree-explorer-viewlet-tree-view .monaco-list-row${of}`, { hasText: text });
  };
  const tab = (text: string | RegExp, state = ''): Locator => workbench().tab(text, state);

  it('are listed, grouped by run, and open at their alpha', async () => {
    const { page, command } = workbench();
    await command('Focus on LoRA recipes View');
    await rows('mine.yml', 2).waitFor();
    await rows('twin.yml', 2).waitFor();
    await rows('Same run A', 1).filter({ hasText: 'lr, s and rank equal (2)' }).waitFor();
    expect(await rows('').count()).toBe(4);
    await rows('other.yml', 1).filter({ hasText: 'lr 3.7e-4 · s 4 · AdamW · Axolotl' }).waitFor();
    await rows('other.yml').click();
    await tab('other.yml', '.active').waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${ALPHA_LINE}, Col 1` }).waitFor();
  });

  it('follow their files, which leave a group when they say another run', async () => {
    const { write } = workbench();
    write('twin.yml', withAlpha(128));
    await rows('twin.yml', 1).filter({ hasText: 'lr 3.7e-4 · s 8' }).waitFor();
    await rows('mine.yml', 1).waitFor();
  });

  it('are compared, two of them at a time, and made the same run', async () => {
    const { page, save } = workbench();
    await rows('mine.yml').click();
    await tab('mine.yml', '.active').waitFor();
    await rows('other.yml').click({ modifiers: ['ControlOrMeta'] });
    await expect.poll(() => page.locator('.tree-explorer-viewlet-tree-view .selected').count()).toBe(2);
    // A menu takes no notice of a click that comes as soon as it opens; a list that is drawn anew meanwhile has another selection.
    const compare = async (): Promise<void> => {
      await rows('mine.yml').click();
      await rows('other.yml').click({ modifiers: ['ControlOrMeta'] });
      await rows('other.yml').click({ button: 'right' });
      await page.locator('.monaco-menu .action-item', { hasText: 'Compare alpha of both' }).click({ delay: 100 });
    };
    await until(compare, tab(/^LoRA: (mine.yml ↔ other|other.yml ↔ mine)/));

    const { frame, by } = panelOf(page);
    await frame.locator('body[data-verdict="different"]').waitFor();
    // The menu gives both in the order they were selected in, or in that of the list.
    if ((await by('second').locator('h1').innerText()) !== 'other.yml') await by('swap').click();
    await by('second').locator('h1', { hasText: 'other.yml' }).waitFor();
    const reach = frame.locator('tr', { hasText: 'reach of B' }).first();
    expect(await reach.innerText()).toContain('× 4');

    await by('apply-alpha').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await page.locator('.editor-actions .action-label[aria-label*="Apply this change"]').first().click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await tab(/^other\.yml/).click();
    await tab(/^other\.yml/, '.active.dirty').waitFor();
    await save('other.yml', MINE);

    await tab('LoRA: mine.yml ↔ other.yml').click();
    await frame.locator('body[data-verdict="same"]').waitFor();
  });

  it('are sorted and filtered from the title of the view', async () => {
    const { page, write } = workbench();
    const names = (): Promise<string[]> => rows('.yml').locator('.label-name').allInnerTexts();
    const title = page.locator('.pane', { hasText: /LoRA recipes/i });
    const action = async (label: string): Promise<void> => {
      await title.locator('.pane-header').hover();
      await title.locator(`.action-label[aria-label*="${label}"]`).click();
    };
    const sortBy = async (label: string): Promise<void> => {
      await action('Sort LoRA recipes by');
      await workbench().choose(label);
    };
    write('twin.yml', withAlpha(4));
    await sortBy('Scaling');
    await expect.poll(names).toEqual(['twin.yml', 'mine.yml', 'other.yml']);
    await sortBy('File');

    await action('Filter LoRA recipes');
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await box.fill('other axolotl');
    await expect.poll(names).toEqual(['other.yml']);
    await box.fill('no such recipe');
    await page.locator('.welcome-view-content', { hasText: 'No recipe matches the filter.' }).waitFor();
    await page.keyboard.press('Enter');
    await action('Clear the filter');
    await rows('mine.yml').waitFor();
  });

  it('stand in a table, which follows the files, opens them at alpha, and saves what is chosen', async () => {
    const { page, command, write, read } = workbench();
    write('twin.yml', `# copied\n${MINE}`);
    write('other.yml', withAlpha(64));
    await command('View: Close All Editors');
    await command('LoRA: Open the recipes table');
    const { frame } = panelOf(page);
    await frame.locator('body[data-scan="done"]').waitFor();
    const row = (name: string): Locator => frame.locator('tbody tr', { hasText: name });
    const cells = async (): Promise<string[]> =>
      (await row('mine.yml').locator('td:not(.choose)').allInnerTexts()).map((text) => text.trim());
    const same = 'A\nSame run: lr, s and rank equal';
    await expect.poll(cells).toEqual(['Axolotl', 'AdamW', '16', '16', '1', '3.7e-4', same]);
    write('twin.yml', withAlpha(128));
    await row('twin.yml').locator('td', { hasText: /^128$/ }).waitFor();
    await expect.poll(() => frame.locator('.letter').count()).toBe(0);
    await row('other.yml').locator('.open').click();
    await tab('other.yml', '.active').waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${ALPHA_LINE}, Col 1` }).waitFor();
    await tab('LoRA recipes').click();
    for (const name of ['mine.yml', 'other.yml']) await row(name).locator('input').check();
    await frame.locator('#export').click();
    await frame.locator('#save-csv').click();
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await expect.poll(() => box.inputValue()).toMatch(/lora-recipes\.csv$/);
    await page.keyboard.press('Enter');
    const lines = (): string[] => read('lora-recipes.csv').split('\r\n');
    await expect.poll(() => lines().length).toBe(4);
    expect(lines().slice(1, 3)).toEqual([
      'mine.yml,,Axolotl,AdamW,16,16,1,α/r,0.00037,0.00037,,',
      'other.yml,,Axolotl,AdamW,16,64,4,α/r,0.00037,0.00037,,',
    ]);
  });
});
