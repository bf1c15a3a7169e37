import * as fs from 'node:fs';

/** The variable that marks every process of a command, its descendants included. */
export const RUN_MARK = 'SPEC_KIT_RUN_ID';

export interface RunProcesses {
  /** What the mark of each of the processes contains. */
  readonly mark: string;
  /** Processes that were started as leaders of their own session and group. */
  readonly leaders: readonly number[];
  /** Absolute path of a file that only they write to. */
  readonly log?: string;
  /** None of them is older than this (clock ticks since boot). */
  readonly since?: number;
}

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly start: number;
}

/** True where processes can be looked up at all: on Linux. */
export const hasProcessList = fs.existsSync('/proc/self/stat');

/**
 * The living processes of a run, also those that left its group and session by setsid or a double fork: by session and
 * group, by the mark in their environment, by where they write, and all descendants of these. A process that clears its
 * environment, turns its output away and outlives its parents is not found.
 */
export function findProcesses(run: RunProcesses): RunningProcess[] {
  const since = run.since ?? 0;
  const candidates = processIds().flatMap(pid => {
    const one = readProcess(pid);
    return one !== undefined && one.start >= since && pid !== process.pid ? [one] : [];
  });
  const found = new Map<number, RunningProcess>();
  const take = (belongs: (one: RunningProcess) => boolean) => {
    for (const one of candidates) if (!found.has(one.pid) && belongs(one)) found.set(one.pid, one);
  };
  take(one => run.leaders.includes(one.session) || run.leaders.includes(one.group) || isMarked(one.pid, run));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    take(one => found.has(one.parent));
  }
  return [...found.values()];
}

/** True when a process of this group still runs, as opposed to having ended without anybody taking note. */
export function hasLivingMember(group: number): boolean {
  return processIds().some(pid => readProcess(pid)?.group === group);
}

/** Undefined for a process that has ended, even when nobody has taken note of it yet. */
export function readProcess(pid: number): RunningProcess | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const [state, parent, group, session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || state === '' || state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    start: Number(rest[15]),
  };
}

function processIds(): number[] {
  if (!hasProcessList) return [];
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0);
}

function isMarked(pid: number, { mark, log }: RunProcesses): boolean {
  if (readText(`/proc/${pid}/environ`).includes(mark)) return true;
  return log !== undefined && [1, 2].some(fd => targetOf(`/proc/${pid}/fd/${fd}`) === log);
}

/** Processes end while they are read, and others' may not be read. */
function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function targetOf(link: string): string {
  try {
    return fs.readlinkSync(link);
  } catch {
    return '';
  }
}
