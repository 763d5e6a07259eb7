import type { Frame, Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../scripts/shell.mjs';
import { AXOLOTL } from '../support/axolotl';
import { UNSLOTH } from '../support/notebook';
import { resultsOf } from '../support/results';
import { inTheme, offences, THEMES } from './support/offences';
import { expectVerdict, openPanel, panelIn, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

const SHOWS_RESULTS = ':has(#show-results[aria-selected="true"])';

/** The pages, by what each alone has. All are in sight at once, each in its own group. */
const PAGES = {
  panel: `body[data-page="panel"]:not(${SHOWS_RESULTS}):has(header h1:text-is("mine.yml"))`,
  results: `body[data-page="panel"]${SHOWS_RESULTS}`,
  comparison: 'body[data-page="comparison"]:has(#trained[data-kind="different"])',
  table: 'body[data-page="recipes"][data-scan="done"]',
};
type Name = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Name[];

describe('every page', () => {
  /** What the runs said of themselves, their time included: nothing was trained anew. */
  const summaries: Record<string, string | null> = {};
  const workbench = useWorkbench(
    {
      files: {
        'mine.yml': AXOLOTL,
        'other.yml': AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'),
        'mine.ipynb': UNSLOTH,
        'checked.yml': AXOLOTL,
        'written.yml': AXOLOTL,
        'lora-alpha-results/check.json': resultsOf('checked.yml'),
      },
      settings: { ...TRAINED_SOON, 'loraAlpha.recipes.exclude': { '**/*[-_]*': true } },
      width: 2200,
      // A notebook makes only the cells that are in sight.
      height: 1400,
    },
    async (workbench) => {
      const { open, choose, codeLens, command } = workbench;
      const nextGroup = (): Promise<void> => command('View: Move Editor into Next Group');

      const writing = await openPanel(workbench, 'written.yml');
      await writing.by('apply').click();
      await writing.by('write').click();
      await writing.by('applied').filter({ hasText: 'Config changed, not saved yet.' }).waitFor();
      await writing.by('save-config').click();
      await writing.by('applied').filter({ hasText: 'The config is saved.' }).waitFor();
      await command('View: Close All Editors');

      const panel = await openPanel(workbench, 'mine.yml');
      await panel.setTarget('256');
      await panel.scaling(16);
      await panel.settled();
      summaries['panel'] = await panel.by('run-summary').textContent();

      await tab(/^mine\.yml/).click();
      await openPanel(workbench, 'checked.yml');
      await panel.settled();
      await panel.by('more').click();
      await panel.by('open-results').click();
      await choose('check.json');
      await frameOf('results');
      await nextGroup();

      await tab(/^mine\.yml/).click();
      await open('mine.ipynb');
      await codeLens('Check alpha equivalence').first().click();
      await (await notebookPanel()).settled();

      await tab(/^LoRA: mine\.yml/).click();
      await command('LoRA: Open the recipes table');
      const table = await frameOf('table');
      for (const name of ['mine.yml', 'other.yml']) await row(table, name).locator('input').check();
      await table.locator('#sort-file').click();
      // Past the group of the results.
      await nextGroup();
      await nextGroup();

      await tab(/^mine\.yml/).click();
      await command('LoRA: Compare alpha with…');
      await choose('other.yml');
      const compared = await until(() => frameWith('body[data-page="comparison"]'), 'the comparison');
      await compared.locator('#run').click();
      summaries['comparison'] = await (await frameOf('comparison')).locator('#run-summary').textContent();
      await tab(/^LoRA: mine\.yml(?! ↔)/).click();
    },
  );
  const tab = (name: RegExp): Locator => workbench().tab(name);
  const row = (table: Frame, name: string): Locator => table.locator('tbody tr', { hasText: name });

  /** The frame in sight whose page fits. */
  async function frameWith(selector: string): Promise<Frame | undefined> {
    for (const frame of workbench().page.frames()) {
      // A page that moves into another group is made anew.
      const isThere = await frame
        .locator(selector)
        .isVisible()
        .catch(() => false);
      if (isThere) return frame;
    }
    return undefined;
  }
  const frameOf = (name: Name): Promise<Frame> => until(() => frameWith(PAGES[name]), `the ${name}`);
  const panelOf = async (name: Name): Promise<Panel> => panelIn(await frameOf(name));
  const notebookPanel = async (): Promise<Panel> => {
    const cell = '.s-answer button[title="Show cell 4, line 6"]';
    return panelIn(await until(() => frameWith(`body:has(${cell})`), 'the panel of the notebook'));
  };

  it.each(THEMES)('in %s: axe finds nothing, and the plots are drawn anew', async (theme) => {
    const bodies = await Promise.all(NAMES.map(async (name) => (await frameOf(name)).locator('body')));
    const canvas = (await panelOf('panel')).by('loss-plot').locator('canvas').first();
    const drawing = (): Promise<string> => canvas.evaluate((plot) => (plot as HTMLCanvasElement).toDataURL());
    const before = await drawing();
    await inTheme(theme, workbench(), bodies);
    await expect.poll(drawing).not.toBe(before);
    const found = await Promise.all(bodies.map((body) => offences(body, theme)));
    expect(Object.fromEntries(NAMES.map((name, index) => [name, found[index]]))).toEqual(
      Object.fromEntries(NAMES.map((name) => [name, []])),
    );
  });

  describe('when the window is loaded again', () => {
    it('stands where it stood', async () => {
      await workbench().reload();
      for (const name of NAMES) await frameOf(name);
    });

    it('the table of recipes has its order and what was chosen', async () => {
      const table = await frameOf('table');
      expect(await table.locator('tbody .open').allInnerTexts()).toEqual([
        'written.yml',
        'other.yml',
        'mine.yml',
        'mine.ipynb',
        'checked.yml',
      ]);
      expect(await table.locator('tr[aria-selected="true"] .open').allInnerTexts()).toEqual(['other.yml', 'mine.yml']);
    });

    it('a comparison has its verdict and its training', async () => {
      const compared = await panelOf('comparison');
      await compared.frame.locator('body[data-verdict="different"]').waitFor();
      expect(await compared.by('run-summary').textContent()).toBe(summaries['comparison']);
      expect(await compared.by('first').locator('h1').innerText()).toBe('mine.yml');
    });

    it('a panel has the results of PyTorch', async () => {
      const { by } = await panelOf('results');
      expect(await by('verdict').locator('strong').innerText()).toBe('Identical with tiny llama');
      const lastStep = by('loss-table').locator('tbody tr').last().locator('th');
      await expect.poll(() => lastStep.textContent()).toBe('23');
    });

    it('a panel has its target and its run, and still follows and trains', async () => {
      const panel = await panelOf('panel');
      await panel.settled();
      expect(await panel.target()).toBe('256');
      await expectVerdict(panel, 'identical');
      await expect.poll(() => panel.by('loss-table').locator('tbody td').count()).toBeGreaterThan(20);
      expect(await panel.by('run-summary').textContent()).toBe(summaries['panel']);
      await panel.setTarget('64');
      await panel.scaling(4);
      await panel.settled();
      await expectVerdict(panel, 'identical');
    });

    it('a panel of a notebook knows its cells', async () => {
      await tab(/^LoRA: mine\.ipynb/).click();
      const panel = await notebookPanel();
      await panel.settled(60_000);
      await expectVerdict(panel, 'identical');
      await panel.frame.locator('.s-answer button[title="Show cell 5, line 7"]', { hasText: 'learning_rate' }).click();
      const { page } = workbench();
      const shown = page.locator('.notebookOverlay .monaco-list-row.focused', { hasText: 'SFTTrainer' });
      await shown.waitFor();
      // The cursor is in the line, where the next key would write.
      const topOf = async (what: string): Promise<number | undefined> =>
        (await shown.locator(`.monaco-editor.focused ${what}`).first().boundingBox())?.y;
      const isThere = async (): Promise<boolean> => {
        const [cursor, wanted] = [await topOf('.cursor'), await topOf('.view-line:has-text("learning_rate")')];
        return cursor !== undefined && cursor === wanted;
      };
      await expect.poll(isThere).toBe(true);
      await page.locator('.statusbar-item[id$="loraAlpha.scaling"]', { hasText: 's = 1 · α 16 / r 16' }).waitFor();
    });

    it('a change that was written has its list of what is still to be done', async () => {
      await workbench().command('View: Close All Editors');
      const { by } = await openPanel(workbench(), 'written.yml', 'Check alpha equivalence');
      await by('applied').filter({ hasText: 'Applied: alpha 16 → 64' }).waitFor();
      const todo = by('applied').locator('li:not([data-done])');
      await expect.poll(async () => (await todo.allInnerTexts()).join()).toContain('p.data.div_(2.0)');
    });
  });
});
