package ingest

// placeholder until the catalogue is there
type known struct {
	namespace, name, unit, dimSet string
	stats                         []string
	utilization                   bool
}

func allStats() []string {
	return []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"}
}

func knownMetrics() []known {
	var out []known
	for _, n := range []string{"CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization"} {
		out = append(out, known{"/aws/sagemaker/Endpoints", n, "Percent", "EndpointName,VariantName", allStats(), true})
	}
	for _, n := range []string{"Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors", "ModelLatency", "OverheadLatency"} {
		out = append(out, known{"AWS/SageMaker", n, "", "EndpointName,VariantName", allStats(), false})
	}
	return out
}
