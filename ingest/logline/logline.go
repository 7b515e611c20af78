// Package logline reads one log event as a serving container printed it: it
// splits the header off, finds the level, names the exception, masks variables
// into a skeleton and masks secrets. It knows the formats of TorchServe,
// multi-model-server, DJL, gunicorn, nginx, TensorFlow Serving, Triton, vLLM,
// uvicorn, TGI, XGBoost and plain Python logging, and answers for any other
// line too.
package logline

// Line is what one event says.
type Line struct {
	Level     string // innermost level that the line prints: DEBUG, INFO, WARN, ERROR, FATAL; "" when it prints none
	Logger    string
	Thread    string
	Text      string // message with headers stripped
	Exception string // type, on the event that names it
	RequestID string
	Skeleton  string // Text with variables masked; equal for equal kinds of message
	Parser    string // which format matched, "plain" for none

	// Access is set when the line is an access-log line.
	Access *Access
}

// Access is a request as an access log tells it.
type Access struct {
	Method, Route string
	Status        int
	DurationUS    int64 // -1 when the format prints none
}
