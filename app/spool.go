package app

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// abandoned is the age from which on a file in the spool belongs to nobody: no answer takes so long.
const abandoned = 24 * time.Hour

// spoolIn makes the folder where exports are put together, in the data folder where there is one, and clears away what a program that was killed
// left there.
func spoolIn(data string) (string, error) {
	if data == "" {
		return "", nil
	}
	dir := filepath.Join(data, "spool")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for exports: %w", err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("look into the folder for exports: %w", err)
	}
	for _, entry := range list {
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(dir, entry.Name())) // the next start tries again
		}
	}
	return dir, nil
}
