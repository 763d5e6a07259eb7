// `npm run pictures [-- editor|moving|text|panel|recipes …]`: takes pictures in the real editor with the packed extension. Those of
// the README and the walkthrough go to media/, the others to .cache/pictures, to be looked at.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkNode, ensurePackages } from './fresh.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { say } from './shell.mjs';

const PICTURES = path.join(CACHE, 'pictures');
const FILE = 'axolotl-llama3.yml';
const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
};
const WIDTHS = [900, 400];
/** Tall enough for every part of the panel; the picture is cut to what is there. */
const TALL = 2400;

const file = (name) => path.join(PICTURES, `${name}.png`);

/** Waits until two frames in a row look the same: fonts, theme and animations have settled. */
async function still(page) {
  let before = '';
  for (;;) {
    const now = (await page.screenshot()).toString('base64');
    if (now === before) return;
    before = now;
  }
}

async function take(page, name, clip) {
  await still(page);
  await page.screenshot({ path: file(name), ...(clip ? { clip } : {}), caret: 'hide' });
  say(file(name));
}

/** Takes a picture that is packed: the walkthrough’s, and the README’s. */
async function ship(page, file, clip) {
  await still(page);
  const png = await page.screenshot({ ...(clip ? { clip } : {}), caret: 'hide' });
  const { asWebp } = await import('./moving-picture.mjs');
  const blank = await page.context().newPage();
  const webp = await blank.evaluate(asWebp, [png.toString('base64'), null, 0.34]);
  await blank.close();
  writeFileSync(path.join(ROOT, file), Buffer.from(webp, 'base64'));
  say(file);
}

/**
 * The three steps of the walkthrough, which the README shows too: small files, for they are packed. The walkthrough shows
 * them 400 pixels wide, so each shows little, and large.
 */
async function theEditor(openWindow) {
  for (const theme of ['dark', 'light']) {
    const window = await openWindow({
      width: 1260,
      height: 860,
      scale: 1,
      settings: {
        ...{ 'editor.minimap.enabled': false, 'workbench.colorTheme': THEMES[theme], 'editor.fontSize': 20 },
        ...{ 'editor.codeLensFontSize': 17, 'editor.lineNumbers': 'off', 'editor.folding': false },
        ...{ 'diffEditor.renderSideBySide': false, 'diffEditor.hideUnchangedRegions.enabled': true },
        ...{ 'workbench.activityBar.location': 'hidden', 'diffEditor.hideUnchangedRegions.contextLineCount': 1 },
      },
    });
    const { page, panel } = window;
    await window.open(FILE);
    await page.locator(`.monaco-workbench.vs${theme === 'dark' ? '-dark' : ''}`).waitFor();
    await goTo(page, '24');
    const from = await page.locator('.view-line', { hasText: 'adapter: lora' }).boundingBox();
    const to = await page.locator('.view-line', { hasText: 'lr_scheduler' }).boundingBox();
    const height = to.y - from.y + 40;
    await ship(page, `media/walkthrough/open-${theme}.webp`, { x: from.x - 20, y: from.y - 12, width: 520, height });
    await window.check();
    // The file list has done its part; the panel needs the room.
    await page.keyboard.press('ControlOrMeta+B');
    await page.setViewportSize({ width: 900, height: 980 });
    await still(page);
    const frame = await page.locator('iframe.webview.ready').boundingBox();
    const top = await panel.locator('#loss-plot').evaluate((plot) => plot.getBoundingClientRect().bottom);
    await ship(page, `media/walkthrough/check-${theme}.webp`, { ...frame, height: Math.min(top, frame.height) });
    await panel.locator('#apply').click();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    const diff = await page.locator('.monaco-diff-editor').boundingBox();
    await ship(page, `media/walkthrough/write-${theme}.webp`, {
      ...diff,
      width: Math.min(diff.width, 620),
      height: 560,
    });
    await window.close();
  }
}

