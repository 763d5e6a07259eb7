import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../scripts/browser.mjs';
import { isPlain, pseudoStrings } from '../support/pseudo';
import { audit } from '../../src/adapter/engines/audit';
import { adapterStateOf } from '../webview-preview/adapter-states';
import { comparisonStateOf } from '../webview-preview/comparison-states';
import { recipesStateOf } from '../webview-preview/recipes-states';
import { servePage } from '../webview-preview/serve.mjs';
import { stateOf } from '../webview-preview/states';

/** What is the same in every language; the toolkit calls its field so, whose name is that of the control in it. */
const NAMES = ['LoRA', 'Alpha', 'PNG', 'SVG', 'CSV', 'MLP', 'Text field'];
/** The config that an empty table shows. */
const EXAMPLE = ['adapter', 'lora_r', 'lora_alpha', 'learning_rate', 'lora'];

type Looked = readonly [
  page: 'panel' | 'comparison' | 'recipes' | 'adapter',
  states: string,
  viewOf: (state: string) => unknown,
];
/** The state, and what the audit says that is no sentence. */
async function ofAdapter(state: string): Promise<unknown> {
  const shown = await adapterStateOf(state);
  const { adapter } = shown;
  const [rows, keys] = 'wrong' in adapter ? [[], []] : [audit(adapter), Object.keys(adapter.metadata)];
  const names = ['rank_pattern', 'alpha', 'rsLoRA', 'PEFT', ...keys];
  return [shown, names, rows.map(({ name, version, source }) => [`${name} ${version}`, name, source])];
}

const STATES: readonly Looked[] = [
  [
    'panel',
    'equivalent before-first-run running stopped failed stale broken gone networks',
    (state) => stateOf(state).view,
  ],
  [
    'comparison',
    'different same nearly unknown blocked networks broken train-different train-running',
    (state) => comparisonStateOf(state).view,
  ],
  ['recipes', 'table scanning stopped limited empty empty-scanning no-folder', recipesStateOf],
  ['adapter', 'rslora measuring header model', ofAdapter],
];

/** The pages in a language that has accents on every letter. What the host says is data to them. */
describe('a page in another language', () => {
  let server: Awaited<ReturnType<typeof servePage>>;
  let browser: { page: Page; close(): Promise<void> };
  beforeAll(async () => {
    server = await servePage(JSON.stringify(pseudoStrings()));
    browser = await openPage();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function leftOn(page: Looked[0], state: string, view: unknown): Promise<string[]> {
    await browser.page.goto(server.address(state, 'dark', page));
    await browser.page.locator('body[data-ready="true"]').waitFor();
    // The page keeps a number, its exponent and its unit on one line.
    const texts = (await browser.page.evaluate(visibleTexts)).map((text) =>
      text.replaceAll('\u00a0', ' ').replaceAll('\u2011', '-'),
    );
    const told = textsOf(view);
    // A folder is shown by its end.
    const data = [...NAMES, ...EXAMPLE, ...told, ...told.map((text) => `…${text.slice(text.indexOf('/', 1))}`)];
    return texts.filter((text) => isPlain(text, data));
  }

  it.each(
    STATES.flatMap(([page, states, viewOf]) => states.split(' ').map((state) => [page, state, viewOf(state)] as const)),
  )('the %s says nothing in English: %s', async (page, state, view) => {
    expect(await leftOn(page, state, await view)).toEqual([]);
  });
});

/** Every text of the page, and what screen readers and the mouse are told. Runs in the page. */
function visibleTexts(): string[] {
  const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt'];
  const elements = [...document.querySelectorAll('body, body *:not(script):not(style)')];
  const texts = elements.flatMap((element) => [
    ...[...element.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : [])),
    ...ATTRIBUTES.flatMap((name) => element.getAttribute(name) ?? []),
  ]);
  return [...new Set(texts.map((text) => text.trim()))];
}

/** Every text in what the host says. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
