import type {CommandWords, FlagWords} from '../words.ts';

/** For Windows PowerShell 5 and PowerShell 7. Where nothing is offered, PowerShell completes file names by itself. */
export function powershellScript(commands: CommandWords[]): string {
  const tables = commands.map(({name, summary, flags, values}) => {
    const rows = flags.flatMap(({names, ...flag}) => names.map((each) => `      ${quote(each)} = ${entry(flag)}`));
    return `    ${quote(name)} = @{ Summary = ${quote(summary)}; Words = ${list(values)}; Flags = [ordered]@{
${rows.join('\n')}
    } }`;
  });
  return `# PowerShell completion for rice. Load it with: rice completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName rice -ScriptBlock {
  param($word, $ast, $position)
  $commands = [ordered]@{
${tables.join('\n')}
  }
  # What stands before the word that is completed.
  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $offer = { param($text, $note) [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $note) }
  $name, $inner = $before | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' } | Select-Object -First 2
  if ($inner -and $commands.Contains("$name $inner")) { $name = "$name $inner" }
  if (-not $name) {
    $commands.Keys | Where-Object { $_ -like "$word*" -and $_ -notlike '* *' } | ForEach-Object { & $offer $_ $commands[$_].Summary }
    return
  }
  $command = $commands[$name]
  if (-not $command) { return }
  $previous = $before[-1]
  if ($command.Flags.Contains($previous) -and $command.Flags[$previous].TakesValue) {
    $command.Flags[$previous].Values | Where-Object { $_ -like "$word*" } | ForEach-Object { & $offer $_ $_ }
    return
  }
  if ($word -like '-*') {
    $command.Flags.Keys | Where-Object { $_ -like "$word*" } | ForEach-Object { & $offer $_ $command.Flags[$_].Summary }
    return
  }
  $command.Words | Where-Object { $_ -like "$word*" } | ForEach-Object { & $offer $_ $_ }
}
`;
}

function entry({summary, takesValue, values}: Omit<FlagWords, 'names'>): string {
  return `@{ Summary = ${quote(summary || ' ')}; TakesValue = $${takesValue}; Values = ${list(values)} }`;
}

function list(values: string[]): string {
  return `@(${values.map(quote).join(', ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
