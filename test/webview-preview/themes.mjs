// `node test/webview-preview/themes.mjs`: asks the real editor what a webview gets in each of its themes, and keeps it in themes.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWindow } from '../../scripts/window.mjs';

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

const found = {};
for (const [name, theme] of Object.entries(THEMES)) {
  const settings = { 'workbench.colorTheme': theme, 'window.autoDetectColorScheme': false };
  const { panel, open, check, close } = await openWindow({ settings });
  try {
    await open('axolotl-llama3.yml');
    await check();
    found[name] = await panel.locator('body').evaluate((element, used) => {
      const { style } = document.documentElement;
      const names = [...style].filter((each) => new RegExp(used).test(each)).sort();
      return {
        // Our windows reduce motion, so that pictures can be compared.
        class: [...element.classList].filter((each) => /^vscode-(?!body|reduce-motion)/.test(each)).join(' '),
        kind: element.dataset.vscodeThemeKind,
        variables: Object.fromEntries(names.map((each) => [each, style.getPropertyValue(each).trim()])),
      };
    }, USED.source);
    process.stdout.write(`${name}: ${Object.keys(found[name].variables).length} variables, ${found[name].kind}\n`);
  } finally {
    await close();
  }
}
writeFileSync(path.join(import.meta.dirname, 'themes.json'), `${JSON.stringify(found, null, 2)}\n`);
