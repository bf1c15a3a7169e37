import { linesOf, type ReportReading } from './counts.js';

interface Point {
  readonly ok: boolean;
  /** `# SKIP` or `# TODO`: it does not count. */
  readonly directive: string | undefined;
}

/** One level of indentation. `open`: its last point, when that ends in `{` and its subtests are still to come. */
interface Level {
  readonly indent: number;
  points: number;
  failed: number;
  plan: number | undefined;
  open: Point | undefined;
}

/** What the levels below a point had. */
interface Below {
  readonly had: boolean;
  readonly failed: number;
}

const NOTHING: Below = { had: false, failed: 0 };

interface Tap {
  /** Outermost first. */
  readonly levels: Level[];
  executed: number;
  failed: number;
  left: number;
  problem: string | undefined;
}

/**
 * TAP 12 to 14, subtests before their point (TAP 14) or in braces after it. A point with subtests counts through these, a
 * failure at any level. Each level must have as many points as it planned: a report that was cut short proves nothing.
 */
export function readTap(text: string): ReportReading {
  const tap: Tap = { levels: [], executed: 0, failed: 0, left: 0, problem: undefined };
  /** Indentation of the YAML block that the line is in. */
  let yaml: number | undefined;
  for (const line of linesOf(text)) {
    const indent = line.length - line.trimStart().length;
    const words = line.slice(indent).trimEnd();
    if (yaml !== undefined) yaml = words === '...' && indent === yaml ? undefined : yaml;
    else if (words === '---' && indent > 0) yaml = indent;
    else readLine(tap, indent, words);
  }
  closeDeeper(tap, -1);
  const { executed, failed, left, problem } = tap;
  return problem === undefined ? { executed, failed, left } : { problem };
}

function readLine(tap: Tap, indent: number, words: string): void {
  if (/^Bail out!/i.test(words)) tap.problem ??= 'it says that the run bailed out';
  const plan = /^1\.\.(\d{1,9})(?:\s|$)/.exec(words)?.[1];
  if (plan !== undefined) levelAt(tap, indent).plan = Number(plan);
  const [, not, rest] = /^(not )?ok\b(.*)$/.exec(words) ?? [];
  if (rest !== undefined) readPoint(tap, indent, not === undefined, rest);
}

function readPoint(tap: Tap, indent: number, ok: boolean, rest: string): void {
  const below = closeDeeper(tap, indent);
  const level = levelAt(tap, indent);
  const { open } = level;
  if (open !== undefined) count(tap, level, open, below);
  level.points++;
  const directive = /(?:^|\s)#\s*(skip|todo)/i.exec(rest)?.[1]?.toLowerCase();
  const point = { ok, directive };
  level.open = rest.endsWith(' {') ? point : undefined;
  if (level.open === undefined) count(tap, level, point, open === undefined ? below : NOTHING);
}

function count(tap: Tap, level: Level, { ok, directive }: Point, below: Below): void {
  level.failed += below.failed;
  if (!ok && directive !== 'todo' && below.failed === 0) {
    tap.failed++;
    level.failed++;
  }
  if (below.had) return;
  if (directive === undefined) tap.executed++;
  else tap.left++;
}

/** The innermost open level, at that indentation; opened when there is none. */
function levelAt(tap: Tap, indent: number): Level {
  closeDeeper(tap, indent);
  const last = tap.levels.at(-1);
  if (last?.indent === indent) return last;
  const opened = { indent, points: 0, failed: 0, plan: undefined, open: undefined };
  tap.levels.push(opened);
  return opened;
}

function closeDeeper(tap: Tap, indent: number): Below {
  let below = NOTHING;
  for (let last = tap.levels.at(-1); last !== undefined && last.indent > indent; last = tap.levels.at(-1)) {
    tap.levels.pop();
    if (last.open !== undefined) count(tap, last, last.open, below);
    else last.failed += below.failed;
    checkPlan(tap, last);
    below = { had: below.had || last.points > 0 || last.plan !== undefined, failed: last.failed };
  }
  return below;
}

function checkPlan(tap: Tap, { plan, points }: Level): void {
  if (plan === undefined) tap.problem ??= 'it has test points without a plan (1..N), so it was cut short';
  else if (plan !== points) tap.problem ??= `it planned ${plan} tests and has ${points}, so it was cut short`;
}
