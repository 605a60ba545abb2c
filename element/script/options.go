package script

import (
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// Limits of scripts. Those that Options name can be changed there.
const (
	DefaultBudget      = time.Second // of one call, with everything that it causes
	DefaultTurnBudget  = 5 * DefaultBudget
	DefaultMemory      = 256 << 20 // bytes
	DefaultTotalMemory = 1 << 30
	DefaultLogLevel    = 5 // all but LogLevel.DevelopmentLogging

	MaxCode = 256 << 10 // bytes of one script
	MaxText = 16 << 20  // bytes of a text that a script hands over
	MaxList = 1 << 20   // entries of an array that a script hands over

	maxNesting  = 256      // brackets in brackets in the code: parsing recurses
	maxArrows   = 2000     // of arrow functions in the code: parsing them in one another is quadratic
	maxJSON     = 1000     // arrays and objects in one another that JSON.parse reads: it recurses
	maxCalls    = 1000     // functions that call one another
	maxWalk     = 4 << 20  // entries of an array that its functions go through
	maxMade     = 16 << 20 // characters of a text that a function makes
	maxBuffer   = 64 << 20 // bytes of one ArrayBuffer or typed array
	maxDigits   = 4096     // of an integer that JSON.parse reads
	maxBits     = 1 << 16  // of a BigInt that is a factor, a power or a shift
	aLot        = 1 << 20  // bytes: who takes so much at once looks at the memory first
	maxLines    = 100      // of the log, by one call
	maxLine     = 4096     // bytes of a line of the log
	maxSentence = 500      // bytes of an error
	suspicious  = 64 << 20 // bytes by which the heap grows in a call that may be the end of the process
	strikes     = 3        // budgets exceeded in a row after which a QAction is switched off
)

// Options change limits. The zero Options are the defaults.
type Options struct {
	Budget     time.Duration // of one call
	TurnBudget time.Duration // of all calls that one input of the engine leads to
	LogLevel   int           // protocol.Log writes lines up to this level; below 0 only level 0
	Memory     int64         // bytes that the scripts of one element may hold
	// Mark hears when a call of an element has run or taken so much that it may
	// be the end of the process, and when it is over. It must not wait.
	Mark        func(element string, on bool)
	TotalMemory int64 // bytes that all scripts may hold together
}

func (o Options) withDefaults() Options {
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	if o.TurnBudget <= 0 {
		o.TurnBudget = 5 * o.Budget
	}
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	if o.TotalMemory <= 0 {
		o.TotalMemory = DefaultTotalMemory
	}
	if o.LogLevel == 0 {
		o.LogLevel = DefaultLogLevel
	}
	return o
}

// boundMatches gives every regular expression that backtracks an end: goja
// cannot interrupt a match. regexp2 takes the limit from a variable of its own,
// so there is one for the process.
//
//nolint:gochecknoglobals // once for the process, as the variable it sets
var boundMatches = sync.OnceFunc(func() { regexp2.DefaultMatchTimeout = DefaultBudget })
