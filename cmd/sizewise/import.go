package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/files"
	"sizewise/ingest/lake"
)

// importFlags say how to read files.
type importFlags struct {
	format    string
	logGroup  string
	logStream string
	subject   string
	account   string
	pathStyle bool
	noRedact  bool
	wait      time.Duration
	zoned     bool // --tz was given
}

func (a *app) newImportCommand() *cobra.Command {
	var flags importFlags
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Read exported files into the lake, no AWS needed",
		Long: `Reads files that somebody exported into the lake: CloudWatch Metric Streams JSON and
Logs subscription records as Firehose stores them; log exports to S3; what aws logs
filter-log-events and get-log-events, aws cloudwatch get-metric-data (with its query
file) and aws sagemaker describe-... print; the CSV of the CloudWatch console; and the
results of k6, Locust, vegeta, JMeter, fortio, AIPerf and GuideLLM. docs/import.md says
how to produce each.

The format is found by content; gzip is undone; a directory is read with all below it,
s3://BUCKET/PREFIX with every key that begins so; - is standard input. Importing the
same files again changes no row. A malformed record is named and skipped.

  $ sizewise import metrics.ndjson logs.json.gz endpoint.json
  $ sizewise import s3://my-bucket/exported/ \
      --log-group /aws/sagemaker/Endpoints/resnet-g5
  $ sizewise import queries.json results.json
  $ sizewise import k6.json.gz --subject endpoint/resnet-g5`,
		Args: atLeastOne("a PATH, for example metrics.ndjson"),
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.zoned = cmd.Flags().Changed("tz")
			a.collectLess()
			return a.importFiles(cmd.Context(), args, flags)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&flags.format, "format", "auto", "auto, or the format that the files must have, by its name in docs/import.md")
	fs.StringVar(&flags.logGroup, "log-group", "", "log group of events that name none: log exports and the output of aws logs")
	fs.StringVar(&flags.logStream, "log-stream", "", "log stream of events that name none, else the file's name")
	fs.StringVar(&flags.subject, "subject", "", "subject of what names none; load test results need it")
	fs.StringVar(&flags.account, "account", "", "12-digit account of what names none")
	fs.BoolVar(&flags.pathStyle, "s3-path-style", false, "put the bucket's name in the path, as services other than AWS want it")
	fs.BoolVar(&flags.noRedact, "no-redact", false, "keep secrets in log text as they are")
	fs.DurationVar(&flags.wait, "wait", 0, "for another writer of the lake to end")
	return cmd
}

func formatNames() string {
	var names []string
	for _, f := range files.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// mostNamed is how many malformed records are named one by one.
const mostNamed = 10

func (a *app) importFiles(ctx context.Context, paths []string, f importFlags) error {
	format := files.Format(f.format)
	if f.format == "auto" {
		format = files.Auto
	} else if !slices.Contains(files.Formats(), format) {
		return usagef("one of auto, "+formatNames(), "--format %q is unknown", f.format)
	}
	o, err := a.importOptions(ctx, paths, f)
	if err != nil {
		return err
	}
	l, err := a.openLake(ctx, a.con.now, f.wait)
	if err != nil {
		return err
	}
	p := newProgress(a.con, a.common.quiet)
	named := 0
	o.Format = format
	o.Progress = func(at files.Progress) { p.stage(reading(at), 0, 0, "") }
	o.OnMalformed = func(m *files.Malformed) {
		if named++; named <= mostNamed {
			p.clear()
			a.con.notef("skipped %s", clean(m.String()))
		}
	}
	o.OnNote = func(n *files.Note) {
		p.clear()
		a.con.notef("%s", clean(n.String()))
	}
	sum, err := files.Import(ctx, l, paths, o)
	p.clear()
	if named > mostNamed {
		a.con.notef("skipped %d more records: sizewise query ledger_problems", named-mostNamed)
	}
	if err == nil {
		err = stored(sum, paths)
	}
	err = a.nameFailures(err)
	return errors.Join(err, l.Close(), a.printImport(sum))
}

// reading is how far an import is, in words.
func reading(at files.Progress) string {
	text := fmt.Sprintf("reading %s  %s", clean(at.File), count(at.Bytes, "byte"))
	if at.Size > 0 {
		text += fmt.Sprintf(" of %s (%d%%)", thousands(at.Size), 100*min(at.Bytes, at.Size)/at.Size)
	}
	if at.Files > 1 {
		text += fmt.Sprintf(", file %s of %s", thousands(int64(at.Index)+1), thousands(int64(at.Files)))
	}
	return text
}

// nameFailures says a line for each file that could not be imported, when there
// are several, and returns what sums them up.
func (a *app) nameFailures(err error) error {
	many, ok := err.(interface{ Unwrap() []error }) // the joined error itself, not what one wraps
	if !ok || len(many.Unwrap()) < 2 {
		return err
	}
	for _, e := range many.Unwrap() {
		a.con.notef("%s", oneLine(clean(e.Error())))
	}
	return fmt.Errorf("%s could not be imported", count(len(many.Unwrap()), "file"))
}

// stored says that an import which brought nothing is none.
func stored(sum files.Summary, paths []string) error {
	from := clean(strings.Join(paths, " "))
	switch {
	case sum.Points+sum.Events+sum.Requests+sum.Documents > 0:
		return nil
	case sum.Malformed+sum.Skipped > 0:
		return fmt.Errorf("nothing was imported: %s of %s skipped", count(sum.Malformed+sum.Skipped, "record"), from)
	case sum.Files == 0:
		return fmt.Errorf("nothing to import: no file in %s", from)
	}
	return fmt.Errorf("nothing to import: %s without a record: %s", count(sum.Files, "file"), from)
}

// importOptions are the options that the flags say, with access to S3 when a path
// wants it.
func (a *app) importOptions(ctx context.Context, paths []string, f importFlags) (files.Options, error) {
	o := files.Options{
		LogGroup: f.logGroup, LogStream: f.logStream, Account: f.account, Region: a.common.region,
		NoRedact: f.noRedact, Now: a.con.now, Stdin: a.con.in,
	}
	if f.subject != "" {
		sub, err := parseSubject(f.subject)
		if err != nil {
			return o, err
		}
		o.Subject = sub.Key()
	}
	if f.zoned {
		zone, err := a.location()
		if err != nil {
			return o, err
		}
		o.Zone = zone
	}
	if !slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, "s3://") }) {
		return o, nil
	}
	bucket, err := cloudwatch.NewBucket(ctx, cloudwatch.Options{
		Region: a.common.region, Profile: a.common.profile, EndpointURL: a.common.endpointURL, Logger: a.logger(),
	}, f.pathStyle)
	if err != nil {
		return o, err
	}
	o.Objects = objects{bucket}
	return o, nil
}

