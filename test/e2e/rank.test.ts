import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('another rank in the panel', () => {
  const files = { 'mine.yml': AXOLOTL.replace('lora_r: 16', 'lora_r: 2') };
  const workbench = useWorkbench({ files, settings: TRAINED_SOON });

  it('is recommended, tested and written, by keyboard and by mouse', { timeout: 240_000 }, async () => {
    const { page, open, command, read } = workbench();
    await open('mine.yml');
    await command('LoRA: Check alpha equivalence');
    const panel = panelOf(page);
    await panel.ready();
    await panel.run('done');
    const rules = panel.frame.getByRole('radiogroup', { name: 'Rules' }).getByRole('radio');

    // By keyboard to the target, and to the rule that keeps the scaling.
    await panel.frame.getByRole('radio', { name: 'alpha', exact: true }).focus();
    await page.keyboard.press('End');
    await panel.frame.getByRole('textbox', { name: 'Target rank' }).waitFor();
    await expect.poll(panel.target).toBe('8');
    await expect.poll(() => panel.by('answer-heading').innerText()).toMatch(/recommended/i);
    await expect.poll(() => panel.by('verdict').innerText()).toMatch(/Not measured yet/);
    await rules.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => panel.by('plan-mua-scaling').getAttribute('aria-checked')).toBe('true');
    await expect.poll(() => panel.by('answer-heading').innerText()).toMatch(/published/i);
    await page.keyboard.press('Home');
    await expect.poll(() => panel.by('plan-keep-alpha').getAttribute('aria-checked')).toBe('true');

    // A test can be stopped, and says what it saw.
    await panel.by('run').click();
    await panel.run('running');
    await panel.by('stop').click();
    await panel.run('stopped');
    await panel.by('run').click();
    await panel.run('done', 120_000);
    await expectVerdict(panel, 'measured', 'undecided');
    await expect.poll(() => panel.by('verdict').innerText()).toMatch(/Test model, 100 steps/);
    // Whatever is seen, the control holds.
    expect(await panel.by('verdict').innerText()).not.toMatch(/too sensitive to tell/);
    await expect.poll(() => rules.first().innerText()).toMatch(/best lr|recommended/);
    await panel.by('rates-plot').waitFor();

    // Another target leaves the test behind, and the same one shows it again as the rank's.
    await panel.frame.getByRole('radio', { name: 'alpha', exact: true }).click();
    await panel.by('loss-plot').waitFor();
    await panel.frame.getByRole('radio', { name: 'rank', exact: true }).click();
    await panel.setTarget('4');

    await panel.by('apply').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await expect.poll(() => panel.by('proposal').innerText()).toMatch(/rank 2 → 4[\s\S]*A recommendation/);
    await panel.by('write').click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await command('File: Save All Files');
    await expect.poll(() => read('mine.yml')).toMatch(/^lora_r: 4\b/m);
    expect(read('mine.yml')).toMatch(/^lora_alpha: 16\b/m);
    await expect.poll(() => panel.by('applied').innerText()).toMatch(/rank 2 → 4/);
    await panel.by('undo').click();
    await expect.poll(() => panel.frame.locator('header').innerText()).toMatch(/rank 2/);
  });
});
