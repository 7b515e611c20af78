package cloudwatch

import "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

// HostingTypes are the instance types that SageMaker hosts variants on, as the SDK
// lists them, in its order.
func HostingTypes() []string {
	var out []string
	for _, v := range types.ProductionVariantInstanceType("").Values() {
		out = append(out, string(v))
	}
	return out
}
