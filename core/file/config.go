package file

import (
	"errors"
	"fmt"
	"net/url"

	"almoner.dev/almoner/core/config"
)

// Config says where files are kept and how large one may be.
type Config struct {
	URL     string      `help:"bucket of the files: s3://…, azblob://…, file:///…; empty for the folder files in the data folder" secret:"true"`
	MaxSize config.Size `help:"greatest size of one file"`
}

// Defaults returns the settings of a laptop: a folder, and files of 50 MB.
func Defaults() Config { return Config{MaxSize: 50 * config.MB} }

// Validate reports what cannot work.
func (c Config) Validate() error {
	var problems []error
	if c.URL != "" {
		if u, err := url.Parse(c.URL); err != nil || u.Scheme == "" {
			problems = append(problems, errors.New("files.url must be the address of a bucket, such as s3://BUCKET?region=REGION"))
		}
	}
	if c.MaxSize < config.KiB || c.MaxSize > 5*config.GiB {
		problems = append(problems, fmt.Errorf("files.max_size must be between 1KiB and 5GiB, not %v", c.MaxSize))
	}
	return errors.Join(problems...)
}
