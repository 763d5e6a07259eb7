import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';
import { LLAMAFACTORY_V1 } from '../../samples';
import { codesOf, factsOf, llamafactory, readingOf, recipeOf } from '../../optimizers/support';

describe('names of LLaMA-Factory', () => {
  it.each(['galore', 'apollo', 'badam'])('refuse use_%s with LoRA', (name) => {
    const { recipes, findings } = readingOf(llamafactory, 'adamw_torch', `use_${name}: true`);
    expect(recipes[0]?.optimizer).toMatchObject({ name, row: null });
    expect(findings).toMatchObject([{ code: 'optimizer-unknown', severity: 'warning', line: 5 }]);
    expect(findings[0]?.message).toMatch(/does not combine it with LoRA/);
  });

  it('take Adam-mini and Muon by their switches', () => {
    expect(factsOf(llamafactory, 'sgd', 'use_adam_mini: true', 'adam_epsilon: 1.0e-7')).toEqual([
      'adam-mini',
      1e-7,
      0,
      [0.9, 0.999],
    ]);
    expect(factsOf(llamafactory, 'sgd', 'use_muon: true', 'weight_decay: 0.1')).toEqual(['muon', 1e-7, 0.1, null]);
    expect(recipeOf(llamafactory, 'sgd', 'use_muon: true').optimizer).toMatchObject({ momentum: 0.95, nesterov: true });
  });

  it('warn where LoRA+ overrules a switch', () => {
    expect(codesOf(llamafactory, 'adamw_torch', 'use_muon: true', 'loraplus_lr_ratio: 16')).toContain(
      'optimizer-overruled',
    );
  });

  it('hand LoRA to AdamW under v1’s muon, with numbers of its own', () => {
    const text = `${LLAMAFACTORY_V1.text}optim_config:\n  name: muon\n  adamw_eps: 1.0e-6\n  adamw_betas: [0.8, 0.9]\n`;
    const { optimizer, stated } = readConfig(text, LLAMAFACTORY_V1.path).recipes[0] ?? {};
    expect(optimizer).toMatchObject({ row: 'adamw', eps: 1e-6, weightDecay: 0.1, betas: [0.8, 0.9] });
    expect(stated?.eps?.path).toBe('optim_config.adamw_eps');
  });

  it('leave v1’s AdamW nothing to set', () => {
    const { optimizer, assumed } = readConfig(LLAMAFACTORY_V1.text, LLAMAFACTORY_V1.path).recipes[0] ?? {};
    expect(optimizer).toMatchObject({ row: 'adamw', eps: 1e-8, weightDecay: 0.01, betas: [0.9, 0.999] });
    expect(assumed?.weightDecay).toMatch(/leaves weight decay to torch.optim.AdamW/);
  });
});
