/** Playing runs back, a bundle of its own: whoever never does it never loads it. */
export { createReplays } from './replays.ts'
