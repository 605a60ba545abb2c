package runner

import (
	"context"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// DryRun returns what the opening handshake of a connection would say now. The
// owner says what it would dial; files and the environment are looked at in the
// caller's goroutine.
func (f *Fleet) DryRun(ctx context.Context, id element.ID, connection int) (element.HandshakePreview, error) {
	p, err := askElement(ctx, f, id, func(r *Runner) (preview, error) { return r.preview(connection) })
	if err != nil {
		return element.HandshakePreview{}, err
	}
	return p.result(), nil
}

// preview is what a connection would do next.
type preview struct {
	opening engine.Opening
	url     string // masked
	cfg     link.Config
	cause   *element.Cause // why there is no opening
}

// preview reads the target of a connection as it is now; a stopped element has
// one too.
func (r *Runner) preview(connection int) (preview, error) {
	c, err := r.connections.socket(connection)
	if err != nil {
		return preview{}, err
	}
	if r.engine == nil {
		return preview{}, asError(r.trouble)
	}
	o, err := c.socket.opening()
	if err != nil {
		return preview{cause: &element.Cause{Phase: "address", Code: "address", Message: r.secrets.maskText(element.MessageOf(err))}}, nil
	}
	p := preview{opening: o, url: r.secrets.maskText(openingURL(o.Destination))}
	p.cfg, _ = c.socket.linkConfig(o)
	return p, nil
}

func (p preview) result() element.HandshakePreview {
	if p.cause != nil {
		return element.HandshakePreview{At: element.At(time.Now()), Error: p.cause}
	}
	h, _ := link.Compose(p.cfg) // the record holds why not
	return element.HandshakePreview{
		At: h.At, URL: p.url, Request: h.Request, Proxy: link.Via(p.cfg), Error: h.Error,
		Notes: append(p.opening.Notes, p.remarks()...),
	}
}

// remarks say what the head alone does not show.
func (p preview) remarks() []string {
	var all []string
	note := func(yes bool, sentence string) {
		if yes {
			all = append(all, sentence)
		}
	}
	o, secure := p.opening, p.opening.Scheme == "wss"
	note(o.HasLogin, "Should the device ask for a Digest login, the request is sent a second time with it.")
	note(o.Proxy.URL == "" && link.Via(p.cfg) != "", "The proxy is that of this server's environment.")
	note(secure && o.TLS.SkipVerify, "The device's certificate is not checked.")
	note(secure && o.TLS.IsOld(), "TLS "+o.TLS.MinVersion+" is allowed, which is no longer safe.")
	note(secure && o.TLS.OldCiphers, "Old ciphers are allowed, which are no longer safe.")
	note(secure && o.TLS.TrustsCommonName(), "The common name of the device's certificate counts when it has no alternative names.")
	note(secure && o.TLS.Fingerprint != "", "The device's certificate has to be the one with the pinned fingerprint.")
	note(secure && o.TLS.ServerName != "", "The device's certificate has to be made out to "+o.TLS.ServerName+".")
	note(secure && o.TLS.CertFile != "", "The client certificate of "+o.TLS.CertFile+" is shown when the device asks for one.")
	return all
}
