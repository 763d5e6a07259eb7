import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import type { Reading } from '../../../../src/config/reading';
import { rewriteConfig } from '../../../../src/config/rewrite';

const TRAIN = 'train_network.py --network_module=networks.lora --network_alpha 8 --network_dim';

/** A notebook of these cells. */
function notebook(...cells: readonly string[]): string {
  const stored = cells.map((source) => ({ cell_type: 'code', metadata: {}, outputs: [], source }));
  return JSON.stringify({ cells: stored, nbformat: 4 });
}

function read(...cells: readonly string[]): Reading {
  return readConfig(notebook(...cells), 'train.ipynb');
}

const numbers = ({ recipes }: Reading): readonly unknown[] => recipes.map(({ rank, alpha }) => [rank, alpha]);

describe('a command of a notebook', () => {
  it.each([
    ['!', `!python ${TRAIN} 16`],
    ['a blank behind !', `! python ${TRAIN} 16`],
    ['the running Python', `!{sys.executable} ${TRAIN} 16`],
    ['a module of the running Python', `!{sys.executable} -m accelerate.commands.launch ${TRAIN} 16`],
    ['a change of folders', `!cd /content/x && accelerate launch ${TRAIN} 16`],
    ['%cd', `%cd /content/x\n!python ${TRAIN} 16`],
    ['%%bash', `%%bash\npython ${TRAIN} 16`],
    ['%%bash behind blank lines', `\n\n%%bash\npython ${TRAIN} 16`],
    ['%%sh', `%%sh -e\npython ${TRAIN} 16`],
    ['%%script', `%%script bash -e\npython ${TRAIN} 16`],
    ['%run', `%run ${TRAIN} 16`],
    ['%run with options', `%run -i ${TRAIN} 16`],
    ['lines that go on', `!python \\\n  ${TRAIN} \\\n  16\nx = 1`],
    ['output that is kept', `out = !python ${TRAIN} 16`],
    ['%sx', `%sx python ${TRAIN} 16`],
  ])('is found with %s', (_, cell) => {
    expect(numbers(read(cell))).toEqual([[16, 8]]);
  });

  it.each([
    ['a cell that nobody runs', `%%script false --no-raise-error\npython ${TRAIN} 16`],
    ['a cell of something else', `%%html\n!python ${TRAIN} 16`],
    ['a variable of the environment', `%env RANK=16`, `!python ${TRAIN} $RANK`],
    ['a script with a variable of the environment', `%env RANK=16`, `%%bash\npython ${TRAIN} $RANK`],
    ['a variable of another shell', `!RANK=16\n!python ${TRAIN} $RANK`],
    ['a variable that Python may replace', `!RANK=16; python ${TRAIN} $RANK`],
    ['a default that the environment may replace', `%env RANK=16`, `%%bash\npython ${TRAIN} \${RANK:-8}`],
    ['a variable of Python', `RANK = 4\n!python ${TRAIN} {RANK}`],
    ['a script that runs with options', `%%script --bg bash\npython ${TRAIN} 16`],
  ])('is not known in %s', (_, ...cells) => {
    expect(numbers(read(...cells))).toEqual([]);
  });

  it('is written where a script assigns it', () => {
    const text = notebook(`%%bash\nA=8\npython ${TRAIN.replace('alpha 8', 'alpha $A')} 16 --learning_rate 1e-4`);
    const result = rewriteConfig(text, readConfig(text, 'train.ipynb'), 0, 32, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    expect(applyEdits(text, result.edits)).toContain('%%bash\\nA=32\\npython');
  });

  it.each([
    '{rate * 2}',
    '{args["lr"]}',
    '{str(rate)}',
    '"{f(1, 2)}"',
    '{1e-4 if small else 2e-4}',
    '{rate}',
    '{args.lr}',
  ])('does not know a value that is %s', (value) => {
    const { recipes, findings } = read(`!python ${TRAIN} 16 --learning_rate ${value} --lowram`);
    expect(recipes).toMatchObject([{ rank: 16, alpha: 8, learningRate: null }]);
    expect(findings.map(({ code }) => code)).toEqual(['value-elsewhere']);
  });

  it.each(['{"--unet_lr 1e-4" if fast else ""}', "{' --lowram' if low else ' --highvram'}", '{"x" if y else ""}'])(
    'takes %s for further flags',
    (words) => {
      const { recipes, findings } = read(`!python ${TRAIN} 16 --learning_rate 1e-4 ${words}`);
      expect(recipes).toMatchObject([{ rank: 16, alpha: 8, learningRate: 1e-4 }]);
      expect(findings.map(({ code }) => code)).toEqual(['not-understood']);
    },
  );

  it('leaves what a shell reads to the shell', () => {
    const command = `!{ cd x; python ${TRAIN} 16 --learning_rate 1e-4 --lr_kwargs '{"a": 1}' --out_{1,2}; }`;
    expect(numbers(read(command))).toEqual([[16, 8]]);
  });

  it('may get further flags from Python', () => {
    const reading = read(`!python ${TRAIN} 16 --unet_lr 1e-3 {more}`);
    expect(reading.recipes[0]?.learningRate).toBe(1e-3);
    expect(reading.findings.map(({ code, inCell }) => [code, inCell?.cell])).toContainEqual(['not-understood', 1]);
    expect(reading.recipes[0]?.assumed.maxGradNorm).toMatch('Flags in {…} may override this default.');
  });
});
