// `node test/webview-preview/themes.mjs`: asks the real editor what a webview gets in each of its themes, and keeps it in themes.json.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBrowser } from '../../scripts/browser.mjs';
import { startServer } from '../../scripts/server.mjs';

const THEMES = {
  'dark-2026': 'Dark 2026',
  'light-2026': 'Light 2026',
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast-dark': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};
/** Variables the page and the toolkit may look at; the hundreds of others would be noise. */
const USED =
  /^--vscode-(font|editor-font|foreground|descriptionForeground|disabledForeground|errorForeground|editor-(back|fore)ground|editorWidget-|input|button|focusBorder|contrast|panel|charts|testing-icon|badge|textCodeBlock|textLink|textPreformat|list-hover|scrollbarSlider|menu|dropdown|progressBar|widget|settings|editorHoverWidget|editor(Error|Warning|Info)-foreground|toolbar|checkbox|radio)/;

const workspace = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-themes-'));
writeFileSync(path.join(workspace, 'page.md'), '# Page\n');
const found = {};
for (const [name, theme] of Object.entries(THEMES)) {
  const server = await startServer({
    settings: { 'workbench.colorTheme': theme, 'window.autoDetectColorScheme': false },
  });
  const { page, close } = await openBrowser();
  try {
    await page.goto(server.url(workspace));
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'page.md' }).dblclick();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget .quick-input-box input').fill('>Markdown: Open Preview');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Open Preview' }).first().click();
    const body = page
      .frameLocator('iframe.webview.ready')
      .frameLocator('iframe#active-frame')
      .locator('body.vscode-body');
    found[name] = await body.evaluate((element, used) => {
      const { style } = document.documentElement;
      const names = [...style].filter((each) => new RegExp(used).test(each)).sort();
      return {
        class: [...element.classList].filter((each) => each.startsWith('vscode-') && each !== 'vscode-body').join(' '),
        kind: element.dataset.vscodeThemeKind,
        variables: Object.fromEntries(names.map((each) => [each, style.getPropertyValue(each).trim()])),
      };
    }, USED.source);
    process.stdout.write(`${name}: ${Object.keys(found[name].variables).length} variables, ${found[name].kind}\n`);
  } finally {
    await close();
    await server.stop();
  }
}
rmSync(workspace, { recursive: true, force: true });
writeFileSync(path.join(import.meta.dirname, 'themes.json'), `${JSON.stringify(found, null, 2)}\n`);
