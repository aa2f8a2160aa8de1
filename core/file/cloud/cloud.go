// Package cloud makes core/file able to keep files in Amazon S3 and what speaks like it (`s3://BUCKET?region=…`, with `endpoint=` and
// `use_path_style=true` for others) and in Azure Blob Storage (`azblob://CONTAINER`). A distribution imports it for its effect; one that
// keeps files in a folder leaves it out and is some 20 MB smaller.
package cloud

import (
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/s3blob"    // s3://
)
