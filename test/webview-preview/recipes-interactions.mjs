// What a person does with the table of recipes, by mouse and by keyboard, and what its host must hear.

/**
 * @param {import('playwright-core').Page} page
 * @param {(state: string, theme: string, width: number) => Promise<void>} open
 * @returns {Promise<string[]>} what went wrong
 */
export async function recipesInteractions(page, open) {
  const failures = [];
  const equal = (what, seen, wanted) => {
    const [is, must] = [seen, wanted].map((value) => JSON.stringify(value));
    if (is !== must) failures.push(`${what}: expected ${must}, saw ${is}`);
  };
  const calls = (method) =>
    page.evaluate(
      (wanted) => window.calls.filter((call) => call.method === wanted).map(({ params }) => params),
      method,
    );
  const last = async (method) => (await calls(method)).at(-1);
  const chosen = () =>
    page.locator('tr[aria-selected=true]').evaluateAll((rows) => rows.map(({ dataset }) => dataset.id.slice(8)));
  const checked = () => page.locator('.recipes-table tbody input:checked').count();
  const names = () => page.locator('.recipes-table tbody .open').allTextContents();
  const active = () =>
    page.evaluate(
      () => document.activeElement?.closest('tr')?.dataset.id?.slice(8) ?? document.activeElement?.id ?? '',
    );
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const row = (name) =>
    page.locator('.recipes-table tbody tr', { has: page.getByRole('button', { name, exact: true }) });

  // A table that opens before the first recipe is found has nothing yet that takes the keyboard.
  await open('recipes-empty-scanning', 'dark', 900);
  await page.evaluate(() => window.setState('table'));
  await page.locator('tbody tr').first().waitFor();
  equal('the filter has the keyboard once there is one', await active(), 'filter');

  // By keyboard alone, from the filter, which has it at first, to a comparison of two.
  await open('recipes-table', 'dark', 900);
  equal('the filter has the keyboard first', await active(), 'filter');
  await press('ArrowDown', ' ', 'ArrowDown', ' ');
  equal('two are chosen by Space', await chosen(), [
    'configs/llama/alpha-16.yml#0',
    'configs/llama/alpha-16-copy.yml#0',
  ]);
  equal('their boxes are checked', await checked(), 2);
  await page.locator('#compare:not([disabled])').waitFor();
  await press('Tab', 'Enter');
  equal('compare by keyboard', await last('compare'), {
    first: 'file:///configs/llama/alpha-16.yml#0',
    second: 'file:///configs/llama/alpha-16-copy.yml#0',
  });

  await press('Shift+Tab', 'Escape');
  equal('Escape chooses none', await chosen(), []);
  await press('Home', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp');
  equal('a range by Shift that shrinks', await chosen(), [
    'configs/llama/alpha-16.yml#0',
    'configs/llama/alpha-16-copy.yml#0',
  ]);
  await press('ControlOrMeta+a');
  equal('all but the file with an error', (await chosen()).length, 11);
  await press('ControlOrMeta+a', 'End', 'Enter');
  equal('Enter opens', await last('open'), { id: 'file:///train-again.sh#0' });
  await press('Home', ...Array(4).fill('ArrowDown'), ' ', 'Enter');
  equal('a file with an error opens, and is not chosen', await last('open'), {
    id: 'file:///configs/llama/broken.yml',
  });
  equal('and is not chosen', await chosen(), []);

  // By mouse.
  await row('style-a.toml').locator('input').click();
  await row('train.sh')
    .locator('input')
    .click({ modifiers: ['Shift'] });
  equal('a range by Shift and mouse', (await chosen()).length, 6);
  equal('and its boxes', await checked(), 6);
  await row('style-b.toml').locator('.trainer').click();
  equal('a click on the row lets it go', (await chosen()).length, 5);
  await page.locator('#choose-all').click();
  equal('the box above chooses all', (await chosen()).length, 11);
  await page.locator('#choose-all').click();
  equal('and none', await chosen(), []);
  await row('alpha-64.yml').locator('.open').click();
  equal('the name opens', await last('open'), { id: 'file:///configs/llama/alpha-64.yml#0' });
  equal('and chooses nothing', await chosen(), []);

  // Sorting.
  await page.locator('#sort-rate').click();
  equal('sorted by rate', [(await names())[0], (await names()).at(-1)], ['alpha-64.yml', 'adapter_config.json']);
  await page.locator('#sort-rate').press('Enter');
  equal('the other way', [(await names())[0], (await names()).at(-1)], ['alpha-16.yml', 'adapter_config.json']);
  equal(
    'as screen readers hear',
    await page.locator('th[aria-sort]').evaluateAll((all) => all.map((th) => th.ariaSort)),
    ['descending'],
  );
  await page.locator('#sort-rate').press('ArrowLeft');
  equal('arrows move among the headings', await active(), 'sort-scaling');

  // A filter hides what is chosen, and does not forget it; what is exported is what is chosen, else what is shown.
  await row('alpha-16.yml').locator('input').click();
  await page.locator('#filter').fill('kohya conv');
  equal('filtered', await names(), ['style-conv.toml', 'style-conv.toml']);
  equal('how many', await page.locator('.count').textContent(), '2 of 12');
  equal(
    'hidden',
    await page.locator('#chosen').textContent(),
    '1 chosen (1 hidden by the filter), choose one more to compare',
  );
  await page.locator('#export').click();
  await page.locator('#save-csv').click();
  equal('exported: the chosen one', (await last('save')).data.split('\r\n').length, 3);
  await page.locator('#filter').press('Escape');
  equal('Escape clears the filter', await page.locator('.count').textContent(), '12 recipes');
  await row('alpha-16.yml').locator('input').click();
  await page.locator('#export').click();
  await page.locator('#copy-markdown').click();
  equal('copied: all', (await last('copy')).text.split('\n').length, 15);

  // What changes does not take the keyboard, nor what is chosen; a reload of the page neither.
  await row('train.sh').locator('input').click();
  await page.evaluate(() => window.setState('scanning'));
  await page.evaluate(() => window.setState('fewer'));
  equal('still chosen', await chosen(), ['train.sh#0']);
  equal('still has the keyboard', await active(), 'train.sh#0');
  await page.reload();
  await page.locator('body[data-ready=true]').waitFor();
  equal('chosen after a reload', await chosen(), ['train.sh#0']);
  equal('sorted after a reload', (await names())[0], 'alpha-16.yml');

  // Many rows come in portions, and soon.
  await open('recipes-many', 'dark', 900);
  equal('the first 500', (await names()).length, 500);
  const ms = await page.evaluate(() => {
    const begin = performance.now();
    document.querySelector('#sort-scaling').click();
    return performance.now() - begin;
  });
  if (ms > 200) failures.push(`sorting 5,000 rows took ${Math.round(ms)} ms`);
  process.stdout.write(`sorting 5,000 recipes: ${Math.round(ms)} ms\n`);
  await page.locator('.more').click();
  equal('500 more', (await names()).length, 1000);

  await open('recipes-scanning', 'dark', 900);
  await page.getByRole('button', { name: 'Stop' }).click();
  equal('stop', (await calls('stop')).length, 1);
  await open('recipes-stopped', 'dark', 900);
  await page.getByRole('button', { name: 'Continue' }).click();
  equal('continue', (await calls('refresh')).length, 1);
  await open('recipes-empty', 'dark', 900);
  await page.locator('#look-again').click();
  equal('look again', (await calls('refresh')).length, 1);
  return failures;
}
