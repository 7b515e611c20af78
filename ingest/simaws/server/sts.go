package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// getCallerIdentity answers STS GetCallerIdentity, which needs no permission.
func (s *Server) getCallerIdentity(c *call) (wire.Object, error) {
	return wire.Object{
		{Name: "Arn", Value: c.caller.arn},
		{Name: "UserId", Value: c.caller.id},
		{Name: "Account", Value: s.acct.ID},
	}, nil
}

// sessionKeyPrefix begins the access keys of sessions. Source: IAM user guide,
// "Understanding unique ID prefixes".
const sessionKeyPrefix = "ASIA"

// How long a session may last. Source: AssumeRole, "DurationSeconds".
const (
	shortestSession = 900
	longestSession  = 43_200
	longestChained  = 3_600
)

// sessionName is the form that AssumeRole asks of RoleSessionName.
var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// assumeRole answers STS AssumeRole: keys for a role that trusts the caller and
// whose external id is brought.
func (s *Server) assumeRole(c *call) (wire.Object, error) {
	p := c.Params
	arn, name, external := p.String("RoleArn"), p.String("RoleSessionName"), p.String("ExternalId")
	seconds, set := p.Int("DurationSeconds")
	if err := p.Err(); err != nil {
		return nil, err
	}
	if !set {
		seconds = longestChained
	}
	switch {
	case len(arn) < 20:
		return nil, validation("1 validation error detected: Value '%s' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20", arn)
	case !sessionName.MatchString(name):
		return nil, validation(`1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`, name)
	case seconds < shortestSession || seconds > longestSession:
		return nil, validation("1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value between %d and %d", seconds, shortestSession, longestSession)
	case c.caller.session && seconds > longestChained:
		return nil, validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	}
	role, ok := s.role(arn)
	if !ok || !trusts(role, c.caller, external) {
		return nil, &wire.Error{
			Shape: "AccessDenied", Status: http.StatusForbidden,
			Message: "User: " + c.caller.arn + " is not authorized to perform: sts:AssumeRole on resource: " + arn,
		}
	}
	return s.startSession(role, name, c.wall.Add(time.Duration(seconds)*time.Second)), nil
}

// trusts reports whether a role lets itself be assumed. A session is trusted by
// its own ARN or by that of its role.
func trusts(r account.Role, who caller, externalID string) bool {
	if r.ExternalID != externalID && r.ExternalID != "" {
		return false
	}
	return r.Trusts == nil || slices.ContainsFunc(r.Trusts, func(arn string) bool { return arn == who.arn || who.session && roleOf(who.arn) == arn })
}

// roleOf is the role's ARN of a session's:
// arn:aws:sts::ID:assumed-role/ROLE/SESSION is of arn:aws:iam::ID:role/ROLE.
func roleOf(sessionARN string) string {
	head, path, _ := strings.Cut(sessionARN, ":assumed-role/")
	name, _, _ := strings.Cut(path, "/")
	return strings.Replace(head, ":sts:", ":iam:", 1) + ":role/" + name
}

// startSession gives out keys. They depend on the role, the name and the time
// alone.
func (s *Server) startSession(role account.Role, name string, ends time.Time) wire.Object {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d", role.ARN, name, ends.UnixNano(), s.served.Load()))
	key := sessionKeyPrefix + strings.ToUpper(hex.EncodeToString(sum[:8]))
	token := base64.StdEncoding.EncodeToString(sum[:])
	id := "AROA" + strings.ToUpper(hex.EncodeToString(sum[8:16])) + ":" + name
	head, path, _ := strings.Cut(role.ARN, ":role/")
	parts := strings.Split(path, "/")
	arn := strings.Replace(head, ":iam:", ":sts:", 1) + ":assumed-role/" + parts[len(parts)-1] + "/" + name
	s.sessions.put(key, session{
		caller: caller{arn: arn, id: id, allow: role.Allow, limited: role.Allow != nil, session: true},
		token:  token, ends: ends,
	})
	return wire.Object{
		{Name: "Credentials", Value: wire.Object{
			{Name: "AccessKeyId", Value: key},
			{Name: "SecretAccessKey", Value: base64.StdEncoding.EncodeToString(sum[:30])},
			{Name: "SessionToken", Value: token},
			{Name: "Expiration", Value: ends.UTC().Truncate(time.Second)},
		}},
		{Name: "AssumedRoleUser", Value: wire.Object{{Name: "AssumedRoleId", Value: id}, {Name: "Arn", Value: arn}}},
		{Name: "PackedPolicySize", Value: int64(0)},
	}
}
