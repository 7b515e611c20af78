package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	metrics "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"sizewise/ingest/cloudwatch/plainbody"
)

// Options of New. The zero value is the account and region that every AWS tool
// would use: environment, shared config and credentials files, SSO, container
// and instance roles.
type Options struct {
	Region      string // "" takes AWS_REGION or the profile's
	Profile     string // "" takes AWS_PROFILE or default
	EndpointURL string // "" takes AWS_ENDPOINT_URL or AWS's own
	Keys        Keys   // fixed credentials instead of the chain; for a loopback service

	// Roles are assumed one after the other, each with the credentials of the
	// one before, the first with those that the other options lead to.
	Roles []Role

	Limits      Limits
	MaxAttempts int           // per call, first one included; 0 means 10
	MaxBackoff  time.Duration // longest sleep between attempts; 0 means 20 s

	// Patience is for how long attempts may go without any answer before the
	// client asks no more: of an operation, or of all when none was answered. 0
	// means for ever. Elapsed is a clock that goes on, which it is measured by.
	Patience time.Duration
	Elapsed  func() time.Time

	Logger *slog.Logger // a debug line a call; nil discards
	// Now is the clock. With nil, every datapoint counts as a recent one, of
	// which AWS allows fewer, and Probe cannot tell the clock's skew.
	Now func() time.Time

	transport      http.RoundTripper // in tests; nil is the SDK's own
	attemptTimeout time.Duration     // in tests; 0 means a minute
}

// Keys are fixed credentials.
type Keys struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Role is a role to assume.
type Role struct {
	ARN         string
	ExternalID  string // "" when the role wants none
	SessionName string // "" takes sizewise
}

// Defaults of Options.
const (
	defaultAttempts = 10
	defaultBackoff  = 20 * time.Second
	// attemptTimeout bounds one attempt, its answer included: a connection that
	// hangs is given up for a new one. The service's slowest answers take a few
	// seconds.
	attemptTimeout = time.Minute
	// metadataTimeout bounds each call to the instance metadata service, so
	// that a laptop without credentials gets its error at once.
	metadataTimeout = time.Second
	// accountAttempts is small: the account's number is good to have, and its
	// service is the one that closed networks leave out.
	accountAttempts = 3
	maxLogWorkers   = 8
	// MaxQueries and MaxDatapoints are GetMetricData's limits per call.
	MaxQueries    = 500
	MaxDatapoints = 100_800
)

// Client reads from one account and region. It is safe for concurrent use.
type Client struct {
	metrics   *metrics.Client
	logs      *cloudwatchlogs.Client
	sagemaker *sagemaker.Client
	sts       *sts.Client
	quotas    *servicequotas.Client
	scaling   *applicationautoscaling.Client
	region    string
	log       *slog.Logger
	backoff   time.Duration

	getMetricData, listMetrics             *operation
	filterLogEvents, describeLogGroups     *operation
	describeLogStreams                     *operation
	startQuery, getQueryResults, stopQuery *operation
	describe                               map[ResourceKind]*operation // by kind
	getCallerIdentity, listServiceQuotas   *operation
	list                                   map[ResourceKind]*operation // by kind
	listTags                               *operation
	recent, older                          *limiter // of datapoints
	now                                    func() time.Time

	queryRows, mostRows int        // of Insights queries; smaller in tests
	logWorkers          int        // that read slices of one group at the same time
	scratch             *sync.Pool // of *pageScratch
}

// New resolves region and credentials and fails when there are none, so that a
// run does not begin that cannot work. Its only network traffic is what the
// credential chain needs. Errors wrap ErrNoRegion, ErrNoProfile,
// ErrNoCredentials or ErrExpired.
func New(ctx context.Context, o Options) (*Client, error) {
	o = o.withDefaults()
	cfg, err := o.load(ctx)
	if err != nil {
		return nil, err
	}
	return newClient(cfg, o), nil
}

// load resolves region and credentials, roles included.
func (o Options) load(ctx context.Context) (aws.Config, error) {
	if err := checkEndpoint(o.EndpointURL); err != nil {
		return aws.Config{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx, o.loaders()...)
	if err != nil {
		return aws.Config{}, configError(o.Profile, err)
	}
	if cfg.Region == "" {
		return aws.Config{}, &Error{Reason: ErrNoRegion}
	}
	if o.transport != nil {
		cfg.HTTPClient = &http.Client{Transport: o.transport}
	}
	cfg = o.assume(cfg)
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, credentialsError(o.Profile, err)
	}
	return cfg, nil
}

// Region is the region that the client asks.
func (c *Client) Region() string { return c.region }

