# The far end of a PowerShell session: takes steps from a pipe and runs them one after the other in a runspace of their own,
# so that stdin, stdout and stderr belong to the steps alone. Runs on Windows PowerShell 5.1 and on PowerShell 7; ASCII only,
# because 5.1 reads a file without a byte order mark in the code page of the system.
#
# A message is one line of fields with a space between them, and each field but the first is the base64 of UTF-8 text:
# ConvertFrom-Json would make dates of strings that look like one, and it is slower than a whole step.
#   in:  run MARK ERRORS FILE LINE FOLDER TEXT SET UNSET GRANTS     cancel
#   out: hello VERSION     done HOW CODE FOLDER SET UNSET PLACE DETAIL
# SET and GRANTS are a count and that many names and values, UNSET a count and that many names. MARK, if there is one, is
# written to stdout and to stderr when nothing more of the step comes there.
param([Parameter(Mandatory = $true)] [string] $PipeName)

$ErrorActionPreference = 'Stop'
$utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
try {
    [Console]::OutputEncoding = $utf8
} catch {
    # Without a console there is nothing to set, and PowerShell 7 writes UTF-8 anyway.
    $null = $_
}
$standardOutput = [Console]::OpenStandardOutput()
$standardError = [Console]::OpenStandardError()

$pipe = New-Object -TypeName System.IO.Pipes.NamedPipeClientStream -ArgumentList @(
    '.', $PipeName, [System.IO.Pipes.PipeDirection]::InOut, [System.IO.Pipes.PipeOptions]::Asynchronous)
$pipe.Connect(20000)
$reader = New-Object -TypeName System.IO.StreamReader -ArgumentList @($pipe, $utf8)
$writer = New-Object -TypeName System.IO.StreamWriter -ArgumentList @($pipe, $utf8)

# How the system tells the names of environment variables apart.
$names = [StringComparer]::Ordinal
if ($env:OS -eq 'Windows_NT') {
    $names = [StringComparer]::OrdinalIgnoreCase
}

$runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($Host)
$runspace.ThreadOptions = [System.Management.Automation.Runspaces.PSThreadOptions]::ReuseThread
if ($env:OS -eq 'Windows_NT') {
    # As powershell.exe and pwsh.exe themselves: COM objects and dialogs need it.
    $runspace.ApartmentState = [System.Threading.ApartmentState]::STA
}
$runspace.Open()
$runspace.SessionStateProxy.SetVariable('OutputEncoding', $utf8)
# Progress bars are for eyes alone; on 5.1 they also make downloads many times slower.
$runspace.SessionStateProxy.SetVariable('ProgressPreference', 'SilentlyContinue')

# Runs in the steps' runspace, without a scope of its own. The text is parsed there, where the classes of earlier steps are
# known. A caught error lets Out-Default finish what it holds back; a step that chooses its own preference is not caught,
# since inside of 'try' every error ends the statements that follow.
$stepScript = @'
& {
    $tokens = $null
    $problems = $null
    $__baton.Ast = [System.Management.Automation.Language.Parser]::ParseInput($__baton.Text, $__baton.File, [ref] $tokens, [ref] $problems)
    $__baton.Problems = $problems
}
if ($__baton.Problems.Count -eq 0) {
    if ($__baton.Caught) {
        try {
            . ($__baton.Ast.GetScriptBlock())
        } catch {
            $__baton.Error = $_
        }
    } else {
        . ($__baton.Ast.GetScriptBlock())
    }
}
'@

function ConvertTo-Field {
    param([string] $Value)
    return [Convert]::ToBase64String($utf8.GetBytes($Value))
}

function ConvertFrom-Field {
    param([string] $Field)
    return $utf8.GetString([Convert]::FromBase64String($Field))
}

function Send-Message {
    param([object] $Fields)
    $writer.Write(($Fields -join ' ') + "`n")
    $writer.Flush()
}

function Set-EnvironmentValue {
    param([string] $Name, [object] $Value)
    if ($null -eq $Value) {
        # $null would arrive as an empty string, which is a value since .NET 9.
        [Environment]::SetEnvironmentVariable($Name, [NullString]::Value)
    } else {
        [Environment]::SetEnvironmentVariable($Name, [string] $Value)
    }
}

