// `npm run measure [-- --json] [--runs N] [--file EXAMPLE]`: measures waiting times and sizes in the real editor.
// `npm run measure -- --panel [--json]`: measures the panel's frames and the extension host's memory (test/bench/editor/panel.mjs).
// `npm run measure -- --scan [--files N] [--json]`: measures the scan of a workspace of 10,000 files (test/bench/editor/).
// `npm run measure -- --open [--json]`: measures what opening hostile and long files does (test/bench/editor/).
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkNode, ensurePackages } from './fresh.mjs';
import { DIST, SCRIPTS, VSIX } from './paths.mjs';
import { say } from './shell.mjs';

/**
 * Runs in every frame: writes down when CodeLens was clicked, when the page's script had run, when it drew the answer, and
 * when points and the verdict reached it.
 */
function keepTimes() {
  const now = () => performance.timeOrigin + performance.now();
  const times = (window.loraAlphaTimes = {});
  if (window.top === window) {
    window.addEventListener('click', () => (times.click = now()), { capture: true });
    return;
  }
  // The webview writes its page into this frame, which drops listeners that are there already: listen with the page's own.
  const listen = window.EventTarget.prototype.addEventListener;
  const points = ({ data }) => {
    if (data?.method === 'points' && data.params?.losses?.[0]?.length > 0) times.point ??= now();
  };
  window.EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'message' && this === window) listen.call(this, type, points);
    return listen.call(this, type, ...rest);
  };
  setInterval(() => {
    if (document.body?.dataset.page) times.made ??= now();
    if (document.body?.dataset.ready) times.answer ??= now();
    if (document.body?.dataset.run === 'done') times.verdict ??= now();
  }, 4);
}

/** One fresh editor: opens the example, clicks CodeLens, waits for the verdict; then once more in the warm editor. */
async function measureOnce(openWindow, file) {
  // Tall, because the list of running extensions draws only the rows in sight.
  const window = await openWindow({ height: 2000, initScript: keepTimes });
  try {
    const { page, panel } = window;
    await window.open(file);
    const cold = await clickToVerdict(window);
    const again = await runAgain(window);
    await page.locator('.tab', { hasText: 'LoRA: ' }).locator('.action-label[aria-label^="Close"]').click();
    await panel.locator('body').waitFor({ state: 'detached' });
    const warm = await clickToVerdict(window);
    return { activation: await activation(page), cold, again, warm };
  } finally {
    await window.close();
  }
}

async function clickToVerdict({ page, panel, check }) {
  await check();
  const { click } = await page.evaluate(() => window.loraAlphaTimes);
  const { made, answer, point, verdict } = await panel.locator('body').evaluate(() => window.loraAlphaTimes);
  const since = (time) => time - click;
  return {
    made: since(made),
    answer: since(answer),
    firstPoint: since(point),
    verdict: since(verdict),
  };
}

/** Presses "Run again" in the open panel, where neither VS Code nor the worker has anything left to load. */
function runAgain({ panel }) {
  return panel.locator('body').evaluate(
    (body) =>
      new Promise((resolve) => {
        const begin = performance.now();
        let firstPoint;
        const points = ({ data }) => {
          if (data?.method === 'points' && data.params?.losses?.[0]?.length > 0)
            firstPoint ??= performance.now() - begin;
        };
        window.addEventListener('message', points);
        const watch = new window.MutationObserver(() => {
          if (body.dataset.run !== 'done' || firstPoint === undefined) return;
          watch.disconnect();
          window.removeEventListener('message', points);
          resolve({ firstPoint, verdict: performance.now() - begin });
        });
        watch.observe(body, { attributeFilter: ['data-run'] });
        document.getElementById('run').click();
      }),
  );
}

/** Milliseconds VS Code itself took down for loading the extension and calling its `activate`. */
async function activation(page) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget .quick-input-box input').fill('>Developer: Show Running Extensions');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Show Running Extensions' }).first().click();
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'LoRA Alpha' });
  await row.waitFor();
  const [, ms] = /(\d+)\s*ms/.exec(await row.innerText()) ?? [];
  return Number(ms);
}

