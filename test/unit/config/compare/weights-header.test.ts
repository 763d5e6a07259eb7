import { describe, expect, it } from 'vitest';
import { headerLength, weightsNumbers } from '../../../../src/config/compare/weights-header';

describe('the length of a header', () => {
  it.each([
    ['of two bytes', [2, 0, 0, 0, 0, 0, 0, 0], 2],
    ['with further bytes behind', [0, 1, 0, 0, 0, 0, 0, 0, 123], 256],
    ['beyond the longest', [1, 0, 64, 0, 0, 0, 0, 0], null],
    ['of 64 bits', [255, 255, 255, 255, 255, 255, 255, 255], null],
    ['of a file that ends before', [2, 0, 0], null],
  ])('%s', (_, bytes, expected) => {
    expect(headerLength(Uint8Array.from(bytes))).toBe(expected);
    expect(headerLength(Uint8Array.from([9, ...bytes]).subarray(1))).toBe(expected);
  });
});

const kohya = (dim: string, alpha: string, module = 'networks.lora'): string =>
  JSON.stringify({
    __metadata__: { ss_network_module: module, ss_network_dim: dim, ss_network_alpha: alpha },
    'lora_unet_a.lora_down.weight': { dtype: 'F16', shape: [16, 4], data_offsets: [0, 128] },
  });
const oneTrainer = (config: object): string => JSON.stringify({ __metadata__: { ot_config: JSON.stringify(config) } });

describe('the numbers of a weights file', () => {
  it.each([
    ['sd-scripts', kohya('16', '8.0'), { rank: 16, scaling: 0.5 }],
    ['sd-scripts, where alpha 0 is the rank', kohya('16', '0'), { rank: 16, scaling: 1 }],
    ['musubi-tuner', kohya('32', '16', 'networks.lora_wan'), { rank: 32, scaling: 0.5 }],
    ['several ranks', kohya('Dynamic', 'Dynamic'), null],
    ['no rank', kohya('None', '1'), null],
    ['no number', kohya('16', ''), null],
    ['LyCORIS', kohya('16', '8', 'lycoris.kohya'), null],
    ['OneTrainer', oneTrainer({ lora_rank: 16, lora_alpha: 1, peft_type: 'LORA' }), { rank: 16, scaling: 1 / 16 }],
    ['OneTrainer, LoHa', oneTrainer({ lora_rank: 16, lora_alpha: 1, peft_type: 'LOHA' }), null],
    ['OneTrainer without its config', JSON.stringify({ __metadata__: { ot_branch: 'master' } }), null],
    ['other metadata', JSON.stringify({ __metadata__: { format: 'pt' } }), null],
    ['no metadata', '{}', null],
    ['no JSON', '{"__metadata__": {', null],
    ['a list', '[1]', null],
    ['nothing', 'null', null],
    ['nested without end', '['.repeat(100_000), null],
  ])('of %s', (_, header, expected) => {
    expect(weightsNumbers(header)).toEqual(expected);
  });
});
