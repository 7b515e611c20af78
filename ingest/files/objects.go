package files

import (
	"context"
	"errors"
	"io"
	"iter"
	"path"
	"strings"
)

// Objects is where paths of the form s3://BUCKET/PREFIX are read from.
type Objects interface {
	// List lists the objects of bucket whose keys begin with prefix, in the
	// order of the keys' bytes. An error is the last thing in the sequence.
	List(ctx context.Context, bucket, prefix string) iter.Seq2[Object, error]
	// Open reads an object from its beginning and goes on where a connection
	// breaks off, as long as it is the same object.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
}

// Object is one object of a bucket.
type Object struct {
	Key  string
	ETag string // tells versions of one key apart
}

const s3Scheme = "s3://"

// splitS3 takes s3://BUCKET/KEY apart.
func splitS3(name string) (bucket, key string, ok bool) {
	rest, ok := strings.CutPrefix(name, s3Scheme)
	if !ok {
		return "", "", false
	}
	bucket, key, _ = strings.Cut(rest, "/")
	return bucket, key, true
}

// listObjects lists what an s3:// path stands for: every object whose key
// begins with the prefix, without folder markers, names with a dot in front
// below the prefix, and what a log export leaves to test its permission.
func (im *importer) listObjects(ctx context.Context, name string) ([]source, error) {
	bucket, prefix, _ := splitS3(name)
	if im.o.Objects == nil {
		return nil, errors.New("there is no access to S3")
	}
	if bucket == "" {
		return nil, errors.New("want s3://BUCKET/PREFIX")
	}
	var out []source
	for o, err := range im.o.Objects.List(ctx, bucket, prefix) {
		if err != nil {
			return nil, err
		}
		below := o.Key[strings.LastIndexByte(prefix, '/')+1:]
		if strings.HasSuffix(o.Key, "/") || strings.HasPrefix(below, ".") || strings.Contains(below, "/.") || path.Base(o.Key) == writeTest {
			continue
		}
		out = append(out, source{name: s3Scheme + bucket + "/" + o.Key, etag: strings.Trim(o.ETag, `"`), found: o.Key != prefix})
	}
	if len(out) == 0 {
		return nil, errors.New("no object's key begins so")
	}
	return out, nil
}
