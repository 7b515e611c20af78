package catalog

// variantSets are the dimensions of what a production variant publishes. The
// finer sets hold the same data sliced again: never sum across sets.
func variantSets() [][]string {
	return [][]string{
		{"EndpointName", "VariantName"},
		{"EndpointName", "InstanceId", "VariantName"},
	}
}

// containerSets add the containers of an endpoint that has several and calls
// each by name.
func containerSets() [][]string {
	return append(variantSets(), []string{"ContainerName", "EndpointName", "VariantName"})
}

// gpuSets are the dimensions of a variant's GPUs. AWS documents AcceleratorId
// and its own examples use GpuId.
func gpuSets() [][]string {
	return append(
		variantSets(),
		[]string{"AcceleratorId", "EndpointName", "InstanceId", "VariantName"},
		[]string{"EndpointName", "GpuId", "InstanceId", "VariantName"},
	)
}

// invocationSets are the dimensions of what a request is counted under.
func invocationSets() [][]string {
	return [][]string{
		{"EndpointName", "VariantName"},
		{"InferenceComponentName"},
		{"ContainerName", "EndpointName", "VariantName"},
		{"EndpointName", "InstanceId", "VariantName"},
		{"ContainerId", "InferenceComponentName", "InstanceId"},
		{"AvailabilityZone", "EndpointName", "InstanceType", "Region", "VariantName"},
		{"AvailabilityZone", "InferenceComponentName", "InstanceType", "Region"},
	}
}

// componentSets are the dimensions of an inference component.
func componentSets() [][]string {
	return [][]string{
		{"InferenceComponentName"},
		{"ContainerId", "InferenceComponentName", "InstanceId"},
	}
}

// componentGPUSets are the dimensions of an inference component's GPUs.
func componentGPUSets() [][]string {
	return append(
		componentSets(),
		[]string{"AcceleratorId", "ContainerId", "InferenceComponentName", "InstanceId"},
		[]string{"ContainerId", "GpuId", "InferenceComponentName", "InstanceId"},
	)
}

// only is a single set of dimensions.
func only(names ...string) func() [][]string {
	return func() [][]string { return [][]string{names} }
}
