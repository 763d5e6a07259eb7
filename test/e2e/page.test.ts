import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../scripts/browser.mjs';
import type {} from '../webview-preview/fake-vscode';
import { openState } from '../webview-preview/looks.mjs';
import { servePage } from '../webview-preview/serve.mjs';

/** What a person does with the pages by mouse and keyboard, and what the host hears, without an editor around them. */

let server: Awaited<ReturnType<typeof servePage>>;
let browser: Awaited<ReturnType<typeof openPage>>;
let page: Page;

beforeAll(async () => {
  server = await servePage();
  browser = await openPage();
  page = browser.page;
  await page.setViewportSize({ width: 900, height: 600 });
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser.close();
  server.close();
});

const open = (state: string): Promise<void> => openState(page, server, state, 'dark');
const by = (id: string): Locator => page.locator(`#${id}`);
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const calls = (method: string): Promise<unknown[]> =>
  page.evaluate((wanted) => window.calls.filter((call) => call.method === wanted).map(({ params }) => params), method);
/** Waits until the host has heard this last. */
const heard = (method: string, params: unknown): Promise<void> =>
  expect.poll(async () => (await calls(method)).at(-1) ?? null).toEqual(params ?? null);
const isDisabled = (id: string): Promise<boolean> =>
  by(id).evaluate((button) => (button as HTMLButtonElement).disabled);