function sizes() {
  const bundles = SCRIPTS.map((name) => {
    const bytes = readFileSync(path.join(DIST, `${name}.js`));
    return [`${name}.js`, { bytes: bytes.length, gzip: gzipSync(bytes).length }];
  });
  return { bundles: Object.fromEntries(bundles), vsix: statSync(VSIX).size };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function report({ file, runs, ms, size }) {
  const time = (label, { median: middle, values }) =>
    `${label.padEnd(38)} ${middle.toFixed(0).padStart(6)} ms   (${values.map((value) => value.toFixed(0)).join(', ')})`;
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  return [
    `${file}: median of ${runs} fresh editors`,
    time('activation, as VS Code counts it', ms.activation),
    time('click to the end of the script', ms.coldMade),
    time('click to the answer, first panel', ms.coldAnswer),
    time('click to first point, first panel', ms.coldFirstPoint),
    time('click to verdict, first panel', ms.coldVerdict),
    time('"Run again" to first point', ms.againFirstPoint),
    time('"Run again" to verdict', ms.againVerdict),
    time('click to first point, next panel', ms.warmFirstPoint),
    time('click to verdict, next panel', ms.warmVerdict),
    'For a panel opened soon after another was closed, VS Code itself needs up to 4 s to show a page.',
    '',
    ...Object.entries(size.bundles).map(
      ([name, { bytes, gzip }]) => `${name.padEnd(38)} ${kB(bytes).padStart(9)}   (${kB(gzip)} compressed)`,
    ),
    `${path.basename(VSIX).padEnd(38)} ${kB(size.vsix).padStart(9)}`,
  ].join('\n');
}

async function measureEditor(runs, file) {
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number, 1 or more.');
  const { openWindow } = await import('./window.mjs');
  const measured = [];
  for (let run = 1; run <= runs; run++) {
    say(`Run ${run} of ${runs} …`);
    measured.push(await measureOnce(openWindow, file));
  }
  const of = (pick) => ({ median: median(measured.map(pick)), values: measured.map(pick) });
  return {
    file,
    runs,
    ms: {
      activation: of((run) => run.activation),
      coldMade: of((run) => run.cold.made),
      coldAnswer: of((run) => run.cold.answer),
      coldFirstPoint: of((run) => run.cold.firstPoint),
      coldVerdict: of((run) => run.cold.verdict),
      againFirstPoint: of((run) => run.again.firstPoint),
      againVerdict: of((run) => run.again.verdict),
      warmFirstPoint: of((run) => run.warm.firstPoint),
      warmVerdict: of((run) => run.warm.verdict),
    },
    size: sizes(),
  };
}

async function measuredPanel() {
  const { measurePanel, panelReport } = await import('../test/bench/editor/panel.mjs');
  return [await measurePanel(), panelReport];
}

try {
  checkNode();
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      runs: { type: 'string', default: '5' },
      file: { type: 'string', default: 'axolotl-llama3.yml' },
      scan: { type: 'boolean' },
      open: { type: 'boolean' },
      panel: { type: 'boolean' },
      files: { type: 'string', default: '10000' },
    },
  });
  await ensurePackages();
  const inHost = () => import('../test/bench/editor/in-host.mjs');
  const [measured, words] = values.scan
    ? [await (await inHost()).measureScan(Number(values.files)), (await inHost()).scanReport]
    : values.open
      ? [await (await inHost()).measureOpen(), (await inHost()).openReport]
      : values.panel
        ? await measuredPanel()
        : [await measureEditor(Number(values.runs), values.file), report];
  process.stdout.write(`${values.json ? JSON.stringify(measured, null, 2) : words(measured)}\n`);
} catch (error) {
  say(error.stack);
  process.exitCode = 1;
}
