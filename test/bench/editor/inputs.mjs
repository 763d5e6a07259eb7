// Texts that are within, or a little beyond, what readers take, and hold very many of one thing: what attacks are made of.

const COMMAND =
  'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4 --learning_rate=1e-4\n';
const LORA = 'from peft import LoraConfig\nc = LoraConfig(r=8, lora_alpha=16)\n';
const AXOLOTL = 'base_model: x\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1e-4\n';

const notebook = (sources) =>
  JSON.stringify({
    cells: sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });

/** A program of about so many characters, in which every name is followed. */
const program = (length) =>
  `${LORA}${Array.from({ length: length / 40 }, (_, i) => `x${i} = f(x${Math.max(0, i - 1)}, c.r) if x${i % 7} else ${i}\n`).join('')}`;

/** What it is, the ending of its file's name, its text. */
export const INPUTS = [
  ['16,384 additions to a variable', 'sh', `A=""\n${'A="$A --x 1"\n'.repeat(16_384)}${COMMAND}`],
  ['4,096 commands in a cell', 'ipynb', notebook([`!${COMMAND}`.repeat(4096)])],
  ['4,096 documents', 'yml', `---\n${AXOLOTL}`.repeat(4096)],
  ['8,192 commands', 'sh', COMMAND.repeat(8192)],
  ['8,192 commands', 'ps1', COMMAND.repeat(8192)],
  ['32,768 heredocs on a line', 'sh', `cat ${'<<A '.repeat(32_768)}\n${'x\nA\n'.repeat(32_768)}${COMMAND}`],
  ['8,192 LoraConfigs', 'py', LORA.repeat(8192)],
  ['131,072 brackets', 'py', `${LORA}x = ${'('.repeat(131_072)}`],
  ['524,288 minus signs', 'py', `${LORA}x = ${'-'.repeat(524_288)}1\n`],
  ['65,536 dashes of lists', 'yml', `${AXOLOTL}a:\n ${'- '.repeat(65_536)}1\n`],
  ['a program of 100 kB', 'py', program(100_000)],
  ['a config of 4 kB', 'yml', `${AXOLOTL}${'# a comment of a config\n'.repeat(160)}`],
  // Last, because the editor itself takes long.
  ['2,000 cells', 'ipynb', notebook([...Array(2000).fill('x = 1\n'), LORA])],
];

/** A text as long that no reader takes for a config: what the editor itself does with it. */
export const withoutHints = (text) =>
  text
    .replaceAll(/lora|peft/gi, 'word')
    .replaceAll('network_', 'netword_')
    .replaceAll('adapter', 'adopter');
