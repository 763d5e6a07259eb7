// `npm run test:integration [-- --editor newest|oldest] [--grep WORDS]`: mocha inside a real extension host, started as VS Code starts it on
// the desktop (extensionDevelopmentPath, extensionTestsPath), but through the workbench's address.
import { cpSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { COARSE, openBrowser } from './browser.mjs';
import { NODE } from './bundle.mjs';
import { ensureBuilt } from './fresh.mjs';
import { sumOf } from './outcomes.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { startServer } from './server.mjs';
import { say } from './shell.mjs';
import { EDITORS } from './vscode-server.mjs';

/** Each editor has its own, so that both can run at a time. */
const bundleOf = (editor) => path.join(ROOT, 'out', `integration-${editor}.js`);
const LIMIT_MS = 300_000;

/** Folders of the workspace. The user of the oldest editor trusts them, that of the newest does not. */
const ROOTS = ['first', 'second'];

/** Of the window. Every pixel is drawn by the processor, but a notebook makes only the cells that are in sight. */
const SIZE = { width: 1000, height: 900 };

/**
 * @param {'newest'|'oldest'} editor
 * @param {{grep?: string, suites?: string[], tell?: (line: string) => void}} [options] all tests, or these
 * @returns {Promise<import('./outcomes.mjs').Part[]>} a part each suite, in which a test may go on from the one before
 */
export async function runIntegration(editor, { suites = [], grep = suites.map(startOf).join('|'), tell = say } = {}) {
  await ensureBuilt();
  await build({
    ...NODE,
    entryPoints: [path.join(ROOT, 'test', 'integration', 'index.ts')],
    outfile: bundleOf(editor),
    sourcemap: 'inline',
    // Mocha finds its own files by their place.
    external: ['vscode', 'mocha'],
  });
  const results = path.join(CACHE, 'integration', `${editor}.jsonl`);
  mkdirSync(path.dirname(results), { recursive: true });
  writeFileSync(results, '');
  const env = {
    LORA_ALPHA_EDITOR: editor,
    LORA_ALPHA_RESULTS: results,
    LORA_ALPHA_GREP: grep,
  };
  const server = await startServer({ editor, trust: editor === 'oldest', env, forTests: true });
  const windowName = `Inside VS Code ${server.vscode}`;
  tell(`\n${windowName}`);
  const parts = new Map();
  const partOf = (file) => {
    const part = parts.get(file) ?? { file, passed: 0, failed: 0, troubles: [], skipped: [] };
    parts.set(file, part);
    return part;
  };
  const isBroken = (why) => {
    tell(why);
    const part = partOf('');
    part.failed += 1;
    part.troubles.push({ name: windowName, why, again: false });
  };
  let browser;
  try {
    const workspace = layOut(server.folder);
    browser = await openBrowser({ ...SIZE, flags: COARSE });
    await browser.page.addInitScript(holdStill);
    await hostExit(browser.page, server, { workspace, bundle: bundleOf(editor) });
  } catch (error) {
    const picture = results.replace('.jsonl', '.png');
    const taken = await browser?.page.screenshot({ path: picture }).catch(() => undefined);
    isBroken(taken ? `${error.message} The window as it was: ${picture}` : error.message);
  } finally {
    // Whatever else fails: a server that is left over keeps this process from ending.
    await browser?.close().catch(() => undefined);
    await server.stop();
  }
  const tests = readFileSync(results, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (tests.at(-1) !== 'end' && parts.size === 0) isBroken('The extension host ended before its tests did.');
  const ended = tests.filter((test) => test !== 'end');
  for (const { name, ms, error, isTriedAgain } of ended) {
    tell(`  ${isTriedAgain ? 'again ' : error ? 'failed' : 'passed'}  ${name} (${ms} ms)`);
    const part = partOf(name.split(' › ', 1)[0]);
    if (!isTriedAgain) part[error === null ? 'passed' : 'failed'] += 1;
    if (error === null) continue;
    tell(error.replaceAll(/^/gm, '      '));
    part.troubles.push({ name: `${windowName}: ${name}`, why: error, again: isTriedAgain === true });
  }
  return [...parts.values()];
}

/** A pattern of what begins with these words. */
const startOf = (words) => `^${words.replaceAll(/[^\w ]/g, '.')}`;

/** The examples as each of the workspace's folders. */
function layOut(folder) {
  for (const root of ROOTS) cpSync(path.join(ROOT, 'examples'), path.join(folder, root), { recursive: true });
  const workspace = path.join(folder, 'several.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: ROOTS.map((root) => ({ path: root })) }));
  return workspace;
}

/** Nobody looks at this window: drawing what fades and turns takes a tenth of all time. Runs in its pages. */
function holdStill() {
  const still = new document.defaultView.CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets.push(still);
}

/** Opens the window and waits until the test runner in its extension host is done. */
function hostExit(page, server, { workspace, bundle }) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`The tests did not end within ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
    const exit = (code) => {
      clearTimeout(limit);
      resolve(code);
    };
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', () => undefined);
      await page.exposeFunction('codeAutomationExit', exit);
      const payload = [
        ['extensionDevelopmentPath', server.remote(ROOT)],
        ['extensionTestsPath', server.remote(bundle)],
        ['skipWelcome', 'true'],
      ];
      await page.goto(server.url(workspace, payload));
    };
    open().catch((error) => {
      clearTimeout(limit);
      reject(error);
    });
  });
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({
    options: { editor: { type: 'string' }, grep: { type: 'string' } },
  });
  const editors = values.editor ? [values.editor] : Object.keys(EDITORS);
  let failures = 0;
  try {
    for (const editor of editors) {
      const { passed, failed } = sumOf(await runIntegration(editor, values));
      say(`${passed} passed, ${failed} failed`);
      failures += failed;
    }
  } catch (error) {
    say(error.message);
    failures++;
  }
  process.exitCode = failures > 0 ? 1 : 0;
}