/** The README's moving picture: the slider to alpha 64, the training, its verdict, and Apply. */
async function theMoving(openWindow) {
  const settings = {
    ...{ 'workbench.colorTheme': THEMES.dark, 'window.commandCenter': false, 'workbench.layoutControl.enabled': false },
    ...{
      'workbench.activityBar.location': 'hidden',
      'workbench.statusBar.visible': false,
      'breadcrumbs.enabled': false,
    },
    ...{ 'editor.minimap.enabled': false, 'editor.lineNumbers': 'off', 'editor.folding': false },
    ...{ 'diffEditor.renderSideBySide': false, 'diffEditor.hideUnchangedRegions.enabled': true },
    // More runs on one thread, so that there is something to see.
    ...{ 'loraAlpha.workers': 1, 'loraAlpha.seeds': 8 },
  };
  const window = await openWindow({ width: 1260, height: 860, scale: 1, settings });
  const { page, panel } = window;
  const lens = (alpha) => page.locator('.codelens-decoration a', { hasText: `At alpha ${alpha}` }).waitFor();
  // The panel trains as it opens; what is filmed is not trained yet.
  window.set({ 'loraAlpha.defaultTarget': 32 });
  await window.open(FILE);
  await goTo(page, '26');
  await lens(32);
  await page.locator('.codelens-decoration a', { hasText: 'Check alpha equivalence' }).first().click();
  await panel.locator('body[data-ready="true"]').waitFor();
  await page.keyboard.press('ControlOrMeta+B');
  await page.setViewportSize({ width: 980, height: 880 });
  const slide = (octave) =>
    panel.locator('input[type=range]').evaluate((input, value) => {
      input.value = value;
      input.dispatchEvent(new input.ownerDocument.defaultView.Event('input', { bubbles: true }));
    }, String(octave));
  window.set({});
  await lens(64);
  await slide(0);
  await panel.locator('header .scale b').nth(1).filter({ hasText: /^1$/ }).waitFor();
  await still(page);
  const frames = [];
  const shoot = async (ms) => frames.push({ png: await page.screenshot({ caret: 'hide' }), ms });
  await shoot(1400);
  for (let octave = 0.25; octave <= 2; octave += 0.25) {
    await slide(octave);
    await shoot(octave === 2 ? 300 : 140);
  }
  const isDone = () => panel.locator('body[data-run="done"]:has(#verdict:not([data-stale]))').count();
  while ((await isDone()) === 0 || (await panel.locator('#target input').inputValue()) !== '64') await shoot(110);
  await still(page);
  await shoot(2800);
  await panel.locator('#apply').click();
  await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
  await still(page);
  await shoot(2600);
  await panel.locator('#write').click();
  await panel.locator('#applied:not([hidden])').waitFor();
  await still(page);
  await shoot(3000);
  const { movingWebp } = await import('./moving-picture.mjs');
  const webp = await movingWebp(await page.context().newPage(), frames, 0.5);
  await window.close();
  writeFileSync(path.join(ROOT, 'media/pictures/panel-dark.webp'), webp);
  say(`media/pictures/panel-dark.webp: ${frames.length} frames, ${(webp.length / 1000).toFixed(0)} kB`);
}

