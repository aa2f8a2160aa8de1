package config

import "testing"

func TestMaskPasswords(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"postgres://db/almoner":                         "postgres://db/almoner",
		"postgres://u@db:5432/almoner":                  "postgres://u@db:5432/almoner",
		"postgres://u:p@db/almoner":                     "postgres://u:" + mask + "@db/almoner",
		"postgres://u:p@ss:w/rd@db/almoner":             "postgres://u:" + mask + "@db/almoner",
		"nats://:p@h":                                   "nats://:" + mask + "@h",
		"host=db user=u password=p dbname=a":            "host=db user=u password=" + mask + " dbname=a",
		"host=db password='p q' dbname=a":               "host=db password=" + mask + " dbname=a",
		"s3://b?region=x&secret_access_key=k&awssdk=v2": "s3://b?region=x&secret_access_key=" + mask + "&awssdk=v2",
		"plain text":                                    "plain text",
	}
	for in, want := range cases {
		if got := maskPasswords(in); got != want {
			t.Errorf("maskPasswords(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSnake(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"URL": "url", "DirectURL": "direct_url", "MaxConns": "max_conns", "HTTPServer": "http_server", "S3Bucket": "s3_bucket", "A": "a",
	} {
		if got := snake(in); got != want {
			t.Errorf("snake(%q) = %q, want %q", in, got, want)
		}
	}
}