func newClient(cfg aws.Config, o Options) *Client {
	cfg.HTTPClient = o.httpClient(cfg)
	if o.Logger != nil {
		cfg.APIOptions = append(slices.Clone(cfg.APIOptions), logCalls(o.Logger, cfg.Region, o.Now))
	}
	if b := newBreaker(o.Patience, o.Elapsed); b != nil {
		cfg.APIOptions = append(slices.Clone(cfg.APIOptions), b.guard)
	}
	l := o.Limits.withDefaults(cfg.Region)
	return &Client{
		metrics: metrics.NewFromConfig(cfg, func(so *metrics.Options) {
			so.Retryer = o.retryer()
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		logs: cloudwatchlogs.NewFromConfig(cfg, func(so *cloudwatchlogs.Options) {
			so.Retryer = o.retryer()
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		sagemaker: sagemaker.NewFromConfig(cfg, func(so *sagemaker.Options) {
			so.Retryer = o.retryer()
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		sts: sts.NewFromConfig(cfg, func(so *sts.Options) {
			so.Retryer = retry.AddWithMaxAttempts(o.retryer(), accountAttempts)
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		quotas: servicequotas.NewFromConfig(cfg, func(so *servicequotas.Options) {
			so.Retryer = retry.AddWithMaxAttempts(o.retryer(), accountAttempts)
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		scaling: applicationautoscaling.NewFromConfig(cfg, func(so *applicationautoscaling.Options) {
			so.Retryer = retry.AddWithMaxAttempts(o.retryer(), accountAttempts)
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
		region:             cfg.Region,
		log:                o.Logger,
		backoff:            o.MaxBackoff,
		getMetricData:      newOperation("GetMetricData", l.GetMetricData),
		listMetrics:        newOperation("ListMetrics", l.ListMetrics),
		filterLogEvents:    newOperation("FilterLogEvents", l.FilterLogEvents),
		describeLogGroups:  newOperation("DescribeLogGroups", l.DescribeLogGroups),
		describeLogStreams: newOperation("DescribeLogStreams", l.DescribeLogStreams),
		startQuery:         newOperation("StartQuery", l.Queries),
		getQueryResults:    newOperation("GetQueryResults", l.Queries),
		stopQuery:          newOperation("StopQuery", l.Queries),
		describe:           describeOperations(l.Describe),
		getCallerIdentity:  newOperation("GetCallerIdentity", l.Describe),
		listServiceQuotas:  newOperation("ListServiceQuotas", l.Describe),
		list:               listOperations(l.Describe),
		listTags:           newOperation("ListTags", l.Describe),
		recent:             newLimiter(l.Datapoints, MaxDatapoints),
		older:              newLimiter(l.OlderDatapoints, MaxDatapoints),
		now:                o.Now,
		logWorkers:         logWorkers(l.FilterLogEvents),
		queryRows:          queryRows,
		mostRows:           mostRows,
		scratch:            new(sync.Pool),
	}
}

// httpClient is the client of every service: that of a test, or the SDK's own
// with a bound on each attempt.
func (o Options) httpClient(cfg aws.Config) aws.HTTPClient {
	if o.transport != nil {
		return cfg.HTTPClient
	}
	client, ok := cfg.HTTPClient.(*awshttp.BuildableClient) // knows AWS_CA_BUNDLE
	if !ok {
		client = awshttp.NewBuildableClient()
	}
	return plainbody.Client{HTTP: client.WithTimeout(o.attemptTimeout)}
}

func (o Options) withDefaults() Options {
	if o.MaxAttempts == 0 {
		o.MaxAttempts = defaultAttempts
	}
	if o.MaxBackoff == 0 {
		o.MaxBackoff = defaultBackoff
	}
	if o.attemptTimeout == 0 {
		o.attemptTimeout = attemptTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// retryer gives each service its own. The SDK's quota bucket is off: a burst of
// throttles must slow a long pull down and not end it. A wrong address is said
// at once: AWS refuses no connections, and its names resolve.
func (o Options) retryer() aws.Retryer {
	return retry.NewStandard(func(so *retry.StandardOptions) {
		so.MaxAttempts = o.MaxAttempts
		so.MaxBackoff = o.MaxBackoff
		so.RateLimiter = ratelimit.None
		so.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(wrongAddress), retry.IsErrorRetryableFunc(cutAnswer)}, so.Retryables...)
	})
}

func wrongAddress(err error) aws.Ternary {
	var dns *net.DNSError
	if errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, &dns) && dns.IsNotFound {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// cutAnswer says that an answer which ended early or makes no sense is worth
// asking for again, which the SDK does not believe of one that began well.
func cutAnswer(err error) aws.Ternary {
	var garbled *smithy.DeserializationError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &garbled) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

func (o Options) baseEndpoint(found *string) *string {
	if o.EndpointURL == "" {
		return found
	}
	return &o.EndpointURL
}

func (o Options) loaders() []func(*config.LoadOptions) error {
	loaders := []func(*config.LoadOptions) error{
		config.WithLogger(logging.LoggerFunc(func(class logging.Classification, format string, v ...any) {
			o.Logger.Debug("the AWS client says", "text", fmt.Sprintf(format, v...), "class", string(class))
		})),
		config.WithEC2RoleCredentialOptions(func(ro *ec2rolecreds.Options) {
			ro.Client = imds.New(imds.Options{
				HTTPClient: &http.Client{Timeout: metadataTimeout},
				Retryer:    aws.NopRetryer{},
			})
		}),
	}
	if o.Region != "" {
		loaders = append(loaders, config.WithRegion(o.Region))
	}
	if o.Profile != "" {
		loaders = append(loaders, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Keys.AccessKeyID != "" {
		loaders = append(loaders, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(
			o.Keys.AccessKeyID, o.Keys.SecretAccessKey, o.Keys.SessionToken)))
	}
	return loaders
}
