package server

import "sizewise/ingest/simaws/server/wire"

// getCallerIdentity answers STS GetCallerIdentity: the account, whoever asks.
func (s *Server) getCallerIdentity(*call) (wire.Object, error) {
	return wire.Object{
		{Name: "Arn", Value: s.callerARN()},
		{Name: "UserId", Value: "AIDASIMULATEDUSER0000"},
		{Name: "Account", Value: s.acct.ID},
	}, nil
}

// callerARN is who every caller is taken for.
func (s *Server) callerARN() string { return "arn:aws:iam::" + s.acct.ID + ":user/simulated" }
