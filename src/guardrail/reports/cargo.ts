import { linesOf, type ReportReading } from './counts.js';

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]{0,16}m`, 'g');
const RESULT =
  /^test result: (ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored; (\d{1,9}) measured; (\d{1,9}) filtered out/;

/** What `cargo test` prints: the sums of all test binaries, each of which must have come to its result. */
export function readCargo(text: string): ReportReading {
  const sums = { executed: 0, failed: 0, left: 0 };
  let running = 0;
  let results = 0;
  for (const raw of linesOf(text)) {
    const line = raw.includes(ESCAPE) ? raw.replace(COLOUR, '') : raw;
    if (/^running \d{1,9} tests?$/.test(line)) running++;
    const [, word, passed, failed, ignored, measured, filtered] = RESULT.exec(line) ?? [];
    if (word === undefined) continue;
    results++;
    sums.executed += Number(passed) + Number(failed) + Number(measured);
    sums.failed += word === 'FAILED' ? Math.max(1, Number(failed)) : Number(failed);
    sums.left += Number(ignored) + Number(filtered);
  }
  if (results === 0) return { problem: 'it has no line "test result:" of cargo test' };
  if (results < running)
    return {
      problem: `${running} test binaries started and ${results} came to a result, so it was cut short`,
    };
  return sums;
}
