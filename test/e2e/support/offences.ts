import axe from 'axe-core';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Workbench } from './workbench';

/** Each page's background differs from the one before. */
export const THEMES = [
  ...['Dark Modern', 'Light Modern', 'Default High Contrast', 'Default High Contrast Light', 'Dark 2026', 'Light 2026'],
  ...['Solarized Light', 'Monokai', 'Quiet Light', 'Dark+'],
];

/** Waits until these pages have the colours of another theme. */
export async function inTheme(theme: string, { set }: Workbench, bodies: readonly Locator[]): Promise<void> {
  const background = (body: Locator): Promise<string> =>
    body.evaluate((element) => getComputedStyle(element).backgroundColor);
  const before = await Promise.all(bodies.map(background));
  set({ 'workbench.colorTheme': theme });
  for (const [index, body] of bodies.entries()) await expect.poll(() => background(body)).not.toBe(before[index]);
}

/**
 * What axe finds in a page: rule and offending markup.
 * @param body of a page inside the editor
 * @param theme of which only the contrast can differ from the first one's
 */
export async function offences(body: Locator, theme = THEMES[0]): Promise<string[]> {
  const frame = await (await body.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the page has no frame');
  // As an expression of the debugger, so that the page's policy does not forbid it.
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(`${axe.source}; void 0`);
  const { violations } = await frame.evaluate(
    (rules) => (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'], ...rules }),
    theme === THEMES[0] ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
