import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 2e-4\n';
const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 8\nlearning_rate = 1e-4\n';
const json = (rest: string): string => `{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "x": ${rest}}`;
const COMMAND = 'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4\n';
const LORA = 'from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16)\n';
const notebook = (source: string): string =>
  JSON.stringify({ cells: [{ cell_type: 'code', source, metadata: {}, outputs: [] }], nbformat: 4, nbformat_minor: 5 });
const cells = (count: number, first = ''): string =>
  JSON.stringify({
    cells: Array.from({ length: count }, (_, i) => ({
      cell_type: 'code',
      source: i === 0 ? first : i === 1 ? LORA : 'x = 1\n',
      metadata: {},
    })),
    nbformat: 4,
  });
const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');
const inCells = (count: number, text: string): string =>
  JSON.stringify({
    cells: Array.from({ length: count }, () => ({ cell_type: 'code', source: `%%bash\n${text}`, metadata: {} })),
    nbformat: 4,
  });
const scripts = (count: number, lines: number): string =>
  inCells(count, LORA + 'x\n'.repeat(lines)).replaceAll('%%bash', '%%writefile a.py');
const configs = (count: number, lines: number): string =>
  inCells(count, AXOLOTL + 'x: 1\n'.repeat(lines)).replaceAll('%%bash', '%%writefile a.yml');
const shared = (words: number, count: number): string =>
  `A="${'k=1 '.repeat(words)}"\n${`${COMMAND.trim()} --network_args $A\n`.repeat(count)}`;
const patterned = (count: number): string =>
  JSON.stringify({
    ...{ peft_type: 'LORA', r: 8, lora_alpha: 16 },
    alpha_pattern: Object.fromEntries(Array.from({ length: count }, (_, i) => [`layers.${i}`, 8])),
  });
const nest = (depth: number, open: string, close: string, core = ''): string =>
  open.repeat(depth) + core + close.repeat(depth);

const findings = (text: string, path: string): string[] => readConfig(text, path).findings.map(({ code }) => code);

describe('what is not read', () => {
  it.each<[string, string, string, string]>([
    ['5 MB of YAML', `${AXOLOTL}x: "${'x'.repeat(5e6)}"\n`, 'a.yaml', 'too-large'],
    ['100,000 lines of YAML', AXOLOTL + rows(1e5, (i) => `k${i}: ${i}`), 'a.yaml', 'too-large'],
    ['5 MB of JSON', json(`"${'x'.repeat(5e6)}"`), 'a.json', 'too-large'],
    ['5 MB of TOML', `${KOHYA}x = "${'x'.repeat(5e6)}"\n`, 'a.toml', 'too-large'],
    ['a program of 32,000 tokens', `${LORA}x = ${'1 + '.repeat(16_000)}1\n`, 'a.py', 'too-large'],
    ['2,000 assignments', LORA + 'x = 1\n'.repeat(2000), 'a.py', 'too-large'],
    ['a program of 4,000 lines', LORA + 'x\n'.repeat(4000), 'a.py', 'too-large'],
    ['4,000 members', LORA + `x = m${'.x'.repeat(100)}\n`.repeat(41), 'a.py', 'too-large'],
    [
      'a class with 3,001 bases',
      `${LORA}class K(${'B,'.repeat(3001)}): pass\n${'K()\n'.repeat(900)}`,
      'a.py',
      'too-large',
    ],
    ['1,000 calls', LORA + 'f(x)\n'.repeat(1000), 'a.py', 'too-large'],
    ['a program with 10,000 syntax errors', LORA + '* '.repeat(10_000), 'a.py', 'syntax'],
    ['a program with 10,000 syntax errors of words', LORA + 'yield '.repeat(10_000), 'a.py', 'syntax'],
    ['10,000 nested operators', `${LORA}x = ${'not '.repeat(10_000)}y\n`, 'a.py', 'too-large'],
    ['20,000 tags of YAML', `${AXOLOTL}x: ${'!t '.repeat(20_000)}\n`, 'a.yaml', 'too-large'],
    ['1,500,000 characters of YAML', `${AXOLOTL}x: "${'x'.repeat(1.5e6)}"\n`, 'a.yaml', 'too-large'],
    ['500,000 minus signs', `${LORA}x = ${'-'.repeat(5e5)}1\n`, 'a.py', 'too-large'],
    [
      '201 models with an adapter, and trainings',
      `${LORA}${'m = get_peft_model(m, c)\nSFTTrainer(m)\n'.repeat(101)}`,
      'a.py',
      'too-large',
    ],
    ['a notebook of 1,001 cells', cells(1001), 'a.ipynb', 'too-large'],
    ['1,001 cells with LoRA behind two megabytes', cells(1001, `s = "${'x'.repeat(2e6)}"\n`), 'a.ipynb', 'too-large'],
    ['a notebook of 32,000 tokens', notebook(`${LORA}x = """a"""\n${'f(x)\n'.repeat(8000)}`), 'a.ipynb', 'too-large'],
    ['a program 900 calls deep', LORA + 'f('.repeat(900), 'a.py', 'too-large'],
    ['a program whose texts open 900 brackets', LORA + '("""'.repeat(900), 'a.py', 'too-large'],
    ['10,000 assignments before a command', `${'A=1\n'.repeat(10_000)}${COMMAND}`, 'a.sh', 'too-large'],
    ['3,000 heredocs in a line', `${COMMAND}${'<<A '.repeat(3000)}`, 'a.sh', 'too-large'],
    ['201 runs in a script', COMMAND.repeat(201), 'a.sh', 'too-large'],
    ['201 runs in a program', LORA.repeat(201), 'a.py', 'too-large'],
    ['190 runs with 100 other trainers', LORA.repeat(190) + 'Trainer(args)\n'.repeat(100), 'a.py', 'too-large'],
    ['201 commands in a notebook', notebook(`!${COMMAND}`.repeat(201)), 'a.ipynb', 'too-large'],
    ['1,001 commands in a script', `${COMMAND}${'echo --x 1\n'.repeat(1001)}`, 'a.sh', 'too-large'],
    ['1,001 documents of YAML', `---\n${AXOLOTL}`.repeat(1001), 'a.yml', 'too-large'],
    ['JSON 7,000 deep', json(nest(7e3, '[', ']')), 'a.json', 'too-large'],
    ['JSON 10,000 deep that is never closed', `${json('1').slice(0, -2)}${'['.repeat(1e4)}`, 'a.json', 'too-large'],
    ['YAML 5,000 deep in brackets', `${AXOLOTL}x: ${nest(5e3, '[', ']')}\n`, 'a.yaml', 'too-large'],
    ['YAML 10,000 deep in lists', `${AXOLOTL}x:\n  ${'- '.repeat(1e4)}1\n`, 'a.yaml', 'too-large'],
    ['YAML 300 deep', `${AXOLOTL}x: ${nest(300, '{a: ', '}', '1')}\n`, 'a.yaml', 'too-large'],
    ['TOML 5,000 deep', `${KOHYA}x = ${nest(5e3, '[', ']')}\n`, 'a.toml', 'too-large'],
    ['TOML 10,000 deep in dots', `${KOHYA}${'x.'.repeat(1e4)}y = 1\n`, 'a.toml', 'too-large'],
    ['5 scripts in a notebook that are long together', scripts(5, 3900), 'a.ipynb', 'too-large'],
    ['20 configs in a notebook that are long together', configs(20, 2500), 'a.ipynb', 'too-large'],
    ['a variable of 300 words in 75 commands', shared(300, 75), 'a.sh', 'too-large'],
    ['a variable of 150 words in 15 commands of 10 cells', inCells(10, shared(150, 15)), 'a.ipynb', 'too-large'],
    ['5,100 unknown words of a variable in 51 commands', shared(100, 51), 'a.sh', 'too-large'],
    ['an alpha_pattern of 2,000 modules', patterned(2000), 'a.json', 'too-large'],
    ['merge keys', `${AXOLOTL}l0: &l0 {a: 1}\nl1:\n  <<: *l0\n`, 'a.yaml', 'syntax'],
  ])('%s is one finding', (_, text, path, code) => {
    expect(readConfig(text, path).recipes).toEqual([]);
    expect(findings(text, path)).toEqual([code]);
  });

  it('is nothing to speak of where nothing looks like a config', () => {
    expect(findings(`{"x": ${nest(1e4, '[', ']')}}`, 'package.json')).toEqual([]);
    expect(findings(`note: lora\nx: ${nest(1e4, '[', ']')}\n`, 'notes.yaml')).toEqual([]);
  });
});

