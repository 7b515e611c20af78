package aws

import (
	"sizewise/analyze/finding"
)

// The lengths that CloudFormation and CloudWatch take, in bytes.
const (
	maxDescription = 1024
	maxLabel       = 255
)

type template struct {
	Version     string               `json:"AWSTemplateFormatVersion"`
	Description string               `json:"Description"`
	Parameters  map[string]parameter `json:"Parameters"`
	Conditions  map[string]any       `json:"Conditions"`
	Resources   map[string]resource  `json:"Resources"`
}

type parameter struct {
	Type        string `json:"Type"`
	Default     string `json:"Default"`
	Description string `json:"Description"`
}

type resource struct {
	Type       string          `json:"Type"`
	Properties alarmProperties `json:"Properties"`
}

type alarmProperties struct {
	AlarmName          string
	AlarmDescription   string
	AlarmActions       any
	OKActions          any
	ComparisonOperator string
	Threshold          float64
	EvaluationPeriods  int
	DatapointsToAlarm  int
	TreatMissingData   string
	Metrics            []metricQuery
}

type metricQuery struct {
	ID         string      `json:"Id"`
	Label      string      `json:"Label,omitempty"`
	Expression string      `json:"Expression,omitempty"`
	MetricStat *metricStat `json:"MetricStat,omitempty"`
	AccountID  string      `json:"AccountId,omitempty"`
	ReturnData bool        `json:"ReturnData"`
}

type metricStat struct {
	Metric metric
	Period int
	Stat   string
}

type metric struct {
	Namespace  string
	MetricName string
	Dimensions []dimension
}

type dimension struct{ Name, Value string }

// Template is a CloudFormation template, in JSON, of the alarms of a subject. Its
// parameter Topic is the ARN of an SNS topic that is told when an alarm comes and
// goes; without it the alarms only show.
func Template(subject string, alarms []finding.Alarm, o Options) ([]byte, error) {
	t := template{
		Version:     "2010-09-09",
		Description: plain("Alarms of "+subject+" in "+o.Region+", proposed by sizewise from its measurements. Create the stack in that region.", maxDescription),
		Parameters: map[string]parameter{
			"Topic": {Type: "String", Default: "", Description: "ARN of the SNS topic to tell; empty tells nobody"},
		},
		Conditions: map[string]any{
			"HasTopic": object{"Fn::Not": []any{object{"Fn::Equals": []any{object{"Ref": "Topic"}, ""}}}},
		},
		Resources: map[string]resource{},
	}
	for i := range alarms {
		t.Resources[alarms[i].Key] = resource{Type: "AWS::CloudWatch::Alarm", Properties: properties(&alarms[i], o)}
	}
	return encode(t)
}

// object is a JSON object.
type object map[string]any

func properties(a *finding.Alarm, o Options) alarmProperties {
	tell := object{"Fn::If": []any{"HasTopic", []any{object{"Ref": "Topic"}}, object{"Ref": "AWS::NoValue"}}}
	p := alarmProperties{
		AlarmName: a.Name, AlarmDescription: plain(a.About, maxDescription),
		AlarmActions: tell, OKActions: tell,
		ComparisonOperator: "GreaterThanThreshold", Threshold: a.Threshold,
		EvaluationPeriods: a.EvaluationPeriods, DatapointsToAlarm: a.DatapointsToAlarm,
		TreatMissingData: a.Missing,
	}
	if a.OrEqual {
		p.ComparisonOperator = "GreaterThanOrEqualToThreshold"
	}
	for i, q := range a.Queries {
		m := metricQuery{ID: q.ID, Label: plain(q.Label, maxLabel), Expression: q.Expression, ReturnData: i == len(a.Queries)-1}
		if q.Expression == "" {
			m.AccountID = o.Account
			m.MetricStat = &metricStat{Period: a.PeriodS, Stat: q.Stat, Metric: metric{Namespace: q.Namespace, MetricName: q.Metric}}
			for _, d := range q.Dimensions {
				m.MetricStat.Metric.Dimensions = append(m.MetricStat.Metric.Dimensions, dimension(d))
			}
		}
		p.Metrics = append(p.Metrics, m)
	}
	return p
}
