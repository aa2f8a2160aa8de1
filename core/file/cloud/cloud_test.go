package cloud_test

import (
	"testing"

	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/file"
	_ "almoner.dev/almoner/core/file/cloud"
)

// Opening a bucket speaks to nobody; a build without the drivers refuses the address.
func TestBucketsCanBeOpened(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test") // not parallel: credentials come from the environment
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AZURE_STORAGE_ACCOUNT", "test")
	t.Setenv("AZURE_STORAGE_KEY", "dGVzdA==")
	for _, url := range []string{"s3://papers?region=eu-west-1&endpoint=https://s3.example&use_path_style=true", "azblob://papers"} {
		s, err := file.Open(t.Context(), file.Params{Config: file.Config{URL: url, MaxSize: config.MiB}})
		if err != nil {
			t.Errorf("open %s: %v", url, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Errorf("close %s: %v", url, err)
		}
	}
}
