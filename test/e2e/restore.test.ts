import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('nothing is lost', () => {
  let panel: Panel;
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL } }, async (workbench) => {
    panel = await openPanel(workbench, 'mine.yml');
    await panel.setTarget('256');
    await panel.scaling(16);
    await panel.settled();
    await expectVerdict(panel, 'identical');
  });

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
    set({ ...TRAINED_SOON, 'loraAlpha.backend': 'webgl' });
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
});
