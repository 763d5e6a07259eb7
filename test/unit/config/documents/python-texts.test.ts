import { describe, expect, it } from 'vitest';
import { growthOf, TOO_MUCH } from '../../../support/growth';
import { wholeFile } from '../../../../src/config/documents/document';
import { pythonTexts } from '../../../../src/config/documents/python-texts';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 8\nlearning_rate: 0.0001\n';
const texts = (program: string): string[] => pythonTexts(wholeFile(program, 'python')).map(({ text }) => text);
const asJson = (source: string): string => JSON.stringify({ cells: [{ cell_type: 'code', source }], nbformat: 4 });

describe('texts of a Python program', () => {
  it.each([
    ['a variable that is written', `text = """${AXOLOTL}"""\nwith open("c.yml", "w") as f:\n    f.write(text)\n`],
    ['a text that is written', `Path("c.yml").write_text("""${AXOLOTL}""")\n`],
    ['a text that is loaded', `config = yaml.safe_load('''${AXOLOTL}''')\n`],
    ['an indented text', `import textwrap\ntext = textwrap.dedent("""${AXOLOTL}""")\nfile.write(text)\n`],
    ['a text that is printed', `text = """${AXOLOTL}""".strip()\nprint(text, file=f)\n`],
    ['a text behind others', `"""A program's "docs"."""\n# it's """\nx = '"""'\nfile.write("""${AXOLOTL}""")\n`],
  ])('are configs: %s', (_, program) => {
    expect(texts(program)).toEqual([AXOLOTL]);
    expect(readConfig(program, 'x.py').recipes).toMatchObject([{ rank: 16, alpha: 8 }]);
    expect(readConfig(asJson(program), 'x.ipynb').recipes).toMatchObject([{ rank: 16, alpha: 8 }]);
  });

  it.each([
    ['docs', `def f():\n    """${AXOLOTL}"""\n`],
    ['what nobody writes', `text = """${AXOLOTL}"""\n`],
    ['what is filled in', `text = f"""${AXOLOTL}"""\nfile.write(text)\n`],
    ['what is formatted', `text = """${AXOLOTL}"""\nfile.write(text.format(a=1))\nfile.write(text)\n`],
    ['what is formatted at once', `file.write("""${AXOLOTL}""" % 1)\n`],
    ['escapes', `file.write("""${AXOLOTL}\\n""")\n`],
    ['a comment', `# file.write("""${AXOLOTL.replaceAll('\n', '\n# ')}""")\n`],
    ['an open text', `file.write("""${AXOLOTL}`],
  ])('are left alone: %s', (_, program) => {
    expect(texts(program)).toEqual([]);
  });

  it.each([
    ['x.py', (program: string) => program],
    ['x.ipynb', asJson],
  ])('are written into in %s', (path, as) => {
    const program = `text = """${AXOLOTL}"""\nfile.write(text)\n`;
    const text = as(program);
    const result = rewriteConfig(text, readConfig(text, path), 0, 32, 'lr-only');
    const wanted = program.replace('lora_alpha: 8', 'lora_alpha: 32').replace('0.0001', '0.000025');
    expect('edits' in result && applyEdits(text, result.edits)).toBe(as(wanted));
  });

  it('are placed in their cell', () => {
    const { recipes } = readConfig(asJson(`file.write("""${AXOLOTL}""")`), 'x.ipynb');
    expect(recipes[0]?.stated.alpha).toMatchObject({ inCell: { cell: 1, line: 4 } });
  });

  it.each(['"""', "'", 'a = """b: 1"""\n', '"""\\', 'write(a)'])('are found in no time: %j', (piece) => {
    const find = (letters: number): unknown => texts(piece.repeat(letters / piece.length));
    expect(growthOf(find, 50_000)).toBeLessThan(TOO_MUCH);
  });
});
