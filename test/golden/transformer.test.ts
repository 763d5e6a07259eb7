import * as v from 'valibot';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../unit/experiment/support/lab';
import { KEPT_NAMES, specOf, compared } from './transformer/cases';

/** What transformer/main.ts has kept of PyTorch's runs. */
const fixture = v.parse(
  v.record(v.string(), v.array(v.array(v.number()))),
  JSON.parse(readFileSync(join(__dirname, 'transformer.json'), 'utf8')),
);

describe.each(['cpu', 'wasm'] as const)('the transformer on %s', (backend) => {
  it.each(KEPT_NAMES)('has PyTorch’s losses: %s', async (name) => {
    const spec = specOf(name, backend);
    const { losses } = await run(spec);
    expect(compared(spec, losses, fixture[name] ?? [])).toMatchObject({ ok: true });
    const [base = [], alone = []] = fixture[name] ?? [];
    expect(compared(spec, losses, [alone, base, ...losses.slice(2)])).toMatchObject({ ok: false });
  });
});
