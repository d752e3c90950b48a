import assert from 'node:assert/strict'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const read = (declaration: string) => parseRunbook(`---\nparameters:\n  - ${declaration}\n---\n`)
const problems = (declaration: string) =>
  read(declaration).problems.map(({ code, values }) => [code, values.key ?? values.name])
const secret = (name: string) => parseRunbook(`---\nsecrets: [${name}]\n---\n`).problems.map(({ code }) => code)
const capture = (name: string) => {
  const { steps, problems } = parseRunbook(`\`\`\`sh {capture=${name}}\ndate\n\`\`\`\n`)
  const [step] = steps
  return [
    step?.kind === 'command' && step.attributes.capture,
    ...problems.map(({ code, severity }) => `${severity} ${code}`),
  ]
}

describe('the declaration of a parameter', () => {
  it('has no name that changes how programs run or that a shell keeps for itself, as a secret and captured output have none', () => {
    for (const name of `PATH IFS ENV BASH_ENV BASHOPTS SHELLOPTS PROMPT_COMMAND GLOBIGNORE CDPATH HOME TMPDIR ZDOTDIR LD_PRELOAD
      DYLD_LIBRARY_PATH NODE_OPTIONS PYTHONPATH PYTHONSTARTUP PS1 PSMODULEPATH RUBYOPT RUBYLIB PERL5OPT PERL5LIB PERL5DB
      GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS GIT_CONFIG_COUNT SSH_ASKPASS SUDO_ASKPASS PATHEXT COMSPEC USERPROFILE LC_ALL LANG
      UID EUID RANDOM SECONDS LINENO PWD OLDPWD SHLVL USERNAME COLUMNS OPTIND BATON_RUN FISH_VERSION ZSH_VERSION EDITOR`.split(
      /\s+/,
    )) {
      assert.deepEqual(problems(name), [['parameter-reserved-name', name]])
      assert.deepEqual(secret(name), ['parameter-reserved-name'], name)
      assert.deepEqual(capture(name), [undefined, 'error parameter-reserved-name'], name)
    }
    for (const name of ['path', 'Path', 'ld_preload', 'fish_function_path', 'ifs']) {
      assert.deepEqual(capture(name), [undefined, 'error parameter-reserved-name'], name)
    }
    for (const name of [
      'USER_ID',
      'DEPARTMENT',
      'VENDOR',
      'GROUPS',
      'HOST',
      'FILE_PATH',
      'P',
      'PROJECT',
      'LDAP_PASSWORD',
      'GIT_BRANCH',
    ]) {
      assert.deepEqual(problems(name), [], name)
      assert.deepEqual(secret(name), [], name)
      assert.deepEqual(capture(name), [name], name)
    }
  })

  it('has a name of capital letters, digits and _', () => {
    for (const name of ['user', 'A-B', '1A', '"A B"', 'Ａ', '_A', '"A\\n"']) {
      assert.equal(problems(`{ name: ${name} }`)[0]?.[0], 'parameter-invalid-name', name)
    }
  })

  for (const [what, declaration] of [
    ['an integer', '{ name: A, type: integer, default: 1.5 }'],
    ['a number', '{ name: A, type: number, default: some }'],
    ['true or false', '{ name: A, type: boolean, default: "yes" }'],
    ['a day', '{ name: A, type: date, default: 2026-02-30 }'],
    ['an address', '{ name: A, type: email, default: sato }'],
    ['one of the choices', '{ name: A, choices: [a, b], default: c }'],
    ['between the limits', '{ name: A, type: integer, min: 2, default: 1 }'],
    ['as long as it may be', '{ name: A, max: 2, default: abc }'],
    ['what the pattern takes', `{ name: A, pattern: '[a-z]+', default: A }`],
  ] as const) {
    it(`has a default that is ${what}, or none`, () => {
      assert.deepEqual(problems(declaration), [['frontmatter-invalid-value', 'default']])
      assert.equal(read(declaration).frontmatter.parameters[0]?.default, undefined)
    })
  }

  it('keeps a default that fits', () => {
    for (const [declaration, value] of [
      ['{ name: A, type: date, default: 2026-11-21 }', '2026-11-21'],
      ['{ name: A, type: boolean, default: true }', 'true'],
      ['{ name: A, type: integer, min: 1, max: 5, default: 5 }', '5'],
      ['{ name: A, type: list, default: "a,b" }', 'a,b'],
      [`{ name: A, required: false, pattern: '[a-z]+', default: '' }`, ''],
    ] as const) {
      assert.deepEqual(problems(declaration), [], declaration)
      assert.equal(read(declaration).frontmatter.parameters[0]?.default, value)
    }
  })

  it('has limits that leave something, and a pattern that is one', () => {
    assert.deepEqual(problems('{ name: A, type: integer, min: 5, max: 1 }'), [['frontmatter-invalid-value', 'max']])
    assert.deepEqual(problems(`{ name: A, pattern: '[' }`), [['parameter-invalid-pattern', 'A']])
    assert.deepEqual(problems('{ name: A, type: choice }'), [['parameter-choices-missing', 'A']])
    assert.deepEqual(problems('{ name: A, type: colour }'), [['frontmatter-invalid-value', 'type']])
    assert.deepEqual(problems('{ name: A, required: maybe, sensitive: 1 }').length, 2)
  })
})
