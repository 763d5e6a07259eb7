import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { openPanel, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import { until } from './support/workbench';

/** Windows line ends, tabs and odd spacing after values: all of it must stay. */
const WINDOWS = AXOLOTL.replace('learning_rate: 0.0002', 'learning_rate:    2.0e-4   # tuned').replaceAll('\n', '\r\n');

describe('apply', () => {
  let panel: Panel;
  const workbench = useWorkbench({ files: { 'windows.yml': WINDOWS }, settings: TRAINED_SOON }, async (workbench) => {
    panel = await openPanel(workbench, 'windows.yml');
  });

  const file = (): string => workbench().read('windows.yml');
  const diff = () => workbench().page.locator('.monaco-diff-editor');
  async function save(expected: string | RegExp): Promise<void> {
    const { tab, save } = workbench();
    await tab(/^windows\.yml/).click();
    await save('windows.yml', expected);
  }

  it('shows the diff first and asks in the panel, and Discard writes nothing', async () => {
    await panel.by('apply').click();
    await diff().waitFor();
    await panel.by('proposal').filter({ hasText: 'Apply alpha 16 → 64 to windows.yml?' }).waitFor();
    expect(await workbench().page.locator('.notifications-toasts .notification-list-item').count()).toBe(0);
    await panel.by('discard').click();
    await diff().waitFor({ state: 'detached' });
    await save(WINDOWS);
  });

  it('plans a target that was typed in the same moment, and takes a closed diff for a no', async () => {
    const { page } = workbench();
    // Both messages leave before the host has planned the first.
    await panel.body.evaluate((body) => {
      const field = body.querySelector<HTMLInputElement>('#target');
      if (!field) throw new Error('no field');
      field.value = '32';
      for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
      body.querySelector<HTMLElement>('#apply')?.click();
    });
    await panel.by('proposal').filter({ hasText: 'Apply alpha 16 → 32' }).waitFor();
    await panel.by('discard').click();
    await panel.setTarget('64');
    await panel.scaling(4);
    await panel.by('apply').click();
    await diff().waitFor();
    // The key is for the editor that has the focus, which may come to the diff only after it is drawn.
    await diff().locator('.modified').first().click();
    await page.keyboard.press('ControlOrMeta+W');
    await diff().waitFor({ state: 'detached' });
    expect(file()).toBe(WINDOWS);
  });

  it('from the diff’s title writes the values and no other byte', async () => {
    const { page } = workbench();
    await panel.by('apply').click();
    await diff().waitFor();
    // The title shows its buttons once the diff is the active editor.
    const apply = page.locator('.editor-actions .action-label[aria-label*="Apply this change"]').first();
    await until(() => diff().locator('.modified').first().click(), apply);
    await apply.click();
    await diff().waitFor({ state: 'detached' });
    expect(file()).toBe(WINDOWS);
    await save(/^lora_alpha: 64/m);
    const now = file().split('\r\n');
    const before = WINDOWS.split('\r\n');
    const kept = now.filter((line) => before.includes(line));
    // Alpha, rate and decay are the only lines that say something else; eps may have been added.
    expect(before.filter((line) => !now.includes(line)).map((line) => line.split(':')[0])).toEqual([
      'lora_alpha',
      'learning_rate',
      'weight_decay',
    ]);
    expect(kept).toEqual(before.filter((line) => now.includes(line)));
    expect(file()).toMatch(/^lora_alpha: 64 {2}# as in the recipe\r$/m);
    expect(file()).toMatch(/^learning_rate: {4}\S+ {3}# tuned\r$/m);
    expect(file().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(await panel.by('apply').isVisible()).toBe(false);
  });

  it('is taken back by Undo in the panel, to the byte', async () => {
    await panel.by('undo').click();
    await panel.by('applied').waitFor({ state: 'hidden' });
    await save(WINDOWS);
  });

  it('puts the code into a file of its own, renews it with the next change, and replaces no other', async () => {
    const { read } = workbench();
    const write = async (what: string): Promise<void> => {
      await panel.settled();
      await panel.by('apply').click();
      await panel.by('write').click();
      await panel
        .by('applied')
        .filter({ hasText: `Applied: ${what}` })
        .waitFor();
    };
    await write('alpha 16 → 64');
    await panel.by('create-code').click();
    await expect.poll(() => read('rescale_init.py')).toMatch(/class RescaleInit[^]*div_\(2\.0\)/);
    await panel.by('applied').filter({ hasText: 'The init code is placed.' }).waitFor();
    // The class is named in the config with it.
    expect(await panel.by('applied').innerText()).toContain('The config names it: plugins: [rescale_init.RescaleInit]');
    await panel.by('save-config').click();
    await expect.poll(file).toMatch(/^plugins: \[rescale_init\.RescaleInit\]\r$/m);
    await panel.setTarget('32');
    await write('alpha 64 → 32');
    await panel.by('create-code').filter({ hasText: 'Update rescale_init.py' }).click();
    await expect.poll(() => read('rescale_init.py')).toMatch(/div_\(1\.41421356237309/);
    workbench().remove('rescale_init.py');
    await panel.setTarget('64');
    await write('alpha 32 → 64');
    workbench().write('rescale_init.py', '# mine\n');
    await panel.by('create-code').click();
    await workbench().page.locator('.notifications-toasts', { hasText: 'exists already' }).waitFor();
    expect(read('rescale_init.py')).toBe('# mine\n');
  });
});
