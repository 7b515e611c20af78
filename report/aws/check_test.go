package aws

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// checker collects what AWS's documents do not allow.
type checker struct{ problems []string }

func (c *checker) add(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// keys holds an object to the keys of the documents; required ones end with !.
func (c *checker) keys(where string, o map[string]any, names string) {
	var allowed []string
	for _, name := range strings.Fields(names) {
		bare, required := strings.CutSuffix(name, "!")
		allowed = append(allowed, bare)
		if _, ok := o[bare]; required && !ok {
			c.add("%s: %s is required", where, bare)
		}
	}
	for key := range o {
		if !slices.Contains(allowed, key) {
			c.add("%s: %s is not a property", where, key)
		}
	}
}

func (c *checker) integer(where string, o map[string]any, key string, lo, hi float64) float64 {
	x, ok := o[key].(float64)
	if !ok || x != float64(int64(x)) || x < lo || x > hi {
		c.add("%s: %s is %v, want a whole number from %g to %g", where, key, o[key], lo, hi)
	}
	return x
}

func (c *checker) oneOf(where string, v any, words string) {
	s, ok := v.(string)
	if !ok || !slices.Contains(strings.Fields(words), s) {
		c.add("%s: %v, want one of %s", where, v, words)
	}
}

func (c *checker) text(where string, v any, lo, hi int) {
	s, ok := v.(string)
	if !ok || len(s) < lo || len(s) > hi {
		c.add("%s: %v, want text of %d to %d bytes", where, v, lo, hi)
	}
}

func (c *checker) period(where string, v any) {
	x, ok := v.(float64)
	if !ok || x != 1 && x != 5 && x != 10 && x != 30 && (x < 60 || int(x)%60 != 0) {
		c.add("%s: period %v, want 1, 5, 10, 30 or a multiple of 60", where, v)
	}
}

var (
	idForm     = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)
	statForm   = regexp.MustCompile(`^(SampleCount|Average|Sum|Minimum|Maximum|(p|tm|wm|ts|tc)(100|[0-9]{1,2})(\.[0-9]+)?)$`)
	regionForm = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	wordForm   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// expression holds metric math to functions and ids that are there.
func (c *checker) expression(where, text string, ids []string) {
	for _, word := range wordForm.FindAllString(text, -1) {
		if word != "IF" && word != "FILL" && !slices.Contains(ids, word) {
			c.add("%s: the expression %q speaks of %s", where, text, word)
		}
	}
	if strings.Count(text, "(") != strings.Count(text, ")") {
		c.add("%s: the expression %q is not closed", where, text)
	}
}

// checkDashboard holds a body to "Dashboard Body Structure and Syntax" of the
// CloudWatch API reference.
func checkDashboard(text []byte) []string {
	c := &checker{}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		return []string{err.Error()}
	}
	c.keys("body", body, "start end periodOverride variables widgets!")
	if v, ok := body["periodOverride"]; ok {
		c.oneOf("periodOverride", v, "auto inherit")
	}
	widgets, ok := body["widgets"].([]any)
	if !ok || len(widgets) > 500 {
		c.add("widgets: want an array of at most 500")
	}
	taken := map[[2]int]int{}
	for i, v := range widgets {
		where := fmt.Sprintf("widget %d", i)
		w, _ := v.(map[string]any)
		c.keys(where, w, "type! x y width height properties!")
		x, y := c.integer(where, w, "x", 0, 23), c.integer(where, w, "y", 0, 1e6)
		width, height := c.integer(where, w, "width", 1, 24), c.integer(where, w, "height", 1, 1000)
		if x+width > 24 {
			c.add("%s: goes beyond the grid", where)
		}
		for dx := range int(width) {
			for dy := range int(min(height, 1000)) {
				at := [2]int{int(x) + dx, int(y) + dy}
				if other, ok := taken[at]; ok {
					c.add("%s: lies over widget %d", where, other)
				}
				taken[at] = i
			}
		}
		p, _ := w["properties"].(map[string]any)
		switch w["type"] {
		case "text":
			c.keys(where, p, "markdown! background")
			c.text(where+" markdown", p["markdown"], 1, 10000)
		case "log":
			c.keys(where, p, "accountId query! region! stacked title view logGroupNames timezone")
			c.oneOf(where+" view", p["view"], "timeSeries bar pie table")
			c.text(where+" query", p["query"], 1, 10000)
			c.region(where, p)
		case "metric":
			c.metricWidget(where, p)
		default:
			c.add("%s: type %v", where, w["type"])
		}
	}
	return c.problems
}

