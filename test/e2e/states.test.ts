import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { openPanel, panelOf, type Panel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import { until } from './support/workbench';

const FILES = { 'mine.yml': AXOLOTL, 'broken.yml': AXOLOTL.replace('0.05', '[0.05'), 'notes.md': '# Notes\n' };

describe('a file that changes under the panel', () => {
  let panel: Panel;
  const workbench = useWorkbench({ files: FILES, settings: TRAINED_SOON }, async (workbench) => {
    panel = await openPanel(workbench, 'mine.yml');
  });
  /** Writes the file on the disk until the panel knows: the editor's watcher may still be starting. */
  const becomes = (text: string, state: string): Promise<void> =>
    until(
      () => Promise.resolve(workbench().write('mine.yml', text)),
      panel.frame.locator(`body[data-file="${state}"]`),
    );

  it('and breaks keeps the last good state, says where the error is and leads there', async () => {
    const { page } = workbench();
    await becomes(AXOLOTL.replace('0.05', '[0.05'), 'broken');
    const message = panel.by('file-message');
    expect(await message.innerText()).toMatch(/The file has an error\./);
    expect(await panel.frame.locator('header').innerText()).toMatch(/rank 16/);
    await expect.poll(() => panel.by('apply').getAttribute('disabled')).not.toBeNull();
    await message.locator('button', { hasText: /Show line \d+/ }).click();
    await page.locator('.editor-group-container .line-numbers.active-line-number').first().waitFor();
  });

  it('and is mended is well again', async () => {
    await becomes(AXOLOTL, 'ok');
    await expect.poll(() => panel.by('file-message').isVisible()).toBe(false);
  });

  it('and becomes something else is called so', async () => {
    await becomes('services:\n  web:\n    image: nginx\n', 'foreign');
    expect(await panel.by('file-message').innerText()).toMatch(/not a LoRA config/);
    await becomes(AXOLOTL, 'ok');
  });

  it('and was broken from the start gets a panel that says so from the palette', async () => {
    const { page, open, command } = workbench();
    await command('View: Close All Editors');
    await open('broken.yml');
    await command('LoRA: Check alpha equivalence');
    const panel = panelOf(page);
    await panel.frame.locator('body[data-file="broken"]').waitFor();
    expect(await panel.by('file-message').innerText()).toMatch(/The file has an error\./);
  });

  it('and is no config leaves the choice to the palette', async () => {
    const { page, open, command } = workbench();
    await command('View: Close All Editors');
    await open('notes.md');
    const list = page.locator('.quick-input-widget', { hasText: 'Which config is to be checked?' });
    // A view that has just closed can take the focus away from the list.
    await until(() => command('LoRA: Check alpha equivalence'), list);
    // The list draws only the rows in sight.
    await list.locator('.quick-input-box input').fill('mine');
    const rows = list.locator('.monaco-list-row');
    await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringMatching(/^mine\.yml/), 'Another file…']);
    const row = rows.first();
    expect(await row.innerText()).toMatch(/Axolotl/);
    await row.click();
    await panelOf(page).ready();
    expect(await panelOf(page).frame.locator('header h1').textContent()).toBe('mine.yml');
  });
});
