import type { StepRequest } from '../../execution/shells.ts'
import { readChanges } from './field-handover.ts'
import { isTooLong, type Launch, type LaunchContext, type ProcessShell } from './shell.ts'

/**
 * What perl runs before the text, which follows it as part of the same program, so that it is the main one in every way.
 * `INIT` blocks run when all of it was compiled, and an `END` block runs even when that failed: the first of each tells
 * apart a text that did not parse.
 */
const bootstrap = `BEGIN {
  package Baton_;
  our $owner = $$;
  if (defined(my $path = delete $ENV{BATON_HANDOVER})) {
    open our $out, '>', $path;
  } else {
    open our $out, '>&', 3;
    open my $given, '>&=', 3;
    close $given;
  }
  binmode our $out;
  open STDERR, '>&', STDOUT;
  $| = 1;
  our %before = %ENV;
}
INIT { $Baton_::compiled = 1 }
END {
  package Baton_;
  if ($$ == our $owner) {
    local ($?, $!, $@, $_, $\\, $,);
    my @fields = 'syntax';
    if (our $compiled) {
      my $cwd = eval { require Cwd; Cwd::getcwd() };
      our %before;
      @fields = map { "s$_=$ENV{$_}" } grep { !defined $before{$_} || $before{$_} ne $ENV{$_} } keys %ENV;
      push @fields, map { "u$_" } grep { !exists $ENV{$_} } keys %before;
      push @fields, 'd=' . (defined $cwd ? $cwd : '');
    }
    my $rest = join '', map { utf8::encode($_) if utf8::is_utf8($_); "$_\\0" } @fields, '.';
    our $out;
    while (length $rest) {
      my $written = syswrite $out, $rest;
      last unless $written;
      substr($rest, 0, $written) = '';
    }
  }
}`

const launch = (request: StepRequest, { handover, platform }: LaunchContext) => {
  if (isTooLong(request, platform)) return { refused: { code: 'step-too-long', values: { shell: 'perl' } } } as const
  const { file, line } = request.place
  const env: Launch['env'] = handover.kind === 'path' ? { BATON_HANDOVER: handover.path } : {}
  return {
    args: ['-e', `${bootstrap}\n#line ${line} "${file.replaceAll(/["\n]/g, "'")}"\n${request.text}\n`],
    env,
  }
}

/** Perl 5.14 and later. */
export const perl: ProcessShell = {
  kind: 'process',
  name: 'perl',
  interpreters: () => ['perl'],
  launch,
  readHandover: readChanges,
}
