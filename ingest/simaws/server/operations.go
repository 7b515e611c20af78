package server

import "sizewise/ingest/simaws/server/wire"

// operation answers one call.
type operation func(*Server, *call) (wire.Object, error)

// lookup is the operation by its service and name.
func lookup(service, name string) (operation, bool) {
	var op operation
	switch service {
	case wire.CloudWatch:
		op = metricOperation(name)
	case wire.Logs:
		op = logOperation(name)
	case wire.SageMaker:
		op = sagemakerOperation(name)
	case wire.STS:
		switch name {
		case "GetCallerIdentity":
			op = (*Server).getCallerIdentity
		case "AssumeRole":
			op = (*Server).assumeRole
		}
	case wire.ServiceQuotas:
		op = quotaOperation(name)
	case wire.AutoScaling:
		op = scalingOperation(name)
	case wire.PriceList:
		if name == "GetProducts" {
			op = (*Server).getProducts
		}
	}
	return op, op != nil
}

func metricOperation(name string) operation {
	switch name {
	case "GetMetricData":
		return (*Server).getMetricData
	case "GetMetricStatistics":
		return (*Server).getMetricStatistics
	case "ListMetrics":
		return (*Server).listMetrics
	}
	return nil
}

func logOperation(name string) operation {
	switch name {
	case "DescribeLogGroups":
		return (*Server).describeLogGroups
	case "DescribeLogStreams":
		return (*Server).describeLogStreams
	case "FilterLogEvents":
		return (*Server).filterLogEvents
	case "GetLogEvents":
		return (*Server).getLogEvents
	case "StartQuery":
		return (*Server).startQuery
	case "GetQueryResults":
		return (*Server).getQueryResults
	case "StopQuery":
		return (*Server).stopQuery
	}
	return nil
}

func sagemakerOperation(name string) operation {
	switch name {
	case "DescribeEndpoint":
		return (*Server).describeEndpoint
	case "DescribeEndpointConfig":
		return (*Server).describeEndpointConfig
	case "ListEndpoints":
		return (*Server).listEndpoints
	case "ListTags":
		return (*Server).listTags
	case "ListPipelineExecutionSteps":
		return (*Server).listPipelineSteps
	}
	if _, ok := listedKinds()[name]; ok {
		return (*Server).listDescribed
	}
	if _, ok := describedKinds()[name]; ok {
		return (*Server).describe
	}
	return nil
}

func quotaOperation(name string) operation {
	switch name {
	case "ListServiceQuotas":
		return (*Server).listServiceQuotas
	case "GetServiceQuota":
		return (*Server).getServiceQuota
	case "ListAWSDefaultServiceQuotas":
		return (*Server).listDefaultQuotas
	case "GetAWSDefaultServiceQuota":
		return (*Server).getDefaultQuota
	}
	return nil
}
