// Package service judges what serves without instances of its own, or beside
// them: serverless and asynchronous endpoints, models loaded on demand,
// inference components, feature groups, labeling jobs, monitoring schedules,
// notebooks and plain CloudWatch series. Each judge reads a dossier and nothing
// else, answers with measures that have an interval or are refused, and says in
// one sentence what follows.
package service
