import { describe, expect, it } from 'vitest';
import { targetsOf } from '../../../../src/experiment/toy/targets';

const LLAMA = { norm: 'rms', gated: true };
const GPT = { norm: 'layer', gated: false };
const DIFFUSERS = { norm: 'layer', gated: true };

describe('the block whose layers are called so', () => {
  it.each([
    ['a Llama', ['q_proj', 'k_proj', 'gate_proj', 'down_proj'], LLAMA],
    ['attention alone', ['q_proj', 'v_proj'], LLAMA],
    ['all layers', 'all-linear', LLAMA],
    ['nothing stated', null, LLAMA],
    ['torchtune', ['q_proj', 'output_proj', 'w1', 'w2', 'w3'], LLAMA],
    ['Phi-2 or OPT', ['q_proj', 'fc1', 'fc2'], GPT],
    ['GPT-2', ['c_attn', 'c_proj'], GPT],
    ['GPT-2 by path', 'h.0.mlp.c_fc', GPT],
    ['GPT-NeoX', ['query_key_value', 'dense_h_to_4h'], GPT],
    ['BERT', ['query', 'value', 'output.dense'], GPT],
    ['a pattern', String.raw`.*\.(fc1|fc2)`, GPT],
    ['Stable Diffusion', ['to_q', 'to_k', 'to_v', 'to_out.0'], DIFFUSERS],
    ['its MLP', ['ff.net.0.proj', 'ff.net.2'], DIFFUSERS],
    ['Flux', 'attn.qkv,attn.proj,mlp.0,mlp.2', GPT],
    ['Wan', 'q,k,v,o,ffn.0,ffn.2', GPT],
    ['names of two kinds, with a gate', ['fc1', 'gate_proj'], LLAMA],
  ])('%s', (_, targetModules, block) => {
    expect(targetsOf({ targetModules }).block).toEqual(block);
  });
});
