import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { panelOf } from './support/panel';
import { useWorkbench } from './support/suite';

/** Both kinds of extension host find the strings by themselves, and hand them to pages and threads. */
const HOSTS = [
  ['a host with Node', {}],
  ['a host without Node', { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } }],
] as const;

describe.each(HOSTS)('an editor in German, in %s', (_, settings) => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    startedWith: { language: 'de', trust: true, settings },
  });

  it('speaks German in lens, panel, verdict and palette', { timeout: 120_000 }, async () => {
    const { page, open, codeLens, command } = workbench();
    await open('mine.yml');
    await codeLens('Bei alpha 64: lr').waitFor();
    await codeLens('Alpha-Äquivalenz prüfen').first().click();
    const panel = panelOf(page);
    await panel.run('done', 60_000);
    expect(await panel.by('verdict').innerText()).toContain('Derselbe Lauf, bis aufs letzte Bit');
    expect(await panel.by('answer-heading').innerText()).toMatch(/dies ändern/i);
    // A string that is made when its file is loaded.
    expect(await panel.by('whys').textContent()).toContain('Jeder Schritt verkleinert die Gewichte');
    await command('LoRA: Rezepttabelle öffnen');
    await page.locator('.tab.active', { hasText: 'LoRA' }).waitFor();
  });
});
