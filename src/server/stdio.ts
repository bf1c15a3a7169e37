import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer } from './create.js';
import { type Host, whenIdle } from './host.js';
import { createListening } from './listening.js';
import { printable } from './log-failure.js';
import { watchLines } from './long-line.js';
import type { Serving } from './serving.js';
import { joinHub } from './subscriptions.js';

const MAX_LINE = 10 * 1024 * 1024;
const MAX_LISTENS = 32;
const GRACE_MS = 1500;
const BAD_INPUT = 4;
const TOO_LONG = 'stdio: a line is longer than 10 MiB and so no message; closing.';

/**
 * Serves one client on two streams. `ended` resolves within two seconds of the client closing its end: 0, or 4
 * after a line that is too long to be a message, whose request is refused. Garbage lines are ignored.
 */
export function overStdio(
  host: Host,
  { stdin, stdout }: { stdin: Readable; stdout: Writable } = process,
): Serving {
  if (stdout === process.stdout) keepStdoutForMessages();
  const wire = new StdioServerTransport(stdin, stdout, { maxBufferSize: MAX_LINE });
  const listening = createListening(host.hub, MAX_LISTENS);
  let code = 0;
  let refused: Promise<void> | undefined;
  const handle = serveStdio(
    ({ era }) => {
      const server = createServer(host);
      joinHub(server, host.hub, era);
      return server;
    },
    {
      transport: wire,
      maxSubscriptions: MAX_LISTENS,
      onerror(error) {
        const tooLong = error.message.startsWith('ReadBuffer exceeded');
        if (tooLong) {
          code = BAD_INPUT;
          refused = lines.refuse();
        }
        host.log(tooLong ? TOO_LONG : `stdio: ${printable(error.message)}`);
      },
    },
  );
  const lines = watchLines(stdin, stdout);
  const deliver = wire.onmessage;
  wire.onmessage = (message: JSONRPCMessage) => {
    listening.notice(message);
    deliver?.(message);
  };
  const closed = new Promise<void>(resolve => {
    const onclose = wire.onclose;
    wire.onclose = () => {
      onclose?.();
      if (refused === undefined) lines.stop();
      listening.clear();
      resolve();
    };
  });
  return {
    close: () => handle.close(),
    ended: closed.then(() => Promise.all([whenIdle(host, GRACE_MS), refused])).then(() => code),
  };
}

/** A stray print of any package would be taken for a message. */
function keepStdoutForMessages(): void {
  const toStderr = console.error;
  Object.assign(console, { log: toStderr, info: toStderr, debug: toStderr, warn: toStderr });
}
