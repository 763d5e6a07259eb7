import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { resultsOf } from '../support/results';
import { expectVerdict, openPanel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

/**
 * A folder with a `python3`: the one of the real libraries where LORA_ALPHA_PYTHON names it, else a stand-in that writes
 * where the check would, because a machine without PyTorch has no check to run.
 */
function makePython(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-python-'));
  const real = process.env['LORA_ALPHA_PYTHON'];
  const results = path.join(folder, 'results.json');
  writeFileSync(results, resultsOf('mine.yml'));
  const standIn = `[ "$2 $3" = "--tiny --save" ] && mkdir -p "$4" && cp '${results}' "$4/check_alpha-20260131-101500.json"`;
  writeFileSync(path.join(folder, 'python3'), `#!/bin/sh\n${real ? `exec '${real}' "$@"` : standIn}\n`, {
    mode: 0o755,
  });
  return folder;
}

describe('a check that is exported and run', () => {
  const python = makePython();
  afterAll(() => rmSync(python, { recursive: true }));
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    settings: TRAINED_SOON,
    // A login shell, which is asked unless the editor was started by one, may forget the path.
    startedWith: { env: { VSCODE_CLI: '1', PATH: `${python}:${process.env['PATH'] ?? ''}` } },
  });

  it('shows its results in the panel when it is over', { timeout: 300_000 }, async () => {
    const { page, read } = workbench();
    const panel = await openPanel(workbench(), 'mine.yml');
    await panel.settled();
    await panel.by('more').click();
    await panel.by('export-check').click();
    const dialog = page.locator('.quick-input-widget', { hasText: 'Export a check with PyTorch' });
    await dialog.locator('input').first().press('Enter');
    await page.locator('.notification-list-item .monaco-button', { hasText: 'Run with a tiny model' }).click();
    // A busy machine takes a minute to load PyTorch.
    await panel.frame.locator('#show-results[aria-selected="true"]').waitFor({ timeout: 200_000 });
    const title = /^"""LoRA Alpha: a check with PyTorch\. mine\.yml \(Axolotl\), alpha 64 against alpha 16:/;
    expect(read('check_alpha.py')).toMatch(title);
    // They came while the bar below was used.
    await expect
      .poll(() => panel.by('show-results').evaluate((tab) => tab.getBoundingClientRect().top))
      .toBeGreaterThanOrEqual(0);
    await expectVerdict(panel, 'identical');
    expect(await panel.by('verdict').getAttribute('data-stale')).toBeNull();
    expect(await panel.by('verdict').locator('strong').innerText()).toBe('Identical with tiny llama');
  });
});
