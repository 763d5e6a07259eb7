import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Which files of tests each kind of window runs. They are loaded after mocha has set its globals. */
const SUITES: Record<string, () => Promise<unknown>> = {
  trusted: async () => {
    await import('./activation.test');
    await import('./codelens.test');
    await import('./check.test');
    await import('./following.test');
    await import('./crash.test');
  },
  untrusted: () => import('./untrusted.test'),
};

/** VS Code calls this inside the extension host; the window closes when it settles. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const name = process.env['LORA_ALPHA_SUITE'] ?? 'trusted';
  await SUITES[name]?.();
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('end', () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      const results = process.env['LORA_ALPHA_RESULTS'];
      if (results) writeFileSync(results, JSON.stringify({ passed: passes, failed: failures }));
    });
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}
