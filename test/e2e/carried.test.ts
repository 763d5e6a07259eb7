import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { openPanel, panelOf, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('a change that is carried to its end', () => {
  let panel: Panel;
  const files = { 'carried/run.yml': AXOLOTL };
  const settings = { ...TRAINED_SOON, 'files.autoSave': 'off' };
  const workbench = useWorkbench({ files, settings }, async (workbench) => {
    await workbench.command('View: Close All Editors');
    await workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'carried' }).first().click();
    panel = await openPanel(workbench, 'run.yml');
  });

  const config = (): string => workbench().read('carried/run.yml');
  const code = (): string => workbench().read('carried/rescale_init.py');
  const todo = async (): Promise<string[]> => panel.by('applied').locator('li:not([data-done])').allInnerTexts();
  const look = async (name: string): Promise<void> => {
    const folder = process.env['LORA_ALPHA_LOOKS'];
    if (folder) await workbench().page.screenshot({ path: `${folder}/${name}.png` });
  };
  async function reloaded(): Promise<void> {
    await workbench().reload();
    panel = panelOf(workbench().page);
    await panel.ready();
  }

  it('is saved from the list, which is still there after a reload', async () => {
    await panel.by('apply').click();
    await panel.by('write').click();
    await panel.by('applied').filter({ hasText: 'Config changed, not saved yet.' }).waitFor();
    await look('1-unsaved');
    await panel.by('save-config').click();
    await expect.poll(config).toMatch(/^lora_alpha: 64/m);
    await panel.by('applied').filter({ hasText: 'The config is saved.' }).waitFor();
    await reloaded();
    await panel.by('applied').filter({ hasText: 'Applied: alpha 16 → 64' }).waitFor();
    expect((await todo()).join('\n')).toContain('p.data.div_(2.0)');
    await look('2-reloaded');
  });

  it('ends when the code is in its file and the config names it', async () => {
    await panel.by('create-code').click();
    await expect.poll(code).toContain('p.data.div_(2.0)');
    await panel.by('save-config').click();
    await expect.poll(config).toMatch(/^plugins: \[rescale_init\.RescaleInit\]$/m);
    await expect.poll(async () => (await todo()).length).toBe(1);
    await look('3-done');
  });

  it('is continued by the next one, which Apply offers again, and whose code replaces the first', async () => {
    await panel.setTarget('32');
    await panel.settled();
    await panel.by('apply').click();
    await panel.by('write').click();
    await panel.by('applied').filter({ hasText: 'Applied: alpha 64 → 32' }).waitFor();
    expect(await panel.by('applied').locator('pre').innerText()).toMatch(/div_\(1\.41421356237309/);
    await look('4-second');
    await panel.by('create-code').filter({ hasText: 'Update rescale_init.py' }).click();
    await expect.poll(code).toMatch(/div_\(1\.41421356237309/);
    await panel.by('save-config').click();
    await expect.poll(config).toMatch(/^lora_alpha: 32/m);
    await reloaded();
    await panel.run('done');
    expect(await panel.by('applied').isVisible()).toBe(false);
    expect(await panel.by('not-understood').isVisible()).toBe(false);
    await look('5-reloaded');
  });

  it('has no verdict and no Apply once its file is deleted', async () => {
    workbench().remove('carried/run.yml');
    await panel.frame.locator('body[data-file="gone"]').waitFor();
    await panel.frame.locator('#apply[disabled]').waitFor({ state: 'attached' });
    expect(await panel.by('verdict').getAttribute('data-kind')).not.toMatch(/identical|equivalent/);
    await look('6-deleted');
    // All that was said on the way, was said in the panel, or once.
    expect(await workbench().page.locator('.notifications-toasts .notification-list-item').count()).toBeLessThan(2);
  });
});
