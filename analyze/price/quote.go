package price

import (
	"fmt"
	"time"
)

// Quote is a price that may be used, or the reason why there is none.
type Quote struct {
	Price Price
	Known bool
	Old   bool   // told more than WarnAfter ago
	Why   string // not Known: why, as a clause without a full stop
}

// Quote is the price of an instance type as it may be used on a day. A region or
// a type that is not known is "".
func (b *Book) Quote(region, instanceType string, use Use, today time.Time) Quote {
	switch {
	case b == nil:
		return Quote{Why: "none were given"}
	case instanceType == "":
		return Quote{Why: "the instance type is not known"}
	case region == "":
		return Quote{Why: "the region is not known"}
	}
	p, ok := b.Lookup(region, instanceType, use)
	if !ok {
		return Quote{Why: fmt.Sprintf("the table has none of %s for %s in %s", instanceType, use, region)}
	}
	day := p.AsOf.Format(time.DateOnly)
	switch p.Age(today) {
	case Expired:
		return Quote{Why: fmt.Sprintf("that of %s is of %s, more than %d days ago", instanceType, day, days(RefuseAfter))}
	case Future:
		return Quote{Why: fmt.Sprintf("that of %s is dated %s, in the future", instanceType, day)}
	case Old:
		return Quote{Price: p, Known: true, Old: true}
	case Current:
	}
	return Quote{Price: p, Known: true}
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
