import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel, panelOf, type Panel } from './support/panel';
import { useWorkbench } from './support/suite';

describe('the panel', () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e.yml';
  let panel: Panel;
  const workbench = useWorkbench(
    { files: { 'mine.yml': AXOLOTL, 'one.yml': AXOLOTL, [hostile]: AXOLOTL } },
    async (workbench) => {
      panel = await openPanel(workbench, 'mine.yml');
    },
  );

  const header = (): Promise<string> => panel.frame.locator('header').innerText();
  it('names the file, the trainer, the optimizer and the rank', async () => {
    expect(await header()).toMatch(/mine\.yml\s*Axolotl · adamw_torch · rank 16/);
    expect(await header()).toMatch(/scaling 1 → 4/);
  });

  it('draws both plots, and says them as tables', async () => {
    for (const id of ['loss', 'deviation']) {
      const canvas = panel.by(`${id}-plot`).locator('canvas').first();
      await canvas.waitFor();
      expect((await canvas.boundingBox())?.width).toBeGreaterThan(200);
      const cells = await panel.by(`${id}-table`).locator('tbody td').allTextContents();
      expect(cells.length).toBeGreaterThan(20);
    }
  });

  it('follows the target typed into its field', async () => {
    await panel.setTarget('48');
    await panel.scaling(3);
    await panel.settled();
    await expectVerdict(panel, 'equivalent');
    expect(await header()).toMatch(/scaling 1 → 3/);
    const rate = (await panel.changes()).find(([key = '']) => key.includes('learning_rate'));
    expect(Number(rate?.[2])).toBeCloseTo(0.0002 / Math.sqrt(3), 9);
  });

  it.each([
    ['0', /above 0/],
    ['many', /not a number/],
    ['1,5', /1\.5/],
    ['-1', /above 0/],
    ['1e9', /at most 1000000/],
  ])('says what is wrong with the target %s, shows no plan as current, and applies none', async (typed, words) => {
    await panel.by('target').locator('input').fill(typed);
    await panel.by('target-error').filter({ hasText: words }).waitFor();
    await panel.by('verdict').filter({ hasText: 'No target' }).waitFor();
    expect(await header()).toMatch(/→ …/);
    // The toolkit writes the attribute a frame later.
    for (const id of ['apply', 'copy-code', 'run'])
      await expect.poll(() => panel.by(id).getAttribute('disabled')).not.toBeNull();
    expect(await panel.frame.locator('.s-answer').getAttribute('inert')).not.toBeNull();
    // The wrong text stays in the field, so that its error is about what is seen.
    await panel.by('target').locator('input').press('Tab');
    expect(await panel.target()).toBe(typed);
    await panel.by('target').locator('input').fill('48');
    await panel.scaling(3);
    await expect.poll(() => panel.by('apply').getAttribute('disabled')).toBeNull();
  });

  it.each([
    ['chip-double', '96'],
    ['chip-half', '48'],
    ['chip-quadruple', '192'],
  ])('%s moves the target to %s', async (chip, alpha) => {
    await panel.by(chip).click();
    await expect.poll(() => panel.target()).toBe(alpha);
    await expect.poll(header).toContain(`→ ${Number(alpha) / 16}`);
  });

  it('has nothing to change where the target is what the file says', async () => {
    await panel.by('chip-rank').click();
    await panel.by('verdict').filter({ hasText: 'nothing to change' }).waitFor();
    await expect.poll(() => panel.by('apply').getAttribute('disabled')).not.toBeNull();
  });

  it('computes the answer under the thumb, and calls no earlier run its proof', async () => {
    await panel.setTarget('64');
    await panel.settled();
    const slider = panel.by('target-slider');
    // All in one task of the page: the host has not answered yet.
    const seen = await slider.evaluate((input: HTMLInputElement) => {
      const page = input.ownerDocument;
      input.value = '3';
      input.dispatchEvent(new Event('input'));
      const text = (selector: string): string => page.querySelector(selector)?.textContent ?? '';
      return [
        text('.large dd'),
        text('header .scale'),
        text('.factor'),
        String(page.querySelector('#verdict')?.hasAttribute('data-stale')),
      ];
    });
    expect(seen).toEqual(['7.07107e-5', 'scaling 1 → 8', 'k = 8', 'true']);
    await panel.settled();
    await expectVerdict(panel, 'equivalent');
  });

  it('takes a scaling for a target, and rank stabilisation', async () => {
    const { read } = workbench();
    await panel.frame.getByRole('radio', { name: 'scaling' }).click();
    await panel.setTarget('2');
    await panel.scaling(2);
    expect((await panel.changes()).find(([key]) => key === 'lora_alpha')?.[2]).toBe('32');
    await panel.frame.getByRole('radio', { name: 'rsLoRA on' }).click();
    await panel.setTarget('16');
    await panel.scaling(4);
    await expect.poll(async () => (await panel.changes()).map(([key]) => key)).toContain('peft_use_rslora');
    expect(read('mine.yml')).toBe(AXOLOTL);
    await panel.frame.getByRole('radio', { name: 'alpha' }).click();
    await panel.setTarget('64');
    await panel.settled();
  });

  it('has a slider that moves by keyboard', async () => {
    await panel.setTarget('64');
    const slider = panel.by('target-slider');
    await slider.focus();
    await slider.press('ArrowRight');
    await expect.poll(async () => Number(await panel.target())).toBeGreaterThan(64);
  });

  it('trains the other plan and measures what it costs', async () => {
    await panel.setTarget('64');
    await panel.scaling(4);
    await panel.settled();
    const [exact, cheap] = [panel.by('plan-symmetric'), panel.by('plan-lr-only')];
    await cheap.click();
    await panel.frame.locator('#plan-lr-only[aria-checked="true"]').waitFor();
    await panel.settled();
    await expectVerdict(panel, 'different');
    expect(await cheap.innerText()).toMatch(/off by/);
    await exact.click();
    await panel.frame.locator('#plan-symmetric[aria-checked="true"]').waitFor();
    await panel.settled();
    await expectVerdict(panel, 'identical');
  });

  it('follows what is typed into the file, unsaved', async () => {
    const { page, editor, goTo, read } = workbench();
    await editor().click();
    await goTo(6, 'lora_alpha: '.length + 1);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.type('32');
    await expect.poll(header).toMatch(/scaling 2 → 4/);
    expect(read('mine.yml')).toBe(AXOLOTL);
    await page.keyboard.press('ControlOrMeta+Z');
    await expect.poll(header).toMatch(/scaling 1 → 4/);
    await panel.settled();
  });

  it('copies the init code', async () => {
    const { page } = workbench();
    await panel.by('copy-code').click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/lora_A/);
  });

  it('leads from a row of the table to its line', async () => {
    const { page } = workbench();
    await panel.frame.locator('.s-answer button', { hasText: 'learning_rate' }).click();
    await page.locator('.editor-group-container .line-numbers.active-line-number', { hasText: /^10$/ }).waitFor();
  });

  it('exports the numbers', async () => {
    const { page, read } = workbench();
    await panel.by('more').click();
    await panel.by('export-csv').click();
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await box.waitFor();
    await expect.poll(() => box.inputValue()).toMatch(/mine-alpha-64\.csv$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => read('mine-alpha-64.csv')).toMatch(/^step,/);
    const lines = read('mine-alpha-64.csv').trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
  });

  it('exports a check with PyTorch, which runs in a terminal', async () => {
    const { page, read, set } = workbench();
    // Only then the terminal's text is in the page.
    set({ 'terminal.integrated.gpuAcceleration': 'off' });
    await panel.by('more').click();
    await panel.by('export-check').click();
    const box = page.locator('.quick-input-widget .quick-input-box input');
    await expect.poll(() => box.inputValue()).toMatch(/check_alpha\.py$/);
    await page.keyboard.press('Enter');
    await page.locator('.tab', { hasText: 'check_alpha.py' }).waitFor();
    expect(read('check_alpha.py')).toMatch(
      /^"""LoRA Alpha: a check with PyTorch\. mine\.yml \(Axolotl\), alpha 64 against alpha 16:/,
    );
    await page.locator('.notifications-toasts .monaco-button', { hasText: 'Run with a tiny model' }).click();
    // With torch it prints a verdict, without it what to install.
    await page.locator('.xterm-rows', { hasText: /identical|install torch/ }).waitFor();
    set({});
  });

  it('of another file opens beside it and has a run of its own', async () => {
    const { page, command } = workbench();
    await command('File: Revert File');
    await command('View: Close All Editors');
    await openPanel(workbench(), 'one.yml');
    expect(await page.locator('.tab', { hasText: 'LoRA: one.yml' }).count()).toBe(1);
  });

  it('shows a hostile name as text', async () => {
    const { page, open, codeLens } = workbench();
    await page.locator('.tab', { hasText: /^one\.yml/ }).click();
    await open('onerror');
    await codeLens('Check alpha equivalence').first().click();
    await page.locator('.tab', { hasText: 'LoRA: <img' }).waitFor();
    const own = panelOf(page);
    await expect.poll(() => own.frame.locator('header h1').textContent()).toBe(hostile.replace('\u202e', '\\u202e'));
    expect(await own.frame.locator('img').count()).toBe(0);
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
