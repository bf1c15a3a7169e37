import { PassThrough } from 'node:stream';
import type { Host } from '../../src/server/host.js';
import { overStdio } from '../../src/server/stdio.js';

/** A host served on two streams; `said`: all that it answered so far. */
export function onStreams(host: Host) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let out = '';
  stdout.setEncoding('utf8').on('data', chunk => {
    out += chunk;
  });
  return { stdin, serving: overStdio(host, { stdin, stdout }), said: () => out };
}
