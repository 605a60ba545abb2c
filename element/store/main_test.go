package store

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		os.Exit(saveUntilKilled(dir))
	}
	goleak.VerifyTestMain(m)
}
