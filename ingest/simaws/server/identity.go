package server

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// caller is who a call is from.
type caller struct {
	arn     string
	id      string // UserId
	allow   []string
	limited bool // allow counts, even when it is empty
	session bool // by AssumeRole
}

// may reports whether the caller may run an action, for example
// logs:FilterLogEvents.
func (w caller) may(action string) bool {
	return !w.limited || slices.ContainsFunc(w.allow, func(a string) bool {
		prefix, wild := strings.CutSuffix(a, "*")
		return a == action || wild && strings.HasPrefix(action, prefix)
	})
}

// session is what AssumeRole gave out.
type session struct {
	caller
	token string
	ends  time.Time // by Options.Wall
}

// sessions holds what AssumeRole gave out, by access key. The zero value is
// empty.
type sessions struct {
	mu   sync.Mutex
	list map[string]session
}

func (l *sessions) put(key string, s session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list == nil {
		l.list = map[string]session{}
	}
	l.list[key] = s
}

func (l *sessions) get(key string) (session, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.list[key]
	return s, ok
}

// identify says who a call is from; the error is a session that is over or was
// not given out here.
func (s *Server) identify(c *call) (caller, error) {
	key := c.Signer.AccessKeyID
	if one, ok := s.sessions.get(key); ok {
		switch {
		case one.token != c.Signer.SessionToken:
			return one.caller, invalidCredentials(c.Service)
		case c.wall.After(one.ends):
			return one.caller, expiredCredentials(c.Service)
		}
		return one.caller, nil
	}
	for _, u := range s.acct.Users {
		if u.AccessKeyID == key {
			return caller{arn: s.userARN(u.Name), id: "AIDA" + strings.ToUpper(u.Name), allow: u.Allow, limited: u.Allow != nil}, nil
		}
	}
	anyone := caller{arn: s.userARN("simulated"), id: "AIDASIMULATEDUSER0000"}
	if strings.HasPrefix(key, sessionKeyPrefix) {
		return anyone, invalidCredentials(c.Service)
	}
	return anyone, nil
}

func (s *Server) userARN(name string) string { return "arn:aws:iam::" + s.acct.ID + ":user/" + name }

// action is the call as policies name it.
func action(c *wire.Call) string {
	prefix := map[string]string{
		wire.CloudWatch: "cloudwatch", wire.Logs: "logs", wire.SageMaker: "sagemaker", wire.STS: "sts", wire.ServiceQuotas: "servicequotas",
		wire.PriceList: "pricing", wire.AutoScaling: "application-autoscaling",
	}[c.Service]
	return prefix + ":" + c.Operation
}

// denied is the answer of IAM to a caller without the permission.
func denied(c *wire.Call, arn string) error {
	a := action(c)
	e := &wire.Error{
		Shape:   "AccessDeniedException",
		Message: "User: " + arn + " is not authorized to perform: " + a + " because no identity-based policy allows the " + a + " action",
	}
	if c.Service == wire.CloudWatch || c.Service == wire.STS {
		e.Code, e.Status = "AccessDenied", http.StatusForbidden
	}
	return e
}

// expiredCredentials is the answer to a session that is over.
func expiredCredentials(service string) error {
	e := &wire.Error{Shape: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	if service == wire.CloudWatch || service == wire.STS {
		e.Code, e.Status = "ExpiredToken", http.StatusForbidden
	}
	return e
}

// invalidCredentials is the answer to keys that nobody has.
func invalidCredentials(service string) error {
	e := &wire.Error{Shape: "UnrecognizedClientException", Message: "The security token included in the request is invalid."}
	if service == wire.CloudWatch || service == wire.STS {
		e.Shape, e.Code, e.Status = "InvalidClientTokenId", "InvalidClientTokenId", http.StatusForbidden
	}
	return e
}

// role finds a role by its ARN.
func (s *Server) role(arn string) (account.Role, bool) {
	i := slices.IndexFunc(s.acct.Roles, func(r account.Role) bool { return r.ARN == arn })
	if i < 0 {
		return account.Role{}, false
	}
	return s.acct.Roles[i], true
}

// maxSkew is how far the client's clock may be off. Source: IAM user guide,
// "requests must be signed within five minutes".
const maxSkew = 5 * time.Minute

// checkClock refuses a signature that was made at another time than now.
func (s *Server) checkClock(c *call) error {
	if !s.opt.CheckClock || c.Signer.SignedAt.IsZero() {
		return nil
	}
	here := c.wall.Add(s.opt.Skew)
	signed, limit, form := c.Signer.SignedAt, here.Add(-maxSkew), "20060102T150405Z"
	text := ""
	switch {
	case signed.Before(limit):
		text = "Signature expired: " + signed.Format(form) + " is now earlier than " + limit.UTC().Format(form)
	case signed.After(here.Add(maxSkew)):
		text = "Signature not yet current: " + signed.Format(form) + " is still later than " + here.Add(maxSkew).UTC().Format(form)
	default:
		return nil
	}
	e := &wire.Error{Shape: "InvalidSignatureException", Message: text + " (" + here.UTC().Format(form) + " - 5 min.)"}
	if c.Service == wire.CloudWatch || c.Service == wire.STS {
		e.Code, e.Status = "SignatureDoesNotMatch", http.StatusForbidden
	}
	return e
}
