interface HtmlProps {
  /** Made safe by the editor (`src/editor/prose-html.ts`). */
  readonly html: string
  readonly class?: string
  /** A link was followed: the editor knows what may be opened. */
  readonly onLink: (href: string) => void
}

/** HTML from Markdown. The editor has sanitised it, and the page's policy would run no script of it. */
export function Html({ html, class: name, onLink }: HtmlProps) {
  if (html === '') return null
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const href = link?.getAttribute('href')
    if (!href) return
    event.preventDefault()
    event.stopPropagation()
    onLink(href)
  }
  return (
    <div
      class={name === undefined ? 'prose' : `prose ${name}`}
      onClickCapture={follow}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  )
}
