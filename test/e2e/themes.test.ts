import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../scripts/shell.mjs';
import { AXOLOTL } from '../support/axolotl';
import { resultsOf } from '../support/results';
import { inTheme, offences, THEMES } from './support/offences';
import { openPanel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import type { Workbench } from './support/workbench';

const SHOWS_RESULTS = ':has(#show-results[aria-selected="true"])';

/** The pages, by what each alone has. All are in sight at once, each in its own group. */
const PAGES = {
  'the panel': `body[data-page="panel"]:not(${SHOWS_RESULTS})`,
  results: `body[data-page="panel"]${SHOWS_RESULTS}`,
  'the comparison': 'body[data-page="comparison"]',
  'the table': 'body[data-page="recipes"]',
};

describe('every page in every theme', () => {
  const bodies: [string, Locator][] = [];
  const workbench = useWorkbench(
    {
      files: {
        'mine.yml': AXOLOTL,
        'other.yml': AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64'),
        'checked.yml': AXOLOTL,
        'lora-alpha-results/check.json': resultsOf('checked.yml'),
      },
      settings: TRAINED_SOON,
      width: 2200,
    },
    async (workbench) => {
      await openAll(workbench);
      for (const [name, selector] of Object.entries(PAGES)) bodies.push([name, await bodyOf(workbench, selector)]);
    },
  );

  it.each(THEMES)('%s: axe finds nothing, and the plots are drawn anew', async (theme) => {
    const canvas = (await bodyOf(workbench(), PAGES['the panel'])).locator('#loss-plot canvas').first();
    const drawing = (): Promise<string> => canvas.evaluate((plot) => (plot as HTMLCanvasElement).toDataURL());
    const before = await drawing();
    await inTheme(
      theme,
      workbench(),
      bodies.map(([, body]) => body),
    );
    await expect.poll(drawing).not.toBe(before);
    const found: Record<string, string[]> = {};
    for (const [name, body] of bodies) found[name] = await offences(body, theme);
    expect(found).toEqual(Object.fromEntries(bodies.map(([name]) => [name, []])));
  });
});

/** The body that this selector finds, once a frame in sight has it. */
function bodyOf({ page }: Workbench, selector: string): Promise<Locator> {
  const found = async (): Promise<Locator | undefined> => {
    for (const frame of page.frames()) {
      const body = frame.locator(selector);
      // A page that moves into another group is made anew.
      if (await body.isVisible().catch(() => false)) return body;
    }
    return undefined;
  };
  return until(found, `a page with ${selector}`);
}

async function openAll(workbench: Workbench): Promise<void> {
  const { page, command } = workbench;
  const tab = (name: RegExp): Promise<void> => page.locator('.tab', { hasText: name }).click();
  const choose = (row: string): Promise<void> =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: row }).click();
  const nextGroup = (): Promise<void> => command('View: Move Editor into Next Group');
  await (await openPanel(workbench, 'mine.yml')).settled();
  await tab(/^mine\.yml/);
  const { by, settled } = await openPanel(workbench, 'checked.yml');
  await settled();
  await by('more').click();
  await by('open-results').click();
  await choose('check.json');
  await bodyOf(workbench, PAGES.results);
  await nextGroup();
  await tab(/^LoRA: mine\.yml/);
  await command('LoRA: Open the recipes table');
  const table = await bodyOf(workbench, `${PAGES['the table']}[data-scan="done"]`);
  await table.locator('tbody tr', { hasText: 'mine.yml' }).locator('input').check();
  // Past the group of the results.
  await nextGroup();
  await nextGroup();
  await tab(/^checked\.yml/);
  await workbench.open('mine.yml');
  await command('LoRA: Compare alpha with…');
  // The list draws only the rows in sight.
  await page.locator('.quick-input-widget .quick-input-box input').fill('other.yml');
  await choose('other.yml');
  const comparison = await bodyOf(workbench, PAGES['the comparison']);
  await comparison.locator('#run').click();
  await comparison.locator('#trained[data-kind="different"]').waitFor({ timeout: 60_000 });
}
