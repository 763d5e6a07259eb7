import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { TRAINED_FILES } from '../support/trained-adapter';
import { inTheme, offences, THEMES } from './support/offences';
import { panelOf } from './support/panel';
import { useWorkbench } from './support/suite';

describe('a trained adapter', () => {
  const files = Object.fromEntries(Object.entries(TRAINED_FILES).map(([name, text]) => [`trained/${name}`, text]));
  const workbench = useWorkbench({ files, width: 1400, height: 1100 }, async ({ page }) => {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^trained$/ }).click();
    // Above the config of this name that the examples have.
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'adapter_model.safetensors' }).waitFor();
  });
  const page = (): ReturnType<typeof panelOf> => panelOf(workbench().page);
  const pressed = (): Locator => page().frame.locator('.pick[aria-pressed="true"]');

  it('opens from the lens above its alpha, with the answer first', async () => {
    const { open, codeLens } = workbench();
    await open('adapter_config.json');
    await codeLens('What engines make of it').first().click();
    const { by, frame } = page();
    await frame.locator('body[data-measuring="done"]').waitFor();
    const answer = /^Scaling 4 to 8: right in \d+ of \d+ engines\s+8× too weak: \d+ · /;
    expect(await by('answer').locator('[role=status]').innerText()).toMatch(answer);
    const outcomes = await by('engines').locator('tbody th').allInnerTexts();
    expect(outcomes.at(0)).toBe('8× too weak');
    expect(outcomes.at(-1)).toBe('right');
    expect(await by('modules').locator('tbody tr').count()).toBe(4);
    for (const plot of ['scaling', 'spectrum']) await by(`${plot}-plot`).locator('canvas').waitFor();
  });

  it('is sorted and walked through by keyboard, and the spectrum follows', async () => {
    const { by, frame } = page();
    const { keyboard } = workbench().page;
    await by('sort-norm').focus();
    await keyboard.press('Home');
    await keyboard.press('Enter');
    expect(await frame.locator('th[aria-sort="ascending"]').innerText()).toMatch(/^Module/);
    const names = await frame.locator('.pick').allInnerTexts();
    expect(names).toEqual(['k_proj', 'o_proj', 'q_proj', 'v_proj'].map((part) => `model.layers.0.self_attn.${part}`));
    await keyboard.press('Tab');
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    expect(await pressed().innerText()).toBe(names[1]);
    await by('spectrum-plot').locator('button.end', { hasText: 'o_proj' }).waitFor();
    const slider = by('spectrum-plot').locator('[role=slider]');
    await slider.focus();
    await keyboard.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^σ 1: o_proj [\d.]+, median [\d.]+$|^σ 1: median/);
  });

  it('is sorted and chosen by mouse, and keeps that while it is hidden', async () => {
    const { by, frame } = page();
    await by('sort-scaling').click();
    await by('sort-scaling').click();
    await frame.locator('th[aria-sort="descending"]', { hasText: 'Scaling' }).waitFor();
    await frame.locator('.pick', { hasText: 'q_proj' }).click();
    await workbench().page.locator('.tab', { hasText: 'adapter_config.json' }).click();
    await workbench().page.locator('.tab', { hasText: 'adapter_model.safetensors' }).click();
    await frame.locator('th[aria-sort="descending"]', { hasText: 'Scaling' }).waitFor();
    await pressed().filter({ hasText: 'q_proj' }).waitFor();
  });

  it.each(['Default High Contrast', 'Light Modern', THEMES[0] ?? ''])('axe finds nothing in %s', async (theme) => {
    const { body } = page();
    await inTheme(theme, workbench(), [body]);
    await body.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    expect(await offences(body, theme)).toEqual([]);
  });
});
