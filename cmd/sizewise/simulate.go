package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/scene"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/simaws/workload"
)

// simulateFlags choose the account that is served.
type simulateFlags struct {
	scenario string
	seed     uint64
	listen   string
	endpoint string
	estate   int
}

func (a *app) newSimulateCommand() *cobra.Command {
	var flags simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "The loopback AWS alone, for trying any AWS client on",
		Long: `Serves a simulated load test that has just ended as CloudWatch, CloudWatch Logs
and SageMaker on loopback, until it is interrupted, and prints the variables that
point AWS clients at it. Any credentials are accepted.

  $ sizewise simulate --scenario gpu-bound --listen 127.0.0.1:4599
  $ AWS_ENDPOINT_URL=http://127.0.0.1:4599 aws sagemaker describe-endpoint \
      --endpoint-name gpu-bound-resnet152
  $ sizewise simulate --estate 10    one of every kind of subject, ten endpoints`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.simulate(cmd.Context(), flags) },
	}
	fs := cmd.Flags()
	fs.StringVar(&flags.scenario, "scenario", defaultScenario, "which load test to simulate, see sizewise demo --list")
	fs.Uint64Var(&flags.seed, "seed", 1, "seed of the simulation")
	fs.StringVar(&flags.listen, "listen", "127.0.0.1:0", "loopback address to listen on; port 0 takes a free one")
	fs.StringVar(&flags.endpoint, "endpoint", "", "name of the endpoint; default that of the scenario, which is printed")
	fs.IntVar(&flags.estate, "estate", 0, "serve the last 12 hours of that many endpoints and one of every other kind of subject instead")
	return cmd
}

func (a *app) simulate(ctx context.Context, f simulateFlags) error {
	if _, _, err := net.SplitHostPort(f.listen); err != nil {
		return usagef("for example --listen 127.0.0.1:4599", "--listen %q is not host:port", f.listen)
	}
	acct, about, err := a.simulated(f)
	if err != nil {
		return err
	}
	aws, err := simaws.Start(ctx, acct, simaws.Options{Addr: f.listen, Server: server.Options{Now: a.con.now}, Logger: a.logger()})
	if err != nil {
		return err
	}
	for _, line := range aws.Env() {
		fmt.Fprintln(a.con.out, line)
	}
	for _, line := range about {
		a.note("%s", line)
	}
	a.note("interrupt to stop")
	<-ctx.Done()
	return aws.Close()
}

// simulated is the account to serve, and what to tell of it.
func (a *app) simulated(f simulateFlags) (*account.Account, []string, error) {
	if f.estate == 0 {
		test, err := recentTest(f.scenario, f.endpoint, f.seed, a.con.now())
		if err != nil {
			return nil, nil, err
		}
		return test.Account, []string{fmt.Sprintf("endpoint/%s, from %s to %s", test.Endpoint, show(test.Start), show(test.End))}, nil
	}
	if f.estate < 0 || f.estate > 1000 {
		return nil, nil, usagef("for example --estate 10", "--estate %d: from 1 to 1000 endpoints", f.estate)
	}
	end := a.con.now().Truncate(time.Minute).UTC()
	drawn, err := estate.New(estate.Config{
		Seed: f.seed, Start: end.Add(-12 * time.Hour), End: end, Plain: f.estate, LogEvents: 120,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("drawing an estate: %w", err)
	}
	about := []string{fmt.Sprintf("from %s to %s", show(end.Add(-12*time.Hour)), show(end))}
	for _, s := range drawn.Subjects {
		about = append(about, s.Kind+"/"+s.Name)
	}
	return drawn.Account, about, nil
}

// recentTest simulates a test that ended a quarter of an hour before now, so
// that a client with the real clock finds it settled and at full resolution.
func recentTest(scenario, endpoint string, seed uint64, now time.Time) (*workload.Result, error) {
	cfg, err := workload.Scenario(scenario)
	if _, ok := scene.Named(scenario); ok {
		return nil, usagef("sizewise demo shows it, and --estate 1 serves a subject of every kind", "scenario %q is not a load test of an endpoint", scenario)
	}
	if err != nil {
		return nil, usagef(meant(scenario, scenarioNames(), "", "see sizewise demo --list"), "no scenario is called %q", scenario)
	}
	if endpoint != "" {
		cfg.Endpoint = endpoint
	}
	var length time.Duration
	for _, s := range cfg.Arrivals.Steps {
		length += s.For
	}
	cfg.Start = now.Add(-15*time.Minute - length).Truncate(time.Minute).UTC()
	test, err := workload.Run(cfg, seed)
	if err != nil {
		return nil, fmt.Errorf("simulating %s: %w", scenario, err)
	}
	return test, nil
}
