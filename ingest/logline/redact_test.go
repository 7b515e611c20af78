package logline

import (
	"strings"
	"testing"
)

// Made-up secrets of every known form. They are put together here so that no
// scanner takes this file for a leak.
var (
	keyID    = "AKIA" + "Q3EGUZ7M2KTX5WNP"
	tempID   = "ASIA" + "Q3EGUZ7M2KTX5WNP"
	secret   = "wq8/Zt2nLr" + "YbU4+kXv0sPfHd7cGjM3eRoTi5aQ"
	session  = "IQoJb3JpZ2luX2VjEPf" + "//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx"
	sig      = "5d41402abc4b2a76b9719d911017c592" + "ae3f1d0b9c8e7f6a5b4c3d2e1f0a9b8c"
	jwt      = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
	slackTok = "xoxb-" + "2048110293-7781920-aBcDeFgHiJkL"
	ghp      = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	ghs      = "ghs_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	ghPat    = "github_pat_" + "11AAAAAAA0abcdefghijkl_MNOPQRSTUVWXYZ0123456789"
	hfTok    = "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"
	pemBody  = "MIIEpAIBAAKCAQEA7bq98kPZyLw3uT0xYV5cDfGhJkLmNoPqRsTuVwXyZ0123456"
)

func TestRedact(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"using key " + keyID + " now", "using key <redacted:access-key> now"},
		{tempID, "<redacted:access-key>"},
		{"aws_secret_access_key=" + secret, "aws_secret_access_key=<redacted:secret-key>"},
		{"AWS_SECRET_ACCESS_KEY: " + secret + " set", "AWS_SECRET_ACCESS_KEY: <redacted:secret-key> set"},
		{`{"SecretAccessKey": "` + secret + `", "Expiration": 1}`, `{"SecretAccessKey": "<redacted:secret-key>", "Expiration": 1}`},
		{`{\"secretAccessKey\":\"` + secret + `\"}`, `{\"secretAccessKey\":\"<redacted:secret-key>\"}`},
		{`{'secret_key': '` + secret + `'}`, `{'secret_key': '<redacted:secret-key>'}`},
		{"<SecretAccessKey>" + secret + "</SecretAccessKey>", "<SecretAccessKey><redacted:secret-key></SecretAccessKey>"},
		{"AWS_SESSION_TOKEN=" + session + ";x", "AWS_SESSION_TOKEN=<redacted:session-token>;x"},
		{
			"GET https://b.s3.amazonaws.com/m.tar.gz?X-Amz-Algorithm=A&X-Amz-Credential=" + tempID + "%2F20261120%2Fus-east-1&X-Amz-Date=20261120T140312Z&X-Amz-Security-Token=" + session + "&X-Amz-Signature=" + sig + " 200",
			"GET https://b.s3.amazonaws.com/m.tar.gz?X-Amz-Algorithm=A&X-Amz-Credential=<redacted:credential>&X-Amz-Date=20261120T140312Z&X-Amz-Security-Token=<redacted:session-token>&X-Amz-Signature=<redacted:signature> 200",
		},
		{"Authorization: Bearer " + jwt, "Authorization: Bearer <redacted:authorization>"},
		{"authorization: Basic dXNlcjpwYXNz", "authorization: Basic <redacted:authorization>"},
		{`"Authorization": "Bearer ` + jwt + `"`, `"Authorization": "<redacted:authorization>"`},
		{`(b'authorization', b'Bearer ` + jwt + `')`, `(b'authorization', b'<redacted:authorization>')`},
		{"Authorization: AWS4-HMAC-SHA256 Credential=" + keyID + "/20261120/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=" + sig, "Authorization: <redacted:authorization>"},
		{"sent bearer " + jwt + " to", "sent bearer <redacted:bearer-token> to"},
		{"sent Basic dXNlcjpwYXNz to", "sent Basic <redacted:basic-credentials> to"},
		{"x-api-key: k3y-of-mine", "x-api-key: <redacted:api-key>"},
		{`-H "X-API-Key: 12345"`, `-H "X-API-Key: <redacted:api-key>"`},
		{"OPENAI_API_KEY='abc123'", "OPENAI_API_KEY='<redacted:api-key>'"},
		{"slack " + slackTok, "slack <redacted:slack-token>"},
		{"clone https://" + ghp + "@github.com/a/b", "clone https://<redacted:github-token>@github.com/a/b"},
		{"token " + ghs + ".", "token <redacted:github-token>."},
		{ghPat, "<redacted:github-token>"},
		{"HF_TOKEN=" + hfTok, "HF_TOKEN=<redacted:huggingface-token>"},
		{"postgres://bob:s3cr3t!@db.example.com:5432/x", "postgres://bob:<redacted:password>@db.example.com:5432/x"},
		{"redis://:p@ss@h:6379", "redis://:<redacted:password>@h:6379"},
		{"db_password=hunter2, retry", "db_password=<redacted:password>, retry"},
		{"mail to jane.doe+x@mail.example.org.", "mail to <redacted:email>."},
		{"-----BEGIN RSA PRIVATE KEY-----\n" + pemBody + "\n-----END RSA PRIVATE KEY-----\nnext", "<redacted:private-key>\nnext"},
		{`key="-----BEGIN PRIVATE KEY-----\n` + pemBody + `\n-----END PRIVATE KEY-----\n"`, `key="<redacted:private-key>\n"`},
		{"-----BEGIN EC PRIVATE KEY-----", "<redacted:private-key>"},
		{pemBody[:64], "<redacted:private-key>"},
	} {
		if got := Redact(test.in); got != test.want {
			t.Errorf("Redact(%q)\n got %q\nwant %q", test.in, got, test.want)
		}
		if again := Redact(test.want); again != test.want {
			t.Errorf("Redact(%q) = %q: not idempotent", test.want, again)
		}
	}
}

