// `node test/webview-preview/screenshots.mjs`: takes the pictures that test/e2e/screenshots.test.ts compares with. Look at
// every picture that changes before it is committed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../scripts/browser.mjs';
import { ROOT } from '../../scripts/paths.mjs';
import { PANEL_STATES } from './looks.mjs';
import { servePage } from './serve.mjs';

export const SCREENSHOTS = path.join(ROOT, 'test', 'e2e', 'screenshots');
const THEMES = ['dark', 'light', 'high-contrast-dark'];
const WIDTHS = [480, 900];

/**
 * The panel in every state, in three themes and two widths, drawn with one font on every machine.
 * @param {readonly string[]} [states]
 * @returns {AsyncGenerator<{name: string, png: Buffer}>}
 */
export async function* screenshots(states = PANEL_STATES) {
  const server = await servePage();
  const { page, close } = await openBrowser({ width: 900, height: 700 });
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const state of states) {
      await page.goto(server.address(state, 'dark'));
      await page.locator('body[data-ready=true]').waitFor();
      await page.evaluate(() => document.fonts.ready);
      for (const theme of THEMES) {
        for (const width of WIDTHS)
          yield { name: `${state}-${theme}-${width}`, png: await picture(page, theme, width) };
      }
    }
  } finally {
    await close();
    server.close();
  }
}

/** The whole page: the window is made as high as the page, so that the bar at its end covers nothing. */
async function picture(page, theme, width) {
  await page.setViewportSize({ width, height: 700 });
  await page.evaluate((name) => window.setTheme(name), theme);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(600, height) });
  // Two frames: the plots have their size, and the toolkit the theme.
  await page.evaluate(
    () => new Promise((done) => window.requestAnimationFrame(() => window.requestAnimationFrame(done))),
  );
  return page.screenshot({ caret: 'hide' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  if (asked.length === 0) rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  for await (const { name, png } of screenshots(asked.length > 0 ? asked : undefined)) {
    writeFileSync(path.join(SCREENSHOTS, `${name}.png`), png);
  }
}
