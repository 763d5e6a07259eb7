import { describe, expect, it } from 'vitest';
import type { Adapter, Source } from '../../../src/adapter/adapter';
import { convert, isExact, type Conversion } from '../../../src/adapter/convert/convert';
import type { Goal } from '../../../src/adapter/convert/plan';
import { deviations } from '../../../src/adapter/convert/verify';
import { bytesSource } from '../../../src/adapter/files/source';
import { dotted, stemsIn, TARGETS } from '../../../src/adapter/layouts/places';
import { openAdapter } from '../../../src/adapter/open';
import { config, peftEntries, safetensors, type Entry } from '../../support/adapter-files';

async function opened(...sources: Source[]): Promise<Adapter> {
  const adapter = await openAdapter(sources);
  if ('wrong' in adapter) throw new Error(adapter.wrong);
  return adapter;
}
const lora = (values: object): Source => config({ peft_type: 'LORA', r: 2, lora_alpha: 8, ...values });
const kohya = (stem: string, rank = 2): Record<string, Entry> => ({
  [`${stem}.lora_down.weight`]: { shape: [rank, 6], dtype: 'F16' },
  [`${stem}.lora_up.weight`]: { shape: [5, rank], dtype: 'F16' },
  [`${stem}.alpha`]: { shape: [], numbers: [1], dtype: 'F16' },
});

/** The new adapter, as its files would be opened. */
async function reopened({ header, tensors, config: made }: Conversion): Promise<Adapter> {
  const parts = [...header];
  for (const tensor of tensors) for await (const bytes of tensor.chunks()) parts.push(...bytes);
  const weights = bytesSource('adapter_model.safetensors', Uint8Array.from(parts));
  return opened(weights, ...(made ? [config(made)] : []));
}
async function conversion(adapter: Adapter, goal: Goal): Promise<Conversion> {
  const made = await convert(adapter, goal);
  if ('wrong' in made) throw new Error(made.wrong);
  return made;
}

const mixed = (): Promise<Adapter> =>
  opened(safetensors(peftEntries([2, 4])), lora({ rank_pattern: { 'layers.1.q_proj': 4 } }));
const sd = (): Promise<Adapter> =>
  opened(
    safetensors(
      {
        ...kohya('lora_unet_mid_block_attentions_0_proj_in'),
        ...kohya('lora_te_text_model_encoder_layers_0_mlp_fc1', 4),
      },
      { ss_network_dim: '2', sshs_model_hash: 'x', kept: 'y' },
    ),
  );

