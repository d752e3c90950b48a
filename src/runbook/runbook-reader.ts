// All that reads and changes the text of runbooks, as the extension loads it: with the first one that is opened.
export { declareSecret } from './declare-secret.ts'
export { createIncrementalParser } from './incremental.ts'
export { parseRunbook } from './parse.ts'