async function goTo(page, place) {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget .quick-input-box input').fill(`:${place}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** What stands in the editor itself: a hover, and a problem with its fixes. */
async function theText(openWindow) {
  const window = await openWindow({
    width: 1160,
    height: 700,
    scale: 2,
    settings: { 'editor.minimap.enabled': false, 'workbench.colorTheme': THEMES.dark },
  });
  const { page } = window;
  await page.locator('.monaco-workbench.vs-dark').waitFor();
  const takeEditor = async (name) => {
    const editor = await page.locator('.editor-instance').first().boundingBox();
    await take(page, name, { ...editor, width: Math.min(editor.width, 860), height: Math.min(editor.height, 480) });
  };

  await window.open(FILE);
  await page.keyboard.press('ControlOrMeta+B');
  await goTo(page, '28:3');
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.press('ControlOrMeta+I');
  await page.locator('.monaco-hover:visible', { hasText: 'At alpha 64' }).waitFor();
  await takeEditor('hover');
  await page.keyboard.press('Escape');

  await page.keyboard.press('ControlOrMeta+B');
  await window.open('kohya-sdxl.toml');
  await page.keyboard.press('ControlOrMeta+B');
  // Without its alpha the trainer takes 1, whatever the rank.
  await goTo(page, '10:1');
  await page.keyboard.press('ControlOrMeta+Shift+K');
  await page.locator('.squiggly-warning').first().waitFor();
  await goTo(page, '9:15');
  await page.keyboard.press('ControlOrMeta+.');
  await page.locator('.action-widget .action', { hasText: 'network_alpha' }).first().waitFor();
  await takeEditor('quick-fix');
  await window.close();
}

async function thePanel(openWindow) {
  const window = await openWindow({
    width: 1400,
    height: TALL,
    scale: 2,
    settings: { 'workbench.activityBar.location': 'hidden' },
  });
  const { page, panel } = window;
  await window.open(FILE);
  await window.check();
  await page.keyboard.press('ControlOrMeta+B');
  // Alone in the window, the panel is as wide as the window, but for a margin.
  await page.keyboard.press('ControlOrMeta+1');
  await page.keyboard.press('ControlOrMeta+W');
  const innerWidth = () => panel.locator('body').evaluate(() => window.innerWidth);
  for (const [theme, name] of Object.entries(THEMES)) {
    window.set({ 'workbench.activityBar.location': 'hidden', 'workbench.colorTheme': name });
    for (const width of WIDTHS) {
      // How much of the window is the panel's shows only once it is drawn.
      for (let outer = width + 20, inner = 0; inner !== width; outer += width - inner) {
        await page.setViewportSize({ width: outer, height: TALL });
        await still(page);
        inner = await innerWidth();
      }
      const frame = await page.locator('iframe.webview.ready').boundingBox();
      const height = await panel
        .locator('main')
        .evaluate((main) => Math.ceil(main.getBoundingClientRect().bottom) + 16);
      await take(page, `panel-${theme}-${width}`, { ...frame, height: Math.min(height, frame.height) });
    }
  }
  await window.close();
}

/** The view of the workspace's recipes, and two of them compared. */
async function theRecipes(openWindow) {
  const settings = { 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden' };
  const window = await openWindow({ width: 1520, height: 1080, scale: 2, settings });
  const { page, panel } = window;
  await window.open(FILE);
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget .quick-input-box input').fill('>Focus on LoRA recipes View');
  await page.locator('.quick-input-list .monaco-list-row').first().click();
  const rows = page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row');
  await rows.first().waitFor();
  // The list gets the room of the files, and the numbers that of a wider side bar.
  await page.locator('.pane-header', { hasText: 'lora-configs' }).click();
  const { x, width } = await page.locator('.part.sidebar').boundingBox();
  await page.mouse.move(x + width + 1, 600);
  await page.mouse.down();
  await page.mouse.move(480, 600, { steps: 5 });
  await page.mouse.up();
  await rows.filter({ hasText: 'axolotl-alpha16' }).click();
  await rows.filter({ hasText: 'axolotl-alpha64-alone' }).click({ modifiers: ['ControlOrMeta'] });
  await rows.filter({ hasText: 'axolotl-alpha64-alone' }).click({ button: 'right' });
  // A menu takes no notice of a click that comes as soon as it opens.
  await page.locator('.monaco-menu .action-item', { hasText: 'Compare alpha of both' }).click({ delay: 100 });
  await panel.locator('body[data-ready="true"]').waitFor();
  // Off the list and the title, where it would open a tooltip.
  await page.mouse.move(1000, 1040);
  for (const [theme, name] of Object.entries(THEMES)) {
    window.set({ ...settings, 'workbench.colorTheme': name });
    await take(page, `recipes-${theme}`);
    if (theme === 'dark') await ship(page, 'media/pictures/recipes-dark.webp');
  }
  await window.close();
}

try {
  checkNode();
  await ensurePackages();
  mkdirSync(PICTURES, { recursive: true });
  const { openWindow } = await import('./window.mjs');
  const asked = process.argv.slice(2);
  const parts = { editor: theEditor, moving: theMoving, text: theText, panel: thePanel, recipes: theRecipes };
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await part(openWindow);
  }
} catch (error) {
  say(error.stack);
  process.exitCode = 1;
}
