package lake

import (
	"cmp"
	"time"
)

func resourceFields() []field[Resource] {
	return []field[Resource]{
		timeField("as_of", func(r *Resource) *time.Time { return &r.AsOf }),
		textField("account", optional, func(r *Resource) *string { return &r.Account }),
		textField("region", optional, func(r *Resource) *string { return &r.Region }),
		textField("subject", required, func(r *Resource) *string { return &r.Subject }),
		textField("kind", required, func(r *Resource) *string { return &r.Kind }),
		textField("name", required, func(r *Resource) *string { return &r.Name }),
		textField("attribute", required, func(r *Resource) *string { return &r.Attribute }),
		textField("value", optional, func(r *Resource) *string { return &r.Value }),
		textField("source", optional, func(r *Resource) *string { return &r.Source }),
	}
}

func requestTable() table[Request] {
	return table[Request]{
		dataset: "requests",
		share:   8, // those of an access log are merged beside its events
		fields:  requestFields,
		ts:      func(r *Request) int64 { return r.TS },
		owner:   func(r *Request) *string { return &r.Subject },
		clock:   "ts",
		compare: func(a, b *Request) int {
			return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.TS, b.TS), cmp.Compare(a.Seq, b.Seq))
		},
		update: func(old, came *Request) bool { return replaceRow(old, *came) },
		clean:  cleanRequest,
	}
}

// cleanRequest is r as the lake gives it back.
func cleanRequest(r *Request) {
	if r.Weight == 0 {
		r.Weight = 1
	}
	r.SpanUS = max(r.SpanUS, 0)
	for _, v := range []*int64{&r.DurationUS, &r.TTFTUS, &r.TokensIn, &r.TokensOut} {
		*v = max(*v, -1)
	}
}

func requestFields() []field[Request] {
	return []field[Request]{
		longField("ts", true, required, func(r *Request) *int64 { return &r.TS }),
		textField("subject", required, func(r *Request) *string { return &r.Subject }),
		textField("source", optional, func(r *Request) *string { return &r.Source }),
		textField("origin", optional, func(r *Request) *string { return &r.Origin }),
		longField("seq", false, required, func(r *Request) *int64 { return &r.Seq }),
		measureField("duration_us", func(r *Request) *int64 { return &r.DurationUS }),
		intField("status", optional, func(r *Request) *int32 { return &r.Status }),
		textField("route", optional, func(r *Request) *string { return &r.Route }),
		weightField("weight", func(r *Request) *int64 { return &r.Weight }),
		longField("span_us", false, required, func(r *Request) *int64 { return &r.SpanUS }),
		measureField("ttft_us", func(r *Request) *int64 { return &r.TTFTUS }),
		measureField("tokens_in", func(r *Request) *int64 { return &r.TokensIn }),
		measureField("tokens_out", func(r *Request) *int64 { return &r.TokensOut }),
		textField("error", optional, func(r *Request) *string { return &r.Error }),
	}
}
