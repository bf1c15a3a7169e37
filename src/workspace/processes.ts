import type { ProcessOwner } from '../../schemas/run.js';

/** Which process works on something that others find on disk. */
export interface Processes {
  own(): ProcessOwner;
  /** `elsewhere`: on another host, so nobody here can tell whether it lives. */
  stateOf(owner: ProcessOwner): 'alive' | 'gone' | 'elsewhere';
}
