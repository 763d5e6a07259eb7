import { describe, expect, it } from 'vitest';
import { audit, type Audited } from '../../../../src/adapter/engines/audit';
import type { Adapter } from '../../../../src/adapter/adapter';
import { adapterOf } from './support';

const Q = 'model.layers.0.self_attn.q_proj';
const V = 'model.layers.0.self_attn.v_proj';
const EXPERT = 'model.layers.0.mlp.experts.0.gate_proj';
const SD = 'down_blocks_0_attentions_0_transformer_blocks_0';

const peft = (config: Record<string, unknown>, modules: Parameters<typeof adapterOf>[1] = {}): Adapter =>
  adapterOf(
    'peft',
    { [Q]: { rank: 16 }, [V]: { rank: 16 }, ...modules },
    { config: { r: 16, lora_alpha: 32, ...config } },
  );

const PLAIN = peft({});
const RSLORA = peft({ use_rslora: true });
const PATTERNS = peft({ alpha_pattern: { q_proj: 64 }, rank_pattern: { v_proj: 4 } }, { [V]: { rank: 4 } });

/** `vllm@0.31.0: weak ×0.25, 2` */
function said([one]: readonly Audited[]): string {
  if (!one) return 'nothing';
  return `${one.outcome}${one.factor === null || one.factor === 1 ? '' : ` ${one.factor}`}, ${one.modules}`;
}

