import type { ReportReading } from './counts.js';
import { scanXml, type XmlElement } from './xml.js';

const LEFT = /^(skipped|disabled|notrun|suppressed|pending|ignored|todo)$/i;
const FAILED = /^(failed|failure|error|broken)$/i;

/** JUnit XML of any dialect: what counts are the test cases themselves, and what suites declare only when it is worse. */
export function readJunit(text: string): ReportReading {
  const tally = { executed: 0, failed: 0, left: 0, declared: 0, root: '' };
  const cases: { failed: boolean; left: boolean }[] = [];
  const problem = scanXml(text, {
    open(element) {
      if (element.parent === '') tally.root = element.name;
      if (element.name === 'testcase') cases.push(caseOf(element));
      else if (element.parent === 'testcase') mark(element.name, cases.at(-1));
      else if (element.name === 'error' && element.parent === 'testsuite') tally.failed++;
      if (/^testsuites?$/.test(element.name)) tally.declared = Math.max(tally.declared, declaredOf(element));
    },
    close(name) {
      const ended = name === 'testcase' ? cases.pop() : undefined;
      if (ended === undefined) return;
      if (ended.failed) tally.failed++;
      if (ended.left && !ended.failed) tally.left++;
      else tally.executed++;
    },
  });
  if (problem !== undefined) return { problem };
  if (!/^testsuites?$/.test(tally.root)) return { problem: `its root is <${tally.root}>, not <testsuites>` };
  const { executed, failed, left, declared } = tally;
  return { executed, failed: Math.max(failed, declared), left };
}

function caseOf({ attributes }: XmlElement): { failed: boolean; left: boolean } {
  const said = [attributes.get('status') ?? '', attributes.get('result') ?? ''];
  return { failed: said.some(word => FAILED.test(word)), left: said.some(word => LEFT.test(word)) };
}

/** `rerunFailure` and `flakyFailure` are of a test that passed in the end. */
function mark(name: string, current: { failed: boolean; left: boolean } | undefined): void {
  if (current === undefined) return;
  if (name === 'failure' || name === 'error') current.failed = true;
  if (name === 'skipped' || name === 'disabled') current.left = true;
}

function declaredOf({ attributes }: XmlElement): number {
  const number = (name: string) => {
    const text = attributes.get(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : 0;
  };
  return number('failures') + number('errors');
}
