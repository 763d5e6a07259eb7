import type { AdapterModule, Layout } from '../adapter';

type Endings = Readonly<Record<'a' | 'b' | 'alpha', string>>;

const PEFT: Endings = { a: '.lora_A.weight', b: '.lora_B.weight', alpha: '' };
const EMBEDDING: Endings = { ...PEFT, a: '.lora_embedding_A', b: '.lora_embedding_B' };
const DOWN: Endings = { a: '.lora_down.weight', b: '.lora_up.weight', alpha: '.alpha' };
const MLX: Endings = { ...PEFT, a: '.lora_a', b: '.lora_b' };

/** What stands behind a module's stem in a layout. */
export function endingsIn(layout: Layout, { kind }: AdapterModule): Endings {
  if (layout === 'mlx') return MLX;
  if (layout === 'kohya' || layout === 'onetrainer' || layout === 'lycoris') return DOWN;
  return layout === 'peft' && kind === 'embedding' ? EMBEDDING : PEFT;
}