describe('what engines make of an adapter', () => {
  it.each<[about: string, adapter: Adapter, engine: string, expected: string]>([
    ['plain', PLAIN, 'vllm@0.33.0', 'right, 2'],
    ['plain', PLAIN, 'peft@0.21.2', 'right, 2'],
    ['sglang#40835: use_rslora at rank 16', RSLORA, 'sglang@0.5.23', 'weak 0.25, 2'],
    ['use_rslora, converted to GGUF', RSLORA, 'llama.cpp', 'weak 0.25, 2'],
    ['use_rslora', RSLORA, 'vllm@0.6.4.post1', 'weak 0.25, 2'],
    ['use_rslora', RSLORA, 'vllm@0.31.0', 'right, 2'],
    [
      'vllm#55545: use_rslora of experts',
      peft({ use_rslora: true }, { [EXPERT]: { rank: 16 } }),
      'vllm@0.29.0',
      'weak 0.25, 1',
    ],
    ['use_rslora of experts', peft({ use_rslora: true }, { [EXPERT]: { rank: 16 } }), 'vllm@0.30.0', 'right, 3'],
    ['patterns', PATTERNS, 'vllm@0.31.0', 'weak 0.25, 2'],
    ['patterns', PATTERNS, 'vllm@0.33.0', 'right, 2'],
    ['patterns', PATTERNS, 'llama.cpp', 'weak 0.5, 1'],
    ['patterns', PATTERNS, 'sglang@0.5.23', 'refused, 2'],
    [
      'rank 4, padded to 8',
      peft({ r: 4, lora_alpha: 4 }, { [Q]: { rank: 4 }, [V]: { rank: 4 } }),
      'lorax',
      'weak 0.5, 1',
    ],
    [
      'rank 4, perhaps padded',
      peft({ r: 4, lora_alpha: 4 }, { [Q]: { rank: 4 }, [V]: { rank: 4 } }),
      'tgi',
      'unknown, 2',
    ],
    ['rank 16, never padded on one GPU', PLAIN, 'tgi', 'right, 2'],
    ['no alpha', peft({ lora_alpha: null }), 'vllm', 'refused, 2'],
    ['no alpha', peft({ lora_alpha: null }), 'peft@0.21.2', 'unknown, 2'],
    ['surogate#173: alpha 0', peft({ lora_alpha: 0 }), 'llama.cpp', 'strong, 2'],
    ['alpha 0', peft({ lora_alpha: 0 }), 'vllm@0.33.0', 'right, 2'],
    ['alpha 32.5', peft({ lora_alpha: 32.5 }), 'ollama', 'refused, 2'],
    [
      'DoRA',
      peft({ use_dora: true }, { [Q]: { rank: 16, magnitude: 'lora_magnitude_vector' } }),
      'vllm@0.33.0',
      'refused, 2',
    ],
    ['DoRA', peft({ use_dora: true }), 'exllamav3', 'dropped, 1'],
    ['lora_bias', peft({ lora_bias: true }, { [Q]: { rank: 16, bias: true } }), 'sglang@0.5.23', 'dropped, 1'],
    ['PiSSA', peft({ init_lora_weights: 'pissa_niter_4' }), 'vllm@0.31.0', 'dropped, 1'],
    ['PiSSA', peft({ init_lora_weights: 'pissa' }), 'vllm@0.32.0', 'refused, 2'],
    ['gaussian', peft({ init_lora_weights: 'gaussian' }), 'vllm@0.32.0', 'right, 2'],
    ['an init of another name', peft({ init_lora_weights: 'novel' }), 'llama.cpp', 'unknown, 1'],
    ['fan_in_fan_out', peft({ fan_in_fan_out: true }), 'vllm@0.33.0', 'unknown, 1'],
    ['a version between two that were read', PLAIN, 'sglang@0.5.15', 'unknown, 2'],
    ['a version before the first that was read', PLAIN, 'mlx-lm@0.10.0', 'unknown, 2'],
    ['a version that nobody looked at', PLAIN, 'vllm@0.34.0', 'unknown, 2'],
    [
      'sglang#35952: alpha 8 at rank 128 in the header alone',
      adapterOf('diffusers', { [Q]: { rank: 128 } }, { metadata: { lora_alpha: '8' } }),
      'sglang-diffusion@0.5.18',
      'strong 16, 1',
    ],
    [
      'the same',
      adapterOf('diffusers', { [Q]: { rank: 128 } }, { metadata: { lora_alpha: '8' } }),
      'sglang-diffusion@0.5.23',
      'right, 1',
    ],
    [
      'ComfyUI#15830: alpha in the metadata',
      adapterOf('diffusers', { [Q]: { rank: 16 } }, { header: { r: 16, lora_alpha: 64 } }),
      'comfyui',
      'weak 0.25, 1',
    ],
    [
      'the same',
      adapterOf('diffusers', { [Q]: { rank: 16 } }, { header: { r: 16, lora_alpha: 64 } }),
      'diffusers@0.42.1',
      'right, 1',
    ],
    ['kohya without alpha', adapterOf('kohya', { [`${SD}_attn1_to_q`]: { rank: 16 } }), 'comfyui', 'unknown, 1'],
    [
      'alphas that differ',
      adapterOf('kohya', {
        [`${SD}_attn1_to_q`]: { rank: 16, alpha: 4 },
        [`${SD}_ff_net_0_proj`]: { rank: 16, alpha: 8 },
        [`${SD}_ff_net_2`]: { rank: 16, alpha: 8 },
      }),
      'diffusers@0.42.1',
      'strong 2, 1',
    ],
    ['use_rslora, refused by releases that know the key', RSLORA, 'vllm@0.6.5', 'refused, 2'],
    ['a language model in a program for images', PLAIN, 'comfyui', 'refused, 2'],
    [
      'a PEFT folder of an image model',
      adapterOf(
        'peft',
        { [`transformer_${SD}`]: { rank: 16 }, 'transformer_blocks.0.attn.to_q': { rank: 16 } },
        { config: { r: 16, lora_alpha: 64 } },
      ),
      'comfyui',
      'weak 0.25, 2',
    ],
    ['CorDA', peft({ init_lora_weights: 'corda' }), 'peft', 'unknown, 1'],
    ['PiSSA', peft({ init_lora_weights: 'pissa' }), 'peft', 'right, 2'],
    ['KaSA, which 0.21 brought', peft({ kasa_config: { beta: 1 } }), 'peft@0.20.0', 'unknown, 1'],
    ['KaSA', peft({ kasa_config: { beta: 1 } }), 'peft@0.21.2', 'right, 2'],
    ['layer_replication', peft({ layer_replication: [[0, 2]] }), 'peft@0.15.0', 'right, 2'],
    ['target_parameters', peft({ target_parameters: ['w'] }), 'peft@0.19.0', 'right, 2'],
    ['another layout', adapterOf('kohya', { a: { rank: 16, alpha: 4 } }), 'vllm', 'refused, 1'],
  ])('%s: %#', (_, adapter, engine, expected) => {
    const found = audit(adapter, [engine]);
    expect(said(found), found.map(({ why }) => why).join('\n')).toBe(expected);
  });

  it('says of which number of GPUs a padded rank is right', () => {
    const why = (rank: number): string | undefined =>
      audit(peft({ r: rank, lora_alpha: rank }, { [Q]: { rank }, [V]: { rank } }), ['lorax'])[0]?.why;
    expect([why(16), why(64)]).toEqual([expect.stringContaining('on one GPU'), '']);
  });

  it('says “ran” only of what the run asked', () => {
    const evidence = (adapter: Adapter, engine: string): string | undefined => audit(adapter, [engine])[0]?.evidence;
    expect(evidence(RSLORA, 'vllm@0.33.0')).toBe('ran');
    expect(evidence(peft({ fan_in_fan_out: true }), 'vllm@0.33.0')).toBe('read');
    expect(evidence(PATTERNS, 'sglang@0.5.23')).toBe('read');
    expect(evidence(PLAIN, 'kohya')).toBe('read');
  });
});
