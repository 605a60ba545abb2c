package link

import (
	"time"

	"fieldline/element"
)

// Compose returns what Dial would send now, as the record of a handshake that
// has a request and no answer. Nothing is looked up, connected or sent; files
// that TLS settings name are read. The Failure is why Dial would fail before
// it reaches the network. The key of the handshake is another one each time
// (RFC 6455 §4.1); a Digest login is in it once the device has asked for one in
// this run (RFC 7616 §3.3).
func Compose(cfg Config) (element.Handshake, *Failure) {
	a := &attempt{cfg: &cfg, started: time.Now(), mask: newMasker(cfg.Destination)}
	a.out.Record = element.Handshake{At: element.At(a.started), PhasesMs: map[string]int64{}}
	f := a.compose()
	a.finish(f)
	return a.out.Record, f
}

// compose checks, in Dial's order, what can be checked here.
func (a *attempt) compose() *Failure {
	req, f := newRequest(a.cfg, newLogin(a.cfg).preview())
	if f != nil {
		return f
	}
	a.out.Record.Request = a.mask.head(string(req.head))
	proxy, f := a.findProxy()
	if f != nil {
		return f
	}
	if proxy == nil {
		if _, f := a.hostName(); f != nil {
			return f
		}
	}
	if a.cfg.Scheme == "wss" {
		_, f = tlsConfig(a.cfg)
	}
	return f
}

// hostName is the device's name as DNS knows it (RFC 5891).
func (a *attempt) hostName() (string, *Failure) {
	host, err := asciiHost(a.cfg.Host)
	if err != nil {
		return "", &Failure{Cause: cause("address", "invalid-host", "%q is not a host name; correct the address of the element.", a.cfg.Host), Err: err}
	}
	return host, nil
}

// Via returns the URL of the proxy that Dial would go through, its password
// masked; "" for none, and when the proxy's address cannot be used.
func Via(cfg Config) string {
	proxy, f := (&attempt{cfg: &cfg}).findProxy()
	if f != nil || proxy == nil {
		return ""
	}
	return element.MaskProxy(proxy.String())
}
