import { describe, expect, it } from 'vitest';
import { divideLines, divisorsOf, LORA_DOWN_UP, PEFT_LIBRARY } from '../../../../src/config/init-code/divide';
import type { InitStart } from '../../../../src/config/init-code/divide';
import { LIBRARIES } from './libraries';
import { TORCHTUNE_LIBRARY } from '../../../../src/config/trainers/torchtune/index';
import { MLX_LIBRARY } from '../../../../src/config/trainers/mlx-lm/index';

const start = (p: number, q: number, method: InitStart['method'] = null): InitStart => ({
  init: { A: 1 / p, B: 1 / q },
  k: p * q,
  method,
});
const divisions = (code: readonly string[]): string[] =>
  code.flatMap((line) => /(?:div_\(|p \/ )[\d.]+/.exec(line)?.[0] ?? []);

describe('divisorsOf', () => {
  it('is what the plan asks for', () => {
    expect(divisorsOf(start(2, 2))).toEqual({ A: 2, B: 2 });
    expect(divisorsOf(start(1, 4, 'olora'))).toEqual({ A: 1, B: 4 });
  });

  it('leaves to PiSSA and CorDA what they have done', () => {
    expect(divisorsOf(start(2, 2, 'pissa'))).toEqual({ A: 1, B: 1 });
    expect(divisorsOf(start(1, 4, 'corda'))).toEqual({ A: 0.5, B: 2 });
  });
});

describe('divideLines', () => {
  it.each(Object.entries(LIBRARIES))('divides A and B of %s together where they move alike', (_, library) => {
    const code = divideLines(library, start(2, 2));
    expect(divisions(code)).toHaveLength(1);
    const text = code.join('\n');
    for (const name of [...library.A, ...library.B]) expect(text).toMatch(new RegExp(`[".]${name}[".]`));
  });

  it('gives A and B divisors of their own where they do not', () => {
    expect(divideLines(TORCHTUNE_LIBRARY, start(4, 2)).slice(0, 7)).toEqual([
      'sizes = {}',
      'for name, p in model.named_parameters():',
      '    parts = set(name.split("."))',
      '    if {"lora_a", "lora_gate_a", "lora_down_a", "lora_up_a"} & parts:',
      '        sizes[p] = p.data.div_(4.0).norm().item()',
      '    if {"lora_b", "lora_gate_b", "lora_down_b", "lora_up_b"} & parts:',
      '        sizes[p] = p.data.div_(2.0).norm().item()',
    ]);
  });

  it('leaves a factor alone that stays', () => {
    const code = divideLines(PEFT_LIBRARY, start(1, 4)).join('\n');
    expect(code).toContain('ends = (".lora_B.default.weight", ".lora_embedding_B.default")');
    expect(code).not.toMatch(/lora_(embedding_)?A/);
  });

  it('divides the factors of one adapter of PEFT, and stops where the model has none', () => {
    const code = divideLines(PEFT_LIBRARY, { ...start(2, 2), adapter: 'style' }).join('\n');
    expect(code).toContain('.lora_A.style.weight');
    expect(code).not.toContain('default');
    expect(code).toContain('assert factors, "the model has no adapter style"');
  });

  it('divides the bias of B where the init fills it', () => {
    expect(divideLines(PEFT_LIBRARY, start(2, 2)).join()).not.toContain('.bias');
    expect(divideLines(PEFT_LIBRARY, start(2, 2, 'random-b')).slice(-2)).toEqual([
      '    if name.endswith(".lora_B.default.bias"):',
      '        p.data.div_(4.0)',
    ]);
  });

  it('calls the model by its name', () => {
    expect(divideLines(LORA_DOWN_UP, start(2, 2), 'network')).toContain('for name, p in network.named_parameters():');
  });

  it('gives MLX new arrays', () => {
    const code = divideLines(MLX_LIBRARY, start(2, 2)).join('\n');
    expect(code).toContain('model.update(tree_unflatten(fresh))');
    expect(code).not.toContain('div_');
  });
});

describe('the lines for PEFT', () => {
  it.each(['olora', 'lora-ga'] as const)('puts back into the frozen weights what %s took for the factors', (method) => {
    const code = divideLines(PEFT_LIBRARY, start(2, 2, method));
    const at = (text: string): number => code.findIndex((line) => line.includes(text));
    const order = [
      at('before = '),
      at('lora_A[adapter].weight.data.div_'),
      at('lora_B[adapter].weight.data.div_'),
      at('frozen.data.add_((before'),
    ];
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
  });

  it('reckons with LoRA-GA’s own division by the scaling, where it does that', () => {
    expect(divideLines(PEFT_LIBRARY, start(2, 2, 'lora-ga')).join('\n')).toMatch(
      /done = 4\.0 if .*gd_scale[\s\S]*div_\(2\.0 \/ done\)/,
    );
  });

  it('waits for EVA', () => {
    expect(divideLines(PEFT_LIBRARY, start(2, 2, 'eva'))[0]).toContain('initialize_lora_eva_weights');
  });
});
