import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/** With PiSSA the init follows the scaling by itself, so the numbers of a config can make the same run at alpha 64. */
const MINE = `${AXOLOTL}peft_init_lora_weights: pissa\nadam_epsilon: 1e-8\nmax_grad_norm: 1\n`;
const SAME = MINE.replace('lora_alpha: 16', 'lora_alpha: 64')
  .replace('0.0002', '0.0001')
  .replace('weight_decay: 0.01', 'weight_decay: 0.02')
  .replace('1e-8', '2e-8')
  .replace('norm: 1', 'norm: 2');
const ALONE = MINE.replace('lora_alpha: 16', 'lora_alpha: 64');

describe('a comparison', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': MINE, 'same-run.yml': SAME, 'own-way.yml': ALONE },
    settings: TRAINED_SOON,
  });

  /** Compares mine.yml with another file, and leaves its page alone in the window. */
  async function compareWith(other: string): Promise<{ trained: Locator; by: (id: string) => Locator; body: Locator }> {
    const { page, open, command, tab } = workbench();
    await command('View: Close All Editors');
    await open('mine.yml');
    await command('LoRA: Compare alpha with…');
    // The list draws only the rows in sight.
    const list = page.locator('.quick-input-widget', { hasText: 'Compare mine.yml with' });
    await list.locator('.quick-input-box input').fill(other);
    await list.locator('.monaco-list-row', { hasText: other }).click();
    await tab(`LoRA: mine.yml ↔ ${other}`).waitFor();
    const { by, body } = panelOf(page);
    await by('run').waitFor();
    return { trained: by('trained'), by, body };
  }

  it('trains two configs that are the same run, and every loss has the same bits', { timeout: 90_000 }, async () => {
    const { trained, by, body } = await compareWith('same-run.yml');
    expect(await body.getAttribute('data-verdict')).toBe('same');
    expect(await trained.isVisible()).toBe(false);
    // By keyboard: the button keeps the focus, or hands it to Stop and takes it back.
    await by('run').focus();
    await workbench().page.keyboard.press('Enter');
    await panelOf(workbench().page).frame.locator('#trained[data-kind="identical"]').waitFor({ timeout: 60_000 });
    expect(await trained.innerText()).toContain('Both train alike, to the last bit');
    expect(await by('deviation-plot').innerText()).toContain('Difference from mine.yml');
    await expect.poll(() => by('run').evaluate((button) => document.activeElement === button)).toBe(true);
  });

  it('says at which step two other configs part, and that it is outdated after an edit', async () => {
    const { trained, by } = await compareWith('own-way.yml');
    await by('run').click();
    const { frame } = panelOf(workbench().page);
    await frame.locator('#trained[data-kind="different"]').waitFor({ timeout: 60_000 });
    expect(await trained.innerText()).toMatch(/They train differently[^]*It starts at step \d+\./);
    workbench().write('own-way.yml', ALONE.replace('lora_alpha: 64', 'lora_alpha: 32'));
    await frame.locator('#trained[data-stale]').waitFor();
    await by('run').click();
    await frame.locator('#trained[data-kind="different"]:not([data-stale])').waitFor({ timeout: 60_000 });
  });

  it('stops a training, and says why others cannot be trained', { timeout: 90_000 }, async () => {
    const { page, set, write } = workbench();
    write('same-run.yml', SAME);
    set({ 'loraAlpha.task': 'transformer', 'loraAlpha.seeds': 8 });
    const { by } = await compareWith('same-run.yml');
    // Before the editor knows of the settings, a run would be over at once.
    await by('how-trained').locator('li', { hasText: 'transformer' }).waitFor({ state: 'attached' });
    await by('run').click();
    await by('stop').click();
    const { frame } = panelOf(page);
    await frame.locator('body[data-run="stopped"]').waitFor();
    expect(await by('trained').innerText()).toContain('A verdict needs the whole run.');
    write('same-run.yml', SAME.replace('lora_r: 16', 'lora_r: 32'));
    await frame
      .locator('.s-training', { hasText: 'Not trained. The small model needs the same rank in both.' })
      .waitFor();
    expect(await by('run').isVisible()).toBe(false);
    set({});
  });
});
