import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { useWorkbench } from './support/suite';

describe('the recipes of a workspace', () => {
  const other = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL, 'twin.yml': `${AXOLOTL}\n`, 'other.yml': other } });
  const rows = (text: string | RegExp): ReturnType<ReturnType<typeof workbench>['page']['locator']> =>
    workbench().page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: text });

  it('are listed in a view of their own, grouped by run', async () => {
    await workbench().command('Focus on LoRA recipes View');
    await rows('The same run').first().waitFor();
    await rows('twin.yml').waitFor();
    expect(await rows('other.yml').innerText()).toMatch(/s 4 · α 64 · r 16 · lr 2e-4 · Axolotl/);
  });

  it('open at alpha when they are clicked', async () => {
    await rows('other.yml').click();
    await workbench().page.locator('.tab.active', { hasText: 'other.yml' }).waitFor();
  });

  it('are compared with another that is asked for, and made the same run', async () => {
    const { page, read } = workbench();
    await workbench().command('LoRA: Compare alpha with…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'mine.yml' }).first().click();
    const { frame, body } = panelOf(page);
    await body.and(frame.locator('[data-ready="true"]')).waitFor();
    expect(await body.getAttribute('data-verdict')).toBe('different');
    await frame.locator('#swap').click();
    await expect.poll(() => frame.locator('#second h1').innerText()).toBe('other.yml');
    await frame.locator('#apply-alpha').click();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await page.locator('.notifications-toasts .monaco-button', { hasText: 'Apply' }).click();
    await page.locator('.tab', { hasText: 'LoRA: mine.yml ↔ other.yml' }).click();
    await frame.locator('body[data-verdict="same"]').waitFor();
    await workbench().command('File: Save All Files');
    await expect.poll(() => read('other.yml')).toBe(AXOLOTL);
  });

  it('and the comparison is back after a reload', async () => {
    await workbench().reload();
    const { frame } = panelOf(workbench().page);
    await frame.locator('body[data-verdict="same"]').waitFor();
    expect(await frame.locator('#first h1').innerText()).toBe('mine.yml');
    expect(workbench().violations).toEqual([]);
  });
});
