import type { Translate } from './translate.ts'

/**
 * Why YAML could not be read, with what to do about it.
 * @param reason the parser's code, or one of ours
 * @param detail the parser's own words, for what is too rare to have others
 */
export function yamlReason(reason: string, detail: string, t: Translate): string {
  switch (reason) {
    case 'TAB_AS_INDENT':
      return t('it is indented with a tab. Use spaces.')
    case 'BAD_INDENT':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return t('a line here is not “key: value”, or its indentation is not that of its neighbours.')
    case 'MISSING_CHAR':
      return t('a quotation mark, a bracket, a comma or a “:” is missing.')
    case 'BAD_SCALAR_START':
    case 'UNEXPECTED_TOKEN':
    case 'BAD_ALIAS':
      return t('a sign stands here that has a meaning in YAML. Put the value into quotation marks.')
    case 'BAD_DQ_ESCAPE':
      return t('between " and ", a \\ begins an escape. Put the value between \' and \'.')
    case 'DUPLICATE_KEY':
      return t('a key is there twice. Remove one.')
    case 'too-long':
      return t('it is too long.')
    case 'too-deep':
      return t('it is nested too deeply.')
    default:
      return detail
  }
}
