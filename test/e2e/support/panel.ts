import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import type { Workbench } from './workbench';

export type RunState = 'none' | 'running' | 'done' | 'stopped' | 'failed';

/** The panel's page inside its two frames, by the hooks it keeps for tests. */
export interface Panel {
  frame: Frame | FrameLocator;
  body: Locator;
  /** Whatever has this id. */
  by(id: string): Locator;
  /** Waits until the page has drawn its first view. */
  ready(): Promise<void>;
  /** Waits until the run shown is in this state; a run that failed meanwhile is an error at once. */
  run(state: RunState, timeout?: number): Promise<void>;
  /** What stands in the target field. */
  target(): Promise<string>;
  /** Waits until the run that belongs to what is shown is over. */
  settled(timeout?: number): Promise<void>;
  /** Waits until the header says that the target's scaling is this. */
  scaling(target: number): Promise<void>;
  /** Types another alpha into the target field and leaves it. */
  setTarget(alpha: string): Promise<void>;
}

export function panelOf(page: Page): Panel {
  // A notebook has a webview of its own, for its outputs.
  const own = 'iframe.webview.ready[src*="extensionId=lora-alpha"]';
  return panelIn(page.frameLocator(own).frameLocator('iframe#active-frame'));
}

/** The page in this frame, where several are in sight. */
export function panelIn(frame: Frame | FrameLocator): Panel {
  const body = frame.locator('body');
  const by = (id: string): Locator => frame.locator(`#${id}`);
  return {
    frame,
    body,
    by,
    ready: () => frame.locator('body[data-ready="true"]').waitFor(),
    async run(state, timeout) {
      const ended = frame.locator(`body[data-run="${state}"], body[data-run="failed"]`).first();
      await ended.waitFor(timeout === undefined ? {} : { timeout });
      if (state === 'failed' || (await body.getAttribute('data-run')) !== 'failed') return;
      throw new Error(`The run failed: ${await by('verdict').innerText()}`);
    },
    settled: (timeout = 20_000) =>
      frame.locator('body[data-run="done"]:has(#verdict:not([data-stale]))').waitFor({ timeout }),
    scaling: (target) =>
      frame
        .locator('header .scale b')
        .nth(1)
        .filter({ hasText: new RegExp(`^${target}$`) })
        .waitFor(),
    target: () => by('target').locator('input').inputValue(),
    async setTarget(alpha) {
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
export async function hideAndShow({ page, command }: Workbench, file: string): Promise<void> {
  const tab = page.locator('.tab', { hasText: `LoRA: ${file}` });
  await tab.click();
  await command('File: New Untitled Text File');
  await page.locator('iframe.webview.ready').waitFor({ state: 'hidden' });
  await command('View: Close Editor');
  await tab.click();
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
