//go:build !linux

package doctor

import "errors"

// diskOf knows nothing of disks here.
func diskOf(string) (disk, error) { return disk{}, errors.ErrUnsupported }