function Get-EnvironmentCopy {
    $copy = New-Object -TypeName System.Collections.Hashtable -ArgumentList @($names)
    $all = [Environment]::GetEnvironmentVariables()
    foreach ($name in $all.Keys) {
        $copy[[string] $name] = [string] $all[$name]
    }
    return $copy
}

function Read-Step {
    param([string] $Line)
    $fields = $Line.Split(' ')
    $step = @{
        Mark = ConvertFrom-Field $fields[1]
        Errors = ConvertFrom-Field $fields[2]
        File = ConvertFrom-Field $fields[3]
        Line = [int] (ConvertFrom-Field $fields[4])
        Folder = ConvertFrom-Field $fields[5]
        Text = ConvertFrom-Field $fields[6]
        Set = New-Object -TypeName System.Collections.ArrayList
        Unset = New-Object -TypeName System.Collections.ArrayList
        Grants = New-Object -TypeName System.Collections.ArrayList
    }
    $at = 7
    foreach ($list in 'Set', 'Unset', 'Grants') {
        $count = [int] (ConvertFrom-Field $fields[$at])
        $at = $at + 1
        for ($n = 0; $n -lt $count; $n++) {
            $name = ConvertFrom-Field $fields[$at]
            $at = $at + 1
            if ($list -eq 'Unset') {
                $null = $step.Unset.Add($name)
            } else {
                $null = $step[$list].Add(@{ Name = $name; Value = (ConvertFrom-Field $fields[$at]) })
                $at = $at + 1
            }
        }
    }
    return $step
}

function New-StepPipeline {
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddScript($stepScript, $false)
    # As the console does it: errors go to Out-Default too, and native programs keep the real stdout and stderr.
    $shell.Commands.Commands[0].MergeMyResults(
        [System.Management.Automation.Runspaces.PipelineResultTypes]::Error,
        [System.Management.Automation.Runspaces.PipelineResultTypes]::Output)
    $null = $shell.AddCommand('Out-Default')
    return $shell
}

# Starts the pipeline so that 'exit' comes back as an exception that holds its code: without that the code is lost.
function Start-StepPipeline {
    param([object] $Shell)
    $settings = New-Object -TypeName System.Management.Automation.PSInvocationSettings
    $settings.ExposeFlowControlExceptions = $true
    $nothing = New-Object -TypeName 'System.Management.Automation.PSDataCollection[psobject]'
    $nothing.Complete()
    try {
        return $Shell.BeginInvoke($nothing, $settings, $null, $null)
    } catch [System.Management.Automation.MethodException] {
        return $Shell.BeginInvoke()
    }
}

function Show-ErrorRecord {
    param([object] $Record, [string] $File)
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddCommand('Out-Default').AddParameter('InputObject', $Record)
    try {
        $null = $shell.Invoke()
    } catch {
        [Console]::Out.WriteLine([string] $Record)
    }
    $shell.Dispose()
    # Write-Error and modules name their own place or none: the place in the runbook is then in the call stack.
    $invocation = $Record.InvocationInfo
    if (($null -eq $invocation) -or ($invocation.ScriptName -ne $File)) {
        $frame = [regex]::Match([string] $Record.ScriptStackTrace, [regex]::Escape($File) + '\D+(\d+)')
        if ($frame.Success) {
            [Console]::Out.WriteLine($File + ':' + $frame.Groups[1].Value)
        }
    }
}

function Get-ErrorRecord {
    param([object] $Reason)
    if ($null -ne $Reason.ErrorRecord) {
        return $Reason.ErrorRecord
    }
    return New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList @(
        $Reason, 'StepFailed', [System.Management.Automation.ErrorCategory]::NotSpecified, $null)
}

