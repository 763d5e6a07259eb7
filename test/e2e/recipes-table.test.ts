import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { useWorkbench } from './support/suite';

const MINE = AXOLOTL.replace('learning_rate: 0.0002', 'learning_rate: 0.00037');
const withAlpha = (alpha: number): string => MINE.replace('lora_alpha: 16', `lora_alpha: ${alpha}`);
const ALPHA_LINE = MINE.split('\n').findIndex((line) => line.startsWith('lora_alpha')) + 1;

describe('the table of recipes', () => {
  const workbench = useWorkbench(
    {
      settings: { 'loraAlpha.recipes.exclude': { '**/*[-_]*': true } },
      files: { 'mine.yml': MINE, 'twin.yml': `# copied\n${MINE}`, 'other.yml': withAlpha(64) },
    },
    async ({ command }) => {
      await command('LoRA: Open the recipes table');
      await frame().locator('body[data-scan="done"]').waitFor();
    },
  );
  const frame = (): FrameLocator =>
    workbench()
      .page.frameLocator('iframe.webview.ready[src*="extensionId=lora-alpha"]')
      .frameLocator('iframe#active-frame');
  const body = (): Locator => frame().locator('body');
  const row = (name: string): Locator => frame().locator('tbody tr', { hasText: name });
  const names = (): Promise<string[]> => frame().locator('tbody .open').allInnerTexts();
  const tab = (name: string | RegExp): Locator => workbench().page.locator('.tab', { hasText: name });
  /** Whatever was chosen before: Escape, which ends every test, lets all rows go if one of them has the keyboard. */
  const chooseTwo = async (): Promise<void> => {
    for (const name of ['mine.yml', 'other.yml']) await row(name).locator('input').check();
  };

  it('shows file, trainer, numbers and which are one run', async () => {
    await expect.poll(names).toEqual(['mine.yml', 'other.yml', 'twin.yml']);
    // Which are one run is known once all are read.
    await expect.poll(() => row('twin.yml').locator('.run').innerText()).toMatch(/^A/);
    const cells = await row('mine.yml').locator('td:not(.choose)').allInnerTexts();
    expect(cells.map((text) => text.trim())).toEqual([
      'Axolotl',
      '16',
      '16',
      '1',
      '3.7e-4',
      'A\nSame run: lr, s and rank equal',
    ]);
    expect(await row('other.yml').locator('.run').innerText()).toBe('');
  });

  it('follows the files', async () => {
    workbench().write('twin.yml', withAlpha(128));
    await row('twin.yml').locator('td', { hasText: /^128$/ }).waitFor();
    await expect.poll(() => frame().locator('.letter').count()).toBe(0);
  });

  it('goes from the palette to a comparison of two by keyboard alone', async () => {
    const { page, command } = workbench();
    // A new table: the rows of this one have had the keyboard.
    await command('View: Close Editor');
    await command('LoRA: Open the recipes table');
    const active = (): Promise<string> =>
      body().evaluate(() => document.activeElement?.closest('tr')?.dataset['id'] ?? document.activeElement?.id ?? '');
    await expect.poll(active).toBe('filter');
    await page.keyboard.press('ArrowDown');
    await expect.poll(active).toContain('mine.yml');
    for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    // The toolkit's button takes the keyboard a turn after it can be pressed.
    await frame().locator('#compare:not([disabled])').waitFor();
    for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
    await tab('LoRA: mine.yml ↔ other.yml').waitFor();
    await frame().locator('body[data-verdict="different"]').waitFor();
    await command('View: Close Editor');
  });

  it('is as it was when it is shown again', async () => {
    const { open } = workbench();
    await chooseTwo();
    await frame().locator('#sort-file').click();
    await open('mine.yml');
    await tab('LoRA recipes').click();
    await expect.poll(names).toEqual(['twin.yml', 'other.yml', 'mine.yml']);
    expect(await frame().locator('tr[aria-selected="true"] .open').allInnerTexts()).toEqual(['other.yml', 'mine.yml']);
  });

  it('opens a file at its alpha', async () => {
    const { page } = workbench();
    await row('other.yml').locator('.open').click();
    await page.locator('.tab.active', { hasText: 'other.yml' }).waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${ALPHA_LINE}, Col 1` }).waitFor();
    await tab('LoRA recipes').click();
  });

  it('saves what is chosen', async () => {
    const { page, violations } = workbench();
    await chooseTwo();
    await frame().locator('#export').click();
    await frame().locator('#save-csv').click();
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await expect.poll(() => box.inputValue()).toMatch(/lora-recipes\.csv$/);
    const file = await box.inputValue();
    await page.keyboard.press('Enter');
    const lines = (): string[] => readFileSync(path.resolve(file), 'utf8').split('\r\n');
    await expect.poll(() => lines().length).toBe(4);
    expect(lines().slice(1, 3)).toEqual([
      'other.yml,,Axolotl,16,64,4,α/r,0.00037,0.00037,,',
      'mine.yml,,Axolotl,16,16,1,α/r,0.00037,0.00037,,',
    ]);
    expect(violations).toEqual([]);
  });
});
