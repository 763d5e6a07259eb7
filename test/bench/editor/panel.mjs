// `npm run measure -- --panel [--json]`: drags the panel's slider and runs ten times in a real editor. Says how long the
// page was busy at a stretch, and how much the extension host's memory grew.
import { readdirSync, readFileSync } from 'node:fs';
import { openWindow } from '../../../scripts/window.mjs';

const RUNS = 10;
const IDLE_MS = 15_000;
/** Chromium reports tasks from this length on. */
const LONG_TASK_MS = 50;

/** Runs in every frame: keeps the length of every long task. */
function keepLongTasks() {
  window.loraAlphaLongTasks = [];
  new window.PerformanceObserver((list) =>
    window.loraAlphaLongTasks.push(...list.getEntries().map(({ duration }) => duration)),
  ).observe({ type: 'longtask' });
}

/** @returns lengths of long tasks in milliseconds, and memory of the extension host in MB */
export async function measurePanel() {
  const { page, panel, open, check, folder, close } = await openWindow({ initScript: keepLongTasks });
  const body = panel.locator('body');
  /** Long tasks of the page since the last call. */
  const longTasks = () => body.evaluate(() => window.loraAlphaLongTasks.splice(0));
  const settled = () => panel.locator('body[data-run="done"]:has(#verdict:not([data-stale]))').waitFor();
  try {
    await open('axolotl-llama3.yml');
    const opened = hostMemory(folder);
    await check();
    const first = await longTasks();
    const trained = hostMemory(folder);
    const slider = await panel.locator('#target-slider').boundingBox();
    await page.mouse.move(slider.x + slider.width / 2, slider.y + slider.height / 2);
    await page.mouse.down();
    const steps = 80;
    for (let step = 0; step <= steps; step++) {
      await page.mouse.move(slider.x + (slider.width * (20 + 60 * (step / steps))) / 100, slider.y + slider.height / 2);
    }
    await page.mouse.up();
    await settled();
    const dragged = await longTasks();
    for (let run = 0; run < RUNS; run++) {
      await body.evaluate(runOnce);
    }
    const streamed = await longTasks();
    await new Promise((done) => setTimeout(done, IDLE_MS));
    return { longTasks: { first, dragged, streamed }, hostMB: { opened, trained, after: hostMemory(folder) } };
  } finally {
    await close();
  }
}

/** Runs in the page: presses "Run again", and waits until that run is over, however short it was. */
function runOnce() {
  return new Promise((done) => {
    let began = false;
    const watch = new window.MutationObserver(() => {
      const { run } = document.body.dataset;
      began ||= run === 'running';
      if (!began || run !== 'done') return;
      watch.disconnect();
      done();
    });
    watch.observe(document.body, { attributeFilter: ['data-run'] });
    document.getElementById('run').click();
  });
}

/** Resident memory of the extension host that belongs to a server's folder, in MB. Linux only. */
function hostMemory(folder) {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (id, file) => {
    try {
      return readFileSync(`/proc/${id}/${file}`, 'utf8');
    } catch {
      // It has ended meanwhile.
      return '';
    }
  };
  // The server starts it, and was started with the folder.
  const parentOf = (id) => /PPid:\s+(\d+)/.exec(read(id, 'status'))?.[1] ?? '0';
  const host = processes.find(
    (id) => read(id, 'cmdline').includes('--type=extensionHost') && read(parentOf(id), 'cmdline').includes(folder),
  );
  if (!host) throw new Error(`no extension host of ${folder} was found in /proc`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(read(host, 'status'))?.[1]) / 1000;
}

export function panelReport({ longTasks, hostMB: { opened, trained, after } }) {
  const words = (tasks) =>
    tasks.length === 0
      ? `no task above ${LONG_TASK_MS} ms`
      : `${tasks.length} above ${LONG_TASK_MS} ms, the longest ${Math.max(...tasks).toFixed(0)} ms`;
  return [
    `until the first verdict      ${words(longTasks.first)}`,
    `dragging the slider          ${words(longTasks.dragged)}`,
    `${RUNS} runs that stream         ${words(longTasks.streamed)}`,
    `extension host               ${opened.toFixed(0)} MB, after the first verdict ${trained.toFixed(0)} MB, after ${RUNS} runs and ${IDLE_MS / 1000} s idle ${after.toFixed(0)} MB`,
  ].join('\n');
}
