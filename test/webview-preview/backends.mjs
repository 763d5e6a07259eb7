// `node test/webview-preview/backends.mjs [task …]`: what webgl's arithmetic does to twins that must have the base's bits, beside wasm and cpu in the same browser; one line of JSON a row. docs/backends.md tells what came of it.
import { openBrowser } from '../../scripts/browser.mjs';
import { serveBackends } from './backends-serve.mjs';

const asked = process.argv.slice(2);
const { origin, address, close: closeServer } = await serveBackends();
const { page, close } = await openBrowser();
let lost = 0;
try {
  await page.goto(address());
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
