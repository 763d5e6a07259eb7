import { describe, expect, it } from 'vitest';
import { until as untilTrue } from '../../scripts/shell.mjs';
import { AXOLOTL } from '../support/axolotl';
import { TRAINED_FILES } from '../support/trained-adapter';
import { expectVerdict, openPanel, type Panel, panelOf } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';
import { until, type Workbench, type WorkbenchOptions } from './support/workbench';

const IN_A_BROWSER = { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } };

/**
 * Further: the files on the disk that the change is written into, and those that stay. Both kinds of extension host find
 * the strings of a language by themselves, and hand them to pages and threads.
 */
const WINDOWS: [string, NonNullable<WorkbenchOptions['startedWith']>, string[], string[]][] = [
  [
    'an extension host without Node, with files on no disk that nobody trusts, in German',
    { settings: IN_A_BROWSER, place: 'virtual', trust: false, language: 'de' },
    [],
    ['mine.yml'],
  ],
  [
    'a workspace of two folders, in German',
    { place: 'two folders', language: 'de' },
    ['../first/mine.yml'],
    ['mine.yml'],
  ],
];

/** The walkthrough is opened anew for each look. */
const SOON = { timeout: 30_000 };

/** Opens the walkthrough: its steps that are ticked, which happens once in the life of a window. */
async function stepsDone({ page, command, choose }: Workbench): Promise<(string | undefined)[]> {
  await command('Welcome: Open Walkthrough');
  await choose('LoRA-Alpha ändern, den Lauf behalten');
  await page.locator('.getting-started-step').first().waitFor();
  const steps = page.locator('[data-done-step-id^="lora-alpha"].complete');
  return steps.evaluateAll((all) => all.map((step) => (step as HTMLElement).dataset['doneStepId']?.split('#').at(-1)));
}

describe.each(WINDOWS)('in %s', (_, startedWith, written, kept) => {
  const hasBrowserHost = startedWith.settings === IN_A_BROWSER;
  /** One of the windows is enough. */
  const hasTicks = !hasBrowserHost;
  let panel: Panel;
  const workbench = useWorkbench(
    { files: { 'mine.yml': AXOLOTL, ...TRAINED_FILES }, settings: TRAINED_SOON, startedWith },
    async (workbench) => {
      // Before the walkthrough has been opened once, the editor ticks nothing.
      if (hasTicks) await stepsDone(workbench);
      await workbench.open('mine.yml');
      await workbench.codeLens('Bei alpha 64: lr').waitFor();
      if (hasTicks)
        await untilTrue(async () => `${await stepsDone(workbench)}` === 'open', 'the first step to be ticked');
      panel = await openPanel(workbench, 'mine.yml', 'Alpha-Äquivalenz prüfen');
    },
  );

  it('trains', async () => {
    await expectVerdict(panel, 'identical');
    const summary = (await panel.by('run-summary').textContent()) ?? '';
    if (hasBrowserHost) expect(summary).toMatch(/^(wasm|webgl|cpu)\b/);
    expect(await panel.by('verdict').innerText()).toContain('Derselbe Lauf, bis aufs letzte Bit');
    expect(await panel.by('answer-heading').innerText()).toMatch(/dies ändern/i);
    // A string that is made when its file is loaded.
    expect(await panel.by('whys').textContent()).toContain('Jeder Schritt verkleinert die Gewichte');
  });

  it('writes the change, and takes it back', async () => {
    const { page, command, read, tab } = workbench();
    /** Saves from the file's own editor, and reads the file again: what stands in it then was kept. */
    const saved = async (line: string): Promise<void> => {
      await tab(/^mine\.yml/).click();
      await until(() => page.keyboard.press('ControlOrMeta+S'), tab(/^mine\.yml/, '.active:not(.dirty)'));
      await command('File: Revert File');
      await page.locator('.editor-group-container .view-line', { hasText: line }).first().waitFor();
    };
    await panel.by('apply').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await panel.by('write').click();
    await panel.by('applied').filter({ hasText: 'alpha 16 → 64' }).waitFor();
    await saved('lora_alpha: 64');
    for (const file of written) expect(read(file)).toContain('lora_alpha: 64 ');
    for (const file of kept) expect(read(file)).toBe(AXOLOTL);
    await panel.by('undo').click();
    await panel.by('applied').waitFor({ state: 'hidden' });
    await saved('lora_alpha: 16');
    for (const file of written) expect(read(file)).toBe(AXOLOTL);
  });

  if (hasTicks) {
    // The lens and the panel's own buttons: the editor sees neither run a command.
    it('has ticked every step of the walkthrough', async () => {
      await expect.poll(() => stepsDone(workbench()), SOON).toEqual(['open', 'check', 'write']);
    });
  }

  it('has a palette in German', async () => {
    const { tab, command } = workbench();
    await command('LoRA: Rezepttabelle öffnen');
    await tab('LoRA-Rezepte', '.active').waitFor();
  });

  if (startedWith.place === 'virtual') {
    it('opens and measures an adapter that nobody trusts', async () => {
      const { open, codeLens, page, command } = workbench();
      await command('View: Close All Editors');
      await open('adapter_config.json');
      await codeLens('Was Engines daraus machen').first().click();
      const { by, frame } = panelOf(page);
      await frame.locator('body[data-measuring="done"]').waitFor();
      expect(await by('answer').innerText()).toContain('Skalierung 4 bis 8: richtig in');
      expect(await by('modules').locator('tbody td').last().innerText()).toMatch(/^\d+ von 16$/);
    });

    it('has one example for a workspace, with a sentence about the rest', async () => {
      const { page, command, codeLens, tab } = workbench();
      await command('LoRA: Beispiel-Arbeitsbereich öffnen');
      const message = page.locator('.notification-list-item', { hasText: 'Ein Browser hat keinen Ordner' }).first();
      await message.locator('.monaco-button', { hasText: 'Ein Beispiel öffnen' }).click();
      await tab('Untitled', '.active').waitFor();
      await codeLens('Alpha-Äquivalenz prüfen').first().waitFor();
    });
  }
});
