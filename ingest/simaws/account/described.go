package account

// Described is what a Describe operation of SageMaker other than
// DescribeEndpoint and DescribeEndpointConfig answers about one resource.
type Described struct {
	Operation string // for example DescribeTrainingJob
	Name      string // the resource's name, or its ARN where the operation asks for one (pipeline executions)

	// Body is the answer as documented. Its values are string, bool, int, int64,
	// float64, time.Time, map[string]any and slices of them ([]any,
	// []map[string]any, []string). The name and the ARN are filled in by the
	// server where they are absent.
	Body map[string]any

	Tags map[string]string
}

// User is an identity with long-term keys. Who signs with a key that no user
// has is taken for user/simulated and may do everything.
type User struct {
	Name        string
	AccessKeyID string
	Allow       []string // actions, for example logs:FilterLogEvents or sagemaker:*; nil allows everything
}

// Role can be assumed through STS.
type Role struct {
	ARN        string
	ExternalID string   // what AssumeRole must bring; "" for none
	Trusts     []string // ARNs of the users and roles that may assume it; nil trusts every caller
	Allow      []string // actions, as for User; nil allows everything
}

// ServiceQuota is a value that the account has in place of the default.
type ServiceQuota struct {
	Service string // monitoring, logs or sagemaker
	Code    string // for example L-5E141212
	Value   float64
}
