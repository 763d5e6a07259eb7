// A Chromium for the workbench: no display, a fresh profile, WebGL in software, nothing that calls home.
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
 * @param {{width?: number, height?: number, scale?: number}} [size] of the page, in CSS pixels; `scale` is device pixels per CSS pixel
 * @returns {Promise<{page: import('playwright-core').Page, close(): Promise<void>}>}
 */
export async function openBrowser({ width = 1400, height = 900, scale = 1 } = {}) {
  const context = await chromium.launchPersistentContext('', {
    executablePath: await chromiumPath(),
    headless: true,
    viewport: { width, height },
    deviceScaleFactor: scale,
    permissions: ['clipboard-read', 'clipboard-write'],
    args: FLAGS,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, close: () => context.close() };
}