// objects lets files be read from S3.
type objects struct{ bucket *cloudwatch.Bucket }

// List implements files.Objects.
func (o objects) List(ctx context.Context, bucket, prefix string) iter.Seq2[files.Object, error] {
	return func(yield func(files.Object, error) bool) {
		for found, err := range o.bucket.List(ctx, bucket, prefix) {
			if !yield(files.Object{Key: found.Key, ETag: found.ETag}, bucketError(bucket, err)) {
				return
			}
		}
	}
}

// Open implements files.Objects.
func (o objects) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	r, err := o.bucket.Open(ctx, bucket, key)
	return r, bucketError(bucket, err)
}

// bucketError adds to an error of S3 what to do, unless it says so itself.
func bucketError(bucket string, err error) error {
	var failed *cloudwatch.Error
	var said interface{ ErrorCode() string }
	switch {
	case !errors.As(err, &failed):
		return err
	case failed.Reason == cloudwatch.ErrDenied:
		return fmt.Errorf("bucket %s may not be read with these credentials: they need s3:ListBucket of it and s3:GetObject of its objects: %w", bucket, err)
	case errors.As(err, &said) && said.ErrorCode() == "NoSuchBucket":
		return fmt.Errorf("there is no bucket %s here: check its name, --profile and --endpoint-url: %w", bucket, err)
	case failed.Reason == "" || failed.Reason == cloudwatch.ErrNotFound:
		return fmt.Errorf("bucket %s cannot be read: check its name and give its own region with --region: %w", bucket, err)
	}
	return err
}

// ImportRequests is that of lake.Lake.
func (l *lazyLake) ImportRequests(ctx context.Context, subject string, rows []lake.Request) (added, changed int64, err error) {
	w, err := l.get(ctx)
	if err != nil {
		return 0, 0, err
	}
	return w.ImportRequests(ctx, subject, rows)
}

// MergeRequests is that of lake.Lake.
func (l *lazyLake) MergeRequests(ctx context.Context, subject string, batches iter.Seq[[]lake.Request]) (added int64, err error) {
	w, err := l.get(ctx)
	if err != nil {
		return 0, err
	}
	return w.MergeRequests(ctx, subject, batches)
}

func (a *app) printImport(s files.Summary) error {
	if a.common.json {
		return writeJSON(a.con.out, s)
	}
	if s.Files == 0 {
		return nil
	}
	text := fmt.Sprintf("%s: %s, %s, %s; %s new, %s changed", count(s.Files, "file"), count(s.Points, "point"),
		count(s.Events, "log event"), count(s.Documents, "document"), count(s.Added, "row"), thousands(s.Changed))
	if s.Requests > 0 {
		text += ", " + count(s.Requests, "request")
		if s.RequestRows != s.Requests {
			text += " in " + count(s.RequestRows, "row")
		}
	}
	if s.Ignored > 0 {
		text += ", " + count(s.Ignored, "other file") + " left alone"
	}
	if s.Malformed > 0 {
		text += ", " + count(s.Malformed, "malformed record") + " skipped"
	}
	if s.Skipped > 0 {
		text += ", " + count(s.Skipped, "record") + " left out"
	}
	if len(s.Subjects) > 0 {
		text += "; " + strings.Join(s.Subjects, ", ")
	}
	a.note("%s", clean(text))
	return nil
}
