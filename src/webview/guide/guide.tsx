import { useEffect, useRef, useState } from 'preact/hooks'
import { useFollowed } from '../followed/state.ts'
import { connect, type Editor } from '../page.ts'
import { Journey } from './journey-page.tsx'
import type { FromGuide, GuideContent, GuideProgress, ToGuide } from './messages.ts'
import { type Notes, readNotes, withoutSettled } from './notes.ts'
import { useScreens } from './screens.ts'

/** The whole page. What is true comes from the editor; the page keeps only what is half typed. */
export function Guide() {
  const [content, setContent] = useState<GuideContent>()
  const [progress, setProgress] = useState<GuideProgress>()
  const [notes, setNotes] = useState<Notes>({})
  const screens = useScreens()
  const { followed, receive: receiveFollowed } = useFollowed()
  const editor = useRef<Editor<FromGuide>>(null)

  useEffect(() => {
    editor.current = connect<ToGuide, FromGuide>((message) => {
      if (message.type === 'content') setContent(message.content)
      else if (message.type === 'progress') {
        setProgress(message.progress)
        setNotes((before) => withoutSettled(before, message.progress.standings))
      } else if (message.type === 'output' || message.type === 'output-reset') screens.receive(message)
      else receiveFollowed(message)
    })
    setNotes(readNotes(editor.current.kept()))
  }, [])

  if (content === undefined || progress === undefined) return null
  return (
    <Journey
      content={content}
      progress={progress}
      post={(message) => editor.current?.post(message)}
      screens={screens}
      followed={followed}
      notes={notes}
      onNotes={(changed) => {
        setNotes(changed)
        editor.current?.keep(changed)
      }}
    />
  )
}
