import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

/** A script that writes a config for sd-scripts. */
const script = (network: string, optimizer: string): string => `import toml

def write_config(path, choice):
    config = {
        "additional_network_arguments": {${network}},
        "optimizer_arguments": {${optimizer}},
        "training_arguments": {"seed": 1},
    }
    with open(path, "w") as file:
        file.write(toml.dumps(config))
`;
const NETWORK = '"network_module": "networks.lora", "network_dim": 16, "network_alpha": 8';
const OPTIMIZER = '"optimizer_type": "AdamW8bit", "learning_rate": 1e-4, "optimizer_args": ["weight_decay=0.1"]';

describe('a dict that becomes a config of sd-scripts', () => {
  it('is read as that config', () => {
    const { trainer, recipes, findings } = readConfig(script(NETWORK, OPTIMIZER), 'make.py');
    expect([trainer, findings, recipes]).toMatchObject([
      'kohya',
      [],
      [{ rank: 16, alpha: 8, learningRate: 1e-4, optimizer: { name: 'AdamW8bit', weightDecay: 0.1 } }],
    ]);
  });

  it('is written into', () => {
    const text = script(NETWORK, OPTIMIZER);
    const result = rewriteConfig(text, readConfig(text, 'make.py'), 0, 32, 'symmetric');
    expect('edits' in result && applyEdits(text, result.edits)).toBe(
      script(
        NETWORK.replace('"network_alpha": 8', '"network_alpha": 32'),
        '"optimizer_type": "AdamW8bit", "max_grad_norm": 2.0, "learning_rate": 5e-5, "optimizer_args": ["weight_decay=0.2", "eps=2e-8"]',
      ),
    );
  });

  it('takes the values of variables, and writes into them', () => {
    const text = `alpha = 8\n${script(NETWORK.replace(': 8', ': alpha'), OPTIMIZER)}`;
    const reading = readConfig(text, 'make.py');
    expect(reading.recipes[0]).toMatchObject({ rank: 16, alpha: 8 });
    const result = rewriteConfig(text, reading, 0, 32, 'lr-only');
    expect('edits' in result && applyEdits(text, result.edits)).toMatch(/^alpha = 32\n/);
  });

  it('assumes nothing of what only a run could tell', () => {
    const open = OPTIMIZER.replace(/\[.*\]/, 'choice.args').replace('1e-4', '1e-4 if choice else 2e-4');
    const [recipe] = readConfig(script(NETWORK, open), 'make.py').recipes;
    expect(recipe).toMatchObject({ rank: 16, learningRate: null, optimizer: { weightDecay: null } });
    expect(recipe?.unresolved).toMatchObject({ weightDecay: 'choice.args', eps: 'choice.args' });
    expect(recipe?.assumed).not.toHaveProperty('weightDecay');
  });

  it('says where alpha would be, though its rank is open', () => {
    const network = '"network_module": choice.module, "network_dim": choice.dim, "network_alpha": 8';
    const { recipes, findings } = readConfig(script(network, OPTIMIZER), 'make.py');
    expect([recipes, findings.map(({ code }) => code)]).toEqual([[], ['value-elsewhere', 'not-understood']]);
  });

  it.each([
    ['a part of one', `part = {"network": {${NETWORK}}}`],
    ['other settings', 'x = {"network_dim": 16, "seed": 1, "lora": True}'],
  ])('is not seen in %s', (_, text) => {
    expect(readConfig(text, 'make.py')).toMatchObject({ isLora: false, findings: [] });
  });

  it("is read of musubi-tuner's by its modules", () => {
    const network = NETWORK.replace('networks.lora', 'networks.lora_wan');
    expect(readConfig(script(network, OPTIMIZER), 'make.py').trainer).toBe('musubi');
  });

  it('is read in a notebook, across cells', () => {
    const cells = ['dim = 16', script(NETWORK.replace('16', 'dim'), OPTIMIZER)];
    const stored = cells.map((source) => ({ cell_type: 'code', source }));
    const { recipes } = readConfig(JSON.stringify({ cells: stored, nbformat: 4 }), 'make.ipynb');
    expect(recipes[0]).toMatchObject({ rank: 16, alpha: 8, stated: { alpha: { inCell: { cell: 2 } } } });
  });
});
