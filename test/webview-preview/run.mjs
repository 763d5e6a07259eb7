// `node test/webview-preview/run.mjs [state …]`: looks at the panel's page in every state, theme and width, without an editor.
// Pictures go to .cache/preview; violations of accessibility or of the page's own security policy fail it.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { openBrowser } from '../../scripts/browser.mjs';
import { CACHE } from '../../scripts/paths.mjs';
import { interactions } from './interactions.mjs';
import { COMPARISON_STATES, openState, PANEL_STATES, RECIPES_STATES } from './looks.mjs';
import { recipesInteractions } from './recipes-interactions.mjs';
import { servePage } from './serve.mjs';

const PICTURES = path.join(CACHE, 'preview');
const THEMES = ['dark', 'light', 'high-contrast-dark', 'high-contrast-light', 'dark-2026', 'light-2026'];
const asked = process.argv.slice(2);
const looks = [
  ...PANEL_STATES.map((state) => ({ state, theme: 'dark', width: 900 })),
  ...PANEL_STATES.map((state) => ({ state, theme: 'light', width: 400 })),
  ...THEMES.flatMap((theme) => [400, 900].map((width) => ({ state: 'equivalent', theme, width }))),
  ...THEMES.map((theme) => ({ state: 'identical', theme, width: 1180 })),
  ...['different', 'broken', 'running'].map((state) => ({ state, theme: 'high-contrast-dark', width: 900 })),
  ...COMPARISON_STATES.map((state) => ({ state, theme: 'dark', width: 900 })),
  ...COMPARISON_STATES.map((state) => ({ state, theme: 'light', width: 400 })),
  ...THEMES.flatMap((theme) => [400, 900].map((width) => ({ state: 'comparison-different', theme, width }))),
  ...THEMES.flatMap((theme) => [480, 900].map((width) => ({ state: 'comparison-train-different', theme, width }))),
  { state: 'comparison-different', theme: 'light-2026', width: 1300 },
  ...RECIPES_STATES.map((state) => ({ state, theme: 'dark', width: 900 })),
  ...RECIPES_STATES.map((state) => ({ state, theme: 'light', width: 400 })),
  ...THEMES.flatMap((theme) => [400, 900].map((width) => ({ state: 'recipes-chosen', theme, width }))),
  { state: 'recipes-empty', theme: 'high-contrast-dark', width: 900 },
  { state: 'recipes-hostile', theme: 'dark', width: 300 },
  { state: 'comparison-hostile', theme: 'dark', width: 300 },
  { state: 'hostile', theme: 'dark', width: 300 },
  { state: 'equivalent', theme: 'light', width: 300 },
  { state: 'equivalent', theme: 'dark', width: 650 },
  // 200 % zoom in half of a window.
  ...['equivalent', 'applied', 'asked', 'different', 'comparison-different', 'recipes-table', 'recipes-chosen'].map(
    (state) => ({ state, theme: 'light', width: 240 }),
  ),
].filter(({ state }) => asked.length === 0 || asked.includes(state));

rmSync(PICTURES, { recursive: true, force: true });
mkdirSync(PICTURES, { recursive: true });
const server = await servePage();
const { page, close } = await openBrowser({ width: 900, height: 1100, scale: 1.5 });
const failures = [];
try {
  for (const { state, theme, width } of looks) {
    const name = `${state}-${theme}-${width}`;
    await open(state, theme, width);
    await fit(width);
    await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
    failures.push(...(await faults()).map((fault) => `${name}: ${fault}`));
  }
  if (asked.length === 0 || asked.includes('interactions')) failures.push(...(await interactions(page, open)));
  if (asked.length === 0 || asked.includes('recipes-interactions')) {
    failures.push(...(await recipesInteractions(page, open)));
  }
} finally {
  await close();
  server.close();
}
process.stdout.write(`${looks.length} pictures in ${PICTURES}\n`);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function open(state, theme, width) {
  await page.setViewportSize({ width, height: 600 });
  await openState(page, server, state, theme);
  // Two frames: the points have been drawn, and the toolkit has taken over the theme.
  await page.evaluate(
    () => new Promise((done) => window.requestAnimationFrame(() => window.requestAnimationFrame(done))),
  );
}

/** Makes the window as high as the page, so that the bar at its end covers nothing. */
async function fit(width) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(600, height) });
}

/** What is wrong with the page as it stands. */
async function faults() {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const told = await page.evaluate(() =>
    window.calls.filter(({ method }) => method === 'fault').map(({ params }) => params.message),
  );
  return [
    ...violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `axe ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 140)} ${any[0]?.message ?? ''}`).join(' | ')}`,
      ),
    ...(wide > 0 ? [`scrolls sideways by ${wide} px`] : []),
    ...told.map((message) => `fault: ${message}`),
  ];
}
