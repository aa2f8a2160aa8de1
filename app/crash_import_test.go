package app_test

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"almoner.dev/almoner/app"
	"almoner.dev/almoner/app/intake"
	"almoner.dev/almoner/core/db/dbtest"
)

// The real program is killed again and again while it takes people in. Each time it goes on where it was, in the end all are there, and nothing is twice: no
// record, no version, no fact.
func TestImportKilled(t *testing.T) {
	t.Parallel()
	binary, dir := built(t), synthetic(t, "1200")
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			place := places(t, engine)
			must(t, append([]string{"migrate"}, place...)...)
			arguments := append([]string{"import", "openimis", dir, "--format", "json"}, place...)
			seeds := rand.New(rand.NewPCG(5, 2026)) //nolint:gosec // a fixed seed is the point
			midway := 0
			for range kills {
				if importKilled(t, binary, arguments, time.Duration(20+seeds.IntN(400))*time.Millisecond) {
					midway++
				}
			}
			if midway < 2 {
				t.Errorf("only %d imports were killed midway: too few to prove anything", midway)
			}
			last := reported(t, arguments)
			unchanged := 0
			for _, f := range last.Files {
				unchanged += f.Unchanged
			}
			if last.Refused() || unchanged == 0 {
				t.Errorf("the last import refused %v, and found %d rows done", last.Problems, unchanged)
			}
			for _, f := range reported(t, arguments).Files {
				if f.Made+f.Changed > 0 {
					t.Errorf("%s: once more, %d were made and %d changed", f.File, f.Made, f.Changed)
				}
			}
			opened(t, place, func(a *app.App) {
				const people = 1200
				families := "select count(*) - (select count(*) from insuree_families) from "
				for _, c := range []struct {
					sql  string
					want int
				}{
					{"select count(*) from insuree_insurees where validity_to is null", people},
					// One in forty had another name before; no other state was made.
					{"select count(*) from insuree_insurees_versions", people + people/40},
					{"select count(*) from insuree_insurees_versions where past_id is not null", people / 40},
					{"select count(*) from event_log where name = 'insuree.insuree_created'", people},
					{"select count(*) from event_log where name = 'insuree.insuree_updated'", 0},
					{"select count(*) from insuree_families f where not exists (select 1 from insuree_insurees i where i.family_id = f.id and i.head and i.id = f.head_insuree_id)", 0},
					{families + "insuree_families_versions where head_insuree_id is not null", 0},
					{families + "event_log where name = 'insuree.family_created'", 0},
					{families + "event_log where name = 'insuree.family_updated'", 0},
				} {
					var n int
					if err := a.DB.QueryRow(t.Context(), c.sql).Scan(&n); err != nil || n != c.want {
						t.Errorf("%s: %d, %v, want %d", c.sql, n, err, c.want)
					}
				}
			})
		})
	}
}

// synthetic is a folder with so many people who do not exist.
func synthetic(t testing.TB, people string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "run", "almoner.dev/almoner/scripts/synthetic", "-insurees", people, dir).CombinedOutput(); err != nil { //nolint:gosec // our own program
		t.Fatalf("make people: %v\n%s", err, out)
	}
	return dir
}

// importKilled begins an import and kills it some time after it has come to the families, which it goes through once more behind the insurees. It reports
// whether the import was not over yet.
func importKilled(t *testing.T, binary string, arguments []string, after time.Duration) bool {
	t.Helper()
	command := exec.Command(binary, arguments...) //nolint:gosec,noctx // our own binary, killed below
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "ALMONER_LOG_LEVEL=error"}
	progress, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(progress)
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "families.csv"):
			time.AfterFunc(after, func() { _ = command.Process.Kill() })
		case !strings.HasSuffix(line, "…"):
			t.Errorf("the import says %s", line)
		}
	}
	_ = command.Wait() // killed, or done
	return !command.ProcessState.Exited()
}

// reported imports to the end and returns the report.
func reported(t *testing.T, arguments []string) *intake.Report {
	t.Helper()
	report := &intake.Report{}
	if err := json.Unmarshal([]byte(must(t, arguments...)), report); err != nil {
		t.Fatal(err)
	}
	return report
}
