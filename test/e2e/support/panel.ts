import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import type { Workbench } from './workbench';

export type RunState = 'none' | 'running' | 'done' | 'stopped' | 'failed';

/** The panel's page inside its two frames, by the hooks it keeps for tests. */
export type Panel = ReturnType<typeof pageIn>;

export function panelOf(page: Page): Panel {
  // A notebook has a webview of its own, for its outputs.
  const own = 'iframe.webview.ready[src*="extensionId=lora-alpha"]';
  return panelIn(page.frameLocator(own).frameLocator('iframe#active-frame'));
}

/** The page in this frame, where several are in sight. */
export const panelIn = (frame: Frame | FrameLocator): Panel => pageIn(frame);

function pageIn(frame: Frame | FrameLocator) {
  const body = frame.locator('body');
  const by = (id: string): Locator => frame.locator(`#${id}`);
  return {
    ...{ frame, body, by },
    /** Waits until the page has drawn its first view. */
    ready: (): Promise<void> => frame.locator('body[data-ready="true"]').waitFor(),
    /** Waits until the run shown is in this state; a run that failed meanwhile is an error at once. */
    async run(state: RunState, timeout?: number): Promise<void> {
      const ended = frame.locator(`body[data-run="${state}"], body[data-run="failed"]`).first();
      await ended.waitFor(timeout === undefined ? {} : { timeout });
      if (state === 'failed' || (await body.getAttribute('data-run')) !== 'failed') return;
      throw new Error(`The run failed: ${await by('verdict').innerText()}`);
    },
    /** Waits until the run that belongs to what is shown is over. */
    settled: (timeout = 30_000): Promise<void> =>
      frame.locator('body[data-run="done"]:has(#verdict:not([data-stale]))').waitFor({ timeout }),
    /** Waits until the header says that the target's scaling is this. */
    scaling(target: number): Promise<void> {
      const shown = frame.locator('header .scale b').nth(1);
      return shown.filter({ hasText: new RegExp(`^${target}$`) }).waitFor();
    },
    /** What stands in the target field. */
    target: (): Promise<string> => by('target').locator('input').inputValue(),
    /** Types another alpha into the target field and leaves it. */
    async setTarget(alpha: string): Promise<void> {
      const field = by('target').locator('input');
      await field.fill(alpha);
      await field.press('Enter');
    },
  };
}

/** Waits until the panel shows one of these verdicts. */
export async function expectVerdict(panel: Panel, ...kinds: string[]): Promise<void> {
  await panel.frame.locator(kinds.map((kind) => `#verdict[data-kind="${kind}"]`).join(', ')).waitFor();
}

/** Hides the panel of a file behind another tab, which ends its page, and shows it again. */
export async function hideAndShow({ page, command, tab }: Workbench, file: string): Promise<void> {
  const own = tab(`LoRA: ${file}`);
  await own.click();
  await command('File: New Untitled Text File');
  await page.locator('iframe.webview.ready').waitFor({ state: 'hidden' });
  await command('View: Close Editor');
  await own.click();
  await panelOf(page).ready();
}

/** Opens a file and its panel, and waits for the first run to end. @param lens that opens the panel */
export async function openPanel(
  { page, open, codeLens }: Workbench,
  file: string,
  lens = 'Check alpha equivalence',
): Promise<Panel> {
  await open(file);
  await codeLens(lens).first().click();
  const panel = panelOf(page);
  await panel.ready();
  await panel.run('done');
  return panel;
}
