// Package loadtest reads the result files of load testers: k6, Locust, vegeta,
// JMeter, fortio, AIPerf and GuideLLM.
package loadtest
