package runner

import (
	"context"

	"fieldline/element"
)

// ask has the owner call do between two other things and returns what it
// returned. When the element ends first, the answer is Unavailable.
func ask[T any](ctx context.Context, r *Runner, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	question := func() {
		a := answer{err: element.Errorf(element.Internal, "The logic of the element failed.")}
		defer func() { answers <- a }()
		a.value, a.err = do()
	}
	gone := func() (T, error) {
		var none T
		return none, element.Errorf(element.Unavailable, "The element is stopping; try again later.")
	}
	late := func() (T, error) {
		var none T
		return none, &element.Error{Code: element.Unavailable, Op: "runner.ask", Msg: "The element did not answer in time; check whether it was done.", Err: ctx.Err()}
	}
	stuck, err := r.scriptWatch.refusal()
	if err != nil {
		var none T
		return none, err
	}
	blocked := func() (T, error) {
		var none T
		_, err := r.scriptWatch.refusal()
		if err == nil {
			return late()
		}
		return none, &element.Error{Code: element.Unavailable, Op: "runner.ask", Msg: element.MessageOf(err) + " What was asked may still be done then.", Err: err}
	}
	select {
	case r.inbox <- question:
	case <-r.ended:
		return gone()
	case <-stuck:
		return blocked()
	case <-ctx.Done():
		return late()
	}
	select {
	case a := <-answers:
		return a.value, a.err
	case <-stuck:
		return blocked()
	case <-ctx.Done():
		return late()
	case <-r.ended:
		select {
		case a := <-answers:
			return a.value, a.err
		default:
			return gone()
		}
	}
}
