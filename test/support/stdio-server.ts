import { stopOnSignals } from '../../src/server/serving.js';
import { overStdio } from '../../src/server/stdio.js';
import { openTest } from './repository.js';
import { createTestHost } from './serving-host.js';

/** The server of the tests as a process of its own: stdio-server.js ROOT. Prints, too, as a careless package would. */
const host = createTestHost([openTest(process.argv[2] ?? '.')]);
const serving = overStdio({ ...host, log: line => process.stderr.write(`${line}\n`) });
stopOnSignals(serving);
Object.getOwnPropertyDescriptor(console, 'log')?.value('a careless print');
process.exit(await serving.ended);
