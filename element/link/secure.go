package link

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"fieldline/element"
)

var (
	errFingerprint   = errors.New("the certificate has another fingerprint")
	errNoFingerprint = errors.New("not a SHA-256 fingerprint")
)

// secure makes the TLS handshake with the device. Where no agreement on version
// and cipher was found, it is found out what the device would agree to.
func (a *attempt) secure(ctx context.Context, conn net.Conn) (net.Conn, *Failure) {
	config, f := tlsConfig(a.cfg)
	if f != nil {
		return nil, f
	}
	defer a.time("tls")()
	heard := false
	verify := config.VerifyConnection
	config.VerifyConnection = func(s tls.ConnectionState) error {
		heard = true
		if verify == nil {
			return nil
		}
		return verify(s)
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		f := &Failure{Cause: a.tlsCause(ctx, config, err), Err: err}
		c, ok := element.Cause{}, false
		switch {
		case !disagreed(f.Cause, err):
		case canWeaken(a.cfg.TLS):
			_ = conn.Close() // there are devices that accept one connection at a time
			c, ok = a.weaker(ctx, config)
		case !heard:
			c, ok = noCommon(a.where(), err)
		}
		if ok {
			f.Cause = c
		}
		return nil, f
	}
	return secure, nil
}

// tlsConfig reads the settings. It never offers h2: what follows is HTTP/1.1.
func tlsConfig(cfg *Config) (*tls.Config, *Failure) {
	host, err := asciiHost(cfg.Host)
	if err != nil {
		host = cfg.Host
	}
	host, _, _ = strings.Cut(host, "%")
	c := &tls.Config{
		MinVersion:         minVersion(cfg.TLS.MinVersion),
		NextProtos:         []string{"http/1.1"},
		ServerName:         host,
		InsecureSkipVerify: cfg.TLS.SkipVerify,
	}
	if cfg.TLS.ServerName != "" {
		c.ServerName = cfg.TLS.ServerName
	}
	if cfg.TLS.OldCiphers {
		c.CipherSuites = allCiphers()
	}
	if f := trust(c, &cfg.TLS); f != nil {
		return nil, f
	}
	if cfg.TLS.CertFile != "" || cfg.TLS.KeyFile != "" {
		pair, err := tls.LoadX509KeyPair(cfg.TLS.CertFile, cfg.TLS.KeyFile)
		if err != nil {
			return nil, &Failure{Cause: cause("tls", "settings", "The client certificate %s with its key %s cannot be used: %s.", cfg.TLS.CertFile, cfg.TLS.KeyFile, plain(err)), Err: err}
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// trust says whose certificates are believed.
func trust(c *tls.Config, settings *element.TLS) *Failure {
	if settings.CAFile != "" {
		pem, err := os.ReadFile(settings.CAFile)
		if err != nil {
			return &Failure{Cause: cause("tls", "settings", "The file of certificate authorities %s cannot be read: %s.", settings.CAFile, plain(err)), Err: err}
		}
		c.RootCAs, err = x509.SystemCertPool()
		if err != nil {
			c.RootCAs = x509.NewCertPool()
		}
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return &Failure{Cause: cause("tls", "settings", "The file of certificate authorities %s holds no certificate in PEM form.", settings.CAFile)}
		}
	}
	switch {
	case settings.Fingerprint != "":
		pin, err := parseFingerprint(settings.Fingerprint)
		if err != nil {
			return &Failure{Cause: cause("tls", "settings", "The pinned fingerprint is not a SHA-256 in hex (64 digits, colons allowed); correct it."), Err: err}
		}
		// The pin says who the device is; no authority needs to.
		c.InsecureSkipVerify = true
		c.VerifyConnection = func(s tls.ConnectionState) error {
			sum := sha256.Sum256(s.PeerCertificates[0].Raw)
			if !bytes.Equal(sum[:], pin) {
				return errFingerprint
			}
			return nil
		}
	case settings.TrustsCommonName():
		c.InsecureSkipVerify = true // verified as always, but for the name
		roots, name := c.RootCAs, c.ServerName
		c.VerifyConnection = func(s tls.ConnectionState) error { return verifyByCommonName(s.PeerCertificates, roots, name) }
	}
	return nil
}

func parseFingerprint(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(s))
	if err != nil || len(b) != sha256.Size {
		return nil, errNoFingerprint
	}
	return b, nil
}

// tlsCause says why a TLS handshake failed.
func (a *attempt) tlsCause(ctx context.Context, config *tls.Config, err error) element.Cause {
	where := a.where()
	if errors.Is(err, errFingerprint) {
		return cause("tls", "fingerprint", "The certificate of %s is not the pinned one. If the device got a new certificate on purpose, change the fingerprint.", where)
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return certificateCause(where, config.ServerName, e)
	}
	if alert, ok := alertOf(err); ok {
		return refusedTLS(where, alert)
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return cause("tls", "not-tls", "What listens at %s does not speak TLS. Check the port, or use ws:// instead of wss://.", where)
	}
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("tls", "canceled", "We gave up trying to reach %s.", where)
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return cause("tls", "timeout", "The device at %s accepted the connection and did not finish the TLS handshake within %s. Check that the port speaks TLS%s.", where, element.FormatSeconds(a.timeout()), a.moreTime())
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return cause("tls", "hung-up", "The device at %s closed the connection during the TLS handshake. Check that the port speaks TLS; otherwise use ws:// instead of wss://.", where)
	}
	return cause("tls", "handshake", "The TLS handshake with %s failed: %s.", where, plain(err))
}