describe('the panel’s page', () => {
  const field = (): Locator => page.locator('#target input');

  it('tells the host the target that is typed, stepped, clicked or dragged', async () => {
    await open('equivalent');
    await field().fill('96');
    await heard('setTarget', { alpha: 96 });
    // The host has not answered for 96: what it showed before is a new target.
    await field().fill('48');
    await heard('setTarget', { alpha: 48 });
    await field().press('ArrowUp');
    await heard('setTarget', { alpha: 49 });
    for (const [chip, alpha] of [
      ['chip-double', 98],
      ['chip-half', 49],
      ['chip-quadruple', 196],
      ['chip-rank', 16],
    ] as const) {
      await by(chip).click();
      await heard('setTarget', { alpha });
    }
    await by('target-slider').focus();
    await press('PageUp');
    await heard('setTarget', { alpha: 32 });
    await by('mode-1').click();
    await field().fill('2');
    await heard('setTarget', { alpha: 32 });
    await by('mode-2').click();
    await field().fill('16');
    await heard('setTarget', { alpha: 16, rslora: true });
  });

  it('replaces a number that is selected, though the page has just written another', async () => {
    await open('equivalent');
    await by('mode-1').click();
    await field().fill('2');
    const typed = await page.evaluate(async () => {
      document.getElementById('mode-2')?.click();
      const input = document.querySelector('#target')?.shadowRoot?.querySelector('input');
      input?.select();
      // The toolkit writes in the next frame.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      document.execCommand('insertText', false, '16');
      return input?.value;
    });
    expect(typed).toBe('16');
  });

  it('selects the number of another mode, so that typing replaces it', async () => {
    await open('equivalent');
    await by('mode-1').click();
    await page.keyboard.type('2');
    await heard('setTarget', { alpha: 32 });
    expect(await field().inputValue()).toBe('2');
  });

  it('leaves a number as it is typed while the host answers for its beginning', async () => {
    await open('equivalent');
    await field().fill('64.0');
    await heard('setTarget', { alpha: 64 });
    await page.evaluate(() => window.setState('identical'));
    await page.locator('body[data-target=current]').waitFor();
    await page.keyboard.type('5');
    expect(await field().inputValue()).toBe('64.05');
    await heard('setTarget', { alpha: 64.05 });
  });

  it.each([
    ['0', 'above 0'],
    ['3,5', 'Write the decimal point as a point: 3.5'],
    ['-1', 'It must be above 0'],
    ['1e9', 'at most 1000000'],
  ])('says what is wrong with the target %s, shows no plan as current, and applies none', async (typed, words) => {
    await open('equivalent');
    await field().fill(typed);
    await by('target-error').filter({ hasText: words }).waitFor();
    await page.getByText('No target', { exact: true }).waitFor();
    expect(await page.locator('header .scale').innerText()).toMatch(/→ …/);
    for (const id of ['apply', 'copy-code', 'run']) expect(await isDisabled(id), id).toBe(true);
    expect(await page.locator('.s-answer').getAttribute('inert')).not.toBeNull();
    // The wrong text stays in the field, so that its error is about what is seen.
    await field().press('Tab');
    expect(await field().inputValue()).toBe(typed);
    expect(await calls('setTarget')).toEqual([]);
  });

  it('computes the answer under the thumb, before the host has said anything, and calls no earlier run its proof', async () => {
    await open('equivalent');
    await by('target-slider').fill('2');
    expect(await page.locator('.large dd').first().innerText()).toBe('1.5e-4');
    expect(await page.locator('.factor').innerText()).toBe('k = 4');
    expect(await by('verdict').getAttribute('data-stale')).not.toBeNull();
  });

  it('tells the plan and the model, by mouse and keyboard, with one stop for Tab each', async () => {
    await open('equivalent');
    await by('plan-symmetric').focus();
    await press('ArrowDown');
    await heard('setPlan', { plan: 'keep-init' });
    await by('plan-symmetric').click();
    await heard('setPlan', { plan: 'symmetric' });
    await page.locator('#how-trained summary').click();
    const models = page.getByRole('radiogroup', { name: 'Model that is trained' });
    const radios = models.getByRole('radio');
    expect(await radios.allTextContents()).toEqual(['Auto', 'One layer', 'MLP', 'Transformer']);
    expect(await models.getByRole('radio', { checked: true }).allTextContents()).toEqual(['Auto']);
    expect(await models.locator('[tabindex="0"]').count()).toBe(1);
    await by('model-transformer').click();
    await heard('setTask', { task: 'transformer' });
    await by('model-auto').focus();
    await press('ArrowRight');
    await heard('setTask', { task: 'linear' });
    await open('networks');
    await page.getByRole('tab', { name: 'unet' }).click();
    await heard('setNetwork', { network: 0 });
  });

  it('hands over what is copied and saved', async () => {
    await open('equivalent');
    await by('more').click();
    await by('copy-table').click();
    await expect
      .poll(() => calls('copy'))
      .toEqual([
        expect.objectContaining({ text: expect.stringMatching(/^hyperparameter\tnow\tat alpha 48\t/) as string }),
      ]);
    await by('copy-code').click();
    await heard('copy', { text: expect.stringContaining('lora_A') as string, what: 'The init code' });
    const saved: Record<string, RegExp> = { png: /^iVBOR/, svg: /^<svg /, csv: /^step,(.*\r\n){201}$/ };
    for (const [kind, data] of Object.entries(saved)) {
      await by('more').click();
      await by(`export-${kind}`).click();
      await heard('save', { kind, data: expect.stringMatching(data) as string });
    }
  });

  it('tells every other click: apply, run, stop, the log, the answer, the code, undo, and lines of the file', async () => {
    await open('equivalent');
    await by('run').click();
    await heard('run', undefined);
    await by('apply').click();
    await heard('apply', { alpha: 48 });
    await page.getByRole('button', { name: 'learning_rate' }).click();
    await heard('reveal', { line: 7 });
    await open('equivalent');
    await press('Control+Enter');
    await heard('apply', { alpha: 48 });
    const clicks: [state: string, button: string, method: string, params: unknown][] = [
      ['asked', '#write', 'answer', { write: true }],
      ['applied', '#create-code', 'placeCode', { into: 'new-file' }],
      ['applied', '#undo', 'undo', undefined],
      ['running', '#stop', 'stop', undefined],
      ['failed', '#open-log', 'openLog', undefined],
      ['broken', 'button:has-text("Show line 9")', 'reveal', { line: 9 }],
    ];
    for (const [state, button, method, params] of clicks) {
      await open(state);
      await page.locator(button).click();
      await expect.poll(() => calls(method)).toHaveLength(1);
      await heard(method, params);
    }
  });

  it('has plots that zoom, show a curve alone, speak, follow the theme, and are as they were after a reload', async () => {
    await open('equivalent');
    const end = (name: string): Locator => page.locator('#loss-plot .end', { hasText: name });
    const named = (): Promise<string[]> => page.locator('#loss-plot .end').allTextContents();
    await end('alpha alone').click();
    expect(await named()).toEqual(['baseline', 'alpha alone']);
    await end('alpha alone').click();
    expect(await named()).toHaveLength(4);
    // Text in an element that the page holds survives a second drawing.
    expect(await page.locator('#loss-plot .axis-title').innerText()).toBe('step');
    const plot = await page.locator('#loss-plot .u-over').boundingBox();
    const at = (x: number, y: number): [number, number] => [(plot?.x ?? 0) + x, (plot?.y ?? 0) + y];
    await page.mouse.move(...at(60, 60));
    await page.mouse.down();
    await page.mouse.move(...at(160, 80), { steps: 5 });
    await page.mouse.up();
    await by('all-steps').click();
    const slider = page.locator('#loss-plot .canvas');
    await slider.focus();
    await press('Home', 'ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^step 1: .*baseline 1\.\d+/);
    await press('+');
    await by('all-steps').waitFor();
    await press('Escape');
    await by('more-curves').click();
    await end('LoRA+ ratio').waitFor();
    await page.mouse.move(...at(100, 60));
    await page.locator('#loss-plot .readout').waitFor();
    const drawing = (): Promise<string> =>
      page.locator('#loss-plot canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const dark = await drawing();
    await page.evaluate(() => window.setTheme('light'));
    await expect.poll(drawing).not.toBe(dark);
    await page.reload();
    await page.locator('body[data-ready=true]').waitFor();
    await end('LoRA+ ratio').waitFor();
  });

  it('stays where it is when a run starts or stops and when a change is asked for or discarded', async () => {
    await page.setViewportSize({ width: 480, height: 700 });
    for (const [id, states] of [
      ['run', ['running', 'equivalent']],
      ['apply', ['asked', 'equivalent']],
    ] as const) {
      await open('equivalent');
      await by('loss-plot').evaluate((plot) => plot.scrollIntoView());
      // What is above may become lower: the browser would keep the plot in its place by itself.
      await page.evaluate(() => document.documentElement.style.setProperty('overflow-anchor', 'none'));
      const top = (): Promise<number> => page.evaluate(() => document.documentElement.scrollTop);
      const before = await top();
      await by(id).focus();
      for (const state of states) {
        await page.evaluate((name) => window.setState(name), state);
        // The focus moves on in the second frame.
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.id ?? ''))
          .toMatch(/^(run|stop|apply|write)$/);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        expect(await top(), `${id}: ${state}`).toBe(before);
      }
    }
  });

  it('gives the focus back to the button of a run that ends at once', async () => {
    await open('equivalent');
    await by('run').focus();
    await page.evaluate(async () => {
      const [frames, nextFrame] = [[] as FrameRequestCallback[], window.requestAnimationFrame];
      window.requestAnimationFrame = (act) => frames.push(act);
      const run = document.getElementById('run') as HTMLButtonElement;
      for (const state of ['running', 'equivalent']) {
        window.setState(state);
        while (run.disabled !== (state === 'running')) await new Promise((done) => setTimeout(done));
        // The browser takes the focus from a button that is disabled.
        run.blur();
      }
      window.requestAnimationFrame = nextFrame;
      for (const act of frames) act(0);
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id ?? '')).toBe('run');
  });

  it.each([900, 480])('is walked through by Tab from top to bottom, at a width of %s', async (width) => {
    await page.setViewportSize({ width, height: 2400 });
    await open('cycles');
    await field().focus();
    const seen: { x: number; y: number }[] = [];
    for (let presses = 0; presses < 60; presses++) {
      await press('Tab');
      const at = await page.evaluate(() => {
        const has = document.activeElement;
        const { x, y } = has?.getBoundingClientRect() ?? { x: 0, y: 0 };
        return { x, y, isLast: has?.id === 'apply', column: has?.closest('.columns > div')?.id ?? '' };
      });
      if (at.isLast) break;
      seen.push(at.column === 'proof' && width === 900 ? { x: 1, y: at.y } : { x: 0, y: at.y });
    }
    const last = seen.toSorted((one, other) => one.x - other.x || one.y - other.y);
    // Things in one row are as high as each other, but for a few pixels.
    for (const [i, { x, y }] of seen.entries()) {
      expect(x).toBe(last[i]?.x);
      expect(Math.abs(y - (last[i]?.y ?? 0)), `stop ${i}`).toBeLessThan(30);
    }
    expect(seen.length).toBeLessThan(26);
    await page.setViewportSize({ width: 900, height: 600 });
  });

  it('fades the others while a curve is pointed at, never the pair that is compared, and is as before afterwards', async () => {
    await open('cycles');
    const canvas = page.locator('#loss-plot canvas');
    const drawing = (): Promise<string> => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    /** How many points of the plot have about this colour. */
    const painted = (style: string): Promise<number> =>
      canvas.evaluate((element, name) => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(--curve-${name})`;
        const shown = document.createElement('canvas').getContext('2d');
        if (!shown) return 0;
        shown.fillStyle = getComputedStyle(probe).color;
        shown.fillRect(0, 0, 1, 1);
        probe.remove();
        const [r = 0, g = 0, b = 0] = shown.getImageData(0, 0, 1, 1).data;
        const { width, height } = element as HTMLCanvasElement;
        const data = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
          const near =
            [r, g, b].every((value, j) => Math.abs((data[i + j] ?? 0) - value) < 12) && (data[i + 3] ?? 0) > 200;
          if (near) count++;
        }
        return count;
      }, style);
    const [before, rescaled, alone] = [await drawing(), await painted('rescaled'), await painted('alpha-only')];
    expect(rescaled).toBeGreaterThan(100);
    expect(alone).toBeGreaterThan(100);
    const end = page.locator('#loss-plot .end', { hasText: 'baseline' });
    await end.hover();
    await expect.poll(() => painted('alpha-only')).toBeLessThan(alone / 4);
    expect(await painted('rescaled')).toBeGreaterThan(rescaled * 0.8);
    await page.mouse.move(5, 5);
    await expect.poll(drawing).toBe(before);
  });

  it.each([900, 480, 300])(
    'has both plots above one another and their names apart, zoomed too, at a width of %s',
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await open('cycles');
      await by('more-curves').click();
      const box = async (of: Locator): Promise<{ x: number; y: number; width: number; height: number }> =>
        (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const isApart = async (): Promise<void> => {
        const loss = await box(page.locator('#loss-plot .u-over'));
        const deviation = await box(page.locator('#deviation-plot .u-over'));
        expect([deviation.x, deviation.width]).toEqual([loss.x, loss.width]);
        expect(loss.width / (await box(page.locator('#loss-plot .plot-area'))).width).toBeGreaterThan(
          width === 300 ? 0.7 : 0.55,
        );
        for (const plot of ['loss', 'deviation']) {
          const names = await page.locator(`#${plot}-plot .end, #${plot}-plot .axis-title`).all();
          const boxes = (await Promise.all(names.map((name) => name.boundingBox()))).filter((one) => one !== null);
          for (const [i, one] of boxes.entries()) {
            for (const other of boxes.slice(i + 1)) {
              const overlap = {
                x: Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x),
                y: Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y),
              };
              expect(overlap.x > 1 && overlap.y > 3, `${plot}: ${JSON.stringify([one, other])}`).toBe(false);
            }
          }
        }
      };
      await isApart();
      const { x, y } = await box(page.locator('#loss-plot .u-over'));
      await page.mouse.move(x + 20, y + 60);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 70, { steps: 5 });
      await page.mouse.up();
      await by('all-steps').waitFor();
      await isApart();
      await page.setViewportSize({ width: 900, height: 600 });
    },
  );

  it('saves a light picture from a dark theme', async () => {
    await open('equivalent');
    await by('more').click();
    await by('export-light').click();
    await heard('save', { kind: 'png', data: expect.stringMatching(/^iVBOR/) as string });
    const [{ data } = { data: '' }] = (await calls('save')) as { data: string }[];
    const corner = await page.evaluate(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const context = document.createElement('canvas').getContext('2d');
      context?.drawImage(image, 0, 0);
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
    }, data);
    expect(corner).toEqual([255, 255, 255, 255]);
    await openState(page, server, 'equivalent', 'light');
    await by('more').click();
    expect(await by('export-light').count()).toBe(0);
  });

  it('has one column and nothing to scroll sideways where it is narrow, and nothing that has the focus under the bar', async () => {
    await page.setViewportSize({ width: 400, height: 600 });
    await open('equivalent');
    const overflow = (): number => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    const [changes, plot] = [await by('changes').boundingBox(), await by('loss-plot').boundingBox()];
    expect(Math.abs((changes?.x ?? 0) - (plot?.x ?? 1000))).toBeLessThan(40);
    await field().focus();
    for (let presses = 0; presses < 40; presses++) {
      await press('Tab');
      const covered = await page.evaluate(() => {
        const bar = document.querySelector('.actions');
        const has = document.activeElement;
        if (!bar || !has || bar.contains(has) || has === document.body) return '';
        return has.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1 ? has.outerHTML : '';
      });
      expect(covered).toBe('');
    }
    await page.setViewportSize({ width: 900, height: 600 });
  });
});

