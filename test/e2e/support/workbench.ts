import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { COARSE, openPage, SIZE } from '../../../scripts/browser.mjs';
import { CACHE, ROOT, VSIX } from '../../../scripts/paths.mjs';
import { serverAt, startServer, type Server } from '../../../scripts/server.mjs';
import { until as untilTrue } from '../../../scripts/shell.mjs';
import { layOut, type Place } from './places';

export interface WorkbenchOptions {
  settings?: Record<string, unknown>;
  /** Further files of the workspace beside the examples: path → text. */
  files?: Record<string, string>;
  width?: number;
  height?: number;
  /** What an editor is told as it starts: it needs one of its own. */
  startedWith?: {
    settings?: Record<string, unknown>;
    trust?: boolean;
    place?: Place;
    language?: string;
    env?: Record<string, string>;
  };
}

/** A real VS Code on a copy of the examples, with the packed extension. */
export type Workbench = Awaited<ReturnType<typeof openWindow>>;

const EVIDENCE = path.join(CACHE, 'e2e-failures');

let shared: Workbench | undefined;

/** The window that the tests share, or one of its own. */
export async function openWorkbench({ startedWith, files }: WorkbenchOptions): Promise<Workbench> {
  if (startedWith) {
    const { place, language, ...options } = startedWith;
    return openWindow(await startServer({ ...options, vsix: VSIX }), files, place, language);
  }
  return (shared ??= await openWindow({ ...serverAt(inject('server')), stop: () => Promise.resolve() }, files));
}

async function openWindow(
  server: Server,
  files: Record<string, string> = {},
  place: Place = 'folder',
  language?: string,
) {
  const { address, folder: workspace } = layOut(server, place, files);
  const at = (file: string): string => path.join(workspace, file);
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  const examples = readdirSync(path.join(ROOT, 'examples'));
  let settings: Record<string, unknown> = {};

  const browser = await openPage(COARSE).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const { page } = browser;
  page.setDefaultTimeout(30_000);
  if (language !== undefined) await page.addInitScript(speak, language);
  const said: string[] = [];
  const violations: string[] = [];
  page.on('console', (message) => {
    said.push(`[${message.type()}] ${message.text()}`);
    // The workbench has policies of its own, which are not ours to keep.
    if (POLICY.test(message.text()) && message.location().url.includes('/webview/')) violations.push(message.text());
  });
  page.on('pageerror', (error) => said.push(`[error] ${error.message}`));

  const load = async (begin: () => Promise<unknown>): Promise<void> => {
    await begin();
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    // Until the editor knows its extensions, a notebook opens as the text that it is.
    await page.locator('.pane-header', { hasText: RECIPES }).waitFor();
  };
  try {
    await load(() => page.goto(server.url(address)));
  } catch (error) {
    await browser.close().finally(server.stop);
    throw error;
  }

  const read = (file: string): string => readFileSync(at(file), 'utf8');
  const tab = (words: string | RegExp, state = ''): Locator => page.locator(`.tab${state}`, { hasText: words }).first();
  const activeTab = (file: string, state: string): Locator =>
    tab(new RegExp(`^${file.replace('.', '\\.')}`), `.active${state}`);
  const command = (words: string): Promise<void> =>
    useQuickInput(page, 'F1', `>${words}`, (timeout) =>
      page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first().click({ timeout }),
    );

  return {
    page,
    /** Version of VS Code. */
    vscode: server.vscode,
    /** Messages of Content-Security-Policy violations in webviews, as the browser reports them. */
    violations,
    /** Changes settings on top of those that these tests began with. */
    set: (more: Record<string, unknown>): void => server.set({ ...settings, ...more }),
    write,
    remove: (file: string): void => rmSync(at(file)),
    /** What stands on the disk. */
    read,
    /** Opens a file of the workspace by (a part of) its name. */
    async open(file: string): Promise<void> {
      const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).first();
      // A row that has just come can still move away from under the pointer.
      await until(() => row.dblclick(), tab(file, '.active:not([data-resource-name^="webview-"])'));
      // The cells of a notebook lie above the group that shows it.
      const areas = ['.editor-group-container.active', '.notebookOverlay'];
      await page
        .locator(areas.map((area) => `${area} .monaco-editor .view-line:visible`).join(', '))
        .first()
        .waitFor();
    },
    /** The first tab with these words: on a slow machine a second click can come late, and the file stands in two groups. */
    tab,
    /** Takes the row with these words of the list that is open. */
    choose: (words: string): Promise<void> =>
      page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first().click(),
    /** Runs a command through the palette, by the words people read there. */
    command,
    /** Loads the window again, as "Developer: Reload Window" does, and waits for its file list. */
    reload: (): Promise<void> =>
      load(async () => {
        const loaded = page.waitForEvent('load');
        await command('Developer: Reload Window');
        await loaded;
      }),
    codeLens: (title: string | RegExp): Locator => page.locator('.codelens-decoration a', { hasText: title }),
    /** Where text is typed in the editor with this file. */
    editor: (): Locator => page.locator('.editor-group-container .monaco-editor[role="code"]').first(),
    /** Moves the cursor of the active editor; both count from one. */
    goTo: (line: number, column: number): Promise<void> =>
      useQuickInput(page, 'Control+G', `:${line}:${column}`, () => page.keyboard.press('Enter')),
    /** Saves the active editor, which has this file, until the disk has what it should. */
    async save(file: string, expected: string | RegExp): Promise<void> {
      let looks = 0;
      const saved = async (): Promise<string> => {
        // The key is for whoever has the focus, which may come to the editor only after it is shown: again every second.
        if (looks++ % 20 === 0) await page.keyboard.press('ControlOrMeta+S');
        return read(file);
      };
      if (typeof expected === 'string') await expect.poll(saved).toBe(expected);
      else await expect.poll(saved).toMatch(expected);
    },
    /** Takes the last change of the active editor back, whose file is saved; done when the tab says so. */
    async undo(file: string): Promise<void> {
      // What is typed while the editor still saves can be lost.
      await activeTab(file, ':not(.dirty)').waitFor();
      await until(() => page.keyboard.press('ControlOrMeta+Z'), activeTab(file, '.dirty'));
    },
    /** Saves a picture and the logs of a test that failed. */
    async keepEvidence(name: string): Promise<void> {
      mkdirSync(EVIDENCE, { recursive: true });
      const file = path.join(EVIDENCE, name.replace(/[^\w-]+/g, '-').slice(0, 120));
      await page.screenshot({ path: `${file}.png` });
      writeFileSync(`${file}.log`, [...said, '', server.log()].join('\n'));
    },
    /** Takes the files, the settings and the size that some tests ask for. */
    async begin({ files = {}, settings: wanted = {}, width, height }: WorkbenchOptions): Promise<void> {
      said.length = 0;
      violations.length = 0;
      for (const [file, text] of Object.entries(files)) write(file, text);
      settings = wanted;
      server.set(settings);
      await page.setViewportSize({ width: width ?? SIZE.width, height: height ?? SIZE.height });
    },
    /** Is again as it was before them: nothing is open, and only the examples are there. */
    async end(): Promise<void> {
      await command('View: Close All Editors');
      const refuse = page.locator('.monaco-dialog-box .monaco-button', { hasText: /Don.t Save/ });
      await untilTrue(async () => {
        if (await refuse.isVisible()) await refuse.click();
        return (await page.locator('.tab').count()) === 0;
      }, 'every editor to close');
      const recipes = page.locator('.pane-header[aria-expanded="true"]', { hasText: RECIPES });
      if (await recipes.isVisible()) await recipes.click();
      if (await page.locator('.notifications-toasts.visible').isVisible()) {
        await command('Notifications: Clear All Notifications');
      }
      for (const name of readdirSync(workspace)) {
        if (!examples.includes(name)) rmSync(at(name), { recursive: true });
      }
    },
    async close(): Promise<void> {
      if (shared?.page === page) shared = undefined;
      await browser.close().finally(server.stop);
    },
  };
}

