// What a person does with the page, by mouse and by keyboard, and what its host must hear.

/**
 * @param {import('playwright-core').Page} page
 * @param {(state: string, theme: string, width: number) => Promise<void>} open
 * @returns {Promise<string[]>} what went wrong
 */
export async function interactions(page, open) {
  const failures = [];
  const calls = (method) =>
    page.evaluate(
      (wanted) => window.calls.filter((call) => call.method === wanted).map(({ params }) => params),
      method,
    );
  /** The last call of a method, once it is as wanted. */
  const heard = async (what, method, wanted) => {
    const test = ({ method, wanted }) => {
      const last = window.calls.filter((call) => call.method === method).at(-1);
      return last && (wanted === undefined || JSON.stringify(last.params) === JSON.stringify(wanted));
    };
    await page
      .waitForFunction(test, { method, wanted }, { timeout: 3000 })
      .catch(async () =>
        failures.push(
          `${what}: expected ${method} ${JSON.stringify(wanted)}, heard ${JSON.stringify(await calls(method))}`,
        ),
      );
  };
  const seen = async (what, locator) =>
    locator.waitFor({ timeout: 3000 }).catch(() => failures.push(`${what}: ${locator} was not seen`));

  await open('equivalent', 'dark', 900);
  const field = page.locator('#target input');
  await field.fill('96');
  await heard('typing', 'setTarget', { alpha: 96 });
  // The host has not answered for 96: what it showed before is a new target.
  await field.fill('48');
  await heard('back to the target that is shown', 'setTarget', { alpha: 48 });
  await field.fill('3,5');
  await seen('a comma', page.getByText('Write the decimal point as a point: 3.5'));
  await field.fill('-1');
  await seen('a negative alpha', page.getByText('It must be above 0'));
  await field.fill('48');
  await field.press('ArrowUp');
  await heard('arrow up', 'setTarget', { alpha: 49 });
  await page.locator('#chip-double').click();
  await heard('2×', 'setTarget', { alpha: 98 });
  await page.locator('#chip-rank').click();
  await heard('alpha = r', 'setTarget', { alpha: 16 });
  await page.locator('#target-slider').focus();
  await page.keyboard.press('PageUp');
  await heard('slider', 'setTarget', { alpha: 32 });

  await page.locator('#plan-symmetric').focus();
  await page.keyboard.press('ArrowDown');
  await heard('plan by keyboard', 'setPlan', { plan: 'keep-init' });
  await page.locator('#plan-symmetric').click();
  await heard('plan by mouse', 'setPlan', { plan: 'symmetric' });

  await page.locator('#how-trained summary').click();
  const models = page.getByRole('radiogroup', { name: 'Model that is trained' });
  const chosen = async () => models.getByRole('radio', { checked: true }).allTextContents();
  if ((await models.getByRole('radio').allTextContents()).join() !== 'Auto,One layer,MLP,Transformer')
    failures.push('the models are not four in their order');
  if ((await chosen()).join() !== 'Auto') failures.push(`the model chosen at first: ${await chosen()}`);
  if ((await models.locator('[tabindex="0"]').count()) !== 1) failures.push('the models take more than one tab stop');
  await page.locator('#model-transformer').click();
  await heard('model by mouse', 'setTask', { task: 'transformer' });
  await page.locator('#model-auto').focus();
  await page.keyboard.press('ArrowRight');
  await heard('model by keyboard', 'setTask', { task: 'linear' });
  await page.keyboard.press('ArrowLeft');
  await heard('model back by keyboard', 'setTask', { task: 'auto' });

  await page.getByRole('button', { name: 'learning_rate' }).click();
  await heard('a key of the table', 'reveal', { line: 7 });
  await field.fill('48');
  await page.locator('#more').click();
  await page.locator('#copy-table').click();
  await heard('copy table', 'copy');
  const [{ text }] = await calls('copy');
  if (!text.startsWith('hyperparameter\tnow\tat alpha 48\t')) failures.push(`copied table: ${text}`);
  await field.fill('-1');
  for (const id of ['apply', 'copy-code', 'run'])
    if (!(await page.locator(`#${id}`).evaluate((button) => button.disabled)))
      failures.push(`${id} can be pressed beside a wrong target`);
  await seen('a wrong target', page.getByText('No target', { exact: true }));
  await field.fill('48');
  await page.locator('#copy-code').click();
  await page.locator('#apply').click();
  await heard('apply', 'apply', { alpha: 48 });
  await page.locator('#run').click();
  await heard('run', 'run');

  for (const kind of ['png', 'svg', 'csv']) {
    await page.locator('#more').click();
    await page.locator(`#export-${kind}`).click();
    await page
      .waitForFunction(
        (kind) => window.calls.some(({ method, params }) => method === 'save' && params.kind === kind),
        kind,
        { timeout: 5000 },
      )
      .catch(() => failures.push(`export ${kind} was not heard`));
  }
  const saved = Object.fromEntries((await calls('save')).map(({ kind, data }) => [kind, data]));
  if (!saved.png?.startsWith('iVBOR')) failures.push('the PNG is none');
  if (!saved.svg?.startsWith('<svg ')) failures.push('the SVG is none');
  if (saved.csv?.split('\n').length !== 202) failures.push('the CSV has not 200 steps');

  const canvas = () => page.locator('#loss-plot canvas').evaluate((element) => element.toDataURL());
  await page.locator('#loss-plot .end', { hasText: 'alpha alone' }).click();
  const named = () => page.locator('#loss-plot .end').allTextContents();
  if ((await named()).join() !== 'baseline,alpha alone') failures.push(`alone: ${await named()}`);
  await page.locator('#loss-plot .end', { hasText: 'alpha alone' }).click();
  if ((await named()).length !== 4) failures.push(`all again: ${await named()}`);
  const plot = await page.locator('#loss-plot .u-over').boundingBox();
  await page.mouse.move(plot.x + 60, plot.y + 60);
  await page.mouse.down();
  await page.mouse.move(plot.x + 160, plot.y + 80, { steps: 5 });
  await page.mouse.up();
  await seen('zoomed', page.locator('#all-steps'));
  await page.locator('#all-steps').click();
  const slider = page.locator('#loss-plot .canvas');
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const spoken = await slider.getAttribute('aria-valuetext');
  if (!/^step 1: .*baseline 1\.\d+/.test(spoken)) failures.push(`the keyboard's cursor said: ${spoken}`);
  await page.keyboard.press('+');
  await seen('zoomed by keyboard', page.locator('#all-steps'));
  await page.keyboard.press('Escape');
  await page.locator('#more-curves').click();
  await seen('a curve of another plan', page.locator('#loss-plot .end', { hasText: 'LoRA+ ratio' }));
  await page.mouse.move(plot.x + 100, plot.y + 60);
  await seen('readout', page.locator('#loss-plot .readout'));
  const dark = await canvas();
  await page.evaluate(() => window.setTheme('light'));
  await page
    .waitForFunction((old) => document.querySelector('#loss-plot canvas').toDataURL() !== old, dark, { timeout: 3000 })
    .catch(() => failures.push('the plot did not follow the theme'));

  // A reload keeps what only the page knows.
  await page.reload();
  await page.locator('body[data-ready=true]').waitFor();
  await seen('more curves after a reload', page.locator('#loss-plot .end', { hasText: 'LoRA+ ratio' }));

  // The answer follows the slider before the host has said anything.
  await open('equivalent', 'dark', 900);
  await page.locator('#target-slider').fill('2');
  const rate = await page.locator('.large dd').first().innerText();
  if (rate !== '1.5e-4') failures.push(`the rate under the thumb: ${rate}`);
  await page.locator('#mode-1').click();
  await page.locator('#target input').fill('2');
  await heard('a scaling', 'setTarget', { alpha: 32 });
  await page.locator('#mode-2').click();
  await page.locator('#target input').fill('16');
  await heard('rank stabilisation', 'setTarget', { alpha: 16, rslora: true });
  await open('equivalent', 'dark', 900);
  await page.keyboard.press('Control+Enter');
  await heard('the shortcut', 'apply', { alpha: Number(await page.locator('#target input').inputValue()) });
  await open('asked', 'dark', 900);
  await page.locator('#write').click();
  await heard('the answer', 'answer', { write: true });
  await open('applied', 'dark', 900);
  await page.locator('#create-code').click();
  await heard('a file for the code', 'placeCode', { into: 'new-file' });
  await page.locator('#undo').click();
  await heard('undo', 'undo');

  await open('running', 'dark', 900);
  await page.locator('#stop').click();
  await heard('stop', 'stop');
  await open('failed', 'dark', 900);
  await page.getByRole('button', { name: 'Open log' }).click();
  await heard('the log', 'openLog');
  await open('broken', 'dark', 900);
  await page.getByRole('button', { name: 'Show line 9' }).click();
  await heard('the line of the error', 'reveal', { line: 9 });
  await open('networks', 'dark', 900);
  await page.getByRole('tab', { name: 'unet' }).click();
  await heard('network', 'setNetwork', { network: 0 });
  return failures;
}
