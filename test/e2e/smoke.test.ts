import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, panelOf } from './support/panel';
import { useWorkbench } from './support/suite';

/** The main way through, in the oldest editor that is supported. */
describe('from the config to the verdict', () => {
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL } });

  it('shows the scaling and the check above alpha', async () => {
    const { open, codeLens } = workbench();
    await open('mine.yml');
    await codeLens('s = α/r = 16/16 = 1').waitFor();
    await codeLens('Check alpha equivalence').waitFor();
  });

  it('opens the panel from the CodeLens, trains and proves', async () => {
    const { page, codeLens } = workbench();
    await codeLens('Check alpha equivalence').click();
    const panel = panelOf(page);
    await panel.ready();
    await panel.run('done');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('run-summary').textContent()).toMatch(/^wasm · \d+ variants × \d+ steps · /);
    expect(await panel.by('target').evaluate((field) => (field as HTMLInputElement).value)).toBe('64');
  });

  it('is found in the palette under its own words', async () => {
    const { page, command, tab } = workbench();
    await tab('mine.yml').click();
    await command('LoRA: Check alpha equivalence');
    await panelOf(page).ready();
    expect(await page.locator('.tab', { hasText: 'LoRA: mine.yml' }).count()).toBe(1);
  });

  it('writes the change after showing it, and undo takes it back', async () => {
    const { page, tab, save, undo } = workbench();
    const panel = panelOf(page);
    await panel.by('apply').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await panel.by('write').click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await tab('mine.yml').click();
    await save('mine.yml', AT_ALPHA_64);
    await undo('mine.yml');
    await save('mine.yml', AXOLOTL);
  });
});

/** Rate and scaling move, and so do the numbers nobody wrote, which are those of the trainer. */
const AT_ALPHA_64 = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64')
  .replace('0.0002', '0.0001')
  .replace('weight_decay: 0.01\n', 'weight_decay: 0.02\nmax_grad_norm: 2.0\nadam_epsilon: 2.0e-8\n');