const RECIPES = /LoRA recipes|LoRA-Rezepte/i;

/** Makes a language the editor's, whose own words stay English without a language pack. Runs in every frame. */
function speak(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => undefined });
}

/** How Chromium says that a page broke its Content-Security-Policy. */
const POLICY = /violates the following (report-only )?Content Security Policy/i;

/**
 * Acts until this is visible: what is asked of an editor before it is ready (a hover before anybody offers one, a key
 * before it has the focus) comes to nothing.
 */
export async function until(act: () => Promise<unknown>, shown: Locator): Promise<void> {
  const attempts = 5;
  for (let attempt = 1; ; attempt++) {
    await act();
    try {
      return await shown.waitFor({ timeout: 4000 });
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/**
 * Opens the quick input with this key, types, and accepts. Begins again where something that took the focus meanwhile
 * (a panel that appears does) closed it.
 */
async function useQuickInput(
  page: Page,
  key: string,
  text: string,
  accept: (timeout: number) => Promise<void>,
): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input');
  const timeout = 4000;
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press(key);
      // A key that came to nothing is soon pressed again, and a slow editor gets more time.
      await box.waitFor({ timeout: 1000 * attempt });
      await box.fill(text, { timeout });
      await accept(timeout);
      // A command may ask for something at once, in the same box.
      const accepted = async (): Promise<boolean> => !(await box.isVisible()) || (await box.inputValue()) !== text;
      await untilTrue(accepted, `${text} to be accepted`, timeout);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      // Without the box, the key would be for whatever has the focus.
      if (await box.isVisible()) await page.keyboard.press('Escape');
    }
  }
}
