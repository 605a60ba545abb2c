// Package e2e drives the whole program the way people do: the built binary,
// a simulated device, and Chromium. It is used by its own tests only.
//
// Browser is one Chromium for a test binary; Tab is one page in a profile of
// its own, for one test, that fails the test when the page wrote an error to
// its console, threw an exception or broke its content security policy.
// Program is the built binary as a process. Device is a simulated device on
// loopback. Cable is a network between browser and program that can fail.
//
// Every step has Patience; nothing waits for a time to pass, only for a
// condition to hold.
//
// Goroutines: chromedp runs some for the browser until Browser.Close, Program
// has two that read its outputs until the process ends, Device has one that
// serves and Cable has one that accepts and two for each connection until
// their test ends.
package e2e

import "time"

// Patience bounds each step of a test.
const Patience = time.Minute

// pollEvery is the pace at which a condition on a page is looked at. The wait
// is over as soon as it holds.
const pollEvery = 20 * time.Millisecond
