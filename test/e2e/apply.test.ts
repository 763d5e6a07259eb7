import { beforeAll, describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { openPanel, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/** Windows line ends, tabs and odd spacing after values: all of it must stay. */
const WINDOWS = AXOLOTL.replace('learning_rate: 0.0002', 'learning_rate:    2.0e-4   # tuned').replaceAll('\n', '\r\n');

describe('apply', () => {
  const workbench = useWorkbench({ files: { 'windows.yml': WINDOWS }, settings: TRAINED_SOON });
  let panel: Panel;
  beforeAll(async () => {
    panel = await openPanel(workbench(), 'windows.yml');
  });

  const file = (): string => workbench().read('windows.yml');
  const diff = () => workbench().page.locator('.monaco-diff-editor');
  const answer = (words: string) =>
    workbench().page.locator('.notifications-toasts .monaco-button', { hasText: words }).first();
  async function save(expected: string | RegExp): Promise<void> {
    const { page, save } = workbench();
    await page
      .locator('.tab', { hasText: /^windows\.yml/ })
      .first()
      .click();
    await save('windows.yml', expected);
  }

  it('shows the diff first, and Discard writes nothing', async () => {
    await panel.by('apply').click();
    await diff().waitFor();
    await answer('Discard').click();
    await diff().waitFor({ state: 'detached' });
    await save(WINDOWS);
  });

  it('takes a closed diff for a no, and can be asked again', async () => {
    const { page } = workbench();
    await panel.by('apply').click();
    await diff().waitFor();
    // The key is for the editor that has the focus, which may come to the diff only after it is drawn.
    await diff().locator('.modified').first().click();
    await page.keyboard.press('ControlOrMeta+W');
    await diff().waitFor({ state: 'detached' });
    expect(file()).toBe(WINDOWS);
  });

  it('asked twice, answers the second time', async () => {
    const { page, command } = workbench();
    // The question about the closed diff may still stand over the panel's buttons.
    await command('Notifications: Clear All Notifications');
    await panel.by('apply').click();
    await diff().waitFor();
    await command('Notifications: Clear All Notifications');
    await page.locator('.tab', { hasText: 'LoRA: windows.yml' }).click();
    await panel.by('apply').click();
    await diff().waitFor();
    await page.locator('.editor-actions .action-label[aria-label*="Discard this change"]').first().click();
    await diff().waitFor({ state: 'detached' });
    expect(file()).toBe(WINDOWS);
  });

  it('from the diff’s title writes the values and no other byte', async () => {
    const { page, command } = workbench();
    await command('Notifications: Clear All Notifications');
    await panel.by('apply').click();
    await diff().waitFor();
    await page.locator('.editor-actions .action-label[aria-label*="Apply this change"]').first().click();
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
  });

  it('keeps the code that is still needed on screen', async () => {
    await panel.by('verdict').filter({ hasText: 'Written' }).waitFor();
    await panel.frame.locator('.s-changes').filter({ hasText: 'Still to do in your code' }).waitFor();
    await panel.frame.locator('#init-code pre').filter({ hasText: 'p.data.div_(2.0)' }).waitFor();
    expect(await panel.by('apply').getAttribute('disabled')).not.toBeNull();
  });

  it('is taken back by one undo, to the byte', async () => {
    await save(/^lora_alpha: 64/m);
    await workbench().undo('windows.yml');
    await save(WINDOWS);
  });
});