describe('what is read', () => {
  it.each<[string, string, string]>([
    ['3,000 lines of YAML', AXOLOTL + rows(3000, (i) => `k${i}: ${i}`), 'a.yaml'],
    ['a prompt of a megabyte', `${AXOLOTL}prompt: |\n${rows(10_000, () => `  ${'word '.repeat(20)}`)}\n`, 'a.yaml'],
    ['a line of a megabyte', `${AXOLOTL}prompt: "${'word '.repeat(200_000)}"\n`, 'a.yaml'],
    ['a program of 1,900 banners', `${LORA}${`# ${'='.repeat(70)}\n`.repeat(1900)}`, 'a.py'],
    ['many aliases of one map', `${AXOLOTL}d: &d {a: 1}\n${rows(2000, (i) => `k${i}: *d`)}\n`, 'a.yaml'],
    [
      'aliases of aliases',
      AXOLOTL + rows(20, (i) => `l${i}: &l${i} [${i ? `*l${i - 1}, *l${i - 1}` : 'x'}]`),
      'a.yaml',
    ],
    ['an alias of what holds it', `${AXOLOTL}d: &d [*d]\n`, 'a.yaml'],
    ['150 levels', json(nest(150, '{"a": ', '}', '1')), 'a.json'],
    ['thousands of tables', KOHYA + rows(2000, (i) => `[t${i}]\nx = ${i}`), 'a.toml'],
    ['a text of 55,000 characters of TOML', `${KOHYA}prompt = "${'word '.repeat(11_000)}"\n`, 'a.toml'],
    ['characters of other scripts, and broken UTF-8', `${AXOLOTL}# 𝛼 \uFFFD\n`, 'a.yaml'],
  ])('%s', (_, text, path) => {
    const { recipes } = readConfig(text, path);
    expect(recipes).toHaveLength(1);
    const isAboutText = (code: string): boolean => !['alpha-implied', 'not-understood'].includes(code);
    expect(findings(text, path).filter(isAboutText)).toEqual([]);
  });
});
