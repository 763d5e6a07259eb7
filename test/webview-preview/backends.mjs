// `node test/webview-preview/backends.mjs [task …]` (or `memory`, `compile` in place of tasks): what webgl's arithmetic does to twins that must have the base's bits,
// beside wasm and cpu in the same browser; one line of JSON a row. docs/backends.md tells what came of it.
import { openBrowser } from '../../scripts/browser.mjs';
import { serveBackends } from './backends-serve.mjs';

const asked = process.argv.slice(2);
const { origin, address, close: closeServer } = await serveBackends();
const { page, close } = await openBrowser();
let lost = 0;
/** Each in a page of its own: compiled shaders stay as long as it. */
const COMPILED = ['linear', 'transformer'].flatMap((task) => [false, true].map((hasUniforms) => [task, hasUniforms]));
try {
  await page.goto(address());
  for (const task of asked.includes('memory') ? ['linear', 'transformer'] : []) {
    const held = await page.evaluate(([t, o]) => window.backendsPage.holds(t, [10, 100, 1_000], o), [task, origin]);
    process.stdout.write(`${JSON.stringify({ task, held })}\n`);
    if (new Set(held.map(({ tensors, bytesInGpu }) => `${tensors} ${bytesInGpu}`)).size > 1) process.exitCode = 1;
  }
  for (const [task, hasUniforms] of asked.includes('compile') ? COMPILED : []) {
    await page.reload();
    const ms = await page.evaluate(([t, u, o]) => window.backendsPage.compileMs(t, u, o), [task, hasUniforms, origin]);
    process.stdout.write(`${JSON.stringify({ task, hasUniforms, ...ms })}\n`);
  }
  const all = await page.evaluate(() => window.backendsPage.list());
  const pairs = all.filter(([task]) => asked.length === 0 || asked.includes(task));
  for (const [task, row] of pairs) {
    const one = await page.evaluate(([t, r, o]) => window.backendsPage.compare(t, r, o), [task, row, origin]);
    if (one.twins > 0 || new Set(Object.values(one.verdicts)).size > 1) lost++;
    process.stdout.write(`${JSON.stringify(one)}\n`);
  }
  process.stderr.write(`${pairs.length} runs, ${lost} where webgl lost bits or gave another verdict\n`);
} finally {
  await close();
  closeServer();
}
