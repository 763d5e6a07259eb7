import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel, type Panel } from './support/panel';
import { useWorkbench } from './support/suite';
import { until, type WorkbenchOptions } from './support/workbench';

const IN_A_BROWSER = { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } };

/** Further: the files on the disk that the change is written into, and those that stay. */
const WINDOWS: [string, NonNullable<WorkbenchOptions['startedWith']>, string[], string[]][] = [
  [
    'an extension host without Node, in a folder nobody trusts',
    { settings: IN_A_BROWSER, trust: false },
    ['mine.yml'],
    [],
  ],
  [
    'an extension host without Node, with files on no disk',
    { settings: IN_A_BROWSER, place: 'virtual' },
    [],
    ['mine.yml'],
  ],
  ['a workspace of two folders', { place: 'two folders' }, ['../first/mine.yml'], ['mine.yml']],
];

describe.each(WINDOWS)('in %s', (_, startedWith, written, kept) => {
  let panel: Panel;
  const workbench = useWorkbench({ files: { 'mine.yml': AXOLOTL }, startedWith }, async (workbench) => {
    panel = await openPanel(workbench, 'mine.yml');
  });
  const hasBrowserHost = startedWith.settings === IN_A_BROWSER;

  it('trains', async () => {
    await expectVerdict(panel, 'identical');
    const summary = (await panel.by('run-summary').textContent()) ?? '';
    if (hasBrowserHost) expect(summary).toMatch(/^(wasm|webgl|cpu)\b/);
  });

  it('follows the target, and another way', async () => {
    await panel.setTarget('48');
    await panel.scaling(3);
    await panel.settled(40_000);
    await expectVerdict(panel, 'equivalent');
    await panel.by('plan-lr-only').click();
    await panel.frame.locator('#plan-lr-only[aria-checked="true"]').waitFor();
    await panel.settled(40_000);
    await expectVerdict(panel, 'different');
    await panel.by('plan-symmetric').click();
    await panel.frame.locator('#plan-symmetric[aria-checked="true"]').waitFor();
  });

  it('writes the change, and takes it back', async () => {
    const { page, command, read } = workbench();
    /** Saves from the file's own editor, and reads the file again: what stands in it then was kept. */
    const saved = async (line: string): Promise<void> => {
      const tab = page.locator('.tab', { hasText: /^mine\.yml/ }).first();
      await tab.click();
      const clean = page.locator('.tab.active:not(.dirty)', { hasText: /^mine\.yml/ });
      await until(() => page.keyboard.press('ControlOrMeta+S'), clean);
      await command('File: Revert File');
      await page.locator('.editor-group-container .view-line', { hasText: line }).first().waitFor();
    };
    await panel.by('apply').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await panel.by('write').click();
    await panel.by('applied').filter({ hasText: 'alpha 16 → 48' }).waitFor();
    await saved('lora_alpha: 48');
    for (const file of written) expect(read(file)).toContain('lora_alpha: 48 ');
    for (const file of kept) expect(read(file)).toBe(AXOLOTL);
    await panel.by('undo').click();
    await panel.by('applied').waitFor({ state: 'hidden' });
    await saved('lora_alpha: 16');
    for (const file of written) expect(read(file)).toBe(AXOLOTL);
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
