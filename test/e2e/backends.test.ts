import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, hideAndShow, openPanel, panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

describe('every backend proves the plan to the last bit', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    settings: { ...TRAINED_SOON, 'loraAlpha.backend': 'cpu' },
  });

  it('cpu, in a thread', async () => {
    const panel = await openPanel(workbench(), 'mine.yml');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('run-summary').textContent()).toMatch(/^cpu\b/);
  });

  // WebGL has no graphics card here, but Chromium's own renderer: slow, and the same code path.
  it.each(['webgl', 'wasm'])(
    '%s, chosen in the settings while the panel is open',
    { timeout: 120_000 },
    async (backend) => {
      const { page, set } = workbench();
      const panel = panelOf(page);
      set({ 'loraAlpha.backend': backend });
      await expect
        .poll(() => panel.by('run-summary').textContent(), { timeout: 30_000 })
        .toMatch(new RegExp(`^${backend}\\b`));
      await panel.run('done', 100_000);
      await expectVerdict(panel, 'identical', ...(backend === 'webgl' ? ['equivalent'] : []));
    },
  );
});

describe('stop', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    settings: { 'loraAlpha.backend': 'webgl', 'loraAlpha.task': 'transformer' },
  });

  it('ends a run at once and keeps what was drawn; Run starts again', async () => {
    const { page, open, codeLens } = workbench();
    await open('mine.yml');
    await codeLens('Check alpha equivalence').first().click();
    const panel = panelOf(page);
    await panel.ready();
    await panel.frame.locator('#loss-table tbody td').nth(20).waitFor({ state: 'attached' });
    await panel.by('stop').click();
    const begin = Date.now();
    await panel.run('stopped');
    expect(Date.now() - begin).toBeLessThan(5000);
    expect(await panel.by('loss-plot').locator('canvas').first().isVisible()).toBe(true);
    await panel.by('run').click();
    await panel.run('running');
    await panel.by('stop').click();
    await panel.run('stopped');
  });

  it(
    'is not what hiding the panel does: the run that its page trained begins again',
    { timeout: 180_000 },
    async () => {
      const { page, set } = workbench();
      set({ ...TRAINED_SOON, 'loraAlpha.backend': 'webgl' });
      const panel = panelOf(page);
      await panel.by('run').click();
      await panel.run('running');
      await hideAndShow(workbench(), 'mine.yml');
      await panel.run('done', 100_000);
      expect(await panel.by('run-summary').textContent()).toMatch(/^webgl/);
    },
  );
});
