import { serveHttp } from '../../src/server/http.js';
import { stopOnSignals } from '../../src/server/serving.js';
import { openTest } from './repository.js';
import { createTestHost } from './serving-host.js';

/** The server of the tests over HTTP as a process of its own: http-server.js ROOT. Prints its URL on stdout. */
const { aborted, ...host } = createTestHost([openTest(process.argv[2] ?? '.')]);
const serving = await serveHttp(
  { ...host, log: line => process.stderr.write(`${line}\n`) },
  { port: 0, tokens: 'none', limits: { drainMs: 1000 } },
);
stopOnSignals(serving);
process.stdout.write(`${serving.url}\n`);
const code = await serving.ended;
process.stderr.write(`aborted: ${aborted.join()}\n`);
process.exit(code);
