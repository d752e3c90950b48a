import type { FromReplay } from '../webview/replay/messages.ts'

/** What the page of a replay sent, as far as it is a message: a page is not trusted to send what it should. */
export function readReplayMessage(message: unknown): FromReplay | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined
  const execution = 'execution' in message && typeof message.execution === 'number' ? message.execution : undefined
  switch (message.type) {
    case 'at-step':
      return execution === undefined ? { type: 'at-step' } : { type: 'at-step', execution }
    case 'copy-output':
    case 'show-step':
      return execution === undefined ? undefined : { type: message.type, execution }
    case 'show-record':
      return { type: 'show-record' }
    default:
      return undefined
  }
}
