package main

import "encoding/json"

// readVitest counts the tests in vitest's JSON report. A file that could not even be loaded counts as a failure.
func readVitest(report []byte) (tally, error) {
	var r struct {
		NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int
		TestResults                                                   []struct {
			Status           string
			AssertionResults []struct{}
		}
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return tally{}, err
	}
	got := tally{Passed: r.NumPassedTests, Failed: r.NumFailedTests, Skipped: r.NumPendingTests + r.NumTodoTests}
	for _, f := range r.TestResults {
		if f.Status == "failed" && len(f.AssertionResults) == 0 {
			got.Failed++
		}
	}
	return got, nil
}
