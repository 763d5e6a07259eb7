// Opens Chromium for the workbench: headless, with a fresh profile, WebGL in software, and no network calls of its own.
import { chromium } from 'playwright-core';
import { chromiumPath } from './chromium.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-gpu-compositing',
];

/**
 * For a window that nobody looks at: a quarter of its points are drawn, each by the processor. The page counts its pixels
 * as ever, and a picture of it is sharp.
 */
export const COARSE = ['--force-device-scale-factor=0.5'];

/** Of a page, in CSS pixels. */
export const SIZE = { width: 1400, height: 900 };

/**
 * @param {{width?: number, height?: number, scale?: number, flags?: string[]}} [options] size of the page, in CSS pixels; `scale` is device pixels per CSS pixel
 * @returns {Promise<{page: import('playwright-core').Page, close(): Promise<void>}>}
 */
export async function openBrowser({ width = SIZE.width, height = SIZE.height, scale = 1, flags = [] } = {}) {
  const context = await chromium.launchPersistentContext('', {
    ...(await launched(flags)),
    ...contextOf({ width, height }),
    deviceScaleFactor: scale,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, close: () => context.close() };
}

/** @type {import('playwright-core').Browser | undefined} */
let shared;

/**
 * A page with a profile of its own in this process's browser, which ends with the process. One that crashed is started again.
 * @param {string[]} [flags] of the browser, the same in all of a process
 * @returns {Promise<{page: import('playwright-core').Page, close(): Promise<void>}>}
 */
export async function openPage(flags = []) {
  if (!shared?.isConnected()) shared = await chromium.launch(await launched(flags));
  const context = await shared.newContext(contextOf(SIZE));
  return { page: await context.newPage(), close: () => context.close() };
}

const launched = async (flags) => ({
  executablePath: await chromiumPath(),
  headless: true,
  args: [...FLAGS, ...flags],
});

const contextOf = (viewport) => ({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
