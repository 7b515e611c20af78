package engine

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Date is a value of type DATE.
type Date struct{ time.Time }

// Clock is a value of type TIME.
type Clock struct{ time.Time }

// plain replaces the driver's forms that do not say what they are: DATE and
// TIME come as time.Time, a UUID as bytes.
func plain(typ string, v any) any {
	switch x := v.(type) {
	case time.Time:
		switch typ {
		case "DATE":
			return Date{x}
		case "TIME", "TIMETZ":
			return Clock{x}
		}
	case []byte:
		if typ == "UUID" && len(x) == 16 {
			h := hex.EncodeToString(x)
			return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
		}
	}
	return v
}

// Text shows a value of a result on one line, the same value always the same
// way: numbers with the fewest digits that read back as the same number, times
// in UTC as 2026-11-20 14:00:00, maps and structs sorted by key, NULL as NULL.
func Text(v any) string {
	switch x := v.(type) {
	case nil:
		return "NULL"
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case float64:
		return float(x, 64)
	case float32:
		return float(float64(x), 32)
	case *big.Int:
		return x.String()
	case duckdb.Decimal:
		return decimal(x)
	case duckdb.Interval:
		return interval(x)
	case duckdb.Union:
		return Text(x.Value)
	case []byte:
		return blob(x)
	}
	if s, ok := instant(v, "2006-01-02 15:04:05.999999999"); ok {
		return s
	}
	if n, ok := whole(v); ok {
		return strconv.FormatInt(n, 10)
	}
	return nested(v)
}

// nested shows lists, maps and structs.
func nested(v any) string {
	var parts []string
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			parts = append(parts, Text(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case duckdb.OrderedMap:
		keys, values := x.Keys(), x.Values()
		for i := range keys {
			parts = append(parts, Text(keys[i])+"="+Text(values[i]))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case map[string]any:
		for _, k := range sortedKeys(x) {
			parts = append(parts, k+": "+Text(x[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// JSON is v in the forms that encoding/json writes: numbers as numbers with all
// their digits, times as RFC 3339 in UTC, lists as lists, maps and structs as
// objects. NULL, NaN and infinity are null, since JSON has no word for them.
func JSON(v any) any {
	switch x := v.(type) {
	case nil, string, bool:
		return x
	case float32:
		return finite(float64(x), json.Number(float(float64(x), 32)))
	case float64:
		return finite(x, x)
	case *big.Int:
		return json.Number(x.String())
	case duckdb.Decimal:
		return json.Number(decimal(x))
	case uint64:
		return x
	case duckdb.Union:
		return JSON(x.Value)
	case []any:
		list := make([]any, len(x))
		for i, item := range x {
			list[i] = JSON(item)
		}
		return list
	case duckdb.OrderedMap:
		keys, values := x.Keys(), x.Values()
		object := make(map[string]any, len(keys))
		for i := range keys {
			object[Text(keys[i])] = JSON(values[i])
		}
		return object
	case map[string]any:
		object := make(map[string]any, len(x))
		for k, item := range x {
			object[k] = JSON(item)
		}
		return object
	}
	if s, ok := instant(v, time.RFC3339Nano); ok {
		return s
	}
	if n, ok := whole(v); ok {
		return n
	}
	return Text(v)
}

func finite(x float64, v any) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return v
}

// instant shows dates and times; layout is for those that have both.
func instant(v any, layout string) (string, bool) {
	switch x := v.(type) {
	case Date:
		return x.Format(time.DateOnly), true
	case Clock:
		return x.Format("15:04:05.999999999"), true
	case time.Time:
		switch x.UnixMicro() {
		case math.MaxInt64:
			return "infinity", true
		case -math.MaxInt64:
			return "-infinity", true
		}
		return x.UTC().Format(layout), true
	}
	return "", false
}

func float(x float64, bits int) string {
	if size := math.Abs(x); size != 0 && (size < 1e-6 || size >= 1e15) {
		return strconv.FormatFloat(x, 'g', -1, bits)
	}
	return strconv.FormatFloat(x, 'f', -1, bits)
}

// decimal shows every digit of the scale: 1.50 stays 1.50.
func decimal(d duckdb.Decimal) string {
	digits := new(big.Int).Abs(d.Value).String()
	scale := int(d.Scale)
	if pad := scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if d.Value.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

func interval(i duckdb.Interval) string {
	var parts []string
	if i.Months != 0 {
		parts = append(parts, fmt.Sprintf("%d months", i.Months))
	}
	if i.Days != 0 {
		parts = append(parts, fmt.Sprintf("%d days", i.Days))
	}
	if i.Micros != 0 || len(parts) == 0 {
		parts = append(parts, (time.Duration(i.Micros) * time.Microsecond).String())
	}
	return strings.Join(parts, " ")
}

// blob shows bytes: printable ASCII as it is, the rest as \x00.
func blob(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if c >= ' ' && c <= '~' && c != '\\' {
			s.WriteByte(c)
		} else {
			fmt.Fprintf(&s, `\x%02X`, c)
		}
	}
	return s.String()
}