// What only looks like a secret stays, because a masked number or name takes
// evidence away.
func TestRedactLeavesAlone(t *testing.T) {
	for _, s := range []string{
		"Avg prompt throughput: 812.4 tokens/s",
		"max_num_batched_tokens=8192",
		"hf_transfer is not installed, hf_hub_download falls back",
		"Basic authentication failed",
		"Bearer authentication is required",
		"authorization: failed for user",
		"the password is wrong",
		"password=None",
		"api: ready, /api/v1 served",
		"-----BEGIN CERTIFICATE-----",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"decorator @app.route used, user@host down, a @ b.co",
		"http://10.0.0.1:8080/invocations",
		"AKIA is a prefix; ASIAPACIFICREGIONNUMBERTWO too",
		"unix:/tmp/gunicorn.sock:/invocations",
		"secret sauce: none",
	} {
		if got := Redact(s); got != s {
			t.Errorf("Redact(%q) = %q", s, got)
		}
	}
}

// A clean line costs no allocation, whatever format it has.
func TestRedactCleanAllocates(t *testing.T) {
	for _, test := range lines {
		if got := testing.AllocsPerRun(10, func() { Redact(test.msg) }); got != 0 {
			t.Errorf("Redact(%q): %v allocations", test.msg, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	secrets := []string{keyID, slackTok, ghp, ghs, ghPat, hfTok}
	for i, s := range []string{"", "a b", "key=", `{"k":"`, "<redacted:email>", "://u:p@h"} {
		f.Add(s, " "+s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, before, after string, pick uint8) {
		key := secrets[int(pick)%len(secrets)]
		msg := before + " " + key + " " + after
		got := Redact(msg)
		if again := Redact(got); again != got {
			t.Errorf("not idempotent:\n%q\n%q\n%q", msg, got, again)
		}
		// No mark is longer than 32 bytes, and none covers less than one byte.
		if len(got) > 32*len(msg) {
			t.Errorf("%d bytes became %d", len(msg), len(got))
		}
		if strings.Contains(got, key) {
			t.Errorf("%q survives in %q", key, got)
		}
		if strings.Contains(msg, "PRIVATE KEY") {
			return
		}
		for _, pair := range [...]string{"X-Amz-Signature=", "x-api-key: ", "aws_secret_access_key=", "Authorization: Bearer "} {
			if got := Redact(before + "\n" + pair + sig + "\n" + after); strings.Contains(got, sig) {
				t.Errorf("value of %q survives in %q", pair, got)
			}
		}
	})
}
