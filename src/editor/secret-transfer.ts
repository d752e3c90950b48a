/** Handing over and taking over, a bundle of its own: it is wanted a few times in a year. */
export { exportSecrets } from './secret-export.ts'
export { importSecrets } from './secret-import.ts'
export { copyRecipient } from './secret-recipients.ts'
