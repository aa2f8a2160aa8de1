package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var announced = regexp.MustCompile(`is ready at (http://\S+)`)

// TestBenchStart prints what the program itself takes, built as it is delivered, on an existing SQLite database of the demo world: the time from its
// start to the first good answer of /readyz, the middle of nine, and its memory at rest and after what people do, from eight clients at once.
func TestBenchStart(t *testing.T) {
	if os.Getenv("ALMONER_BENCH_VISITS") == "" {
		t.Skip("run make bench")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "almoner")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "../cmd/almoner").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	fmt.Printf("\n| Program | | Target | Met |\n|---|---|---|---|\n")
	var starts []time.Duration
	for range 10 {
		p := startProgram(t, binary, dir)
		starts = append(starts, p.took)
		p.stop(t)
	}
	starts = starts[1:] // the first one makes the database
	best := percentile(sorted(starts), 50)
	fmt.Printf("| start to ready | %s ms | ≤ 300 ms | %s |\n", ms(best), yes(best <= 300*time.Millisecond))
	p := startProgram(t, binary, dir)
	defer p.stop(t)
	rest := p.memory(t)
	fmt.Printf("| resident at rest | %d MB | ≤ 100 MB | %s |\n", rest, yes(rest <= 100))
	p.mixed(t, 8, 500)
	fmt.Printf("| resident after 4 000 requests from 8 clients: lists, records, metadata, GraphQL, new visits | %d MB | | |\n", p.memory(t))
	fmt.Printf("| the most that it ever held | %d MB | | |\n", p.status(t, "VmHWM"))
}

// mixed sends what people do from so many clients at once, so many requests from each: of ten, three lists, a search, two records, one OPTIONS, two documents of
// GraphQL and one new visit. Each request differs from the others.
func (p *program) mixed(t *testing.T, clients, requests int) {
	t.Helper()
	ask := p.signIn(t)
	var wait sync.WaitGroup
	for n := range clients {
		wait.Go(func() {
			for i := range requests {
				number := n*requests + i
				visit := 1 + number*7%60
				switch i % 10 {
				case 0, 1, 2:
					ask(http.MethodGet, fmt.Sprintf("/api/tpm/visits/?page_size=20&page=%d&ordering=%s", 1+number%3, visitSorts[number/10%len(visitSorts)]), nil)
				case 3:
					ask(http.MethodGet, fmt.Sprintf("/api/tpm/visits/?page_size=20&search=%d", number%300), nil)
				case 4, 5:
					ask(http.MethodGet, fmt.Sprintf("/api/tpm/visits/%d/", visit), nil)
				case 6:
					ask(http.MethodOptions, fmt.Sprintf("/api/tpm/visits/%d/", visit), nil)
				case 7, 8:
					ask(http.MethodPost, "/api/graphql", graphPage(number%50))
				default:
					ask(http.MethodPost, "/api/tpm/visits/", map[string]any{"tpm_partner": 1})
				}
			}
		})
	}
	wait.Wait()
}

// signIn signs a planner of the demo world in, as a browser does, and returns what sends a request as that person. An answer of a fault of ours fails the test.
func (p *program) signIn(t *testing.T) func(method, path string, body any) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: time.Minute, Jar: jar}
	home, err := url.Parse(p.address)
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path string, body any) int {
		text, err := json.Marshal(body)
		if err != nil {
			t.Error(err)
			return 0
		}
		if body == nil {
			text = nil
		}
		req, err := http.NewRequestWithContext(t.Context(), method, p.address+path, bytes.NewReader(text))
		if err != nil {
			t.Error(err)
			return 0
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Almoner-Workspace", "KEN")
		for _, c := range jar.Cookies(home) {
			if c.Name == "almoner_csrf" {
				token, err := url.QueryUnescape(c.Value)
				if err != nil {
					t.Error(err)
				}
				req.Header.Set("X-CSRF-Token", token)
			}
		}
		answer, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer answer.Body.Close()
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Error(err)
		}
		return answer.StatusCode
	}
	send(http.MethodGet, "/api/auth/session/", nil)
	if status := send(http.MethodPost, "/api/auth/login/", map[string]any{"email": "pme@almoner.example", "password": "almoner-demo"}); status >= 300 {
		t.Fatalf("signing in is answered %d", status)
	}
	return func(method, path string, body any) {
		if status := send(method, path, body); status == 0 || status >= 500 || status == http.StatusForbidden || status == http.StatusUnauthorized {
			t.Errorf("%s %s is answered %d", method, path, status)
		}
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

type program struct {
	cmd     *exec.Cmd
	address string
	took    time.Duration
}

func startProgram(t *testing.T, binary, dir string) *program {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), binary, "serve", "--demo", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0")
	// It refuses settings that it does not know, such as those of this test.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ALMONER_") })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: time.Minute}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		m := announced.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m[1]+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(req)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("not ready: %v", err)
		}
		_ = answer.Body.Close()
		took := time.Since(began)
		go func() {
			for lines.Scan() { // so that it never waits for a reader
				continue
			}
		}()
		return &program{cmd, m[1], took}
	}
	t.Fatalf("the program ended: %v", cmd.Wait())
	return nil
}

func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

// memory is the resident memory in MB.
func (p *program) memory(t *testing.T) int {
	t.Helper()
	return p.status(t, "VmRSS")
}

// status is a size that the system keeps of the program, in MB.
func (p *program) status(t *testing.T, name string) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		t.Skip("there is no /proc here")
	}
	_, rest, _ := strings.Cut(string(raw), name+":")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n / 1024
}
