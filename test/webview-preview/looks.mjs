/** Every state of the panel's page that is looked at (states.ts). */
export const PANEL_STATES = [
  ...['equivalent', 'before-first-run', 'running', 'stopped', 'identical', 'nearly', 'different', 'seeds', 'undecided'],
  ...['failed', 'stale', 'not-understood', 'asked', 'applied', 'cycles', 'trained', 'broken', 'foreign', 'unread'],
  ...['starting', 'gone', 'refusal', 'nothing-to-change', 'sgd', 'networks', 'hostile', 'results', 'own-run'],
  ...['results-other', 'recorded', 'recorded-differs', 'planning'],
  ...['rank-before', 'rank-running', 'rank-measured', 'rank-undecided', 'rank-flat', 'rank-refused'],
];

/** Of the page that compares two configs (comparison-states.ts). */
export const COMPARISON_STATES = [
  ...['different', 'same', 'nearly', 'unknown', 'blocked', 'networks', 'broken', 'hostile'],
  ...['train-same', 'train-different', 'train-untrained', 'train-running', 'train-failed', 'train-stale'],
].map((state) => `comparison-${state}`);

/** Of the table of recipes (recipes-states.ts); `chosen` and `filtered` are what a person makes of it. */
export const RECIPES_STATES = [
  ...['table', 'chosen', 'scanning', 'stopped', 'limited', 'empty', 'empty-scanning', 'no-folder', 'filtered'],
  ...['hostile', 'many'],
].map((state) => `recipes-${state}`);

/** Of the editor of adapters (adapter-states.ts). */
export const ADAPTER_STATES = ['rslora', 'plain', 'measuring', 'header', 'model'].map((state) => `adapter-${state}`);

/** Chooses two rows, with the keyboard on a third. */
async function chooseTwo(page) {
  for (const row of [0, 2]) await page.locator('.sortable tbody input').nth(row).click();
  await page.keyboard.press('ArrowDown');
}

/** States that a person makes out of another: its name, and what they do. */
const MADE = {
  chosen: ['table', chooseTwo],
  filtered: ['table', (page) => page.locator('#filter').fill('llama 3e-4')],
  planning: ['equivalent', (page) => page.locator('#target input').fill('96')],
};

/** Opens a state of one of the four pages, as it is before anybody has touched it. */
export async function openState(page, server, state, theme) {
  const [, kind = 'panel', name = state] = /^(comparison|recipes|adapter)-(.*)$/.exec(state) ?? [];
  // What the page before has kept; a blank page has nowhere to keep it.
  if (page.url() !== 'about:blank') await page.evaluate(() => window.sessionStorage.clear());
  const [from, make] = MADE[name] ?? [name];
  await page.goto(server.address(from, theme, kind));
  await page.locator('body[data-ready=true]').waitFor();
  await make?.(page);
}