describe('the table of recipes', () => {
  const FIRST = ['configs/llama/alpha-16.yml#0', 'configs/llama/alpha-16-copy.yml#0'];
  const chosen = (): Promise<string[]> =>
    page
      .locator('tr[aria-selected=true]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['id']?.slice(8) ?? ''));
  const names = (): Promise<string[]> => page.locator('.sortable tbody .open').allTextContents();
  const ends = async (): Promise<(string | undefined)[]> => [(await names())[0], (await names()).at(-1)];
  const active = (): Promise<string> =>
    page.evaluate(() => {
      const has = document.activeElement;
      return has?.closest('tr')?.dataset['id']?.slice(8) ?? has?.id ?? '';
    });
  const row = (name: string): Locator =>
    page.locator('.sortable tbody tr', { has: page.getByRole('button', { name, exact: true }) });

  it('goes from the filter to a comparison of two by keyboard alone', async () => {
    // A table that opens before the first recipe is found has nothing yet that takes the keyboard.
    await open('recipes-empty-scanning');
    await page.evaluate(() => window.setState('table'));
    await page.locator('tbody tr').first().waitFor();
    await expect.poll(active).toBe('filter');
    await open('recipes-table');
    await expect.poll(active).toBe('filter');
    await press('ArrowDown', ' ', 'ArrowDown', ' ');
    expect(await chosen()).toEqual(FIRST);
    expect(await page.locator('.sortable tbody input:checked').count()).toBe(2);
    await page.locator('#compare:not([disabled])').waitFor();
    await press('Tab', 'Enter');
    const [first, second] = FIRST.map((id) => `file:///${id}`);
    await heard('compare', { first, second });
    await press('Shift+Tab', 'Escape');
    expect(await chosen()).toEqual([]);
    await press('Home', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp');
    expect(await chosen()).toEqual(FIRST);
    // All but the file with an error.
    await press('ControlOrMeta+a');
    expect(await chosen()).toHaveLength(11);
    await press('ControlOrMeta+a', 'End', 'Enter');
    await heard('open', { id: 'file:///train-again.sh#0' });
    await press('Home', ...Array<string>(4).fill('ArrowDown'), ' ', 'Enter');
    await heard('open', { id: 'file:///configs/llama/broken.yml' });
    expect(await chosen()).toEqual([]);
  });

  it('chooses by mouse, and opens', async () => {
    await open('recipes-table');
    await row('style-a.toml').locator('input').click();
    await row('train.sh')
      .locator('input')
      .click({ modifiers: ['Shift'] });
    expect(await chosen()).toHaveLength(6);
    await row('style-b.toml').locator('.trainer').click();
    expect(await chosen()).toHaveLength(5);
    await by('choose-all').click();
    expect(await chosen()).toHaveLength(11);
    await by('choose-all').click();
    expect(await chosen()).toEqual([]);
    await row('alpha-64.yml').locator('.open').click();
    await heard('open', { id: 'file:///configs/llama/alpha-64.yml#0' });
    expect(await chosen()).toEqual([]);
  });

  it('sorts, filters and exports, and forgets nothing when the rows change or the page is reloaded', async () => {
    await open('recipes-table');
    await by('sort-rate').click();
    expect(await ends()).toEqual(['alpha-64.yml', 'adapter_config.json']);
    await by('sort-rate').press('Enter');
    expect(await ends()).toEqual(['alpha-16.yml', 'adapter_config.json']);
    const sorted = await page.locator('th[aria-sort]').evaluateAll((all) => all.map((th) => th.ariaSort));
    expect(sorted).toEqual(['descending']);
    await by('sort-rate').press('ArrowLeft');
    expect(await active()).toBe('sort-scaling');
    await row('alpha-16.yml').locator('input').click();
    await by('filter').fill('kohya conv');
    expect(await names()).toEqual(['style-conv.toml', 'style-conv.toml']);
    expect(await page.locator('.count').textContent()).toBe('2 of 12');
    const hidden = '1 chosen (1 hidden by the filter), choose one more to compare';
    expect(await by('chosen').textContent()).toBe(hidden);
    await by('export').click();
    await by('save-csv').click();
    await heard('save', { kind: 'csv', data: expect.stringMatching(/^(.*\r\n){2}$/) as string });
    await by('filter').press('Escape');
    expect(await page.locator('.count').textContent()).toBe('12 recipes');
    await row('alpha-16.yml').locator('input').click();
    await by('export').click();
    await by('copy-markdown').click();
    await heard('copy', { text: expect.stringMatching(/^(.*\n){14}$/) as string, what: 'The recipes' });
    await row('train.sh').locator('input').click();
    for (const state of ['scanning', 'fewer']) await page.evaluate((name) => window.setState(name), state);
    await expect.poll(() => page.locator('.count').textContent()).toBe('11 recipes');
    expect(await chosen()).toEqual(['train.sh#0']);
    expect(await active()).toBe('train.sh#0');
    await page.reload();
    await page.locator('body[data-ready=true]').waitFor();
    expect(await chosen()).toEqual(['train.sh#0']);
    expect((await names())[0]).toBe('alpha-16.yml');
  });

  it('draws many rows in portions, and stops, goes on and looks again when asked', async () => {
    await open('recipes-many');
    expect(await names()).toHaveLength(500);
    await page.locator('.more').click();
    expect(await names()).toHaveLength(1000);
    for (const [state, button, method] of [
      ['recipes-scanning', 'Stop', 'stop'],
      ['recipes-stopped', 'Continue', 'refresh'],
      ['recipes-empty', 'Look again', 'refresh'],
    ] as const) {
      await open(state);
      await page.locator('vscode-button, button', { hasText: button }).first().click();
      await expect.poll(() => calls(method)).toHaveLength(1);
    }
  });
});
