package server

import (
	"fmt"

	"sizewise/ingest/simaws/server/wire"
)

// fail is an error that goes by one name in every protocol.
func fail(shape, format string, args ...any) error {
	return &wire.Error{Shape: shape, Message: fmt.Sprintf(format, args...)}
}

// validation is what CloudWatch's GetMetricData says to illegal input.
func validation(format string, args ...any) error {
	return &wire.Error{Shape: "ValidationException", Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// The codes that CloudWatch's older operations use; the model's names end in
// Exception, the Query protocol's do not.

func invalidValue(format string, args ...any) error {
	return &wire.Error{Shape: "InvalidParameterValueException", Code: "InvalidParameterValue", Message: fmt.Sprintf(format, args...)}
}

func invalidCombination(format string, args ...any) error {
	return &wire.Error{Shape: "InvalidParameterCombinationException", Code: "InvalidParameterCombination", Message: fmt.Sprintf(format, args...)}
}

func missing(parameter string) error {
	return &wire.Error{Shape: "MissingRequiredParameterException", Code: "MissingParameter", Message: "The request must contain the parameter " + parameter + "."}
}

// invalidParameter is what CloudWatch Logs says to illegal input.
func invalidParameter(format string, args ...any) error {
	return fail("InvalidParameterException", format, args...)
}

// throttled is what a service answers when its quota is used up.
func throttled(service string) error {
	e := &wire.Error{Shape: "ThrottlingException", Message: "Rate exceeded"}
	if service == wire.ServiceQuotas {
		e.Shape = "TooManyRequestsException"
	}
	if service == wire.CloudWatch || service == wire.STS {
		e.Code = "Throttling"
	}
	return e
}
