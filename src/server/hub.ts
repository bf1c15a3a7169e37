/** One connection, or all modern HTTP connections together, as the hub sees it. */
export interface Subscriber {
  updated(uri: string): void;
  listChanged(): void;
}

/** Carries the news of a change to every connection of both protocol eras. */
export interface Hub {
  /** Returns the function that leaves again. */
  join(subscriber: Subscriber): () => void;
  /** Looks every now and then whether others changed this resource on disk. Returns the function that stops it. */
  watch(uri: string): () => void;
  /** Tells everybody that these resources changed, and that the list did when one of them is new to us. */
  announce(uris: readonly string[]): void;
}

interface Watched {
  watchers: number;
  version: string;
}

const REMEMBERED = 10_000;

/** `versionOf` gives a mark that changes with the resource, '' for what never does; it must be cheap. */
export function createHub(versionOf: (uri: string) => string, pollMs: number): Hub {
  const subscribers = new Set<Subscriber>();
  const watched = new Map<string, Watched>();
  const known = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (uri: string) => {
    for (const subscriber of subscribers) subscriber.updated(uri);
  };

  const poll = () => {
    for (const [uri, entry] of watched) {
      const version = versionOf(uri);
      if (version === entry.version) continue;
      entry.version = version;
      tell(uri);
    }
  };

  const release = (uri: string, entry: Watched) => {
    entry.watchers -= 1;
    if (entry.watchers > 0) return;
    watched.delete(uri);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  const isNew = (uri: string) => {
    if (known.has(uri)) return false;
    if (known.size >= REMEMBERED) known.clear();
    known.add(uri);
    return true;
  };

  return {
    join(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },

    watch(uri) {
      const entry = watched.get(uri) ?? { watchers: 0, version: versionOf(uri) };
      entry.watchers += 1;
      watched.set(uri, entry);
      timer ??= setInterval(poll, pollMs).unref();
      return once(() => release(uri, entry));
    },

    announce(uris) {
      const listChanged = uris.filter(isNew).length > 0;
      for (const uri of uris) {
        const entry = watched.get(uri);
        if (entry) entry.version = versionOf(uri);
        tell(uri);
      }
      if (listChanged) for (const subscriber of subscribers) subscriber.listChanged();
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
