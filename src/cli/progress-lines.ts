import { inert } from '../inert.js';

export interface ProgressLines {
  step(done: number, total: number, message: string): void;
  /** Before anything else is printed: ends an open line. */
  end(): void;
}

export interface LineTarget {
  readonly tty: boolean;
  readonly color: boolean;
  write(text: string): void;
  nowMs(): number;
}

/**
 * One line a step. On a terminal it gets the seconds the step took when the next one begins, and nothing is ever drawn over;
 * elsewhere it is a plain line. A step that only says again where it is prints nothing.
 */
export function createProgressLines({ tty, color, write, nowMs }: LineTarget): ProgressLines {
  let open: { readonly message: string; readonly sinceMs: number } | undefined;
  const dim = (text: string) => (color ? `\u001b[2m${text}\u001b[22m` : text);
  const end = () => {
    if (open !== undefined && tty) write(`${dim(` ${((nowMs() - open.sinceMs) / 1000).toFixed(1)} s`)}\n`);
    open = undefined;
  };
  return {
    step(done, total, raw) {
      const message = inert(raw).replaceAll('\n', ' ');
      if (message === open?.message) return;
      end();
      open = { message, sinceMs: nowMs() };
      const share = total > 1 && total <= 100 ? `[${Math.min(total, Math.floor(done) + 1)}/${total}] ` : '';
      write(tty ? `${dim(share)}${message}` : `${share}${message}\n`);
    },
    end,
  };
}
