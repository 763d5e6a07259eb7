import { beforeAll, describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel, type Panel } from './support/panel';
import { useWorkbench } from './support/suite';

describe('in an extension host without Node, and a workspace nobody trusts', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    startedWith: { settings: { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } }, trust: false },
  });

  let panel: Panel;
  beforeAll(async () => {
    panel = await openPanel(workbench(), 'mine.yml');
  });

  it('trains in the panel itself', async () => {
    await workbench().page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await expectVerdict(panel, 'identical');
    expect(await panel.by('run-summary').textContent()).toMatch(/^(wasm|webgl|cpu)\b/);
  });

  it('follows the target, and another way', async () => {
    await panel.setTarget('48');
    await panel.scaling(3);
    await panel.settled(40_000);
    await expectVerdict(panel, 'equivalent');
    await panel.by('plan-lr-only').click();
    await panel.frame.locator('#plan-lr-only[aria-checked="true"]').waitFor();
    await panel.settled(40_000);
    await expectVerdict(panel, 'different');
    await panel.by('plan-symmetric').click();
    await panel.frame.locator('#plan-symmetric[aria-checked="true"]').waitFor();
  });

  it('writes the change, and takes it back', async () => {
    const { page, save } = workbench();
    /** Saves from the file's own editor: the panel has the focus. */
    const saved = async (expected: string | RegExp): Promise<void> => {
      await page
        .locator('.tab', { hasText: /^mine\.yml/ })
        .first()
        .click();
      await save('mine.yml', expected);
    };
    await panel.by('apply').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await panel.by('write').click();
    await panel.by('applied').filter({ hasText: 'alpha 16 → 48' }).waitFor();
    await saved(/^lora_alpha: 48 /m);
    await panel.by('undo').click();
    await panel.by('applied').waitFor({ state: 'hidden' });
    await saved(AXOLOTL);
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