describe('a conversion', () => {
  it.each<[goal: Goal, adapter: () => Promise<Adapter>, ranks: number[], scalings: number[], exact: boolean]>([
    [{ portable: true }, mixed, [8, 8], [1, 1], true],
    [{ portable: true, rank: 16 }, mixed, [16, 16], [1, 1], true],
    [{ portable: true, dtype: 'F16' }, mixed, [8, 8], [1, 1], true],
    [{ alpha: 'rank' }, mixed, [2, 4], [1, 1], true],
    [{ alpha: 16 }, mixed, [2, 4], [8, 4], true],
    [{ alpha: 6 }, mixed, [2, 4], [3, 1.5], false],
    [{ scaling: 0.5 }, mixed, [2, 4], [0.5, 0.5], true],
    [{ rslora: true }, mixed, [2, 4], [4, 2], true],
    [{ rank: 8 }, mixed, [8, 8], [4, 2], true],
    [{ to: 'mlx' }, mixed, [4, 4], [1, 1], true],
    [{ portable: true }, sd, [4, 4], [1, 1], true],
    [{ to: 'diffusers' }, sd, [2, 4], [1, 1], true],
    [{ to: 'onetrainer' }, sd, [2, 4], [0.5, 0.25], true],
    [{ to: 'kohya', alpha: 'rank', rank: 4 }, sd, [4, 4], [1, 1], true],
  ])('%j keeps ΔW', async (goal, adapter, ranks, scalings, exact) => {
    const made = await conversion(await adapter(), goal);
    const again = await reopened(made);
    const found = await deviations(made, again);
    if ('wrong' in found) throw new Error(found.wrong);
    const byName = new Map(again.modules.map((module) => [`${module.prefix}${module.name}`, module]));
    const modules = made.jobs.map(({ stem }) => byName.get(stem));
    expect(modules.map((module) => module?.rank)).toEqual(ranks);
    modules.forEach((module, i) => expect(module?.scaling).toBeCloseTo(scalings[i] ?? NaN, 12));
    expect(isExact(made)).toBe(exact);
    for (const { relative } of found) expect(relative).toBeLessThan(exact ? 1e-300 : 1e-6);
    expect(again.faults).toEqual([]);
  });

  it('keeps the metadata, but for what would be false', async () => {
    const { metadata } = await reopened(await conversion(await sd(), { portable: true }));
    expect(metadata).toEqual({ ss_network_dim: '4', kept: 'y' });
  });

  it('keeps saying rank and alpha in the header, also by way of a layout that holds no alpha', async () => {
    const metadata = { ss_network_dim: '2', ss_network_alpha: '1', lora_alpha: '1', note: '1' };
    let adapter = await opened(safetensors(kohya('lora_unet_mid_block_attentions_0_proj_in'), metadata));
    for (const to of ['diffusers', 'kohya'] as const) {
      adapter = await reopened(await conversion(adapter, { to }));
      expect(adapter.metadata).toMatchObject({ ...metadata, ss_network_alpha: '2', lora_alpha: '2' });
      expect([adapter.faults, adapter.modules[0]?.scaling]).toEqual([[], 1]);
    }
  });

  it('finds the nearest ΔW of a smaller rank, and keeps a share of the energy', async () => {
    const entries = {
      'base_model.model.q.lora_A.weight': { shape: [2, 2], numbers: [1, 0, 0, 1] },
      'base_model.model.q.lora_B.weight': { shape: [2, 2], numbers: [4, 0, 0, 3] },
    };
    const adapter = await opened(safetensors(entries), lora({}));
    for (const [goal, rank, error] of [
      [{ rank: 1 }, 1, 0.6],
      [{ keep: 0.6 }, 1, 0.6],
      [{ keep: 0.99 }, 2, 0],
    ] as const) {
      const made = await conversion(adapter, goal);
      const again = await reopened(made);
      expect([again.modules[0]?.rank, again.modules[0]?.scaling]).toEqual([rank, 4]);
      expect(made.jobs[0]?.cut?.error ?? 0).toBeCloseTo(error);
      // What was read again is held against the nearest ΔW, not against the old one.
      expect(await deviations(made, again)).toEqual([expect.objectContaining({ relative: 0 })]);
    }
  });

  const dora = { ...peftEntries([2]), 'base_model.model.layers.0.q_proj.lora_magnitude_vector': { shape: [5] } };
  const whole = { ...peftEntries([2]), 'base_model.model.lm_head.weight': { shape: [3] } };
  const bias = { ...peftEntries([2]), 'base_model.model.layers.0.q_proj.lora_B.bias': { shape: [5] } };
  const embedding = {
    'base_model.model.model.embed_tokens.base_layer.weight': { shape: [7, 3] },
    'base_model.model.model.embed_tokens.lora_embedding_A': { shape: [2, 7] },
    'base_model.model.model.embed_tokens.lora_embedding_B': { shape: [3, 2] },
  };
  const twice = { ...peftEntries([2]), 'base_model.model.layers.0.q_proj.lora_A.default.weight': { shape: [2, 6] } };
  it.each<[what: string, values: object, entries: Record<string, Entry>]>([
    ['layer_replication', { layer_replication: [[0, 2]] }, peftEntries([2])],
    ['fan_in_fan_out', { fan_in_fan_out: true }, peftEntries([2])],
    ["copy of the base model's weights", {}, embedding],
    ['lora_bias', { lora_bias: true }, bias],
  ])('the portable form has a note on %s', async (what, values, entries) => {
    const made = await conversion(await opened(safetensors(entries), lora(values)), { portable: true });
    expect(made.notes).toEqual([expect.stringContaining(what)]);
  });

  it('is not called exact where alpha is rounded to the tensor that holds it', async () => {
    const raw = { 'unet.r': 2, 'unet.lora_alpha': 8, 'unet.use_rslora': true };
    const entries = {
      'unet.mid_block.attentions.0.proj_in.lora_A.weight': { shape: [2, 6] },
      'unet.mid_block.attentions.0.proj_in.lora_B.weight': { shape: [5, 2] },
    };
    const adapter = await opened(safetensors(entries, { lora_adapter_metadata: JSON.stringify(raw) }));
    const made = await conversion(adapter, { to: 'kohya' });
    expect([isExact(made), made.jobs[0]?.factor]).toEqual([false, 1]);
    expect((await reopened(made)).modules[0]?.scaling).toBe(made.jobs[0]?.to);
  });

  it("keeps one alpha: in diffusers' metadata, and a bias of B with it", async () => {
    const stem = 'transformer.proj_out';
    const sides = { [`${stem}.lora_A.weight`]: { shape: [2, 6] }, [`${stem}.lora_B.weight`]: { shape: [5, 2] } };
    const others = { [`${stem}.alpha`]: { shape: [], numbers: [1] }, [`${stem}.lora_B.bias`]: { shape: [5] } };
    const again = await reopened(
      await conversion(await opened(safetensors({ ...sides, ...others })), { portable: true }),
    );
    expect([again.faults, again.config?.loraBias, again.modules[0]?.alphaTensor]).toEqual([[], true, null]);
  });

  it('spells the keys of PEFT as PEFT reads them', async () => {
    const entries = {
      'base_model.model.q.lora_A.default.weight': { shape: [2, 6] },
      'base_model.model.q.lora_B.default.weight': { shape: [5, 2] },
    };
    const { tensors } = await conversion(await opened(safetensors(entries), lora({})), { alpha: 4 });
    expect(tensors.map(({ key }) => key)).toEqual([
      'base_model.model.q.lora_A.weight',
      'base_model.model.q.lora_B.weight',
    ]);
  });

  const lokr = { 'lora_unet_a.lokr_w1': { shape: [2, 2] }, 'lora_unet_a.lokr_w2': { shape: [2, 2] } };
  it.each<[goal: Goal, sources: Source[], part: string]>([
    [{ portable: true }, [safetensors(dora), lora({ use_dora: true })], 'magnitude (DoRA)'],
    [{ portable: true }, [safetensors(whole), lora({})], 'lm_head.weight is a whole tensor'],
    [{ portable: true }, [safetensors(lokr)], 'is not B·A alone'],
    [{ portable: true }, [safetensors(peftEntries([2])), lora({ init_lora_weights: 'olora' })], 'The init olora'],
    [{ portable: true }, [safetensors(peftEntries([2]))], 'is unknown'],
    [{ dtype: 'F16' }, [safetensors(peftEntries([2])), lora({ lora_alpha: 0 })], 'alpha is 0'],
    [{ to: 'mlx' }, [safetensors(bias), lora({})], 'has a bias of B'],
    [{ to: 'kohya' }, [safetensors(peftEntries([2])), lora({})], 'no names for the modules of this language model'],
    [{ to: 'diffusers' }, [safetensors(kohya('lora_unet_input_blocks_4_1_proj_in'))], 'The dots in'],
    [
      { to: 'peft' },
      [safetensors({ ...kohya('lora_unet_conv_in'), ...kohya('lora_te_text_model_encoder_layers_0_mlp_fc1') })],
      'has several models',
    ],
    [{ rslora: true }, [safetensors(kohya('lora_unet_conv_in'))], 'Only PEFT knows rsLoRA'],
    [{ rank: 4 }, [safetensors(peftEntries([2])), lora({ init_lora_weights: 'pissa' })], 'The init pissa'],
    [{ alpha: 4 }, [safetensors(peftEntries([2])), lora({ init_lora_weights: 'olora' })], 'The init olora'],
    [{ portable: true }, [safetensors(peftEntries([2])), lora({ kasa_config: { beta: 1 } })], 'kasa_config'],
    [{ to: 'mlx' }, [safetensors(peftEntries([2])), lora({ layer_replication: [[0, 2]] })], 'layer_replication'],
    [{ to: 'mlx' }, [safetensors(embedding), lora({})], "is a copy of the base model's weights"],
    [{ portable: true }, [safetensors(peftEntries([2])), lora({ alpha_pattern: { '(?i)Q_proj': 4 } })], 'is unknown'],
    [{ portable: true }, [safetensors(peftEntries([2])), lora({ alpha_pattern: { 'q_proj\\Z': 4 } })], 'is unknown'],
    [{ portable: true }, [safetensors(twice), lora({})], 'lora_A.default.weight is a whole tensor'],
  ])('%j is refused with its reason', async (goal, sources, part) => {
    expect(await convert(await opened(...sources), goal)).toEqual({ wrong: expect.stringContaining(part) as string });
  });
});

it.each([
  [
    'down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_out_0',
    'down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_out.0',
  ],
  ['up_blocks_1_resnets_2_time_emb_proj', 'up_blocks.1.resnets.2.time_emb_proj'],
  ['text_model_encoder_layers_11_self_attn_q_proj', 'text_model.encoder.layers.11.self_attn.q_proj'],
  ['single_transformer_blocks_3_proj_mlp', 'single_transformer_blocks.3.proj_mlp'],
  ['output_blocks_3_1_proj_out', null],
])('%s has its dots at %s', (name, expected) => expect(dotted(name)).toBe(expected));

it('has an answer for every layout: names, or a sentence', async () => {
  for (const adapter of [await mixed(), await sd()]) {
    for (const target of TARGETS)
      expect(stemsIn(adapter, target)).toSatisfy((stems: object) => 'wrong' in stems || stems instanceof Map);
  }
});
