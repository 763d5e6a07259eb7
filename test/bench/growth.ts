import { readConfig } from '../../src/config/read';

/**
 * `npm run growth -- [WORD…]`: processor time for texts of n, 2n and 4n parts. A time that doubles per column is
 * linear.
 */

const COMMAND =
  'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4 --learning_rate=1e-4\n';
const LORA = 'from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16)\n';
const AXOLOTL = 'base_model: x\nadapter: lora\nlora_r: 8\nlora_alpha: 16\n';
const numbered = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('');

function notebook(sources: readonly string[]): string {
  const cells = sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] }));
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

const TEXTS: readonly (readonly [what: string, file: string, parts: number, text: (n: number) => string])[] = [
  ['additions to a shell variable', 'a.sh', 4096, (n) => `A=""\n${'A="$A --x 1"\n'.repeat(n)}${COMMAND}`],
  ['shell variables', 'a.sh', 1024, (n) => `${numbered(n, (i) => `V${i}=$V${i - 1}\n`)}${COMMAND}`],
  ['shell commands', 'a.sh', 1024, (n) => COMMAND.repeat(n)],
  ['PowerShell commands', 'a.ps1', 1024, (n) => COMMAND.repeat(n)],
  ['batch commands', 'a.bat', 1024, (n) => COMMAND.repeat(n)],
  ['heredocs on one line', 'a.sh', 2048, (n) => `cat ${'<<A '.repeat(n)}\n${'x\nA\n'.repeat(n)}${COMMAND}`],
  ['commands in a cell', 'a.ipynb', 512, (n) => notebook([`!${COMMAND}`.repeat(n)])],
  ['cells', 'a.ipynb', 6250, (n) => notebook([...Array<string>(n).fill('x = 1\n'), LORA])],
  ['LoraConfigs', 'a.py', 512, (n) => LORA.repeat(n)],
  ['options', 'a.py', 1024, (n) => numbered(n, (i) => `parser.add_argument("--a${i}", default=${i})\n`) + LORA],
  ['names behind names', 'a.py', 1024, (n) => numbered(n, (i) => `v${i} = v${i - 1}\n`) + LORA],
  ['brackets', 'a.py', 16_384, (n) => `${LORA}x = ${'('.repeat(n)}`],
  ['minus signs', 'a.py', 32_768, (n) => `${LORA}x = ${'-'.repeat(n)}1\n`],
  ['documents', 'a.yml', 512, (n) => `---\n${AXOLOTL}learning_rate: 1e-4\n`.repeat(n)],
  ['lists in lists', 'a.yml', 16_384, (n) => `${AXOLOTL}a:\n ${'- '.repeat(n)}1\n`],
  ['keys of YAML', 'a.yml', 4096, (n) => AXOLOTL + numbered(n, (i) => `lora_k${i}: ${i}\n`)],
  [
    'keys of JSON',
    'a.json',
    8192,
    (n) => `{"peft_type":"LORA","r":8,"lora_alpha":16${numbered(n, (i) => `,"k${i}":${i}`)}}`,
  ],
];

/** Processor time in ms: the smallest of three measurements. */
function cost(text: string, file: string): number {
  const once = (): number => {
    const before = process.cpuUsage();
    readConfig(text, file);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

const words = process.argv.slice(2);
for (const [what, file, parts, text] of TEXTS.filter(([name]) => words.every((word) => name.includes(word)))) {
  const times = [1, 2, 4].map((factor) => cost(text(factor * parts), file));
  const growth = times.slice(1).map((time, i) => `× ${(time / (times[i] ?? time)).toFixed(1)}`);
  const size = `${4 * parts} (${Math.round(text(4 * parts).length / 1000)} kB)`;
  console.log(
    `${what.padEnd(32)}${size.padEnd(18)}${times
      .map((time) => `${time.toFixed(0)} ms`)
      .join(', ')
      .padEnd(28)}${growth.join(', ')}`,
  );
}
