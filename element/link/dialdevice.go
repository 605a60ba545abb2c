package link

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"fieldline/element"
)

// dialDevice opens the TCP connection to the device, through a proxy when one
// is set.
func (a *attempt) dialDevice(ctx context.Context) (net.Conn, *Failure) {
	proxy, f := a.findProxy()
	if f != nil {
		return nil, f
	}
	if proxy != nil {
		if a.fence != nil {
			if f := a.fencedProxy(ctx); f != nil {
				return nil, f
			}
		}
		return a.dialThrough(ctx, proxy)
	}
	host, f := a.hostName()
	if f != nil {
		return nil, f
	}
	target := *a.cfg
	target.Host = host
	conn, err := a.dialTCP(ctx, hostPort(&target))
	if no, ok := errors.AsType[*fenced](err); ok {
		return nil, no.Failure
	}
	if err != nil {
		return nil, &Failure{Cause: a.dialCause(ctx, err), Err: err}
	}
	return conn, nil
}

// dialCause says why a TCP connection to the device could not be made.
func (a *attempt) dialCause(ctx context.Context, err error) element.Cause {
	host, where := a.cfg.Host, a.where()
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dnsCause(ctx, host, dns)
	}
	switch dialCode(ctx, err) {
	case "canceled":
		return cause("tcp", "canceled", "We gave up trying to reach %s.", where)
	case "refused":
		return cause("tcp", "refused", "%s refused the connection: nothing listens there. Check the port, and that the device's service runs.", where)
	case "no-route":
		return cause("tcp", "no-route", "There is no route to %s: the host does not answer or no network leads to it. Check the address, the cable and the routes.", where)
	case "timeout":
		return cause("tcp", "timeout", "%s did not answer within %s: the device is off, the address is wrong, or a firewall drops the connection.%s", where, element.FormatSeconds(a.timeout()), a.farAway())
	case "reset":
		return cause("tcp", "reset", "%s reset the connection at once. Check the port, and whether the device limits who may connect.", where)
	case "no-files":
		return cause("tcp", "no-files", "This server has no file handles left for a connection to %s; raise its limit of open files.", where)
	}
	return cause("tcp", "failed", "The connection to %s could not be made: %s. Check the address.", where, plain(err))
}

// farAway is an advice where a timeout is shorter than the way may be long:
// TCP repeats what was lost after a second.
func (a *attempt) farAway() string {
	if a.timeout() > time.Second {
		return ""
	}
	return " A device that is far away needs a longer timeout."
}

// dialCode is the code of why a TCP connection could not be made.
func dialCode(ctx context.Context, err error) string {
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return "canceled"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no-route"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return "timeout"
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "no-files"
	}
	return "failed"
}

func dnsCause(ctx context.Context, host string, err *net.DNSError) element.Cause {
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("dns", "canceled", "We gave up looking up %q.", host)
	case err.IsNotFound:
		return cause("dns", "not-found", "The name %q is not known to DNS. Check how it is spelled, or enter the IP address.", host)
	case err.IsTimeout:
		return cause("dns", "timeout", "The name server did not answer in time when asked for %q. Check the DNS settings of this server, or enter the IP address.", host)
	}
	return cause("dns", "failed", "The name %q could not be looked up: the name server cannot answer. Check the DNS settings of this server, or enter the IP address.", host)
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
