package main

import "github.com/spf13/cobra"

// commands are all commands, in the order in which a user meets them.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.newDemoCommand(),
		a.newRunCommand(),
		a.newPlanCommand(),
		a.newIngestCommand(),
		a.newImportCommand(),
		a.newAnalyzeCommand(),
		a.newReportCommand(),
		a.newCompareCommand(),
		a.newNightlyCommand(),
		a.newAlarmsCommand(),
		a.newDashboardCommand(),
		a.newSQLCommand(),
		a.newQueryCommand(),
		a.newExplainCommand(),
		a.newPricesCommand(),
		a.newInstancesCommand(),
		a.newPatternsCommand(),
		a.newLakeCommand(),
		a.newDoctorCommand(),
		a.newSimulateCommand(),
		a.newVersionCommand(),
	}
}
