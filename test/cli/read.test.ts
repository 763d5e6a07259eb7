import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, workspace } from './support/cli';

/** What `read --json` has of a file, as far as it is looked at here. */
type Documents = { findings: { code: string; message: string }[] }[];

describe('read', () => {
  it('compares a run with the config of the adapter that it goes on from', async () => {
    const folder = await workspace();
    const config =
      'finetuning_type: lora\nlora_rank: 8\nlora_alpha: 64\nresume_from_checkpoint: old\nlearning_rate: 1.0e-4\n';
    await writeFile(join(folder, 'train.yaml'), config);
    await mkdir(join(folder, 'old'));
    const said = async (): Promise<string[]> => {
      const { stdout } = await run(['read', 'train.yaml', '--json'], { cwd: folder });
      return (JSON.parse(stdout) as Documents).flatMap(({ findings }) =>
        findings.flatMap(({ code, message }) => (code === 'adapter-differs' ? [message] : [])),
      );
    };
    for (const odd of ['', '{"peft_type": "LOHA", "r": 8}', '{']) {
      await writeFile(join(folder, 'old', 'adapter_config.json'), odd);
      expect(await said()).toEqual([]);
    }
    await writeFile(join(folder, 'old', 'adapter_config.json'), '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}');
    expect(await said()).toEqual([expect.stringMatching(/scaling 2\. The scaling 8 .* Set lora_alpha = 16\./)]);
  });
});
