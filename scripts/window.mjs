// A window of the newest editor on the examples, for pictures and measurements.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { openBrowser } from './browser.mjs';
import { ensurePacked } from './package.mjs';
import { ROOT } from './paths.mjs';
import { startServer } from './server.mjs';

/**
 * @param {{width?: number, height?: number, scale?: number, settings?: object, initScript?: () => void}} [options]
 *   `initScript` runs in every frame before anything else
 */
export async function openWindow({ settings = {}, initScript, ...size } = {}) {
  const server = await startServer({ vsix: await ensurePacked(), settings });
  const workspace = path.join(server.folder, 'lora-configs');
  cpSync(path.join(ROOT, 'examples'), workspace, { recursive: true });
  const browser = await openBrowser(size);
  const { page } = browser;
  if (initScript) await page.addInitScript(initScript);
  await page.goto(server.url(workspace));
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  return {
    page,
    panel,
    set: server.set,
    folder: server.folder,
    /** Opens a file of the workspace and waits for its CodeLens. */
    async open(file) {
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).dblclick();
      await page.locator('.codelens-decoration a', { hasText: 'Check alpha equivalence' }).first().waitFor();
    },
    /** Opens the panel by the CodeLens and waits for the verdict. */
    async check() {
      await page.locator('.codelens-decoration a', { hasText: 'Check alpha equivalence' }).first().click();
      await panel.locator('body[data-run="done"]').waitFor();
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
