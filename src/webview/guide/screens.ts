import { useEffect, useRef, useState } from 'preact/hooks'
import { createTerminalScreen, type ScreenLine, type TerminalScreen } from '../terminal-screen.ts'
import type { ToGuide } from './messages.ts'

/** What the steps printed, as terminals would show it. */
export interface Screens {
  /** Takes in what is output, and nothing else. */
  receive(message: ToGuide): void
  linesOf(stepId: string): readonly ScreenLine[]
}

/** A screen for each step that printed something; drawn again at most once in a frame. */
export function useScreens(): Screens {
  const screens = useRef(new Map<string, TerminalScreen>())
  const lines = useRef(new Map<string, readonly ScreenLine[]>())
  const frame = useRef<number | undefined>(undefined)
  const [, draw] = useState(0)

  useEffect(() => {
    const open = screens.current
    return () => {
      for (const screen of open.values()) screen.dispose()
    }
  }, [])

  function screenOf(stepId: string): TerminalScreen {
    const known = screens.current.get(stepId)
    if (known) return known
    const screen = createTerminalScreen(() => {
      lines.current.delete(stepId)
      frame.current ??= requestAnimationFrame(() => {
        frame.current = undefined
        draw((count) => count + 1)
      })
    })
    screens.current.set(stepId, screen)
    return screen
  }

  return {
    receive(message) {
      if (message.type !== 'output' && message.type !== 'output-reset') return
      const screen = screenOf(message.stepId)
      if (message.type === 'output-reset') screen.reset()
      screen.write(message.text)
    },
    linesOf(stepId) {
      const known = lines.current.get(stepId)
      if (known) return known
      const read = screens.current.get(stepId)?.lines() ?? []
      lines.current.set(stepId, read)
      return read
    },
  }
}
