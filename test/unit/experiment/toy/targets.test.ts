import { describe, expect, it } from 'vitest';
import { targetsOf } from '../../../../src/experiment/toy/targets';

const ALL = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'];
const of = (targetModules: string | string[] | null): readonly string[] => targetsOf({ targetModules }).projections;

describe('targetsOf', () => {
  it.each([
    [['q_proj', 'v_proj'], 'q v'],
    [['v_proj', 'q_proj', 'o_proj'], 'q v o'],
    [['q_proj', 'v_proj', 'output_proj', 'w1', 'w2', 'w3'], 'q v o gate up down'],
    [['query_key_value'], 'q k v'],
    [['Wqkv', 'out_proj', 'fc1', 'fc2'], 'q k v o up down'],
    [['c_attn', 'c_proj', 'c_fc'], 'q k v o up down'],
    [['attn.c_proj'], 'o'],
    [['transformer.h.0.mlp.c_proj'], 'down'],
    [['dense_h_to_4h', 'dense_4h_to_h', 'dense'], 'o up down'],
    [['qkv_proj', 'gate_up_proj'], 'q k v gate up'],
    [['to_q', 'to_k', 'to_v', 'to_out.0'], 'q k v o'],
    [['attn.to_k', 'ff.net.0.proj', 'ff.net.2'], 'k gate up down'],
    [['model.layers.3.self_attn.k_proj'], 'k'],
    ['q_proj, v_proj', 'q v'],
    ['all', ALL.join(' ')],
    ['all-linear', ALL.join(' ')],
  ])('reads %j as %s', (modules, projections) => {
    expect(of(modules).join(' ')).toBe(projections);
    expect(targetsOf({ targetModules: modules })).toMatchObject({ unknown: [], outside: [], isGuess: false });
  });

  it.each([
    [String.raw`.*\.(q|v)_proj`, 'q v'],
    [String.raw`.*(q_proj|v_proj)$`, 'q v'],
    [String.raw`model\.layers\.\d+\.(self_attn|mlp)\.(gate|up|down)_proj`, 'gate up down'],
    [String.raw`^(?!.*vision).*(?:q_proj|k_proj)`, 'q k'],
    [String.raw`.*_proj`, 'q k v o gate up down'],
    [String.raw`.*decoder.*(SelfAttention|EncDecAttention).*(k|v)$`, 'k v'],
    [
      String.raw`model.layers.[\d]+.(_checkpoint_wrapped_module.)?(mlp|self_attn).(up|down|gate|q)_proj`,
      'q gate up down',
    ],
    [String.raw`.*\.layers\.(3|7)\.self_attn\.(q|k)_proj|.*\.mlp\.(?:up|down)_proj`, 'q k up down'],
    ['transformer_blocks.*(to_q|to_out.0)', 'q o'],
    ['*.mlp.up_proj', 'up'],
    ['to_*', 'q k v o'],
    ['.*', ALL.join(' ')],
  ])('reads the pattern %s as %s', (pattern, projections) => {
    expect(of(pattern).join(' ')).toBe(projections);
  });

  it('never runs a pattern, so that one made to take for ever takes no time', () => {
    expect(of(`${'(a+)+'.repeat(40)}$q_proj`)).toContain('q');
    expect(of('(a|k)'.repeat(190))).toEqual(['q', 'v']);
    expect(targetsOf({ targetModules: '(a|b)'.repeat(2_000) }).isGuess).toBe(true);
    expect(targetsOf({ targetModules: '('.repeat(999) }).isGuess).toBe(true);
  });

  it('takes the paper’s where nobody says, or no name is known, and says which are not', () => {
    expect(targetsOf({ targetModules: null })).toMatchObject({ projections: ['q', 'v'], isGuess: true, unknown: [] });
    expect(targetsOf({ targetModules: ['mystery'] })).toMatchObject({ isGuess: true, unknown: ['mystery'] });
    const mixed = targetsOf({ targetModules: ['q_proj', 'lm_head', 'embed_tokens', 'mystery'] });
    expect(mixed).toMatchObject({
      projections: ['q'],
      outside: ['lm_head', 'embed_tokens'],
      unknown: ['mystery'],
      isGuess: false,
    });
  });
});

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
