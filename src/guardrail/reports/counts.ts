/** What a test report says. `executed` counts tests that really ran; skipped, ignored and planned ones are `left`. */
export interface TestCounts {
  readonly executed: number;
  readonly failed: number;
  readonly left: number;
}

/** `problem` continues a sentence: why the report says nothing that can be relied on. */
export type ReportReading = TestCounts | { readonly problem: string };

/** The lines of a text without their ends, one at a time: a long text is not split into an array. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    yield text.slice(start, text.charAt(stop - 1) === '\r' ? stop - 1 : stop);
    start = stop + 1;
  }
}
