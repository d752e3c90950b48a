import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { needShell, type Operator, operator } from './operator.ts'

const text = (what: string) => `'${what.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

describe('perl', function () {
  this.timeout(30_000)
  behavesLikeAShell({
    shell: 'perl',
    say: (what) => `print ${text(what)}, "\\n";`,
    sayOnStderr: (what) => `print STDERR ${text(what)}, "\\n";`,
    sayUnfinished: (what) => `print ${text(what)};`,
    sayVariable: (name) => `print '[', $ENV{${name}} // '', "]\\n";`,
    set: (name, value) => `$ENV{${name}} = ${text(value)};`,
    unset: (name) => `delete $ENV{${name}};`,
    go: (folder) => `chdir ${text(folder)};`,
    sayFolder: 'use Cwd; print getcwd(), "\\n";',
    exit: (code) => `exit ${code};`,
    fail: 'no_such_name();',
    continues: false,
    brokenSyntax: 'if (1) {\nfoo(;',
    place: /^Undefined subroutine &main::no_such_name called at joining\.md line 44\.$/m,
    nativeCommand: (command) => `system(${text(command)});`,
    join: '\n',
  })

  describe('of its own', () => {
    let someone: Operator
    beforeEach(async function () {
      someone = operator(tmpdir())
      await needShell(this, someone, 'perl')
    })
    afterEach(() => someone.run.close())
    const perl = (script: string, more = {}) => someone.step('perl', script, more)

    it('is the main program: strict, closures, what is behind the end', async () => {
      const { output, code } = await perl(
        'use strict; use warnings; my $x = 3; sub f { return $x }\nprint f(), " ", __FILE__, " ", __LINE__, "\\n";\n=pod\n\nno\n\n=cut\nprint join(",", grep { /BATON/ } keys %ENV), "\\n";\n__END__\nno',
      )
      assert.equal(output, '3 joining.md 43\nBATON_RUN\n')
      assert.equal(code, 0)
    })

    it('counts as a syntax error what cannot be compiled', async () => {
      for (const script of ['use strict;\n$x = 1;', '\nuse No::Such::Module;']) {
        const { exit, output } = await perl(`print "ran\\n";\n${script}`)
        assert.equal('problem' in exit && exit.problem?.values.place, 'joining.md:44')
        assert.doesNotMatch(output, /ran/)
      }
    })

    it('runs END blocks before the state is handed on, and in no forked process', async () => {
      const { code } = await perl(
        'END { $ENV{LAST} = 1 } if (my $child = fork) { waitpid $child, 0 } else { $ENV{CHILD} = 1; exit } exit 4',
      )
      assert.equal(code, 4)
      assert.deepEqual([someone.state.env.LAST, someone.state.env.CHILD], ['1', undefined])
    })

    it('hands on characters of a text in UTF-8', async () => {
      await perl('use utf8; $ENV{NAME} = "営業é"; { local $\\ = "x"; local $, = "y"; exit }')
      assert.equal(someone.state.env.NAME, '営業é')
    })
  })
})
