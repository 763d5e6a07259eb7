import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel } from './support/panel';
import { useWorkbench } from './support/suite';

describe('in an extension host without Node, and a workspace nobody trusts', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    startedWith: { settings: { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } }, trust: false },
  });

  it('trains in the panel itself', async () => {
    await workbench().page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    const panel = await openPanel(workbench(), 'mine.yml');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('run-summary').textContent()).toMatch(/^(wasm|webgl|cpu)\b/);
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
