import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const DRAIN_MS = 2000;
const live = new Set();

/** A child in a process group of its own, so that everything it starts goes with it. */
export function start(command, args, options) {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  live.add(child);
  const out = { child, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    out.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    out.stderr += text;
  });
  out.ended = new Promise(resolve => {
    child.on('error', error => {
      live.delete(child);
      out.stderr += error.message;
      resolve(null);
    });
    child.on('exit', code => {
      killGroup(child);
      live.delete(child);
      // What escaped from the group may hold the pipes open: what was said until then has to do.
      const timer = setTimeout(resolve, DRAIN_MS, code);
      child.on('close', () => {
        clearTimeout(timer);
        resolve(code);
      });
    });
  });
  return out;
}

/** Runs to its end; killed with everything it started after `limitMs`. `code` is null when it did not end by itself. */
export async function run(command, args, { limitMs, ...options }) {
  const out = start(command, args, options);
  const timer = setTimeout(() => killGroup(out.child), limitMs);
  const code = await out.ended;
  clearTimeout(timer);
  return { code, stdout: out.stdout, stderr: out.stderr };
}

/**
 * Runs a program to its exit code, and what it started with it. When stdin ends, the parent is gone: then everything ends and
 * `scratch` is removed.
 */
export async function runWithParent(scratch, main) {
  process.stdin
    .on('end', () => {
      killAll();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
      process.exit(1);
    })
    .resume();
  let code = 1;
  try {
    code = await main();
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
  } finally {
    killAll();
  }
  process.exit(code);
}

export function killAll() {
  for (const child of live) killGroup(child);
}

function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
