import { describe, expect, it } from 'vitest';
import { UNSLOTH } from '../support/notebook';
import { expectVerdict, openPanel, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/** A notebook in VS Code's own notebook editor. */
describe('in a notebook', () => {
  let panel: Panel;
  const workbench = useWorkbench(
    { files: { 'mine.ipynb': UNSLOTH }, settings: TRAINED_SOON, height: 1400 },
    async (workbench) => {
      panel = await openPanel(workbench, 'mine.ipynb');
    },
  );
  const scaling = () => workbench().page.locator('.statusbar-item[id$="loraAlpha.scaling"]');

  it('the lens of a cell opens the panel, which trains and says cell and line', async () => {
    await expectVerdict(panel, 'identical');
    await panel.frame.locator('.s-answer button[title="Show cell 4, line 6"]', { hasText: 'lora_alpha' }).waitFor();
    await panel.frame.locator('.s-answer button[title="Show cell 5, line 7"]', { hasText: 'learning_rate' }).waitFor();
  });

  it('a click on a number shows its cell, and the status bar its scaling', async () => {
    await panel.frame.locator('.s-answer button', { hasText: 'learning_rate' }).click();
    const shown = workbench().page.locator('.notebookOverlay .monaco-list-row.focused', { hasText: 'SFTTrainer' });
    await shown.waitFor();
    // The cursor is in the line, where the next key would write.
    const topOf = async (what: string): Promise<number | undefined> =>
      (await shown.locator(`.monaco-editor.focused ${what}`).first().boundingBox())?.y;
    const line = '.view-line:has-text("learning_rate")';
    const isThere = async (): Promise<boolean> => {
      const [cursor, wanted] = [await topOf('.cursor'), await topOf(line)];
      return cursor !== undefined && cursor === wanted;
    };
    await expect.poll(isThere).toBe(true);
    await scaling().filter({ hasText: 's = 1 · α 16 / r 16' }).waitFor();
  });
});
