import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import { until } from './support/workbench';

/** Nobody wrote an alpha: kohya takes 1, whatever the rank. */
const KOHYA = `network_module = "networks.lora"
network_dim = 16  # a comment
learning_rate = 1e-4
optimizer_type = "AdamW"
`;

/** What the editor says of a config where it stands: hovers, problems and their fixes, refactorings, the status bar. */
describe('in the editor', () => {
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL, 'implied.toml': KOHYA }, settings: TRAINED_SOON });

  const hover = (): Locator => workbench().page.locator('.monaco-hover:visible');
  const menu = (): Locator => workbench().page.locator('.action-widget');
  const scaling = (): Locator => workbench().page.locator('.statusbar-item[id$="loraAlpha.scaling"]');
  const tab = (name: string | RegExp): Locator => workbench().tab(name);

  /** Asks for the hover here until one says this. */
  async function hoverAt(line: number, column: number, words: string): Promise<void> {
    const { page, goTo } = workbench();
    const ask = async (): Promise<void> => {
      await goTo(line, column);
      await page.keyboard.press('ControlOrMeta+K');
      await page.keyboard.press('ControlOrMeta+I');
    };
    await until(ask, hover().filter({ hasText: words }).first());
  }
  /** Opens the menu of refactorings where the cursor is. */
  async function refactor(line: number, column: number): Promise<void> {
    const { page, goTo } = workbench();
    const ask = async (): Promise<void> => {
      await goTo(line, column);
      await page.keyboard.press('ControlOrMeta+Shift+R');
    };
    await until(ask, menu().locator('.action', { hasText: 'Rescale to alpha' }));
  }

  beforeEach(async () => {
    const { command } = workbench();
    await command('View: Close All Editors');
  });

  it('a hover over alpha says what it does, and leads to the panel', async () => {
    const { open, page } = workbench();
    await open('mine.yml');
    await hoverAt(6, 1, 's = α/r = 16/16 = 1');
    await hover().filter({ hasText: '÷ √k' }).waitFor();
    await hover().locator('a', { hasText: 'Check another alpha' }).click();
    await panelOf(page).ready();
    await tab('LoRA: mine.yml').waitFor();
  });

  it('a problem has a squiggle, a line in the list, and a link to its explanation', async () => {
    const { open, page, command } = workbench();
    await open('implied.toml');
    await page.locator('.squiggly-warning').first().waitFor();
    await command('Problems: Focus on Problems View');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'alpha-implied' });
    await problem.locator('a', { hasText: 'alpha-implied' }).click();
    await tab('alpha-implied').waitFor();
    const shown = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await shown.locator('h1', { hasText: 'Alpha is not set' }).waitFor();
    await command('View: Toggle Panel Visibility');
  });

  it('rescaling asks for the alpha, shows the change, and writes it', async () => {
    const { open, page, choose, read, save, undo } = workbench();
    await open('mine.yml');
    await refactor(6, 1);
    await menu().locator('.action', { hasText: 'Rescale to alpha' }).click();
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await box.fill('none');
    await page.locator('.quick-input-message', { hasText: '“none” is not a number' }).waitFor();
    await box.fill('64');
    await page.locator('.quick-input-message', { hasText: 'learning_rate 0.0002 → 0.0001' }).waitFor();
    await page.keyboard.press('Enter');
    await choose('Rescale the init');
    await page.locator('.monaco-diff-editor').waitFor();
    expect(read('mine.yml')).toBe(AXOLOTL);
    await page.locator('.notifications-toasts .monaco-button', { hasText: 'Apply' }).first().click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    // The panel has the list of what is still to be done.
    await panelOf(page).ready();
    await tab(/^mine\.yml/).click();
    await save('mine.yml', /^lora_alpha: 64 {2}# as in the recipe$/m);
    expect(read('mine.yml')).toMatch(/^learning_rate: 0\.0001$/m);
    await undo('mine.yml');
    await save('mine.yml', AXOLOTL);
  });

  it('the status bar says the scaling of the file in the editor, and of no other', async () => {
    const { open, page, set } = workbench();
    await open('mine.yml');
    await scaling().filter({ hasText: 's = 1 · α 16 / r 16' }).waitFor();
    await open('README.md');
    await scaling().waitFor({ state: 'hidden' });
    await open('implied.toml');
    await scaling().filter({ hasText: 's = 0.0625 · α 1 / r 16' }).click();
    await panelOf(page).ready();
    await tab('LoRA: implied.toml').waitFor();
    await tab(/^implied\.toml/).click();
    await scaling().waitFor();
    set({ 'loraAlpha.statusBar': false });
    await scaling().waitFor({ state: 'hidden' });
    set({});
  });
});
