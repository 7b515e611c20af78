package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Object is one object of a bucket.
type Object struct {
	Key      string
	Size     int64
	ETag     string // as S3 gives it, quotes included
	Modified time.Time
}

// Bucket reads objects of S3, of any bucket that its credentials may read. It is safe for concurrent use.
type Bucket struct {
	client   *s3.Client
	patience time.Duration // how long a body may be silent
}

// NewBucket resolves region and credentials as New does, with the same errors.
// pathStyle puts the bucket's name in the path rather than in the host name,
// which most services that are not AWS want; it is also what an endpoint
// address in Options leads to.
func NewBucket(ctx context.Context, o Options, pathStyle bool) (*Bucket, error) {
	o = o.withDefaults()
	cfg, err := o.load(ctx)
	if err != nil {
		return nil, err
	}
	return &Bucket{patience: o.attemptTimeout, client: s3.NewFromConfig(cfg, func(so *s3.Options) {
		so.Retryer = o.retryer()
		so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		so.UsePathStyle = pathStyle || o.EndpointURL != ""
		so.DisableLogOutputChecksumValidationSkipped = true
	})}, nil
}

// List lists the objects of bucket whose keys begin with prefix, in S3's order,
// that of the keys' bytes. An error is the last thing that it yields.
func (b *Bucket) List(ctx context.Context, bucket, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		in := &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix)}
		var guard tokens
		for {
			out, err := b.client.ListObjectsV2(ctx, in)
			if err != nil {
				yield(Object{}, fmt.Errorf("listing s3://%s/%s: %w", bucket, prefix, wrap("ListObjectsV2", err)))
				return
			}
			for _, o := range out.Contents {
				found := Object{Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag), Modified: firstTime(o.LastModified)}
				if !yield(found, nil) {
					return
				}
			}
			more, err := guard.next(out.NextContinuationToken)
			if err != nil {
				yield(Object{}, fmt.Errorf("listing s3://%s/%s: %w", bucket, prefix, err))
				return
			}
			if !more {
				return
			}
			in.ContinuationToken = out.NextContinuationToken
		}
	}
}

// maxResumes is how often a body that breaks off is gone on with where it
// broke, without a byte of progress in between.
const maxResumes = 5

// Open reads an object from its beginning. A body that breaks off is gone on
// with where it broke, as long as the object is still the same one; otherwise
// Read fails. The error wraps ErrNotFound when there is no such object. ctx
// holds for the reads as well.
func (b *Bucket) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	o := &object{ctx: ctx, client: b.client, patience: b.patience, bucket: bucket, key: key}
	if err := o.open(); err != nil {
		return nil, err
	}
	return o, nil
}

// object is an object being read.
type object struct {
	ctx         context.Context //nolint:containedctx // io.Reader has no place for one
	client      *s3.Client
	bucket, key string
	patience    time.Duration
	etag        *string
	size        int64
	offset      int64
	resumes     int // since the last progress
	body        io.ReadCloser
}

// open asks for what is left.
func (o *object) open() error {
	in := &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key, IfMatch: o.etag}
	if o.offset > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", o.offset))
	}
	out, err := o.client.GetObject(o.ctx, in)
	if err != nil {
		return fmt.Errorf("reading s3://%s/%s: %w", o.bucket, o.key, wrap("GetObject", err))
	}
	if o.offset == 0 {
		o.etag, o.size = out.ETag, aws.ToInt64(out.ContentLength)
	}
	o.body = out.Body
	return nil
}

// Read reads on, over breaks of the connection.
func (o *object) Read(p []byte) (int, error) {
	for {
		n, err := o.read(p)
		if n > 0 {
			o.offset += int64(n)
			o.resumes = 0
		}
		switch {
		case err == nil || n > 0 && !errors.Is(err, io.EOF):
			return n, nil // a broken body says so again
		case errors.Is(err, io.EOF) && o.offset >= o.size:
			return n, io.EOF
		case n > 0:
			return n, nil
		}
		if err := o.resume(err); err != nil {
			return 0, err
		}
	}
}

// read reads from the body, which counts as broken when nothing comes for long.
func (o *object) read(p []byte) (int, error) {
	body := o.body
	watch := time.AfterFunc(o.patience, func() {
		_ = body.Close() // wakes the reader, whose error says it
	})
	defer watch.Stop()
	return body.Read(p) //nolint:wrapcheck // Read looks at it
}

func (o *object) resume(cause error) error {
	if err := o.ctx.Err(); err != nil {
		return fmt.Errorf("reading s3://%s/%s: %w", o.bucket, o.key, err)
	}
	if o.resumes++; o.resumes > maxResumes || o.etag == nil {
		return fmt.Errorf("reading s3://%s/%s: broke off at byte %d of %d: %w", o.bucket, o.key, o.offset, o.size, cause)
	}
	_ = o.body.Close() // it is broken already
	return o.open()
}

// Close ends the reading.
func (o *object) Close() error {
	if err := o.body.Close(); err != nil {
		return fmt.Errorf("closing s3://%s/%s: %w", o.bucket, o.key, err)
	}
	return nil
}
