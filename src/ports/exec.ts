import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandEnd, CommandRun, RunCommand } from '../workspace/command.js';
import { fileFailure } from './failure.js';
import { entryInside } from './paths.js';
import { withEntry } from './pinned.js';
import { signalGroup, signalProcess } from './process-group.js';
import { findProcesses, RUN_MARK } from './process-tree.js';
import { resolveProgram } from './program.js';
import { type Cause, type Limits, type Supervised, supervise } from './supervise.js';
import { ensureWatchdog, serverMark, watchNoMore, watchOver } from './watch.js';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND } = fs.constants;

export interface RunCommandOptions {
  readonly root: string;
  /** All that a command gets to see of an environment, but for the mark of its run. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
}

/** 64 MiB of output is a command gone wrong. Of less, `copyLog` keeps what a person reads. */
const LIMITS: Limits = { graceMs: 2000, shutdownGraceMs: 1000, maxLogBytes: 64 * 1024 * 1024 };

/** How long `endAllCommands` may take. */
const SHUTDOWN_MS = 2900;

const active = new Map<number, Promise<unknown>>();
const shutdown = new AbortController();

/**
 * Runs commands in `root`, each as the leader of its own session and group, with its output straight to its log file.
 * All commands end with this process: politely by `endAllCommands`, else at its exit, else by the watchdog.
 */
export function createRunCommand(options: RunCommandOptions): RunCommand {
  return async run => {
    const startedAt = performance.now();
    const opened: number[] = [];
    try {
      const end = await runInto(openStreams(run.folder ?? options.root, run, opened), options, run);
      return { ...end, durationMs: Math.round(performance.now() - startedAt) };
    } finally {
      for (const fd of opened) fs.closeSync(fd);
    }
  };
}

/** Ends every running command of this process and refuses new ones. Settles within 3 s. */
export async function endAllCommands(): Promise<void> {
  shutdown.abort();
  await Promise.race([Promise.allSettled(active.values()), delay(SHUTDOWN_MS, undefined, { ref: false })]);
  killAll();
}

/** The last resort, when the process ends without having ended its commands. */
function killAll(): void {
  for (const leader of active.keys()) signalGroup(leader, 'SIGKILL');
  if (active.size === 0) return;
  for (const { pid } of findProcesses({ mark: serverMark, leaders: [...active.keys()] }))
    signalProcess(pid, 'SIGKILL');
}

interface Streams {
  readonly logPath: string;
  readonly out: number;
  readonly error: number;
  readonly input: number | undefined;
}

/** Opens what a command writes to and reads from; each descriptor is also put into `opened`, to be closed. */
function openStreams(root: string, { log, errorLog, input }: CommandRun, opened: number[]): Streams {
  const open = (name: string, flags: number): { path: string; fd: number } => {
    try {
      const path = entryInside(root, name);
      const fd = withEntry(root, name, entry => fs.openSync(entry, flags | O_NOFOLLOW, 0o600));
      opened.push(fd);
      return { path, fd };
    } catch (error) {
      throw fileFailure(flags === O_RDONLY ? 'read the input' : 'create the log', name, error);
    }
  };
  const fresh = O_WRONLY | O_CREAT | O_EXCL | O_APPEND;
  const out = open(log, fresh);
  return {
    logPath: out.path,
    out: out.fd,
    error: errorLog === undefined ? out.fd : open(errorLog, fresh).fd,
    input: input === undefined ? undefined : open(input, O_RDONLY).fd,
  };
}

type Ending = Omit<CommandEnd, 'durationMs'>;

async function runInto(
  streams: Streams,
  { root, env: common, limits }: RunCommandOptions,
  run: CommandRun,
): Promise<Ending> {
  const [name = '', ...args] = run.argv;
  const env = { ...common, ...run.env };
  const cwd = run.folder ?? root;
  const program = resolveProgram(name, root, env['PATH'] ?? '');
  if ('problem' in program) return notStarted(program.problem);
  if (args.some(arg => arg.includes('\0'))) return notStarted('could not start: an argument holds a NUL.');
  const { execa } = await import('execa');
  if (run.signal.aborted || shutdown.signal.aborted) return cancelledBefore();

  ensureWatchdog();
  const mark = `${serverMark}-${randomBytes(8).toString('hex')}`;
  // A command that runs this product again: the inner commands belong to the outer one too.
  const outer = env[RUN_MARK] === undefined ? '' : `${env[RUN_MARK]} `;
  const child = execa(program.path, args, {
    cwd,
    env: { ...env, [RUN_MARK]: outer + mark },
    extendEnv: false,
    preferLocal: false,
    detached: true,
    cleanup: false,
    windowsHide: true,
    buffer: false,
    reject: false,
    ...handedOver(streams),
  });
  if (child.pid === undefined) return notStarted(spawnProblem((await child).code, cwd));

  const leader = child.pid;
  const work = supervise(
    {
      leader,
      mark,
      logPath: streams.logPath,
      logFds: [streams.out, streams.error],
      exited: child.then(() => undefined),
      timeoutMs: run.timeoutMs,
      cancel: run.signal,
      shutdown: shutdown.signal,
    },
    { ...LIMITS, ...limits, ...(run.maxLogBytes === undefined ? {} : { maxLogBytes: run.maxLogBytes }) },
  );
  const supervised = await register(leader, work);
  child.unref();
  return endingOf(supervised, child.exitCode, child.signalCode, run.timeoutMs);
}

/** The descriptors in the one form that execa's types know for any number. */
function handedOver({ out, error, input }: Streams) {
  const stdout = fs.createWriteStream('', { fd: out, autoClose: false });
  return {
    stdin: input === undefined ? 'ignore' : fs.createReadStream('', { fd: input, autoClose: false }),
    stdout,
    stderr: error === out ? stdout : fs.createWriteStream('', { fd: error, autoClose: false }),
  } as const;
}

async function register(leader: number, work: Promise<Supervised>): Promise<Supervised> {
  if (!process.listeners('exit').includes(killAll)) process.on('exit', killAll);
  active.set(leader, work);
  watchOver(leader);
  try {
    return await work;
  } catch (error) {
    signalGroup(leader, 'SIGKILL');
    throw error;
  } finally {
    active.delete(leader);
    watchNoMore(leader);
  }
}

function notStarted(reason: string): Ending {
  return { ending: 'not_started', exitCode: null, signal: null, reason, leftovers: false };
}

function cancelledBefore(): Ending {
  return { ...notStarted('was cancelled before it started.'), ending: 'cancelled' };
}

function spawnProblem(code: string | undefined, cwd: string): string {
  if (!fs.existsSync(cwd)) return 'could not start: the folder to run in is gone.';
  const problems: Readonly<Record<string, string>> = {
    ENOENT: 'the interpreter that its #! line names does not exist',
    EACCES: 'its program, or the interpreter that its #! line names, is not executable',
    ENOEXEC: 'its program is not made for this system',
    E2BIG: 'its arguments are longer than the system allows',
    EAGAIN: 'the system has no room for another process',
    ENOMEM: 'the system has no memory for another process',
  };
  return `could not start: ${problems[code ?? ''] ?? `the system answered ${code ?? 'with an unknown error'}`}.`;
}

function endingOf(
  { cause, leftovers }: Supervised,
  exitCode: number | null,
  signal: string | null,
  timeoutMs: number,
): Ending {
  const ending = cause === 'exited' && signal !== null ? 'signalled' : cause;
  const reasons: Readonly<Record<Cause | 'signalled', string>> = {
    exited: `exited with code ${exitCode}.`,
    signalled: `was killed by ${signal}.`,
    timeout: `was ended: it ran longer than ${timeoutMs} ms.`,
    cancelled: 'was ended: the call was cancelled.',
    truncated: 'was ended: it wrote more than a log may hold.',
  };
  return { ending, exitCode, signal, reason: reasons[ending], leftovers };
}
