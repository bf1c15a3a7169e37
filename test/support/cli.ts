import { spawn } from 'node:child_process';
import path from 'node:path';

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const PROGRAM = path.join(import.meta.dirname, '../../dist/bin/spec-kit-mcp.js');

/** Runs the built program as a user would, with a home of its own, so that nobody's trust or token is touched. */
export function runCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: path.join(cwd, '.git/home'), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', chunk => {
    stderr += chunk;
  });
  return new Promise(resolve => child.on('close', exitCode => resolve({ exitCode, stdout, stderr })));
}
