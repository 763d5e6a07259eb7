import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { notebookFile } from '../../../../support/notebook';

const COMMAND = 'python t.py \\\n  --network_dim 8 \\\n  --network_alpha 16\n';

describe('a rank and an alpha of LoRA in a file that no trainer reads', () => {
  it.each([
    ['a command', 'run.sh', COMMAND, 'line 2 `--network_dim 8`, line 3 `--network_alpha 16`'],
    ['words of a variable', 'run.sh', 'A="--rank 8 --lora_alpha=16"\n', 'line 1 `--rank 8`, line 1 `--lora_alpha=16`'],
    ['PowerShell', 't.ps1', '$lora_rank = 8\n$lora_alpha = 16\n', 'line 1 `lora_rank = 8`, line 2 `lora_alpha = 16`'],
    ['YAML', 'a.yaml', 'peft:\n  lora_r: 8\n  lora_alpha: 16\n', 'line 2 `lora_r: 8`, line 3 `lora_alpha: 16`'],
    ['a block', 'a.yaml', 'lora:\n  r: 8\n  alpha: 16\n', 'line 2 `r: 8`, line 3 `alpha: 16`'],
    ['a table', 'a.toml', '[model.lora]\nrank = 8\nalpha = 16\n', 'line 2 `rank = 8`, line 3 `alpha = 16`'],
    ['JSON', 'a.json', '{"lora_rank": 8,\n "lora_alpha": 16}', 'line 1 `lora_rank: 8`, line 2 `lora_alpha: 16`'],
    ['a list', 'a.json', '["--lora_r", "8", "--lora_alpha", "16"]', 'line 1 `--lora_r, 8`, line 1 `--lora_alpha, 16`'],
    ['a layer', 'a.py', 'net = LoRA(\n    dim=8,\n    alpha=16)\n', 'line 2 `dim=8`, line 3 `alpha=16`'],
    ['a dict', 'a.py', 'lora = dict(\n dim=8,\n alpha=16)\n', 'line 2 `dim=8`, line 3 `alpha=16`'],
    ['a class that is given', 'a.py', 'c(\n LoRA,\n dim=8,\n alpha=16)\n', 'line 3 `dim=8`, line 4 `alpha=16`'],
    [
      'constants in a call',
      'a.py',
      'RANK = 8\np = LoraProvider(\n path=("a"),\n rank=RANK,\n alpha=ALPHA)\n',
      'line 4 `rank=RANK`, line 5 `alpha=ALPHA`',
    ],
    [
      'a class',
      'a.py',
      'class LoraSpec:\n r: int = 8\n alpha: int = 16\n',
      'line 2 `r: int = 8`, line 3 `alpha: int = 16`',
    ],
    [
      'a class with a base',
      'a.py',
      'class LoRASpec(Base):\n rank: int = Field(8)\n alpha: float = Field(16.0)\n',
      'line 2 `rank: int = Field(8`, line 3 `alpha: float = Field(16.0`',
    ],
    [
      'pairs',
      'a.py',
      'n = OrderedDict([("linear", 8),\n ("linear_alpha", 16)])\nlora = 1\n',
      'line 1 `linear, 8`, line 2 `linear_alpha, 16`',
    ],
    ['names in columns', 'a.py', 'LORA_R     = 8\nLORA_ALPHA = 16\n', 'line 1 `LORA_R = 8`, line 2 `LORA_ALPHA = 16`'],
    [
      'defaults of a dict',
      'a.py',
      'lora_r = c.get("r", 8)\nlora_alpha = c.get("lora_alpha", 16)\n',
      'line 1 `lora_r = c.get(r, 8`, line 2 `lora_alpha = c.get(lora_alpha, 16`',
    ],
    [
      'a text that a program uses',
      'a.py',
      'c = f"""\nadapter:\n  type: lora\n  r: 8\n  alpha: 16\n"""\n',
      'line 4 `r: 8`, line 5 `alpha: 16`',
    ],
    [
      'words of a list',
      'a.py',
      'argv = ["a.yml", "lora.lora_rank=8",\n "lora.lora_alpha=16"]\n',
      'line 1 `lora_rank=8`, line 2 `lora_alpha=16`',
    ],
    [
      'dotted words',
      'run.sh',
      'python -m a.main $C m.lora_config.rank=8 \\\n m.lora_config.alpha=16\n',
      'line 1 `lora_config.rank=8`, line 2 `lora_config.alpha=16`',
    ],
    [
      'short flags beside LoRA',
      'a.py',
      'import lora\np.add_argument("--rank", default=8)\np.add_argument("--alpha", default=16)\n',
      'line 2 `--rank, default=8`, line 3 `--alpha, default=16`',
    ],
    [
      'a server',
      'run.sh',
      'vllm serve m --lora_r 8 --lora_alpha 16\n',
      'line 1 `--lora_r 8`, line 1 `--lora_alpha 16`',
    ],
    [
      'fields with defaults',
      'a.py',
      'class A:\n  lora_rank: Optional[int] = field(default=8)\n  lora_alpha: int = 16\n',
      'line 2 `lora_rank: Optional[int] = field(default=8`, line 3 `lora_alpha: int = 16`',
    ],
    [
      'options with defaults',
      'a.py',
      'p.add_argument("--lora_r", type=int, default=8)\np.add_argument("--lora_alpha", type=int, default=16)\n',
      'line 1 `--lora_r, type=int, default=8`, line 2 `--lora_alpha, type=int, default=16`',
    ],
    [
      'a cell',
      'a.ipynb',
      notebookFile([{ kind: 'code', source: 'lora_r=8\nlora_alpha=16\n' }]),
      'cell 1, line 1 `lora_r=8`, cell 1, line 2 `lora_alpha=16`',
    ],
  ])('are named with their lines: %s', (_, path, text, where) => {
    const reading = readConfig(text, path);
    const message = `These look like LoRA: ${where}. No known trainer reads them.`;
    expect(reading).toMatchObject({ isLora: false, recipes: [], findings: [{ code: 'trainer-unknown', message }] });
    expect(planConfig(text, reading, 0, 64).refusal).toEqual({ code: 'trainer-unknown', message });
  });

  it.each([
    ['full fine-tuning', 'a.json', '{"train_mode": "full", "lora_rank": 64, "lora_alpha": 16}', 'mode: full'],
    ['LoRA switched off', 'run.sh', 'python t.py --use_peft False --lora_r 8 --lora_alpha 16\n', 'use_peft False'],
    ['LoRA switched off', 'a.yaml', 'lora: {enabled: false, r: 16, alpha: 32}\nlr: 1e-4\n', 'lora: {enabled: false'],
    ['LoRA switched off', 'a.yaml', 'no_lora: true\nlora: {r: 8, alpha: 16}\n', 'no_lora'],
    ['LoRA switched off', 'a.yaml', 'adapter:\nlora_r: 8\nlora_alpha: 16\n', 'adapter:'],
    ['LoRA switched off', 'a.yaml', 'training:\n  lora: false\n  lora_r: 4\n  lora_alpha: 16\n', 'lora: false'],
    ['another adapter', 'a.yaml', 'peft_method: AdaLoRA\npeft: {r: 8, lora_alpha: 16}\n', 'method: AdaLoRA'],
  ])('are named with what speaks against them: %s', (_, path, text, against) => {
    const [{ code, message } = { code: '', message: '' }] = readConfig(text, path).findings;
    expect([code, message]).toEqual(['trainer-unknown', expect.stringMatching(/^These look like LoRA: line \d/)]);
    expect(message).toMatch(/ But line \d `.*` may switch it off, or train another adapter\.$/);
    expect(message).toContain(` \`${against}\` may`);
  });

  it.each([
    ['comments', 'run.sh', '# --lora_r 8 --lora_alpha 16\n'],
    ['comments', 'a.py', '# lora_r=8, lora_alpha=16\n'],
    ['what is printed', 'run.sh', 'echo "use --lora_r 8 --lora_alpha 16"\n'],
    ['a docstring', 'a.py', '"""\nlora_r: 8\nlora_alpha: 16\n"""\nx = "--lora_r 8 --lora_alpha 16"\n'],
    ['a docstring of a function', 'a.py', 'def f():\n  """Set lora_r: 8 and\n  lora_alpha: 16."""\n'],
    ['flags of something else', 'run.sh', 'python blend.py --rank 8 --alpha 16 # no lora\n'],
    ['prose', 'a.json', '{"readme": "set \\"lora_r\\": 8 and \\"lora_alpha\\": 16"}'],
    ['a comparison', 'a.py', 'assert c.lora_r == 8 and c.lora_alpha == 16\n'],
    ['names without values', 'a.py', 'f(lora_r=a.lora_r, lora_alpha=a.lora_alpha)\n'],
    ['a class of that name', 'a.py', 'class LoraConfig(Base):\n  r = R\n  lora_alpha = ALPHA\n'],
    ['a server of adapters', 'a.yaml', 'enable_lora: true\nmax_lora_rank: 64\nlora_path: ./a\nalpha: 0.5\n'],
    ['a scale alone', 'run.sh', 'python generate.py --lora_path a --lora_alpha 0.8\n'],
    ['LoRA without a rank', 'a.yaml', 'lora_rank: 0\nlora_alpha: 16\n'],
    ['results', 'a.json', '{"lora_r": 16, "lora_alpha": 32, "final_loss": 0.31}'],
    ['radio', 'a.yaml', 'lora: {spreading_factor: 7, r: 3, alpha: 5}\n'],
    ['a dimension of the model', 'run.sh', 'python t.py --dim 4096 --lora_alpha 16\n'],
    ['another adapter', 'a.py', 'c = RandLoraConfig(r=8, randlora_alpha=640)\n'],
  ])('are not seen in %s: %s', (_, path, text) => {
    expect(readConfig(text, path).findings.map(({ code }) => code)).toEqual([]);
  });
});
