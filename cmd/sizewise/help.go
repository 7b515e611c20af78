package main

// usageTemplate is cobra's, with flags wrapped to a terminal and the flags that
// every command shares told by name: sizewise --help explains them.
const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{- if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableInheritedFlags}}

Also, before or after the command's name (sizewise --help tells of them):
  --lake --region --profile --endpoint-url --tz --json -q --log-format -v{{end}}
`