# What the end of a pipeline means: how the step ended, and with which code.
function Get-Outcome {
    param([object] $Shell, [object] $Step, [object] $Shared, [bool] $Stopping)
    $state = [string] $Shell.InvocationStateInfo.State
    $reason = $Shell.InvocationStateInfo.Reason
    if ($state -eq 'Stopped') {
        if ($Stopping) {
            return @{ How = 'stopped'; Code = 1 }
        }
        return @{ How = 'exited'; Code = 1 }
    }
    if ($Shared.Problems.Count -gt 0) {
        foreach ($problem in $Shared.Problems) {
            $place = '{0}:{1}' -f $Step.File, $problem.Extent.StartLineNumber
            [Console]::Out.WriteLine(('{0}:{1} {2}' -f $place, $problem.Extent.StartColumnNumber, $problem.Message))
        }
        $first = $Shared.Problems[0]
        return @{
            How = 'syntax'
            Code = 1
            Place = '{0}:{1}' -f $Step.File, $first.Extent.StartLineNumber
            Detail = $first.Message
        }
    }
    if ($null -ne $Shared.Error) {
        Show-ErrorRecord -Record $Shared.Error -File $Step.File
        return @{ How = 'exited'; Code = 1 }
    }
    if (($state -eq 'Failed') -and ($null -ne $reason)) {
        $kind = $reason.GetType().Name
        if ($kind -eq 'ExitException') {
            $code = $reason.Argument -as [int]
            if ($null -eq $code) {
                $code = 1
            }
            return @{ How = 'exited'; Code = $code }
        }
        # A 'break' or 'continue' outside of any loop ends the step and is no error.
        if (($kind -ne 'BreakException') -and ($kind -ne 'ContinueException')) {
            Show-ErrorRecord -Record (Get-ErrorRecord $reason) -File $Step.File
            return @{ How = 'exited'; Code = 1 }
        }
    }
    $code = 0
    if ($Step.Errors -eq 'stop') {
        $last = $runspace.SessionStateProxy.GetVariable('LASTEXITCODE') -as [int]
        if ($null -ne $last) {
            $code = $last
        }
    }
    return @{ How = 'exited'; Code = $code }
}

function Set-Folder {
    param([string] $Folder)
    [System.IO.Directory]::SetCurrentDirectory($Folder)
    $path = $runspace.SessionStateProxy.Path
    if ($path.CurrentFileSystemLocation.ProviderPath -cne $Folder) {
        $target = [System.Management.Automation.WildcardPattern]::Escape($Folder)
        if ($path.CurrentLocation.Provider.Name -ne 'FileSystem') {
            $target = 'FileSystem::' + $target
        }
        $null = $path.SetLocation($target)
    }
}

function Stop-Host {
    [Environment]::Exit(0)
}

function Send-Answer {
    param([object] $Step, [object] $Outcome, [object] $Set, [object] $Unset)
    if ($Step.Mark -ne '') {
        $mark = $utf8.GetBytes($Step.Mark)
        [Console]::Out.Flush()
        $standardOutput.Write($mark, 0, $mark.Length)
        $standardOutput.Flush()
        [Console]::Error.Flush()
        $standardError.Write($mark, 0, $mark.Length)
        $standardError.Flush()
    }
    $fields = New-Object -TypeName System.Collections.ArrayList
    $null = $fields.Add('done')
    $null = $fields.Add((ConvertTo-Field $Outcome.How))
    $null = $fields.Add((ConvertTo-Field ([string] $Outcome.Code)))
    $null = $fields.Add((ConvertTo-Field $runspace.SessionStateProxy.Path.CurrentFileSystemLocation.ProviderPath))
    $null = $fields.Add((ConvertTo-Field ([string] ($Set.Count / 2))))
    foreach ($field in $Set) {
        $null = $fields.Add((ConvertTo-Field $field))
    }
    $null = $fields.Add((ConvertTo-Field ([string] $Unset.Count)))
    foreach ($field in $Unset) {
        $null = $fields.Add((ConvertTo-Field $field))
    }
    $null = $fields.Add((ConvertTo-Field $Outcome.Place))
    $null = $fields.Add((ConvertTo-Field $Outcome.Detail))
    Send-Message $fields
}

# Waits for the end of a pipeline. The next message is being read meanwhile: it can only be 'cancel', or the end of the pipe,
# which means that nobody is there any more. Says whether the pipeline was stopped.
function Wait-StepPipeline {
    param([object] $Shell, [object] $Running)
    $stopping = $false
    while (-not $Running.IsCompleted) {
        $waitFor = @($Running.AsyncWaitHandle)
        if (-not $stopping) {
            $waitFor = @($Running.AsyncWaitHandle, $script:reading.AsyncWaitHandle)
        }
        $null = [System.Threading.WaitHandle]::WaitAny([System.Threading.WaitHandle[]] $waitFor)
        if ((-not $stopping) -and $script:reading.IsCompleted) {
            $stopping = $true
            $gone = ($script:reading.IsFaulted) -or ($null -eq $script:reading.Result)
            $null = $Shell.BeginStop($null, $null)
            if ($gone) {
                $null = $Running.AsyncWaitHandle.WaitOne(3000)
                Stop-Host
            }
            $script:reading = $reader.ReadLineAsync()
        }
    }
    return $stopping
}