func (c *checker) region(where string, p map[string]any) {
	if s, _ := p["region"].(string); !regionForm.MatchString(s) {
		c.add("%s: region %v", where, p["region"])
	}
}

func (c *checker) metricWidget(where string, p map[string]any) {
	c.keys(where, p, `accountId annotations labels legend liveData metrics! period region! setPeriodToTimeRange
		singleValueFullPrecision sparkline stacked start end stat table timezone title trend view yAxis`)
	c.oneOf(where+" view", p["view"], "timeSeries singleValue gauge bar pie table")
	c.region(where, p)
	c.period(where, p["period"])
	axes, _ := p["yAxis"].(map[string]any)
	c.keys(where+" yAxis", axes, "left right")
	for side, v := range axes {
		axis, _ := v.(map[string]any)
		c.keys(where+" yAxis "+side, axis, "label min max showUnits")
	}
	if v, ok := p["annotations"]; ok {
		a, _ := v.(map[string]any)
		c.keys(where+" annotations", a, "alarms horizontal vertical")
		lines, _ := a["horizontal"].([]any)
		for _, v := range lines {
			line, _ := v.(map[string]any)
			c.keys(where+" annotation", line, "color fill label value! visible yAxis")
			if _, ok := line["value"].(float64); !ok {
				c.add("%s: an annotation at %v", where, line["value"])
			}
		}
	}
	metrics, _ := p["metrics"].([]any)
	if len(metrics) == 0 || len(metrics) > 500 {
		c.add("%s: %d metrics", where, len(metrics))
	}
	c.metrics(where, metrics)
}

func (c *checker) metrics(where string, metrics []any) {
	var ids []string
	var renders []map[string]any
	for _, v := range metrics {
		line, _ := v.([]any)
		if len(line) == 0 {
			c.add("%s: an empty metric", where)
			continue
		}
		r, ok := line[len(line)-1].(map[string]any)
		if !ok {
			c.add("%s: a metric without its properties", where)
			continue
		}
		renders = append(renders, r)
		c.keys(where+" metric", r, "accountId color expression id label period region stat visible yAxis")
		names := line[:len(line)-1]
		_, math := r["expression"]
		switch {
		case math && len(names) > 0:
			c.add("%s: an expression with a name", where)
		case !math && (len(names) < 2 || len(names)%2 != 0):
			c.add("%s: want namespace, metric and pairs of dimensions, have %v", where, names)
		}
		if s, _ := r["stat"].(string); !math && !statForm.MatchString(s) {
			c.add("%s: stat %v", where, r["stat"])
		}
		if id, ok := r["id"].(string); ok {
			if !idForm.MatchString(id) || slices.Contains(ids, id) {
				c.add("%s: id %s", where, id)
			}
			ids = append(ids, id)
		}
	}
	for _, r := range renders {
		if text, ok := r["expression"].(string); ok {
			c.expression(where, text, ids)
		}
	}
}

// checkTemplate holds a template to the CloudFormation reference: its sections,
// and AWS::CloudWatch::Alarm with the limits of PutMetricAlarm.
func checkTemplate(text []byte) []string {
	c := &checker{}
	var t map[string]any
	if err := json.Unmarshal(text, &t); err != nil {
		return []string{err.Error()}
	}
	c.keys("template", t, "AWSTemplateFormatVersion Description Metadata Parameters Rules Mappings Conditions Transform Resources! Outputs")
	c.oneOf("version", t["AWSTemplateFormatVersion"], "2010-09-09")
	c.text("description", t["Description"], 0, 1024)
	parameters, _ := t["Parameters"].(map[string]any)
	conditions, _ := t["Conditions"].(map[string]any)
	c.references(t, parameters, conditions)
	resources, _ := t["Resources"].(map[string]any)
	logical := regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)
	for name, v := range resources {
		r, _ := v.(map[string]any)
		c.keys(name, r, "Type! Properties Condition DependsOn Metadata")
		c.oneOf(name+" type", r["Type"], "AWS::CloudWatch::Alarm")
		if !logical.MatchString(name) {
			c.add("%s is not a logical id", name)
		}
		p, _ := r["Properties"].(map[string]any)
		c.alarm(name, p)
	}
	return c.problems
}

