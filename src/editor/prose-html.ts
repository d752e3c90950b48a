import { sanitize } from 'hast-util-sanitize'
import { toHtml } from 'hast-util-to-html'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { toHast } from 'mdast-util-to-hast'
import { gfm } from 'micromark-extension-gfm'

export interface ProsePlaces {
  /** The address under which a page may load a picture of the repo; undefined for one that it may not. */
  readonly picture: (path: string) => string | undefined
}

/**
 * Markdown as HTML that may stand in a page of ours: no HTML of the author's, no picture from elsewhere, no class and no id.
 * @param definitions link definitions of the whole file, in Markdown
 */
export function proseHtml(markdown: string, definitions: string, places: ProsePlaces): string {
  if (markdown.trim() === '') return ''
  const tree = fromMarkdown(`${markdown}\n\n${definitions}`, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  })
  placePictures(tree, places)
  return toHtml(sanitize(toHast(tree)))
}

/** A picture that may not show is its words, as a link where it has an address. */
function placePictures(node: Nodes, places: ProsePlaces): void {
  if (!('children' in node)) return
  for (const child of node.children) placePictures(child, places)
  const children: Nodes[] = node.children
  for (const [index, child] of children.entries()) {
    if (child.type !== 'image') continue
    const address = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(child.url) ? undefined : places.picture(child.url)
    if (address !== undefined) child.url = address
    else children[index] = { type: 'link', url: child.url, children: [{ type: 'text', value: child.alt || child.url }] }
  }
}
