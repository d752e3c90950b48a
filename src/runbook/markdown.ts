import type { Code, Root } from 'mdast'
import type { CompileContext, Extension } from 'mdast-util-from-markdown'
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item'
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item'
import remarkFrontmatter from 'remark-frontmatter'
import remarkParse from 'remark-parse'
import { type Processor, unified } from 'unified'
import { hasFrontmatter } from './frontmatter-block.ts'

declare module 'mdast' {
  interface CodeData {
    /** How many fence lines the block has: 1 when it is never closed, none when it is indented code. */
    fences?: number
  }
}

/**
 * What stands inside paragraphs is read only where it matters (`inline.ts`). That halves the time, and it keeps out the
 * inputs whose reading takes the square of their length, which are all in there.
 */
const inlineConstructs = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
]

const countFences: Extension = {
  enter: {
    codeFencedFence(this: CompileContext) {
      const code = this.stack.findLast((node): node is Code => node.type === 'code')
      if (code !== undefined) code.data = { fences: (code.data?.fences ?? 0) + 1 }
    },
  },
}

/** Task lists are all that runbooks need of GitHub's extensions; the others would cost half of the time. */
function blocksOnly(this: Processor): void {
  const data = this.data()
  const extensions = [gfmTaskListItem(), { disable: { null: inlineConstructs } }]
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), ...extensions]
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), gfmTaskListItemFromMarkdown(), countFences]
}

const file = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(blocksOnly).freeze()
const part = unified().use(remarkParse).use(blocksOnly).freeze()
const inline = unified().use(remarkParse).freeze()

/**
 * The blocks of a text (CommonMark 0.31 with task lists); paragraphs and headings hold their source as one text.
 * @param isStart the text begins the file: only there is a frontmatter
 */
export function parseBlocks(text: string, isStart: boolean): Root {
  // Where no fence closes it, the extension gives up only at the end, and then sees no lists or quotes in the whole file.
  return (isStart && hasFrontmatter(text) ? file : part).parse(text)
}

/** A text with everything that stands inside paragraphs. */
export function parseWhole(text: string): Root {
  return inline.parse(text)
}
