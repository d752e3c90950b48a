import assert from 'node:assert/strict'
import type { StepRequest } from '../../../src/execution/shells.ts'
import { needsDelayedExpansion, unsafeVariable } from '../../../src/machine/shells/cmd-values.ts'

const request = (
  text: string,
  more: Partial<StepRequest> & { readonly env?: Record<string, string> } = {},
): StepRequest => ({
  shell: 'cmd',
  text,
  place: { file: 'a.md', line: 1 },
  errors: 'stop',
  grants: {},
  signal: new AbortController().signal,
  onOutput: () => {},
  state: { env: more.env ?? {}, cwd: 'C:\\work', local: {} },
  ...more,
})

describe('values in cmd', () => {
  const hostile = ['a & calc', 'a|calc', 'a>f', 'a<f', 'a^', '50%', '%PATH%', 'say "hi"', 'two\nlines', 'two\rlines']

  it('are refused where cmd would read them as its own, wherever they come from', () => {
    for (const value of hostile) {
      for (const use of [
        '%NAME%',
        '%name%',
        '%NAME:~0,3%',
        '%Name:a=b%',
        '"%NAME%"',
        '%%NAME%%',
        'set X=1&echo %NAME%',
      ]) {
        assert.equal(unsafeVariable(request(`echo ${use}`, { grants: { NAME: value } })), 'NAME', `${use} ${value}`)
        assert.equal(unsafeVariable(request(`echo ${use}`, { env: { Name: value } })), 'Name', `${use} ${value}`)
      }
    }
    assert.equal(unsafeVariable(request('if 1==1 (echo %NAME%)', { grants: { NAME: ') else (calc' } })), 'NAME')
  })

  it('pass where they are plain text, or are put in afterwards', () => {
    for (const value of hostile) {
      for (const use of ['!NAME!', '!NAME:~0,3!', '%OTHER%', 'NAME', '%NAMES%'])
        assert.equal(unsafeVariable(request(`echo ${use}`, { grants: { NAME: value } })), undefined, `${use} ${value}`)
    }
    for (const value of ['tanaka', '日本 太郎①㈱髙﨑', 'a=b;c,d', "it's", 'C:\\x\\', '', 'wow!', '$x `y` {z}'])
      assert.equal(unsafeVariable(request('echo %NAME%', { grants: { NAME: value } })), undefined, value)
    const folders = { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
    assert.equal(unsafeVariable(request('dir "%ProgramFiles(x86)%"', { env: folders })), undefined)
  })

  it('with an exclamation mark are refused only where it means something', () => {
    const grants = { NAME: 'wow!x!' }
    assert.equal(unsafeVariable(request('echo %NAME%', { grants })), undefined)
    assert.equal(unsafeVariable(request('echo %NAME% !OTHER!', { grants })), 'NAME')
    assert.equal(unsafeVariable(request('SetLocal EnableDelayedExpansion\necho %NAME%', { grants })), 'NAME')
  })

  it('of the folder count, too', () => {
    const text = 'echo %CD%'
    assert.equal(unsafeVariable(request(text)), undefined)
    assert.equal(unsafeVariable(request(text, { cwd: 'C:\\R&D' })), 'CD')
    assert.equal(unsafeVariable(request('echo x', { cwd: 'C:\\R&D' })), undefined)
  })

  it('are put in afterwards in a text that asks for it', () => {
    for (const text of ['echo !USER_ID!', 'echo !X:~0,3!', 'set A=!B:x=y!'])
      assert.ok(needsDelayedExpansion(text), text)
    for (const text of ['echo Done! Really!', 'echo !', 'echo !!', 'echo wow!\necho wow!'])
      assert.ok(!needsDelayedExpansion(text), text)
  })
})
