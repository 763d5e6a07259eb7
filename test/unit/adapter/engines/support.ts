import type { Adapter, AdapterModule, Layout, Tensor } from '../../../../src/adapter/adapter';
import { configOf, DIFFUSERS_METADATA, type AdapterConfig } from '../../../../src/adapter/config';
import { statedOf } from '../../../../src/adapter/modules';

/** What a test says of a module; `alpha` is the value of its `.alpha`. */
interface Given {
  rank: number;
  alpha?: number;
  kind?: AdapterModule['kind'];
  magnitude?: string;
  bias?: boolean;
}

const tensor = (key: string): Tensor => ({
  key,
  dtype: 'F32',
  shape: [],
  source: { name: key, size: 0, read: () => Promise.reject(new Error('nothing is read')) },
  at: { offset: 0, length: 0 },
});

/** An adapter of which nothing but the header is there. */
export function adapterOf(
  layout: Layout,
  modules: Readonly<Record<string, Given>>,
  said: {
    config?: Record<string, unknown>;
    metadata?: Record<string, string>;
    header?: Record<string, unknown>;
    saved?: string[];
  } = {},
): Adapter {
  const config: AdapterConfig | null = said.config
    ? configOf('adapter_config.json', said.config)
    : said.header
      ? configOf(DIFFUSERS_METADATA, said.header)
      : null;
  const metadata = said.metadata ?? {};
  return {
    ...{ layout, config, metadata, faults: [], bytes: 0 },
    saved: (said.saved ?? []).map(tensor),
    modules: Object.entries(modules).map(([name, { rank, alpha, kind = 'linear', magnitude, bias }]) => {
      const stated = statedOf(name, rank, alpha ?? null, config, { layout, metadata });
      return {
        ...{ name, prefix: '', kind, rank, isTransposed: false, mid: null },
        ...stated,
        ...{ a: tensor(`${name}.lora_A.weight`), b: tensor(`${name}.lora_B.weight`) },
        alphaTensor: alpha === undefined ? null : tensor(`${name}.alpha`),
        magnitude: magnitude === undefined ? null : tensor(`${name}.${magnitude}`),
        biasB: bias ? tensor(`${name}.lora_B.bias`) : null,
      };
    }),
  };
}
