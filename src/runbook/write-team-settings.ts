import { isMap, parseDocument } from 'yaml'
import type { RecordSettings } from './team-settings.ts'

/**
 * The text of a `baton.yaml` that says whether records are committed; everything else, comments too, stays. Undefined where
 * the text is not what it should be: then its author has to put it right first.
 */
export function withCommitSetting(text: string, commit: RecordSettings['commit']): string | undefined {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
  const root = document.contents
  if (document.errors.length > 0 || (root !== null && !isMap(root))) return undefined
  const records = document.get('records')
  if (records !== undefined && records !== null && !isMap(records)) return undefined
  if (isMap(records)) document.setIn(['records', 'commit'], commit)
  else document.set('records', document.createNode({ commit }))
  return document.toString({ lineWidth: 0 })
}