// alertOf is the alert of the device that ended a TLS connection. crypto/tls
// has no type for it that can be named from outside, only the operation.
func alertOf(err error) (string, bool) {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
		return strings.TrimPrefix(op.Err.Error(), "tls: "), true
	}
	return "", false
}

// refusedTLS is the cause behind an alert. With TLS 1.3 the device's verdict on
// our certificate comes after our side of the handshake is over (RFC 8446
// §4.4.2), so it may be read in the place of an answer.
func refusedTLS(where, alert string) element.Cause {
	return cause("tls", "handshake", "The device at %s refused the TLS handshake: %s. It may want a client certificate, or another one.", where, alert)
}

// certificateCause says what is wrong with a certificate.
func certificateCause(where, name string, err error) element.Cause {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return cause("tls", "expired", "The certificate of %s is valid from %s to %s and not today. Renew it on the device, or check the clocks of the device and this server.",
			where, e.Cert.NotBefore.Format("2006-01-02"), e.Cert.NotAfter.Format("2006-01-02"))
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return cause("tls", "unknown-authority", "The certificate of %s is signed by an authority that this server does not know, or by the device itself. Add the authority's certificate, pin the fingerprint, or skip verification for this connection.", where)
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		if onlyCommonName(e.Certificate) {
			return commonNameCause(where, name, e.Certificate)
		}
		if len(e.Certificate.DNSNames)+len(e.Certificate.IPAddresses) == 0 {
			return cause("tls", "wrong-name", "The certificate of %s is made out to %s. Pin the fingerprint, or renew the certificate with the name %q.", where, certificateNames(e.Certificate), name)
		}
		return cause("tls", "wrong-name", "The certificate of %s is made out to %s and not to %q. Use that name as the address, or set the server name.", where, certificateNames(e.Certificate), name)
	}
	return cause("tls", "certificate", "The certificate of %s cannot be trusted: %s.", where, plain(err))
}

// certificateNames lists the names of a certificate, not all when they are many.
func certificateNames(c *x509.Certificate) string {
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		if c.Subject.CommonName == "" {
			return "no name"
		}
		return "no host name (only to the subject " + excerpt(c.Subject.CommonName) + ")"
	}
	const most = 5
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return excerpt(strings.Join(names, ", "))
}
