import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../scripts/browser.mjs';
import { serveBackends } from '../webview-preview/backends-serve.mjs';
import { rowsOn, TASKS } from '../support/twin-specs';
import type { BackendsPage } from '../webview-preview/backends-page';

/** Tasks and rows; with LORA_ALPHA_ALL every row whose rule is exact, on every task. */
const PAIRS = process.env['LORA_ALPHA_ALL']
  ? Object.keys(TASKS).flatMap((task) => rowsOn(task).map(({ id }) => [task, id] as const))
  : ([
      ['linear', 'adamw'],
      ['linear', 'dion'],
      ['dora', 'lion'],
      ['mlp', 'muon'],
      ['transformer', 'adafactor-hf'],
    ] as const);

/** The backends of a browser, without an editor around them. WebGL is Chromium's own renderer here. */

declare const backendsPage: BackendsPage;

let server: Awaited<ReturnType<typeof serveBackends>>;
let browser: Awaited<ReturnType<typeof openPage>>;
let page: Page;

beforeAll(async () => {
  server = await serveBackends();
  browser = await openPage();
  page = browser.page;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

describe('webgl', () => {
  it.each(PAIRS)('gives %s under %s the verdict of wasm and cpu, and its twins the base’s bits', async (task, row) => {
    await page.goto(server.address());
    const { verdicts, twins, controls } = await page.evaluate(
      ([on, id, assets]) => backendsPage.compare(on, id, assets),
      [task, row, server.origin] as const,
    );
    for (const verdict of Object.values(verdicts)) expect(verdict).toMatch(/^(identical|equivalent)$/);
    expect(twins).toBe(0);
    expect(controls).toBeGreaterThan(0);
  });
});

describe('what a page cannot have, it says, and takes the next', () => {
  const here = (backend: 'webgl' | 'wasm', assets: string) =>
    page.evaluate(([wanted, origin, folder]) => backendsPage.trainHere(wanted, `${origin}/worker-web.js`, folder), [
      backend,
      server.origin,
      assets,
    ] as const);
  const inPage = (flags: Record<string, boolean>) =>
    page.evaluate(([set, assets]) => backendsPage.trainWith(set, assets), [flags, server.origin] as const);

  it('nothing, where it has all', async () => {
    await page.goto(server.address());
    expect(await here('webgl', server.origin)).toMatchObject({ backend: 'webgl', note: null });
    expect(await here('wasm', server.origin)).toMatchObject({ backend: 'wasm', note: null });
  });

  it('no WebGL', async () => {
    const bare = await page.context().newPage();
    await bare.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
      OffscreenCanvas.prototype.getContext = () => null;
    });
    await bare.goto(server.address());
    const said = await bare.evaluate((assets) => backendsPage.trainWith({}, assets), server.origin);
    expect(said).toEqual({ backend: 'wasm', note: 'WebGL did not start here. WebAssembly is used instead.' });
    await bare.close();
  });

  it('no 32 bits in textures', async () => {
    await page.goto(server.address());
    expect(await inPage({ WEBGL_RENDER_FLOAT32_CAPABLE: false })).toEqual({
      backend: 'wasm',
      note: 'WebGL computes in 16 bits here, which is too coarse to tell two runs apart. WebAssembly is used instead.',
    });
  });

  it.each([
    ['a policy that forbids WebAssembly', "script-src 'self' blob:; worker-src blob:; connect-src 'self' blob:", ''],
    ['no wasm files', undefined, '/nowhere'],
  ])('%s', async (_, policy, folder) => {
    await page.goto(server.address(policy));
    const { backend, note, losses } = await here('wasm', `${server.origin}${folder}`);
    expect({ backend, note }).toEqual({ backend: 'cpu', note: 'WebAssembly did not start here. CPU is used instead.' });
    expect(losses[0]).toHaveLength(25);
  });
});
