import assert from 'node:assert/strict'
import { cmd } from '../../../src/machine/shells/cmd.ts'

describe('a cmd step', () => {
  const launch = (cwd: string) =>
    cmd.launch(
      {
        shell: 'cmd',
        text: 'echo %X%',
        place: { file: 'a.md', line: 1 },
        errors: 'stop',
        state: { env: {}, cwd: 'C:\\', local: {} },
        grants: { X: 'a & b' },
        cwd,
        signal: new AbortController().signal,
        onOutput: () => {},
      },
      {
        platform: 'win32',
        interpreter: 'C:\\Windows\\System32\\cmd.exe',
        handover: { kind: 'path', path: 'nul' },
        folder: () => Promise.reject(new Error('nothing is written for a step that does not run')),
      },
    )

  it('does not run in a folder on a share, where cmd would go to that of Windows', async () => {
    for (const path of ['\\\\files01\\共有\\runbooks', '//files01/x'])
      assert.deepEqual(await launch(path), { refused: { code: 'cwd-on-share', values: { path } } })
    for (const path of ['C:\\work', 'D:\\']) {
      const answer = await launch(path)
      assert.equal('refused' in answer && answer.refused.code, 'value-unsafe-in-cmd', path)
    }
  })
})
