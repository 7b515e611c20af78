package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version in reports: a report is a function of it, so it must
// not depend on how the binary was built.
const release = "0.1.0"

// version is the release and, where the build knows it, the commit.
func version() string {
	if r := revision(); r != "" {
		return release + " (" + r + ")"
	}
	return release
}

// revision is the commit in 12 digits, "" where the build does not know it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return ""
}

// versionJSON is the version for machines.
type versionJSON struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // the commit, where the build knows it
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// newVersionCommand says the same as --version, for those who try this first.
func (a *app) newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The version",
		Long:  "Prints the version; for machines with --json.\n\n  $ sizewise version",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			if a.common.json {
				return writeJSON(a.con.out, versionJSON{release, revision(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH})
			}
			_, err := fmt.Fprintln(a.con.out, "sizewise", version())
			return err
		},
	}
}
