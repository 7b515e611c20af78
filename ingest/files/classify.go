package files

import "fmt"

// mostKeys bounds the keys by which a document is told.
const mostKeys = 100

// topKeys reads a document's top-level keys, as many as it has before err.
func topKeys(p *parser, doc []byte) (keys []string, err error) {
	p.reset(doc)
	if err := p.expect('{'); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil || k == nil {
			return keys, err
		}
		if len(keys) < mostKeys {
			keys = append(keys, text(k))
		}
		if err := p.skip(); err != nil {
			return keys, err
		}
	}
}

// classify tells a document's format by its top-level keys, and returns the
// first of them.
func (d *decoder) classify(doc []byte) (Format, []string, error) {
	keys, err := topKeys(&d.p, doc)
	if err != nil {
		return Auto, nil, err
	}
	var first []string
	for _, k := range keys[:min(6, len(keys))] {
		first = append(first, fmt.Sprintf("%.40q", k))
	}
	return byKeys(keys), first, nil
}

// byKeys is the format of a document with these keys, Auto when it is none.
func byKeys(keys []string) Format {
	has := map[string]bool{}
	for _, k := range keys {
		has[k] = true
	}
	switch {
	case has["metric_stream_name"], has["metric_name"] && has["namespace"]:
		return MetricStream
	case has["messageType"], has["logEvents"]:
		return LogsSubscription
	case has["EndpointName"] && (has["EndpointStatus"] || has["EndpointArn"]) && !has["InferenceComponentName"]:
		return DescribeEndpoint
	case has["EndpointConfigName"] && (has["ProductionVariants"] || has["EndpointConfigArn"]):
		return DescribeEndpointConfig
	case has["TrainingJobName"] && (has["TrainingJobArn"] || has["TrainingJobStatus"]):
		return DescribeTrainingJob
	case has["ProcessingJobName"] && (has["ProcessingJobArn"] || has["ProcessingJobStatus"]):
		return DescribeProcessingJob
	case has["TransformJobName"] && (has["TransformJobArn"] || has["TransformJobStatus"]):
		return DescribeTransformJob
	case has["InferenceComponentName"] && (has["InferenceComponentArn"] || has["InferenceComponentStatus"]):
		return DescribeInferenceComponent
	case has["JobName"] && has["JobArn"] && has["JobType"]:
		return DescribeInferenceRecommendationsJob
	case has["eventId"] && has["logStreamName"] && has["message"]:
		return FilterLogEvents
	case has["ingestionTime"] && has["timestamp"] && has["message"]:
		return GetLogEvents
	case has["Id"] && (has["MetricStat"] || has["Expression"] || has["Timestamps"] && has["Values"]):
		return GetMetricData
	}
	return Auto
}
