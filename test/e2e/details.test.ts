import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { openPanel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/** The walkthrough is opened anew for each look. */
const SOON = { timeout: 20_000 };

/** What the editor shows of the extension itself: its page, and its walkthrough. */
describe('the extension in the editor', () => {
  // The editor ticks a step once in the life of a window, and another test may have done it.
  const startedWith = { settings: TRAINED_SOON };
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL }, settings: TRAINED_SOON, startedWith });

  it('has a page without a dead link and without a picture that is not there', async () => {
    const { page, command } = workbench();
    await command('Extensions: Show Installed Extensions');
    await page.locator('.extensions-list .monaco-list-row', { hasText: 'LoRA Alpha' }).first().click();
    const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.locator('h1', { hasText: 'LoRA Alpha' }).waitFor();
    const links = frame.locator('a:not([href^="https:"]):not([href^="#"])');
    expect(await links.allTextContents()).toEqual([]);
    expect(await frame.locator('img:not([src^="https:"])').count()).toBe(0);
    await command('View: Close All Editors');
    await command('View: Show Explorer');
  });

  it('ticks the steps of its walkthrough, by whatever way each is done', async () => {
    const { page, command, open } = workbench();
    const done = async (): Promise<(string | undefined)[]> => {
      await command('Welcome: Open Walkthrough');
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Change LoRA alpha, keep the run' });
      await row.first().click();
      await page.locator('.getting-started-step').first().waitFor();
      const steps = page.locator('[data-done-step-id^="lora-alpha"].complete');
      return steps.evaluateAll((all) =>
        all.map((step) => (step as HTMLElement).dataset['doneStepId']?.split('#').at(-1)),
      );
    };
    // A file that is opened, the lens, and the panel's own buttons: the editor sees none of them run a command.
    await done();
    await open('mine.yml');
    await expect.poll(done, SOON).toContain('open');
    const panel = await openPanel(workbench(), 'mine.yml');
    await panel.by('apply').click();
    await panel.by('write').click();
    await panel.by('applied').waitFor();
    await expect.poll(done, SOON).toEqual(['open', 'check', 'write']);
  });
});
