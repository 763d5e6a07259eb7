import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { resultsOf } from '../support/results';
import { expectVerdict, openPanel, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('results of a PyTorch check', () => {
  let panel: Panel;
  const workbench = useWorkbench(
    { files: { 'mine.yml': AXOLOTL, 'lora-alpha-results/check.json': resultsOf('mine.yml') }, settings: TRAINED_SOON },
    async (workbench) => {
      panel = await openPanel(workbench, 'mine.yml');
      await panel.settled();
    },
  );
  const headline = (): Promise<string> => panel.by('verdict').locator('strong').innerText();
  const inResults = (): Promise<void> => panel.frame.locator('#show-results[aria-selected="true"]').waitFor();

  it('are opened from the panel’s menu, beside its own run', async () => {
    const { page } = workbench();
    const own = await headline();
    await panel.by('more').click();
    await panel.by('open-results').click();
    // The picker begins in the folder of the results.
    const picker = page.locator('.quick-input-widget', { hasText: 'Open the results of a PyTorch check' });
    await picker.locator('.monaco-list-row', { hasText: 'check.json' }).click();
    await inResults();
    expect(await headline()).toBe('Identical with tiny llama');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('verdict').locator('p').first().innerText()).toBe(
      "Every loss and every weight has the baseline's bits.",
    );
    expect(await panel.by('results-environment').innerText()).toMatch(
      /^24 steps · random tokens · float32 · cpu · torch/,
    );
    await panel.by('show-run').click();
    await expect.poll(headline).toBe(own);
    expect(await panel.by('results-environment').isVisible()).toBe(false);
    await panel.by('show-results').click();
    await inResults();
  });

  it('say when the panel is at another target, and not when it is back', async () => {
    await panel.setTarget('48');
    await panel
      .by('verdict')
      .filter({ hasText: /checked alpha\s16\s→\s64\. The panel shows alpha\s16\s→\s48\./ })
      .waitFor();
    expect(await panel.by('verdict').getAttribute('data-stale')).not.toBeNull();
    await panel.setTarget('64');
    await panel.frame.locator('#verdict:not([data-stale])').waitFor();
    expect(await headline()).toBe('Identical with tiny llama');
  });

  it('give way to a run that is started', async () => {
    await panel.by('run').click();
    await panel.frame.locator('#show-run[aria-selected="true"]').waitFor();
    await panel.settled();
    expect(await headline()).toBe('The same run, to the last bit');
  });
});
