package cloudwatch

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestEveryCallIsLogged: with its operation, how long it took and how often it
// was made again.
func TestEveryCallIsLogged(t *testing.T) {
	var log bytes.Buffer
	o := fast()
	o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	clock := minute0
	o.Now = func() time.Time {
		clock = clock.Add(time.Second)
		return clock
	}
	client, _ := connect(t, o, func(_ string, call int, _ map[string]any) reply {
		if call == 0 {
			return reply{code: "ThrottlingException", message: "Rate exceeded"}
		}
		return reply{body: map[string]any{"logGroups": []any{}}}
	})
	_, _, _ = client.Group(t.Context(), "g") // not there, which is not the point
	if got := log.String(); !strings.Contains(got, `msg="AWS call" operation=DescribeLogGroups region=`) ||
		!strings.Contains(got, "duration=") || !strings.Contains(got, "retries=1") {
		t.Errorf("the log is %q", got)
	}
}
