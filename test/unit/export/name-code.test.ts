import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { applyEdits } from '../../../src/config/write/edits';
import { nameCode } from '../../../src/export/name-code';
import { AXOLOTL as PLAIN } from '../../support/axolotl';

const LINE = 'plugins: [rescale_init.RescaleInit]';
const LIGER = 'axolotl.integrations.liger.LigerPlugin';

/** The text with the class named; null where it cannot be written. */
function named(text: string, path = 'a.yml'): string | null {
  const edits = nameCode(text, readConfig(text, path), 0);
  return edits && applyEdits(text, edits);
}

describe('nameCode', () => {
  it('adds the key to a config without plugins', () => {
    expect(named(PLAIN)).toBe(`${PLAIN}${LINE}\n`);
    const windows = PLAIN.replaceAll('\n', '\r\n');
    expect(named(windows)).toBe(`${windows}${LINE}\r\n`);
  });

  it.each([
    ['a list in brackets', `plugins: [${LIGER}]`, `plugins: [${LIGER}, rescale_init.RescaleInit]`],
    ['a list over several lines', `plugins: [\n  ${LIGER},\n]`, `plugins: [\n  ${LIGER}, rescale_init.RescaleInit,\n]`],
    [
      'a list of dashes',
      `plugins:\n  - ${LIGER}  # fast`,
      `plugins:\n  - ${LIGER}  # fast\n  - rescale_init.RescaleInit`,
    ],
    ['dashes without indentation', `plugins:\n- ${LIGER}`, `plugins:\n- ${LIGER}\n- rescale_init.RescaleInit`],
    ['a quoted item', `plugins:\n  -   "${LIGER}"`, `plugins:\n  -   "${LIGER}"\n  -   rescale_init.RescaleInit`],
    ['an empty list', 'plugins: []', LINE],
    ['no value', 'plugins:', LINE],
    ['null', 'plugins: null', LINE],
  ])('appends to %s', (_, before, after) => {
    expect(named(`${PLAIN}${before}\ngrpo: true\n`)).toBe(`${PLAIN}${after}\ngrpo: true\n`);
    expect(named(`${before}\n${PLAIN}`)).toBe(`${after}\n${PLAIN}`);
  });

  it('writes nothing where the config names it already', () => {
    const text = `${PLAIN}plugins: [${LIGER}, rescale_init.RescaleInit]\n`;
    expect(named(text)).toBe(text);
  });

  it.each([
    ['a list that others use', `plugins: &p\n  - ${LIGER}\nothers: *p\n`],
    ['a text', 'plugins: a.B\n'],
    ['maps', 'plugins:\n  - name: a.B\n'],
  ])('leaves %s to the user', (_, before) => {
    expect(named(`${PLAIN}${before}`)).toBeNull();
  });

  it('is for trainers that load a class by its name', () => {
    expect(
      named('model_name_or_path: m\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\nstage: sft\n'),
    ).toBeNull();
  });
});
