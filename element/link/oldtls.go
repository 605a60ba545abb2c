package link

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"slices"
	"strings"

	"fieldline/element"
)

// minVersion reads the oldest version of TLS that the settings allow.
func minVersion(s string) uint16 {
	switch s {
	case "1.0":
		return tls.VersionTLS10
	case "1.1":
		return tls.VersionTLS11
	case "1.3":
		return tls.VersionTLS13
	default:
		return tls.VersionTLS12
	}
}

// allCiphers are all cipher suites that are known, the weak ones too. TLS 1.3
// has none of those and does not ask for this list.
func allCiphers() []uint16 {
	var all []uint16
	for _, c := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		all = append(all, c.ID)
	}
	return all
}

// canWeaken reports whether the settings leave anything to allow.
func canWeaken(t element.TLS) bool {
	return !t.OldCiphers || minVersion(t.MinVersion) > tls.VersionTLS10
}

// disagreed reports whether a handshake may have failed for want of a common
// version or cipher: the device says so, hangs up as old ones do, or answers
// with what is not allowed. Other alerts are about something else.
func disagreed(c element.Cause, err error) bool {
	alert, refused := alertOf(err)
	switch {
	case refused:
		for _, a := range [...]tls.AlertError{40, 70, 71} { // handshake_failure, protocol_version, insufficient_security (RFC 8446 §6)
			if alert == strings.TrimPrefix(a.Error(), "tls: ") {
				return true
			}
		}
		return false
	default:
		return c.Code == "handshake" || c.Code == "hung-up"
	}
}

// weaker asks the device with everything that is known what it would agree to,
// and says what has to be allowed for that. Nothing is sent over the connection
// and nothing is believed of it. It is not ok when that fails as well.
func (a *attempt) weaker(ctx context.Context, config *tls.Config) (element.Cause, bool) {
	var got tls.ConnectionState
	conn, f := a.dialDevice(ctx)
	if f != nil {
		return element.Cause{}, false
	}
	defer conn.Close() //nolint:errcheck // it has told what it had to tell
	probe := tls.Client(conn, &tls.Config{
		MinVersion: tls.VersionTLS10, CipherSuites: allCiphers(), NextProtos: config.NextProtos, ServerName: config.ServerName,
		InsecureSkipVerify: true,
		VerifyConnection:   func(s tls.ConnectionState) error { got = s; return nil },
	})
	err := probe.HandshakeContext(ctx) // a device that goes on to ask for a certificate has told already
	if got.Version == 0 {
		return noCommon(a.where(), err)
	}
	version := got.Version < config.MinVersion
	cipher := config.CipherSuites == nil && slices.ContainsFunc(tls.InsecureCipherSuites(), func(c *tls.CipherSuite) bool { return c.ID == got.CipherSuite })
	where, spoken := a.where(), tls.VersionName(got.Version)
	switch number := strings.TrimPrefix(spoken, "TLS "); {
	case version && cipher:
		return cause("tls", "old-version", "The device at %s speaks nothing newer than %s, with the old cipher %s. Lower the oldest TLS version to %s and allow old ciphers for this device.", where, spoken, tls.CipherSuiteName(got.CipherSuite), number), true
	case version:
		return cause("tls", "old-version", "The device at %s speaks nothing newer than %s. Lower the oldest TLS version to %s for this device.", where, spoken, number), true
	case cipher:
		return cause("tls", "no-cipher", "The device at %s has no cipher in common with those allowed; it would take %s. Allow old ciphers for this device.", where, tls.CipherSuiteName(got.CipherSuite)), true
	}
	return element.Cause{}, false
}

// noCommon is the cause behind an alert that came in the place of an answer to
// all that is known here. A device that wants a certificate answers first.
func noCommon(where string, err error) (element.Cause, bool) {
	alert, ok := alertOf(err)
	if !ok || !disagreed(element.Cause{}, err) {
		return element.Cause{}, false
	}
	return cause("tls", "handshake", "The device at %s has no cipher or key exchange in common with this server, whatever is allowed: %s. A device that speaks only ciphers such as DHE or CCM needs a proxy in between.", where, alert), true
}

// onlyCommonName reports whether a certificate names its owner by the common
// name of its subject alone, as they did before RFC 2818 §3.1.
func onlyCommonName(c *x509.Certificate) bool {
	altName := asn1.ObjectIdentifier{2, 5, 29, 17} // subjectAltName (RFC 5280 §4.2.1.6)
	return c.Subject.CommonName != "" && !slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(altName) })
}

// byCommonName reports whether the common name of a certificate is name, as
// alternative names are compared.
func byCommonName(c *x509.Certificate, name string) bool {
	as := &x509.Certificate{DNSNames: []string{c.Subject.CommonName}}
	if ip := net.ParseIP(c.Subject.CommonName); ip != nil {
		as = &x509.Certificate{IPAddresses: []net.IP{ip}}
	}
	return as.VerifyHostname(name) == nil
}

// verifyByCommonName verifies certificates as crypto/tls does, but takes the
// common name of one that has no other.
func verifyByCommonName(chain []*x509.Certificate, roots *x509.CertPool, name string) error {
	leaf := chain[0]
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
	if err == nil && (!onlyCommonName(leaf) || !byCommonName(leaf, name)) {
		err = leaf.VerifyHostname(name)
	}
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

// commonNameCause says what to do about a certificate with a common name only.
func commonNameCause(where, name string, c *x509.Certificate) element.Cause {
	common := excerpt(c.Subject.CommonName)
	fits := strings.Replace(common, "*", "device", 1) // a server name has no wildcard
	switch {
	case byCommonName(c, name):
		return cause("tls", "common-name", "The certificate of %s names %q only as its common name, which does not count any more. Allow the common name for this device, or renew the certificate with an alternative name.", where, common)
	case byCommonName(c, c.Subject.CommonName):
		return cause("tls", "wrong-name", "The certificate of %s is made out to no host name; its common name is %q, not %q. Set %q as the server name and allow the common name for this device, or pin the fingerprint.", where, common, name, fits)
	}
	return cause("tls", "wrong-name", "The certificate of %s is made out to no host name; its common name is %q. Pin the fingerprint, or renew the certificate with the name %q.", where, common, name)
}
