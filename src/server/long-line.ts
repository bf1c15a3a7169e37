import type { Readable, Writable } from 'node:stream';

/** What is kept of a line at both ends: enough to find the id of a request there, where every client writes it. */
const KEPT = 256;
/** A longer line is not waited for. */
const MOST = 56 * 1024 * 1024;
/** Nor is one that stops growing. */
const PATIENCE_MS = 1500;
const LINE_FEED = 10;
const INVALID_REQUEST = -32600;

interface Line {
  readonly length: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

export interface LongLines {
  /** After the transport gave up on a line: reads it to its end and answers the request in it, so that nobody waits for nothing. */
  refuse(): Promise<void>;
  stop(): void;
}

/** Watches a stream of lines that another listener reads. */
export function watchLines(stdin: Readable, stdout: Writable): LongLines {
  let before = grown(undefined, Buffer.alloc(0));
  let line = before;
  let latest: Buffer = Buffer.alloc(0);
  let onChunk = () => {};
  const watch = (chunk: Buffer) => {
    before = line;
    latest = chunk;
    const end = chunk.lastIndexOf(LINE_FEED);
    line = end === -1 ? grown(line, chunk) : grown(undefined, chunk.subarray(end + 1));
    onChunk();
  };
  // Ahead of the transport, so that the chunk it gives up on is known here.
  stdin.prependListener('data', watch);
  const stop = () => {
    stdin.off('data', watch);
    stdin.pause();
  };
  /** The long line, once it has ended: it began before the chunk that has its line feed. */
  const ended = () => {
    const end = latest.indexOf(LINE_FEED);
    return end === -1 ? undefined : grown(before, latest.subarray(0, end));
  };
  const wholeLine = () =>
    new Promise<Line | undefined>(resolve => {
      const done = (whole: Line | undefined) => {
        clearTimeout(timer);
        stdin.off('end', nothing);
        stop();
        resolve(whole);
      };
      const nothing = () => done(undefined);
      let timer = setTimeout(nothing, PATIENCE_MS);
      stdin.once('end', nothing);
      onChunk = () => {
        const whole = ended();
        if (whole !== undefined) return done(whole);
        if (line.length > MOST) return nothing();
        clearTimeout(timer);
        timer = setTimeout(nothing, PATIENCE_MS);
      };
      onChunk();
      stdin.resume();
    });
  return {
    async refuse() {
      const whole = await wholeLine();
      const id = whole === undefined ? undefined : requestId(whole.head.toString(), whole.tail.toString());
      if (id === undefined) return;
      const message =
        'The message is longer than 10 MiB, so nothing was done, and the server ends. Start it again and send less: what is larger stays a file, and a text names it.';
      const answer = { jsonrpc: '2.0', id, error: { code: INVALID_REQUEST, message } };
      await new Promise(resolve => stdout.write(`${JSON.stringify(answer)}\n`, resolve));
    },
    stop,
  };
}

function grown(line: Line | undefined, more: Buffer): Line {
  const { length, head, tail } = line ?? { length: 0, head: more.subarray(0, 0), tail: more.subarray(0, 0) };
  return {
    length: length + more.length,
    head: head.length < KEPT ? Buffer.concat([head, more.subarray(0, KEPT - head.length)]) : head,
    tail: Buffer.concat([tail, more.subarray(-KEPT)]).subarray(-KEPT),
  };
}

const ID = /(?<![\\\w])"id"\s*:\s*(\d{1,15}|"[^"\\]{1,100}")\s*/;
/** Its last member: nothing but the end of the message follows, so that it is no part of a string in it. */
const LAST = new RegExp(`[,{]\\s*${ID.source}\\}\\s*$`);
/** Among its first members, before any that has members of its own. */
const FIRST = new RegExp(
  `^\\s*\\{\\s*(?:"(?:jsonrpc|method)"\\s*:\\s*"[^"\\\\]{1,100}"\\s*,\\s*){0,2}${ID.source},`,
);

function requestId(head: string, tail: string): string | number | undefined {
  const found = (FIRST.exec(head) ?? LAST.exec(tail))?.[1];
  return found === undefined ? undefined : found.startsWith('"') ? found.slice(1, -1) : Number(found);
}
