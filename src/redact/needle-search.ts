/** Offsets `[start, end)` of something to hide. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface NeedleSearch {
  /** No occurrence covers more bytes than this. */
  readonly reach: number;
  /** Every occurrence, overlapping ones too, that starts in `[from, to)`. `window` begins at offset `base`. */
  find(window: Buffer, base: number, from: number, to: number): Span[];
}

const NEWLINE = 10;
const RETURN = 13;

/** Needles are told apart by their first four bytes. */
const HEAD = 4;

/**
 * Looks for all needles in one pass, in time linear in the window whatever their number. Single line breaks are
 * looked through: `base64` and `xxd` wrap their output, and a terminal wraps a long secret.
 */
export function createNeedleSearch(needles: readonly Buffer[]): NeedleSearch {
  const seen = new Uint8Array(1 << 16);
  const byHead = new Map<number, Buffer[]>();
  for (const needle of needles) {
    const { bytes } = unwrap(needle);
    const head = bytes.readUInt32BE(0);
    seen[slot(head)] = 1;
    byHead.set(head, [...(byHead.get(head) ?? []), bytes]);
  }

  /** Length of the longest needle at `start`, whose first bytes are `head`; 0 when there is none. */
  const lengthAt = (bytes: Buffer, start: number, head: number): number => {
    if (seen[slot(head)] === 0 || start < 0) return 0;
    const fitting = (byHead.get(head) ?? []).filter(needle => isAt(needle, bytes, start));
    return Math.max(0, ...fitting.map(needle => needle.length));
  };

  return {
    reach: Math.max(0, ...needles.map(needle => needle.length)) * 3 + 2,
    find(window, base, from, to) {
      const spans: Span[] = [];
      if (needles.length === 0) return spans;
      const { bytes, at } = unwrap(window);
      let head = 0;
      for (let index = 0; index < bytes.length; index++) {
        head = ((head << 8) | (bytes[index] ?? 0)) >>> 0;
        const first = index + 1 - HEAD;
        const length = lengthAt(bytes, first, head);
        const start = base + (at[first] ?? 0);
        if (length > 0 && start >= from && start < to)
          spans.push({ start, end: base + (at[first + length - 1] ?? 0) + 1 });
      }
      return spans;
    },
  };
}

function slot(head: number): number {
  return Math.imul(head, 0x9e3779b1) >>> 16;
}

function isAt(needle: Buffer, bytes: Buffer, start: number): boolean {
  const end = start + needle.length;
  return end <= bytes.length && bytes.compare(needle, 0, needle.length, start, end) === 0;
}

/** The bytes without single line breaks, and where each of them stood. */
function unwrap(window: Buffer): { bytes: Buffer; at: Uint32Array } {
  const bytes = Buffer.allocUnsafe(window.length);
  const at = new Uint32Array(window.length);
  let kept = 0;
  for (let index = 0; index < window.length; index++) {
    const byte = window[index] ?? 0;
    if ((byte === NEWLINE || byte === RETURN) && isWrap(window, index)) continue;
    bytes[kept] = byte;
    at[kept++] = index;
  }
  return { bytes: bytes.subarray(0, kept), at };
}

function isWrap(window: Buffer, index: number): boolean {
  const next = window[index + 1];
  if (window[index] === RETURN) return next === NEWLINE;
  return next !== NEWLINE && next !== RETURN && window[index - 1] !== NEWLINE;
}
