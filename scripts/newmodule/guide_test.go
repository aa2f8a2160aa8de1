package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks are the fenced parts of a guide: language, what to do with it, text.
var blocks = regexp.MustCompile("(?ms)^```(\\w+)(?: ([^\n]*))?\n(.*?)^```$")

// follow does in a copy of the tree what a guide says: files are written, differences applied, commands marked `sh run` run. Other blocks show output.
func follow(t *testing.T, root, guide string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, guide))
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, block := range blocks.FindAllStringSubmatch(string(text), -1) {
		language, what, body := block[1], block[2], block[3]
		file, isFile := strings.CutPrefix(what, "file=")
		var cmd *exec.Cmd
		switch {
		case isFile:
			write(t, filepath.Join(root, file), body)
			steps++
			continue
		case language == "diff":
			cmd = exec.CommandContext(t.Context(), "git", "apply", "-")
		case language == "sh" && what == "run":
			cmd = exec.CommandContext(t.Context(), "bash", "-eu", "-")
		default:
			continue
		}
		steps++
		cmd.Dir, cmd.Stdin = root, strings.NewReader(body)
		// The copy is no repository, and belongs to none around it.
		cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(root))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: step %d: %v: %s\n%s", guide, steps, err, out, body)
		}
	}
	if steps < 4 {
		t.Errorf("%s: only %d steps were found", guide, steps)
	}
}
