package server

import "time"

// How long CloudWatch keeps points, by their period. Source: GetMetricData,
// "Amazon CloudWatch retains metric data as follows".
const (
	day                = 24 * time.Hour
	keepHighResolution = 3 * time.Hour // points of less than a minute
	keepMinutes        = 15 * day
	keepFiveMinutes    = 63 * day
	keepHours          = 455 * day
)

// legalPeriod reports whether a period may be asked for at all: 1, 5, 10, 20,
// 30 or a multiple of 60 seconds.
func legalPeriod(seconds int64) bool {
	switch seconds {
	case 1, 5, 10, 20, 30:
		return true
	}
	return seconds > 0 && seconds%60 == 0 && seconds <= 86400*365
}

// roundStart moves StartTime down to where CloudWatch begins: the minute, five
// minutes or hour, by its age; with a period of less than a minute, the
// division of the minute that the period makes.
func roundStart(start, now time.Time, period time.Duration) time.Time {
	age := now.Sub(start)
	switch {
	case period < time.Minute:
		return start.Truncate(period)
	case age > keepFiveMinutes:
		return start.Truncate(time.Hour)
	case age >= keepMinutes:
		return start.Truncate(5 * time.Minute)
	}
	return start.Truncate(time.Minute)
}

// kept reports whether points of a period are still there for a request that
// starts at start. When they are not, CloudWatch answers with no points and no
// error; the whole request is judged by its start. Source: GetMetricStatistics,
// "Period".
func kept(start, now time.Time, period time.Duration) bool {
	age := now.Sub(start)
	switch {
	case age > keepFiveMinutes:
		return period%time.Hour == 0
	case age > keepMinutes:
		return period%(5*time.Minute) == 0
	case age > keepHighResolution:
		return period%time.Minute == 0
	}
	return true
}

// oldest is the begin of what is kept at all.
func oldest(now time.Time) time.Time { return now.Add(-keepHours) }
