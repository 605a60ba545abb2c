package link

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"fieldline/element"
)

// reach opens the TCP connection to the device, through a proxy when one is
// set.
func (a *attempt) reach(ctx context.Context) (net.Conn, *Failure) {
	proxy, f := a.findProxy()
	if f != nil {
		return nil, f
	}
	if proxy != nil {
		return a.reachThrough(ctx, proxy)
	}
	host, f := a.hostName()
	if f != nil {
		return nil, f
	}
	target := *a.cfg
	target.Host = host
	conn, err := a.dialTCP(ctx, hostPort(&target))
	if err != nil {
		return nil, &Failure{Cause: dialCause(ctx, a.cfg.Host, a.where(), err), Err: err}
	}
	return conn, nil
}

// dialCause says why a TCP connection could not be made.
func dialCause(ctx context.Context, host, where string, err error) element.Cause {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dnsCause(ctx, host, dns)
	}
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("tcp", "canceled", "The attempt to reach %s was given up from our side.", where)
	case errors.Is(err, syscall.ECONNREFUSED):
		return cause("tcp", "refused", "%s refused the connection: nothing listens there. Check the port, and that the device's WebSocket service runs.", where)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return cause("tcp", "no-route", "There is no way to %s: the host does not answer or no network leads to it. Check the address, the cable and the routes.", where)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return cause("tcp", "timeout", "%s did not answer in time: the device is off, the address is wrong, or a firewall drops the connection. Check these, or raise the timeout.", where)
	case errors.Is(err, syscall.ECONNRESET):
		return cause("tcp", "reset", "%s reset the connection at once. Check the port, and whether the device limits who may connect.", where)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return cause("tcp", "no-files", "This server has no file handles left for a connection to %s; raise its limit of open files.", where)
	}
	return cause("tcp", "failed", "The connection to %s could not be made: %s. Check the address.", where, plain(err))
}

func dnsCause(ctx context.Context, host string, err *net.DNSError) element.Cause {
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("dns", "canceled", "The attempt to look up %q was given up from our side.", host)
	case err.IsNotFound:
		return cause("dns", "not-found", "The name %q is not known to DNS. Check how it is spelled, or enter the IP address.", host)
	case err.IsTimeout:
		return cause("dns", "timeout", "The name server did not answer in time when asked for %q. Check the DNS settings of this server, or enter the IP address.", host)
	}
	return cause("dns", "failed", "The name %q could not be looked up: %s. Check the DNS settings of this server, or enter the IP address.", host, err.Err)
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
