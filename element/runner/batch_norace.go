//go:build !race

package runner

// poisonBatches overwrites batches that are given back, in tests only.
const poisonBatches = false
