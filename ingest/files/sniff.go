package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"sizewise/ingest/files/loadtest"
)

// headSize is how much of a file, decompressed, tells its format.
const headSize = 64 << 10

// head is the start of the file after decompression. What is wrong with it
// shows when it is read.
func (in *input) head() []byte {
	if err := in.open(); err != nil {
		return nil
	}
	head, _ := in.top.Peek(headSize)
	return head
}

// sniff tells the format of a file that is not made of the JSON documents of
// AWS, or Auto. The error says what the file is instead, when that is known.
func sniff(head []byte) (Format, error) {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	start := bytes.TrimLeft(head, " \t\r\n[")
	switch {
	case len(start) > 0 && start[0] == '{':
		var p parser
		keys, _ := topKeys(&p, start) // the head may end inside of the document
		if isDatapoints(keys) {
			return Auto, errors.New("output of aws cloudwatch get-metric-statistics names neither namespace nor dimensions: use get-metric-data and keep its query file")
		}
		if byKeys(keys) != Auto || hasArray(start) {
			return Auto, nil
		}
	case looksExported(head):
		return LogsExport, nil
	case looksConsole(head):
		return ConsoleCSV, nil
	default:
		if other := otherOutput(head); other != "" {
			return Auto, fmt.Errorf("looks like the AWS CLI's --output %s: print it again with --output json", other)
		}
	}
	if f, ok := loadtest.Detect(head); ok {
		return Format(f), nil
	}
	return Auto, nil
}

// hasArray says whether a document begins with one of the arrays that are
// handed out by element.
func hasArray(doc []byte) bool {
	s := newSplitter(bytes.NewReader(doc), headSize)
	p, err := s.next()
	return (err == nil || errors.Is(err, io.EOF)) && p.array != ""
}

func isDatapoints(keys []string) bool {
	all := strings.Join(keys, " ")
	return all == "Label Datapoints" || all == "Datapoints Label"
}

// otherOutput says which of the CLI's other forms of output a text looks like.
// Source: AWS CLI user guide, "Setting the output format".
func otherOutput(head []byte) string {
	line, _, _ := strings.Cut(string(head[:min(len(head), 4096)]), "\n")
	word, _, _ := strings.Cut(strings.TrimRight(line, "\r"), "\t")
	switch word {
	case "EVENTS", "SEARCHEDLOGSTREAMS", "METRICDATARESULTS", "DATAPOINTS", "PRODUCTIONVARIANTS":
		return "text"
	}
	if strings.HasPrefix(word, "b/") && strings.HasSuffix(word, "/s") || strings.HasPrefix(word, "f/") && strings.HasSuffix(word, "/s") {
		return "text" // the token in front of the events of get-log-events
	}
	if strings.HasPrefix(line, "-----") && strings.Contains(string(head), "\n|") {
		return "table"
	}
	for _, key := range [...]string{"events:", "MetricDataResults:", "Messages:", "EndpointName:", "EndpointArn:", "- events:", "nextForwardToken:", "searchedLogStreams:"} {
		if strings.HasPrefix(line, key) {
			return "yaml"
		}
	}
	return ""
}
