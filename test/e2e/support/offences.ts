import axe from 'axe-core';
import type { Locator } from 'playwright-core';

/** What axe finds in a page: rule and offending markup. @param body of a page inside the editor */
export async function offences(body: Locator): Promise<string[]> {
  const frame = await (await body.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the page has no frame');
  // As an expression of the debugger, so that the page's policy does not forbid it.
  await frame.evaluate(`${axe.source}; void 0`);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