// references looks for every Ref and condition in what is declared.
func (c *checker) references(v any, parameters, conditions map[string]any) {
	switch n := v.(type) {
	case []any:
		for _, child := range n {
			c.references(child, parameters, conditions)
		}
	case map[string]any:
		if ref, ok := n["Ref"].(string); ok && parameters[ref] == nil && ref != "AWS::NoValue" {
			c.add("Ref to %s, which is no parameter", ref)
		}
		if args, ok := n["Fn::If"].([]any); ok && (len(args) != 3 || conditions[fmt.Sprint(args[0])] == nil) {
			c.add("Fn::If of %v", args)
		}
		for _, child := range n {
			c.references(child, parameters, conditions)
		}
	}
}

func (c *checker) alarm(name string, p map[string]any) {
	c.keys(name, p, `ActionsEnabled AlarmActions AlarmDescription AlarmName! ComparisonOperator! DatapointsToAlarm Dimensions
		EvaluateLowSampleCountPercentile EvaluationPeriods! ExtendedStatistic InsufficientDataActions MetricName Metrics
		Namespace OKActions Period Statistic Tags Threshold! ThresholdMetricId TreatMissingData Unit`)
	c.text(name+" name", p["AlarmName"], 1, 255)
	c.text(name+" description", p["AlarmDescription"], 0, 1024)
	c.oneOf(name+" operator", p["ComparisonOperator"], "GreaterThanOrEqualToThreshold GreaterThanThreshold LessThanThreshold LessThanOrEqualToThreshold")
	c.oneOf(name+" missing", p["TreatMissingData"], "breaching notBreaching ignore missing")
	n := c.integer(name, p, "EvaluationPeriods", 1, 1440)
	c.integer(name, p, "DatapointsToAlarm", 1, n)
	if _, ok := p["Threshold"].(float64); !ok {
		c.add("%s: threshold %v", name, p["Threshold"])
	}
	metrics, _ := p["Metrics"].([]any)
	if len(metrics) == 0 || len(metrics) > 20 {
		c.add("%s: %d metrics", name, len(metrics))
	}
	var ids []string
	returned := 0
	for _, v := range metrics {
		m, _ := v.(map[string]any)
		c.keys(name+" metric", m, "AccountId Expression Id! Label MetricStat Period ReturnData")
		id, _ := m["Id"].(string)
		if !idForm.MatchString(id) || slices.Contains(ids, id) {
			c.add("%s: id %q", name, id)
		}
		ids = append(ids, id)
		if m["ReturnData"] == true {
			returned++
		}
		stat, isStat := m["MetricStat"].(map[string]any)
		if _, math := m["Expression"]; math == isStat {
			c.add("%s: %s wants a metric or an expression", name, id)
		}
		if isStat {
			c.metricStat(name, stat, n)
		}
	}
	for _, v := range metrics {
		if text, ok := v.(map[string]any)["Expression"].(string); ok {
			c.expression(name, text, ids)
		}
	}
	if returned != 1 {
		c.add("%s: %d metrics are returned, want one", name, returned)
	}
}

func (c *checker) metricStat(name string, stat map[string]any, n float64) {
	c.keys(name+" stat", stat, "Metric! Period! Stat! Unit")
	c.period(name, stat["Period"])
	if period, _ := stat["Period"].(float64); period*n > 86400 {
		c.add("%s: evaluates more than a day", name)
	}
	if s, _ := stat["Stat"].(string); !statForm.MatchString(s) {
		c.add("%s: stat %v", name, stat["Stat"])
	}
	m, _ := stat["Metric"].(map[string]any)
	c.keys(name+" metric", m, "Dimensions MetricName Namespace")
	dims, _ := m["Dimensions"].([]any)
	if len(dims) > 30 {
		c.add("%s: %d dimensions", name, len(dims))
	}
	for _, v := range dims {
		d, _ := v.(map[string]any)
		c.keys(name+" dimension", d, "Name! Value!")
		c.text(name+" dimension", d["Value"], 1, 1024)
	}
}
