// `npm run test:integration [-- --editor newest|oldest]`: mocha inside a real extension host, started as VS Code
// starts it on the desktop (extensionDevelopmentPath, extensionTestsPath), but through the workbench's address.
import { cpSync, existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { openBrowser } from './browser.mjs';
import { ensureBuilt } from './fresh.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { startServer } from './server.mjs';
import { say } from './shell.mjs';
import { EDITORS } from './vscode-server.mjs';

const BUNDLE = path.join(ROOT, 'out', 'integration.js');
const LIMIT_MS = 180_000;

/** What is run: which of the test's suites, in what kind of window. */
const WINDOWS = [
  { suite: 'trusted', trust: true },
  { suite: 'untrusted', trust: false },
];

/**
 * @param {'newest'|'oldest'} editor
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runIntegration(editor) {
  await ensureBuilt();
  await build({
    entryPoints: [path.join(ROOT, 'test', 'integration', 'index.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    // Mocha finds its own files by their place.
    external: ['vscode', 'mocha'],
  });
  const sum = { passed: 0, failed: 0 };
  for (const window of WINDOWS) {
    const { passed, failed } = await runWindow(editor, window);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

async function runWindow(editor, { suite, trust }) {
  const results = path.join(CACHE, 'integration', `${editor}-${suite}.json`);
  mkdirSync(path.dirname(results), { recursive: true });
  writeFileSync(results, '');
  const env = { LORA_ALPHA_SUITE: suite, LORA_ALPHA_RESULTS: results };
  const server = await startServer({ editor, trust, env });
  say(`\nIntegration, VS Code ${server.vscode}, ${suite} workspace`);
  const workspace = path.join(server.folder, 'workspace');
  cpSync(path.join(ROOT, 'examples'), workspace, { recursive: true });
  const browser = await openBrowser();
  try {
    const code = await hostExit(browser.page, server, workspace);
    const text = existsSync(results) ? readFileSync(results, 'utf8') : '';
    if (!text) throw new Error(`The extension host ended (${code}) before its tests did.\n${server.log()}`);
    return JSON.parse(text);
  } catch (error) {
    const picture = results.replace('.json', '.png');
    await browser.page.screenshot({ path: picture }).catch(() => undefined);
    say(`${error.message}\nThe window as it was: ${picture}`);
    return { passed: 0, failed: 1 };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens the window and waits until the test runner in its extension host is done. */
function hostExit(page, server, workspace) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`The tests did not end within ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
    const exit = (code) => {
      clearTimeout(limit);
      resolve(code);
    };
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (_type, args) => say(args.join(' ')));
      await page.exposeFunction('codeAutomationExit', exit);
      const payload = [
        ['extensionDevelopmentPath', server.remote(ROOT)],
        ['extensionTestsPath', server.remote(BUNDLE)],
        ['skipWelcome', 'true'],
      ];
      await page.goto(server.url(workspace, payload));
    };
    open().catch(reject);
  });
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { editor: { type: 'string' } } });
  const editors = values.editor ? [values.editor] : Object.keys(EDITORS);
  let failures = 0;
  try {
    for (const editor of editors) {
      const { passed, failed } = await runIntegration(editor);
      say(`${passed} passed, ${failed} failed`);
      failures += failed;
    }
  } catch (error) {
    say(error.message);
    failures++;
  }
  process.exitCode = failures > 0 ? 1 : 0;
}
