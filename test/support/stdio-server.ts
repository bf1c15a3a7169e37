import { stopOnSignals } from '../../src/server/serving.js';
import { overStdio } from '../../src/server/stdio.js';
import { openTest } from './repository.js';
import { createTestHost } from './serving-host.js';

/** The server of the tests as a process of its own, with a careless package in it: stdio-server.js ROOT */
const { aborted, ...host } = createTestHost([openTest(process.argv[2] ?? '.')]);
const serving = overStdio({ ...host, log: line => process.stderr.write(`${line}\n`) });
stopOnSignals(serving);
const { info } = console;
info('a careless print');
const code = await serving.ended;
process.stderr.write(`aborted: ${aborted.join()}\n`);
process.exit(code);
