import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, workspace } from './support/cli';

/** What `read --json` has of a file, as far as it is looked at here. */
type Documents = { findings: { code: string; message: string }[] }[];

describe('read', () => {
  it('reads rank and alpha in the header of the weights that a run goes on from', async () => {
    const folder = await workspace();
    const config =
      'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 64\nnetwork_weights = "old.safetensors"\nlearning_rate = 1e-4\n';
    await writeFile(join(folder, 'train.toml'), config);
    const metadata = { ss_network_module: 'networks.lora', ss_network_dim: '8', ss_network_alpha: '16.0' };
    const header = Buffer.from(JSON.stringify({ __metadata__: metadata }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const said = async (): Promise<string[]> => {
      const { stdout } = await run(['read', 'train.toml', '--json'], { cwd: folder });
      return (JSON.parse(stdout) as Documents).flatMap(({ findings }) =>
        findings.flatMap(({ code, message }) => (code === 'adapter-differs' ? [message] : [])),
      );
    };
    for (const odd of [Buffer.alloc(0), length, Buffer.alloc(16, 255)]) {
      await writeFile(join(folder, 'old.safetensors'), odd);
      expect(await said()).toEqual([]);
    }
    await writeFile(join(folder, 'old.safetensors'), Buffer.concat([length, header, Buffer.alloc(64)]));
    expect(await said()).toEqual([expect.stringMatching(/scaling 2\. The scaling 8 .* Set network_alpha = 16\./)]);
  });
});
