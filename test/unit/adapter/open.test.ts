import { describe, expect, it } from 'vitest';
import type { Adapter, Source } from '../../../src/adapter/adapter';
import { measureModule } from '../../../src/adapter/measure';
import { adapterFiles, adapterFilesOf, openAdapter } from '../../../src/adapter/open';
import { moduleGroups } from '../../../src/adapter/summary';
import { config, peftEntries, safetensors, type Entry } from '../../support/adapter-files';
import { gguf } from './gguf-file';

async function opened(...sources: Source[]): Promise<Adapter> {
  const adapter = await openAdapter(sources);
  if ('wrong' in adapter) throw new Error(adapter.wrong);
  return adapter;
}

const down = (stem: string, rank = 2, alpha: number | null = 1): Record<string, Entry> => ({
  [`${stem}.lora_down.weight`]: { shape: [rank, 6], dtype: 'F16' },
  [`${stem}.lora_up.weight`]: { shape: [5, rank], dtype: 'F16' },
  ...(alpha !== null && { [`${stem}.alpha`]: { shape: [], numbers: [alpha], dtype: 'F16' } }),
});
const pair = (stem: string, a = '.lora_A.weight', b = '.lora_B.weight'): Record<string, Entry> => ({
  [`${stem}${a}`]: { shape: [2, 6] },
  [`${stem}${b}`]: { shape: [5, 2] },
});
const lora = (values: object): Source => config({ peft_type: 'LORA', r: 2, lora_alpha: 8, ...values });

describe('layouts', () => {
  const metadata = (values: object): Record<string, string> => ({ lora_adapter_metadata: JSON.stringify(values) });
  it.each<[what: string, Source[], layout: string, scaling: number | null]>([
    ['PEFT', [safetensors(peftEntries([2])), lora({})], 'peft', 4],
    ['PEFT with rsLoRA', [safetensors(peftEntries([4])), lora({ r: 4, use_rslora: true })], 'peft', 4],
    ['kohya', [safetensors(down('lora_unet_down_blocks_0_attn1_to_q'))], 'kohya', 0.5],
    ['kohya with alpha 0', [safetensors(down('lora_te_fc1', 2, 0))], 'kohya', 1],
    ['kohya without alpha', [safetensors(down('lora_te_fc1', 2, null))], 'kohya', null],
    ['alpha in the header', [safetensors(down('lora_te_fc1', 2, null), { ss_network_alpha: '4' })], 'kohya', 2],
    ['LyCORIS', [safetensors(down('lora_te_fc1'), { ss_network_module: 'lycoris.kohya' })], 'lycoris', 0.5],
    ['OneTrainer', [safetensors(down('lora_transformer_blocks_0'))], 'onetrainer', 0.5],
    ['diffusers', [safetensors(pair('transformer.blocks.0.attn.to_q'))], 'diffusers', null],
    [
      'diffusers with metadata',
      [safetensors(pair('unet.mid_block.to_q'), metadata({ 'unet.r': 2, 'unet.lora_alpha': 6 }))],
      ...(['diffusers', 3] as const),
    ],
    ['old diffusers', [safetensors(pair('unet.a.to_q', '_lora.down.weight', '_lora.up.weight'))], 'diffusers-old', 1],
    ['ai-toolkit', [safetensors(pair('transformer.a'), { software: '{"name": "ai-toolkit"}' })], 'ai-toolkit', 1],
    [
      'mlx-lm',
      [
        safetensors({ 'model.q.lora_a': { shape: [6, 2] }, 'model.q.lora_b': { shape: [2, 5] } }),
        config({ lora_parameters: { rank: 2, scale: 20, dropout: 0 } }),
      ],
      ...(['mlx', 20] as const),
    ],
    [
      'torchtune',
      [safetensors(pair('layers.0.attn.q_proj', '.lora_a.weight', '.lora_b.weight')), lora({})],
      'torchtune',
      4,
    ],
    [
      'NeMo',
      [safetensors(pair('m.adapter_layer.lora_kqv_adapter', '.linear_in.weight', '.linear_out.weight'))],
      'nemo',
      null,
    ],
    ['GGUF', [gguf(8)], 'gguf', 4],
    ['GGUF with alpha 0', [gguf(0)], 'gguf', 1],
    ['an unfolded diffusion model', [safetensors(pair('diffusion_model.double_blocks.0'))], 'ai-toolkit', null],
  ])('%s', async (_what, sources, layout, scaling) => {
    const adapter = await opened(...sources);
    expect([adapter.layout, adapter.modules[0]?.rank, adapter.modules[0]?.scaling]).toEqual([
      ...[layout, layout === 'peft' && scaling === 4 ? adapter.modules[0]?.a.shape[0] : 2, scaling],
    ]);
  });
});

it('gives each module of PEFT the rank and alpha of the first pattern that it matches', async () => {
  const patterns = { rank_pattern: { 'layers.1.q_proj': 4, q_proj: 2 }, alpha_pattern: { '^layers\\.[01].q_proj': 6 } };
  const adapter = await opened(safetensors(peftEntries([2, 4, 2])), lora(patterns));
  expect(adapter.modules.map(({ statedRank, alpha, scaling }) => [statedRank, alpha, scaling])).toEqual([
    ...[
      [2, 6, 3],
      [4, 6, 1.5],
      [2, 8, 4],
    ],
  ]);
  expect(adapter.faults).toEqual([]);
  expect(moduleGroups(adapter)).toHaveLength(3);
});

