package cloudwatch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// queryTime is how Insights writes times, which are UTC.
const queryTime = "2006-01-02 15:04:05.000"

// errNoTime is a row that cannot be placed.
var errNoTime = errors.New("a row has no time that can be read")

// eventsFromRows turns rows into events, ascending in time and otherwise as they
// came. Insights has no event IDs; an event's is made of what it says, and of
// its number among those that say the same, so that the same event has the same
// ID in every query that has all of its second. A row that comes twice, which
// its pointer tells, is one event.
func eventsFromRows(rows [][]types.ResultField) ([]Event, error) {
	events := make([]Event, 0, len(rows))
	seen := make(map[string]bool)
	for _, row := range rows {
		e, pointer, err := eventFromRow(row)
		if err != nil {
			return nil, err
		}
		if pointer != "" && seen[pointer] {
			continue
		}
		seen[pointer] = true
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(a, b Event) int { return int(a.TS - b.TS) })
	same := make(map[string]int)
	for i := range events {
		sum := identity(events[i])
		events[i].ID = sum + "-" + strconv.Itoa(same[sum])
		same[sum]++
	}
	return events, nil
}

func eventFromRow(row []types.ResultField) (e Event, pointer string, err error) {
	timed := false
	for _, f := range row {
		value := aws.ToString(f.Value)
		switch aws.ToString(f.Field) {
		case "@timestamp":
			e.TS, timed = microseconds(value)
		case "@ingestionTime":
			e.Ingested, _ = microseconds(value) // 0 is unknown
		case "@logStream":
			e.Stream = value
		case "@message":
			e.Message = value
		case "@ptr":
			pointer = value
		}
	}
	if !timed {
		return e, "", errNoTime
	}
	return e, pointer, nil
}

// microseconds reads a time as Insights writes it, or epoch milliseconds.
func microseconds(text string) (int64, bool) {
	if t, err := time.Parse(queryTime, text); err == nil {
		return t.UnixMicro(), true
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return ms * 1000, true
	}
	return 0, false
}

// identity is a digest of what an event says.
func identity(e Event) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%d\x00%s\x00%s", e.TS, e.Ingested, e.Stream, e.Message)
	return "insights-" + hex.EncodeToString(h.Sum(nil)[:16])
}