function Invoke-Step {
    param([object] $Step)
    foreach ($entry in $Step.Set) {
        Set-EnvironmentValue -Name $entry.Name -Value $entry.Value
    }
    foreach ($name in $Step.Unset) {
        Set-EnvironmentValue -Name $name -Value $null
    }
    $before = Get-EnvironmentCopy
    $outcome = @{ How = 'exited'; Code = 1 }
    try {
        foreach ($entry in $Step.Grants) {
            Set-EnvironmentValue -Name $entry.Name -Value $entry.Value
        }
        Set-Folder $Step.Folder

        $preference = 'Stop'
        if ($Step.Errors -eq 'continue') {
            $preference = 'Continue'
        }
        $shared = @{
            Text = ("`n" * ($Step.Line - 1)) + $Step.Text
            File = $Step.File
            Caught = ($Step.Errors -eq 'stop') -and ($Step.Text -notmatch 'ErrorActionPreference')
            Ast = $null
            Problems = $null
            Error = $null
        }
        $session = $runspace.SessionStateProxy
        $session.SetVariable('ErrorActionPreference', [System.Management.Automation.ActionPreference] $preference)
        $session.SetVariable('LASTEXITCODE', 0)
        $session.SetVariable('__baton', $shared)

        $shell = New-StepPipeline
        $running = Start-StepPipeline $shell
        $stopping = Wait-StepPipeline -Shell $shell -Running $running
        try {
            $null = $shell.EndInvoke($running)
        } catch {
            # The reason is read from the state of the pipeline, which tells 'exit' from an error.
            $null = $_
        }
        $outcome = Get-Outcome -Shell $shell -Step $Step -Shared $shared -Stopping $stopping
        $shell.Dispose()
        $session.PSVariable.Remove('__baton')
    } catch {
        # Nothing of the step: the host itself could not carry it out.
        [Console]::Out.WriteLine([string] $_)
    }

    foreach ($entry in $Step.Grants) {
        Set-EnvironmentValue -Name $entry.Name -Value $before[$entry.Name]
    }
    $after = Get-EnvironmentCopy
    $set = New-Object -TypeName System.Collections.ArrayList
    $unset = New-Object -TypeName System.Collections.ArrayList
    foreach ($name in $after.Keys) {
        if ($after[$name] -cne $before[$name]) {
            $null = $set.Add($name)
            $null = $set.Add($after[$name])
        }
    }
    foreach ($name in $before.Keys) {
        if (-not $after.ContainsKey($name)) {
            $null = $unset.Add($name)
        }
    }
    Send-Answer -Step $Step -Outcome $outcome -Set $set -Unset $unset
}

Send-Message @('hello', (ConvertTo-Field ([string] $PSVersionTable.PSVersion)))

# The first pipeline of a runspace takes a quarter of a second: nobody should wait for it in the first step.
try {
    $runspace.SessionStateProxy.SetVariable('__baton', @{
            Text = '$null'; File = 'warm-up'; Caught = $true; Ast = $null; Problems = $null; Error = $null
        })
    $warmUp = New-StepPipeline
    $null = $warmUp.EndInvoke((Start-StepPipeline $warmUp))
    $warmUp.Dispose()
    $runspace.SessionStateProxy.PSVariable.Remove('__baton')
} catch {
    # The first step then says what is wrong, in its own place.
    $null = $_
}

$script:reading = $reader.ReadLineAsync()
while ($true) {
    $null = $script:reading.AsyncWaitHandle.WaitOne()
    if (($script:reading.IsFaulted) -or ($null -eq $script:reading.Result)) {
        Stop-Host
    }
    $line = $script:reading.Result
    $script:reading = $reader.ReadLineAsync()
    if ($line.StartsWith('run ')) {
        Invoke-Step -Step (Read-Step $line)
    }
}