it.each<[fault: string, Source[]]>([
  ['no-config', [safetensors(peftEntries([2]))]],
  ['no-alpha', [safetensors(peftEntries([2])), config({ peft_type: 'LORA', r: 2 })]],
  ['rank-differs', [safetensors(peftEntries([2])), lora({ r: 4 })]],
  ['alpha-zero', [safetensors(peftEntries([2])), lora({ lora_alpha: 0 })]],
  [
    'alpha-beside-peft',
    [safetensors({ ...peftEntries([2]), 'base_model.model.layers.0.q_proj.alpha': { shape: [] } }), lora({})],
  ],
  ['alpha-twice', [safetensors(down('lora_te_fc1'), { lora_adapter_metadata: '{"unet.r": 2}' })]],
  ['alpha-in-header', [safetensors(pair('transformer.a'), { lora_alpha: '32' })]],
  ['header-differs', [safetensors(down('lora_te_fc1'), { ss_network_dim: '8' })]],
  ['pattern-unused', [safetensors(peftEntries([2])), lora({ alpha_pattern: { v_proj: 4 } })]],
  ['pattern-unused', [safetensors(peftEntries([2])), lora({ alpha_pattern: { '(a+)+': 4 } })]],
  ['needs-base', [safetensors(peftEntries([2])), lora({ init_lora_weights: 'pissa_niter_4' })]],
  ['unpaired', [safetensors({ ...peftEntries([2]), 'base_model.model.x.lora_A.weight': { shape: [2, 6] } }), lora({})]],
  ['unknown-tensor', [safetensors({ ...down('lora_te_fc1'), emb_params: { shape: [3] } })]],
])('finds %s', async (fault, sources) => {
  const { faults } = await opened(...sources);
  expect(faults.map(({ code }) => code)).toContain(fault);
});

it.each<[what: string, names: string[], expected: unknown]>([
  [
    'the weights before others',
    ['optimizer.pt', 'adapter_model.safetensors', 'adapter_config.json', 'x.safetensors'],
    ['adapter_model.safetensors', 'adapter_config.json'],
  ],
  [
    'all shards',
    ['adapter_model-2-of-2.safetensors', 'adapter_model-1-of-2.safetensors'],
    ['adapter_model-1-of-2.safetensors', 'adapter_model-2-of-2.safetensors'],
  ],
  [
    'not some of the shards',
    ['adapter_model-00001-of-00003.safetensors', 'adapter_model-00003-of-00003.safetensors'],
    { wrong: 'The adapter has 3 files, and 2 of them are here.' },
  ],
  [
    'no pickle',
    ['adapter_model.bin'],
    { wrong: 'adapter_model.bin may run code when it is opened, so it is not. Save it as .safetensors.' },
  ],
  [
    'not one of several',
    ['a.safetensors', 'b.safetensors'],
    { wrong: 'There are several weights: a.safetensors, b.safetensors. Name one of them.' },
  ],
  ['nothing', ['README.md'], { wrong: 'There are no weights of an adapter (.safetensors, .gguf).' }],
])('takes of a folder %s', (_what, names, expected) => expect(adapterFiles(names)).toEqual(expected));

it('has few reads at once, whatever the number of modules', async () => {
  const modules = Object.assign({}, ...Array.from({ length: 300 }, (_, i) => down(`lora_te_layers_${i}_fc1`)));
  const source = safetensors(modules as Record<string, Entry>);
  let [now, most] = [0, 0];
  const read: Source['read'] = async (offset, length) => {
    most = Math.max(most, ++now);
    const bytes = await source.read(offset, length);
    now--;
    return bytes;
  };
  const adapter = await opened({ ...source, read });
  expect(adapter.modules.map(({ scaling }) => scaling)).toEqual(Array.from({ length: 300 }, () => 0.5));
  expect(most).toBeLessThanOrEqual(64);
});

it('says which file holds no LoRA', async () => {
  expect(await openAdapter([safetensors({ 'model.weight': { shape: [2] } })])).toEqual({
    wrong: 'adapter_model.safetensors holds no LoRA: its tensors (1) begin with model.weight, F32 2.',
  });
});

it('measures norm and spectrum of ΔW, and sees numbers that are not finite', async () => {
  const diagonal = [1, 0, 0, 0, 1, 0];
  const entries = {
    'transformer.a.lora_A.weight': { shape: [2, 3], numbers: diagonal },
    'transformer.a.lora_B.weight': { shape: [2, 2], numbers: [3, 0, 0, 0.25] },
    'transformer.b.lora_A.weight': { shape: [2, 3], numbers: diagonal },
    'transformer.b.lora_B.weight': { shape: [2, 2], numbers: [NaN, 0, 0, 1] },
  };
  const { modules } = await opened(safetensors(entries, { lora_alpha: '8' }));
  const [first, second] = await Promise.all(modules.map(measureModule));
  expect(first?.sigma?.map((x) => Number(x.toFixed(12)))).toEqual([12, 1]);
  expect([first?.norm, first?.stableRank, first?.used]).toEqual([
    ...[expect.closeTo(Math.sqrt(145)) as number, expect.closeTo(145 / 144) as number, 1],
  ]);
  expect(second).toMatchObject({ sigma: null });
});

it.each([
  ['a shard', 'adapter_model-00001-of-00002.safetensors', 3],
  ['weights', 'x.safetensors', 2],
  ['a config', 'adapter_config.json', 3],
])('takes the files that belong to %s', (_, file, count) => {
  const shards = [1, 2].map((i) => `adapter_model-0000${i}-of-00002.safetensors`);
  const found = adapterFilesOf(file, ['x.safetensors', ...shards, 'adapter_config.json']);
  const expected = count === 3 ? [...shards, 'adapter_config.json'] : [file, 'adapter_config.json'];
  expect(found).toEqual(expected);
});
