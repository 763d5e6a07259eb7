// `node test/webview-preview/screenshots.mjs`: takes the pictures that test/e2e/screenshots.test.ts compares with. Look at
// every picture that changes before it is committed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../scripts/browser.mjs';
import { ROOT } from '../../scripts/paths.mjs';
import { ADAPTER_STATES, COMPARISON_STATES, openState, PANEL_STATES, RECIPES_STATES } from './looks.mjs';
import { servePage } from './serve.mjs';

export const SCREENSHOTS = path.join(ROOT, 'test', 'e2e', 'screenshots');
/**
 * Every width: no colour hangs on one, nor on a theme being dark or light, but all on the theme's variables. High
 * contrast has the most borders, and so the narrow one.
 */
export const LOOKS = [
  ['light', 900],
  ['high-contrast-dark', 480],
];

/** Every state of the panel, the comparison, the table of recipes and the editor of adapters. */
export const STATES = [...PANEL_STATES, ...COMPARISON_STATES, ...RECIPES_STATES, ...ADAPTER_STATES];

/**
 * Four pages in every state and look, drawn with one font on every machine.
 * @param {readonly string[]} [states]
 * @returns {AsyncGenerator<{name: string, png: Buffer, faults: string[]}>} `faults`: what is wrong with the page in this state and look
 */
export async function* screenshots(states = STATES) {
  const server = await servePage();
  const { page, close } = await openBrowser({ width: 900, height: 700 });
  try {
    await page.addInitScript({ path: path.join(ROOT, 'node_modules', 'axe-core', 'axe.min.js') });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const state of states) {
      await openState(page, server, state, 'dark');
      // None is asked for before a text is drawn with it.
      await page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())));
      await page.setViewportSize({ width: 480, height: 700 });
      // The looks differ in colours, of which pages.test.ts tries every theme.
      let found = await faults(page);
      for (const [theme, width] of LOOKS) {
        yield { name: `${state}-${theme}-${width}`, png: await picture(page, theme, width), faults: found };
        found = [];
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
  await drawn(page);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(600, height) });
  // The toolkit takes over the colours of a theme when it comes round to it.
  await page.waitForFunction(() => {
    const of = (element, name) => window.getComputedStyle(element).getPropertyValue(name).trim();
    return (
      of(document.body, '--button-primary-background') === of(document.documentElement, '--vscode-button-background')
    );
  });
  await drawn(page);
  return page.screenshot({ caret: 'hide' });
}

/** Two frames: the plots have the size that the window gives them. */
function drawn(page) {
  return page.evaluate(
    () => new Promise((done) => window.requestAnimationFrame(() => window.requestAnimationFrame(done))),
  );
}

/** What axe finds serious, a page that scrolls sideways, and what the page itself reported. */
async function faults(page) {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const reported = await page.evaluate(() => window.calls.filter(({ method }) => method === 'fault'));
  return [
    ...violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 140)).join(' | ')}`),
    ...(wide > 0 ? [`scrolls sideways by ${wide} px`] : []),
    ...reported.map(({ params }) => `fault: ${params.message}`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  if (asked.length === 0) rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  for await (const { name, png } of screenshots(asked.length > 0 ? asked : undefined)) {
    writeFileSync(path.join(SCREENSHOTS, `${name}.png`), png);
  }
}
